"""f-VAE: a flow learns where the codes lie."""

from genlab.ui.latents.look import parts, tight
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "fvae",
    inside=(parts, tight),
    words=How(
        idea=r"""
A VAE asks its codes to look like $N(0, I)$, all images together, and they never quite do: there are gaps between the classes, and
what is drawn from a gap is no digit. Here nothing is asked of the codes. The encoder says a point $E(x)$, noise of one width
$\sigma$ for all images is added, and a *flow* learns the density of what comes out: it leads from $z$ to $N(0, I)$ and back. New
images come from noise that goes backwards through the flow, then through the decoder.

The paper gets there from the other side. Its posterior is a conditional flow $z = F_x(u)$ of noise $u$; with $F_x(u) = f^{-1}$ of a shifted
and scaled $u$, the VAE and the flow become two ends of one family. There z has as many numbers as the image and the flow is a Glow, so that faces
come out sharp; here images are 8×8, z can be two numbers, and the flow is a small Real NVP: enough to see the density wrap itself around
the codes.""",
        equations=(
            (
                r"z = E(x) + \sigma \odot u,\quad u \sim N(0, I)",
                "The code of an image; σ is learnt, and the same for all.",
            ),
            (
                r"\log p(z) = \log N\big(f(z); 0, I\big) + \log\Big|\det \frac{\partial f}{\partial z}\Big|",
                "The prior: a flow f, made of affine couplings.",
            ),
            (
                r"\log p(x) \ge \mathbb{E}_u\big[\log p(x|z) + \log p(z) - \log q(z|x)\big]",
                "The bound that is raised, for decoder, encoder and flow together.",
            ),
        ),
        code=("genlab.models.fvae:FVAE", "genlab.models.vae:VAE.bound", "genlab.models.realnvp:AffineCoupling"),
        to_try=(
            "Watch: the violet cloud is the prior. Where it is thin no image is drawn from.",
            "Train it, and look how the prior follows the codes while these still move.",
            "Train with one layer only, then with twelve: how sharply can the flow cut?",
            "Put a VAE beside it in Train: same images, same seconds.",
        ),
        surprises=(
            "The plane has no middle any more: nothing pulls the codes to 0, and the scale of z means nothing.",
            "A better prior can make samples better without changing a single reconstruction.",
            "On 8×8 digits the bound is no better than the VAE's: 99.2 ± 0.8 nats against 98.5 ± 0.7. One σ for all images costs about what the prior brings.",
        ),
        references=(
            "J. Su and G. Wu. *f-VAEs: Improve VAEs with conditional flows.* arXiv:1809.05861, 2018.",
            "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* ICLR, 2017.",
        ),
    ),
)
