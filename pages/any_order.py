"""Any order: one network that hears every known pixel."""

from genlab.ui.pixels.look import heard, price
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "order-agnostic",
    inside=(heard, price),
    words=How(
        idea=r"""
The chain rule holds for every order of the pixels. A model that writes row by row has learnt one order: what is known
below, it cannot hear. This network is trained for **all orders at once**. It sees two images, *which pixels are known* and
*their values*, and gives the posterior of every other pixel in one pass. Any part of a digit may be known: the lower half,
a frame around a hole, a few dots.

To train it, a number of known pixels is drawn, every number alike, then which ones, then all others are predicted. That is
an unbiased estimate of the mean of $-\log p(x)$ over all orders, so one network stands for $T!$ factorisations. They share
their weights, but nothing forces them to agree: another order gives another $p(x)$.

Several pixels may be drawn from one pass. That is faster, and not free: their posteriors do not know of each other. The
first network of this kind was NADE of any order (Uria et al. 2014); the same loss came back as the autoregressive diffusion
of Hoogeboom et al. (2022), and masked language models are trained much alike.""",
        equations=(
            (
                r"p_\sigma(\mathbf{x}) = \prod_{t=1}^{T} p\big(x_{\sigma(t)} \mid x_{\sigma(1)}, \dots, x_{\sigma(t-1)}\big)",
                "The chain rule in the order σ, a permutation of the T pixels.",
            ),
            (
                r"\begin{aligned} -\,\mathbb{E}_\sigma &\log p_\sigma(\mathbf{x}) \\ = T\; \mathbb{E}_{m}\, &\mathbb{E}_{\mathcal{K}, |\mathcal{K}| = m} "
                r"\frac{1}{T - m} \sum_{i \notin \mathcal{K}} -\log p(x_i \mid \mathbf{x}_{\mathcal{K}}) \end{aligned}",
                "What is minimised. The number m of known pixels is uniform on 0 … T − 1, the set K of known ones is any of that "
                "size. The weight 1/(T − m) makes of the sum over all unknown pixels the one that would come next.",
            ),
            (
                r"\begin{aligned} \mathcal{L}_S &= \frac{T}{S} \sum_{s=0}^{S-1} g\Big(\frac{sT}{S}\Big) \\ g(m) &= "
                r"\mathbb{E}_{\mathcal{K}}\, \frac{1}{T - m} \sum_{i \notin \mathcal{K}} -\log p(x_i \mid \mathbf{x}_{\mathcal{K}}) "
                r"\end{aligned}",
                "Nats of an image that is drawn in S passes of T/S pixels each. g(m) falls with m: what is known helps. So S = T is "
                "the least, and the difference is what the pixels of a pass would have told each other.",
            ),
        ),
        code=(
            "genlab.models.order_agnostic:OrderAgnostic.posteriors",
            "genlab.models.order_agnostic:OrderAgnostic.unknown_nats",
            "genlab.generation.any_order:visit",
        ),
        to_try=(
            "Draw: hide the upper half of a 7, or a hole in its middle: the completions fit what lies below.",
            "Watch, *most certain first*: it writes the paper around the digit before it decides on any ink.",
            "Watch, *least certain first*: it settles what matters most; after a third of the pixels the rest is nearly certain.",
            "Click a pixel that is not known yet: it is the next, and the whole picture of what is expected changes.",
            "Set 64 pixels a pass: thirteen passes write the image, and its strokes fray. *Look inside* says what that costs.",
        ),
        surprises=(
            "In one pass, without anything known, it draws every pixel from its own mean: a cloud, although each posterior is "
            "right.",
            "Orders differ in what they cost although the same network speaks: raster order is one of T!, seldom trained on, and "
            "the mean over orders says nothing of it alone.",
            "Most of an image is settled by few pixels, if they are scattered over it: of a hundred known at random half the "
            "entropy is gone. Row by row a hundred pixels are paper, and settle nothing.",
        ),
        references=(
            "B. Uria, I. Murray and H. Larochelle. *A deep and tractable density estimator.* ICML, 2014.",
            "E. Hoogeboom, A. A. Gritsenko, J. Bastings, B. Poole, R. van den Berg and T. Salimans. *Autoregressive diffusion "
            "models.* ICLR, 2022.",
            "O. Ronneberger, P. Fischer and T. Brox. *U-Net: convolutional networks for biomedical image segmentation.* MICCAI, "
            "2015.",
            "F. Fleuret. *Deep learning*, [lecture 10.1, Auto-regression](https://fleuret.org/dlc/).",
        ),
    ),
)
