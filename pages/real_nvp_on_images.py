"""Real NVP on images: scale by scale from noise to a digit."""

from genlab.ui.image_flows.look import inverse, masks
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "realnvp-images",
    inside=(masks, inverse),
    words=How(
        idea=r"""
A flow is an invertible map, so an image and its noise have the same number of numbers: 784 for 28×28 pixels. An affine coupling keeps one part of the image and
lets it say how the rest is scaled and shifted. On images the part that is kept is first every second pixel, a **checkerboard**. Then a **squeeze** makes four channels of each
2×2 pixels, which halves the size and only moves numbers about, and the next couplings keep **half of the channels**. After that half of the channels **leave**: they have to be noise by now,
and the coarser scale goes on with the rest. So fine detail leaves first, and what is left to the last block is what the image is about.

Grey levels are integers, and a density of integers could grow without bound. So each pixel gets a uniform number $u$ added: $v = (x + u) / 256$, called **dequantisation**.
The logit of $v$ is what the flow sees.

What is not as in the paper: its couplings have residual networks and batch normalisation, these three convolutions and an actnorm before each coupling; its margin of the logit is 0.05, this one
$10^{-6}$, with which the narrow band of white paper becomes as wide as the strokes: a Glow that was trained for a minute ended 0.28 bits/dim lower than with 0.025.""",
        equations=(
            (
                r"v = \frac{x + u}{256}, \quad u \sim \mathcal{U}[0, 1)^D, \qquad y = \operatorname{logit}\big(m + (1 - 2m)\, v\big)",
                "Dequantisation and logit. The integers are recovered by rounding down.",
            ),
            (
                r"\begin{aligned} \log p(x) = {} & \log \mathcal{N}(z;\, 0, I) + \sum_k \log \big| \det J_k \big| \\ & + \sum_i \log \frac{1 - 2m}{p_i (1 - p_i)} - D \log 256, \quad p_i = m + (1 - 2m)\, v_i \end{aligned}",
                "The density of the dequantised image in units of grey levels. Its mean over u is a lower bound of the log-probability of the integers.",
            ),
            (
                r"y = b \odot x + (1 - b) \odot \big( x \odot e^{s(b \odot x)} + t(b \odot x) \big), \qquad \log |\det J| = \textstyle\sum_i (1 - b_i)\, s_i",
                "A coupling: b is a checkerboard, or half of the channels.",
            ),
            (
                r"z(\varphi, \varphi') = \cos\varphi\, (\cos\varphi'\, z_1 + \sin\varphi'\, z_2) + \sin\varphi\, (\cos\varphi'\, z_3 + \sin\varphi'\, z_4)",
                "The manifold between four images (Fig. 6 of the paper): the weights' squares add up to 1, so noise of four independent images stays noise.",
            ),
        ),
        code=(
            "genlab.layers.image_flow:CheckerboardCoupling",
            "genlab.models.realnvp_images:RealNVPImages",
            "genlab.models.image_flow:ImageFlow.states",
        ),
        to_try=(
            "Watch: stop where the second block joins. What does the image look like without the finest one?",
            "Watch: put the temperature to 0. All sixteen samples are the same image, that of the middle of the noise.",
            "Draw: every drawing comes back from its noise to a hundredth of a grey level.",
            "Draw: a horse is less likely than any of the digits beside it.",
            "Train on the 8×8 digits with Glow beside it, for the same seconds.",
        ),
        surprises=(
            "The density is exact, and yet the number below the picture is a bound: of the probability of the integers, since u is drawn.",
            "Samples look worse than those of a PixelCNN with a likelihood that is not so far away: what the flow gets wrong is the global shape, and most bits lie in single pixels.",
            "MNIST: white paper is far more likely than any digit, less than a tenth of a bit for each pixel. Clear the drawing and see. Not so on the 8×8 digits, which fill their square.",
            "Every layer can be turned round, on paper. Far from the middle of the noise numbers overflow, and nothing comes back: *Look inside* shows where.",
        ),
        references=(
            "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* ICLR, 2017.",
            "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
            "L. Theis, A. van den Oord and M. Bethge. *A note on the evaluation of generative models.* ICLR, 2016.",
        ),
    ),
)
