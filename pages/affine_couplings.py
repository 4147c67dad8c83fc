"""Affine couplings: the network of Fleuret's lecture 10.3, with its own settings."""

from genlab.ui.flows.look import inverse, layer_fields, six_dimensions
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "nvp",
    inside=(layer_fields, six_dimensions, inverse),
    words=How(
        idea=r"""
An affine coupling slides *and stretches*. A mask $b$ of zeros and ones keeps some coordinates; two small networks read
them, and say by which factor $e^{s}$ the others are scaled and by how much, $t$, they are shifted. The factor is never 0 or
negative, so the layer can be undone; the next layer keeps what this one has moved.

This is the network of Fleuret's lecture 10.3 as it stands there: two dimensions, two hidden units with tanh, four layers, Adam with
$10^{-2}$, batches of 100. It has 96 numbers. That is enough to see everything, and too little to fit two moons well. One
thing is added: the log-scales are softly bounded by ±3, since an exponential of something unbounded can overflow.""",
        equations=(
            (
                r"c(x) = b \odot x + (1 - b) \odot \big(x \odot \exp(s(b \odot x)) + t(b \odot x)\big)",
                "The coupling layer.",
            ),
            (
                r"x = b \odot y + (1 - b) \odot \big(y - t(b \odot y)\big) \odot \exp(-s(b \odot y))",
                "Its inverse: s and t are only ever computed forwards.",
            ),
            (
                r"\log |J_c(x)| = \sum_i \big((1 - b) \odot s(x \odot b)\big)_i",
                "The Jacobian is triangular, so its determinant is the product of the diagonal.",
            ),
            (
                r"\log p(x) = \log \mathcal{N}(f(x);\, 0, I) + \sum_{k=1}^{K} \log \big| J_{f^{(k)}}(x^{(k-1)}) \big|",
                "The likelihood: noise where x arrives, times how much each layer stretched on the way from data to noise.",
            ),
        ),
        code=(
            "genlab.models.nvp:MaskedCoupling",
            "genlab.models.nvp:NVP",
            "genlab.models.flow:Flow.log_prob",
        ),
        to_try=(
            "Go from layer to layer with the arrow keys: which coordinate moves?",
            "Train it, then train again with 16 hidden units: same layers, other worlds.",
            "Look inside: that lecture's 6×6 Jacobian, with numbers of its own.",
            "Stop between two layers: the plane is half way there, and still a density.",
        ),
        surprises=(
            "The networks s and t are never inverted, and never need to be invertible.",
            "All mass comes from one bump: two separate moons are still joined by a thin thread.",
            "Volume is not preserved, but it is always known.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
            "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* ICLR, 2017.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
