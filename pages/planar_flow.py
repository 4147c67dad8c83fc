"""Planar flow: pushes across a line."""

from genlab.ui.flows.look import in_hand, inverse, layer_fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "planar",
    inside=(layer_fields, in_hand, inverse),
    words=How(
        idea=r"""
One of the smallest flows: a layer has one direction $\hat u$ and one line $w \cdot x + b = 0$, and moves every point along $\hat u$ by
the tanh of $w \cdot x + b$, which is $\lVert w \rVert$ times the distance from the line, with a sign for the side. So the two sides move in
opposite senses: far from the line each shifts rigidly, across it the plane is pressed together or spread. One layer does
that along one line only, so many are needed.

In the paper such layers sit behind the encoder of a variational autoencoder and carry noise forwards. Here they learn a
density, so they run from data to noise, where they have a closed form. **The way back has none**: each layer is solved for
one number, by halving an interval and then by Newton's method, to the last digit.""",
        equations=(
            (
                r"f(x) = x + \hat u \tanh(w^\top x + b)",
                "One layer: a step along û, forwards on one side of the line and backwards on the other.",
            ),
            (
                r"\hat u = u + \big(\log(1 + e^{w^\top u}) - 1 - w^\top u\big) \frac{w}{\|w\|^2}",
                "The paper's correction: then w·û > −1, and the layer can be undone.",
            ),
            (
                r"\det J = 1 + \hat u^\top w \, \tanh'(w^\top x + b)",
                "A rank-one change of the identity: its determinant is one dot product.",
            ),
            (
                r"p_k(x^{(k)}) = p_{k-1}(x^{(k-1)}) \, |\det J_k|^{-1}",
                "The chain of densities from p₀, that of the data, to p_K, the noise: the slider shows all of them, p₀ at its right end.",
            ),
        ),
        code=(
            "genlab.models.planar:PlanarLayer",
            "genlab.models.flow:Flow.log_prob",
            "genlab.models.flow:Flow.generation",
        ),
        to_try=(
            "Play from noise to data: each layer presses or spreads the plane across one line.",
            "Show *paths*: in each layer all points move along the same direction.",
            "Train with 4, 8 and 24 layers on rings.",
            "Look inside: the arrows of one layer are all parallel.",
            "Look inside: drag the arrow u against the normal of the line. û turns aside: the layer can still be undone.",
        ),
        surprises=(
            "Five numbers a layer: sixteen layers have 80, fewer than one small network. A radial layer has four.",
            "In the plane it does well with few layers; in high dimensions one line at a time is hopeless. Couplings (NICE, a year older) change half of the coordinates at once.",
            "A flow without a closed inverse can still be run backwards, at the price of a search.",
        ),
        references=(
            "D. J. Rezende and S. Mohamed. *Variational inference with normalizing flows.* ICML, 2015.",
            "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
