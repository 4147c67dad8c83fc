"""NICE: additive couplings."""

import math

from genlab.ui.flows.look import inverse, layer_fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

DENSEST = 1 / (2 * math.pi)  # of N(0, I) in the plane

page(
    "nice",
    inside=(layer_fields, inverse),
    words=How(
        idea=r"""
Any network will do inside a flow if it never has to be inverted. A **coupling** splits the coordinates in two: one half
passes unchanged, and a network that reads it says how far the other half slides. Whoever knows the result knows the first
half, hence the slide, and can take it back.

Additive couplings only slide. Every little square becomes a parallelogram of the same area: the log-determinant is 0, for
every weight and every input. So the density of a point is simply that of the noise where it arrives. Taking turns, the
halves mix, and a few such layers already bend strongly; but the volume that the data fill is the volume that the noise
fills. What is missing is stretching.""",
        equations=(
            (
                r"\begin{aligned} y_a &= x_a \\ y_b &= x_b + t(x_a) \end{aligned} \qquad \begin{aligned} x_a &= y_a \\ x_b &= y_b - t(y_a) \end{aligned}",
                "One coupling, and its inverse: the network t is never inverted.",
            ),
            (
                r"J = \begin{pmatrix} I & 0 \\ \partial t / \partial x_a & I \end{pmatrix}, \qquad \det J = 1",
                "Triangular, with ones on the diagonal.",
            ),
            (
                r"\log p(x) = \log \mathcal{N}(f(x);\, 0, I)",
                "So the likelihood needs no Jacobian at all. In the plane −log p(x) is at least log 2π = "
                f"{-math.log(DENSEST):.3f} nats, whatever the weights: the upper one of the two lines under the loss in Train.",
            ),
        ),
        code=(
            "genlab.models.nice:AdditiveCoupling",
            "genlab.models.nice:NICE",
            "genlab.models.flow:Flow.log_prob",
        ),
        to_try=(
            "Show *stretch*: it stays blank, layer after layer.",
            "Show *density* and *mesh*: each cell keeps its area, however long and thin it becomes.",
            "Train on eight Gaussians: the noise has to stay connected, so bridges remain between them.",
            "Compare with Real NVP, same data, same seconds: only that one can concentrate.",
        ),
        surprises=(
            "No area changes, so the density of the model is nowhere larger than that of the noise in its middle: 1/2π = "
            f"{DENSEST:.3f} per unit of area. Data that are denser somewhere cannot be learnt exactly.",
            "A network with thousands of weights inside, and the determinant is known before it is trained.",
            "The paper adds one diagonal scaling at the end for this very reason; here it is left out, to be seen.",
        ),
        references=(
            "L. Dinh, D. Krueger and Y. Bengio. *NICE: Non-linear independent components estimation.* ICLR workshop, 2015.",
            "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
            "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
        ),
    ),
)
