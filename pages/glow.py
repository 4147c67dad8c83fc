"""Glow: learnt mixing of channels between couplings."""

from genlab.ui.image_flows.look import directions, inverse, mixing
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "glow",
    inside=(mixing, directions, inverse),
    words=How(
        idea=r"""
Real NVP keeps a fixed half of the channels in each coupling. Glow lets a learnt matrix $W$ decide: an **invertible 1×1 convolution** mixes the channels of each pixel before they are
halved. Before it an **actnorm** shifts and scales each channel so that the first batch has mean 0 and variance 1; from then on its numbers are learnt. These two and an **affine coupling** are
one step of flow; each scale squeezes first and then makes $K$ steps.

$W = P\,L\,(U + \operatorname{diag} s)$ begins as a random rotation. $P$ stays, and $\log |s|$ is learnt, so that the determinant is a sum and $W$ cannot become singular.

Here the noise of the coarsest block has a mean and a scale of its own for each class, and the whole model is the mixture of ten. So it draws mostly the digit that it is asked for, more surely at a low temperature,
says which digit an image is by Bayes' rule, and has directions that lead from one class to another.

What is not as in the paper: two scales instead of three to six, and fewer channels; scales of couplings are exp of a number between ±3, where the authors' code
has a sigmoid; and its classes are told by a classifier of their own beside the prior, these by Bayes' rule alone.""",
        equations=(
            (
                r"W = P\, L\, (U + \operatorname{diag} s), \qquad \log |\det J| = H \cdot W \cdot \sum_c \log |s_c|",
                "The mixing of channels: every pixel adds the same log-determinant.",
            ),
            (
                r"y_c = \frac{x_c - m_c}{d_c}\, e^{s_c} + b_c",
                "Actnorm: $m$ and $d$ are of the first batch.",
            ),
            (
                r"\begin{aligned} p(x \mid y) &= \mathcal{N}\big(z_{\text{fine}};\, 0, I\big)\, \mathcal{N}\big(z_{\text{coarse}};\, \mu_y, \sigma_y^2\big)\, \Big|\det \frac{\partial z}{\partial x}\Big| \\ p(x) &= \tfrac{1}{10} \textstyle\sum_y p(x \mid y) \end{aligned}",
                "The class enters in the noise of the coarsest block alone.",
            ),
            (
                r"z = T\, \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, I)",
                "Temperature: noise that is nearer to the mean gives images that are more alike, and cleaner.",
            ),
        ),
        code=(
            "genlab.layers.image_flow:Invertible1x1",
            "genlab.layers.image_flow:ActNorm",
            "genlab.models.glow:Glow",
        ),
        to_try=(
            "Watch: ask for one class, and lower the temperature to 0.5. Its samples grow alike.",
            "Draw: erase the top of a 9 bit by bit, and watch what it is taken for.",
            "Draw: pull the angle a to 90°. What is near a 4 turns into samples that have nothing of it but the class.",
            "Train on the 8×8 digits without *class-conditional*. How much does the class tell, in bits?",
        ),
        surprises=(
            "The determinant of a 1×1 convolution does not depend on the image: it can be read off the matrix.",
            "The most likely images are not those that it draws: at temperature 0 it draws one image a class, smoother than any real one.",
            "Draw something that is no digit: of the images near it some fall apart into specks. There a small step of the noise leads far, which *Look inside* measures.",
            "What counts in bits are single pixels, not the class: of the MNIST test images it tells 86.5 % rightly by Bayes' rule, a gated PixelCNN 98.5 % (binary).",
        ),
        references=(
            "D. P. Kingma and P. Dhariwal. *Glow: generative flow with invertible 1×1 convolutions.* NeurIPS, 2018.",
            "W. Grathwohl et al. *FFJORD: free-form continuous dynamics for scalable reversible generative models.* ICLR, 2019.",
            "J. Behrmann et al. *Understanding and mitigating exploding inverses in invertible neural networks.* AISTATS, 2021.",
        ),
    ),
)
