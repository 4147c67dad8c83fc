"""MAF: masked autoregressive flow."""

from genlab.ui.flows.look import inverse, layer_fields, speed
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "maf",
    inside=(layer_fields, speed, inverse),
    words=How(
        idea=r"""
The chain rule writes any density as a product of one-dimensional ones. Make each of them a Gaussian whose mean $\mu_i$ and
log-scale depend on the coordinates before it, and you have an autoregressive model; read as a map from $x$ to the standardised
$z$, it is a layer of a flow. Stack a few, with the order turned round from one to the next.

All $\mu_i$ and $\sigma_i$ come from **one pass** of a masked network (MADE), since $x$ is known. To generate, $x_1$ must be there before
$\mu_2$ can be computed, and so on: $D$ passes. IAF has it the other way round.""",
        equations=(
            (
                r"x_i = z_i \, \sigma_i(x_{1:i-1}) + \mu_i(x_{1:i-1})",
                "Generation: one coordinate after the other.",
            ),
            (
                r"z_i = \frac{x_i - \mu_i(x_{1:i-1})}{\sigma_i(x_{1:i-1})}",
                "Density: all coordinates at once.",
            ),
            (
                r"\log |\det J| = - \sum_i \log \sigma_i(x_{1:i-1})",
                "Triangular again.",
            ),
        ),
        code=(
            "genlab.models.autoregressive_flow:MADE",
            "genlab.models.autoregressive_flow:AutoregressiveLayer.one_by_one",
            "genlab.models.autoregressive_flow:MAFLayer",
        ),
        to_try=(
            "Look inside: the two ways, timed on this machine, in 2, 8 and 64 dimensions.",
            "In two dimensions compare each layer with a coupling: the first coordinate is now scaled too.",
            "Train with one layer only: x₁ stays a Gaussian for ever.",
        ),
        surprises=(
            "A coupling is a special case: the mask lets only the second half see the first.",
            "Learning MAF and learning IAF is the same loss, at quite different prices.",
            "With D = 2 the slow way costs two passes, and nobody would mind.",
        ),
        references=(
            "G. Papamakarios, T. Pavlakou and I. Murray. *Masked autoregressive flow for density estimation.* NIPS, 2017.",
            "M. Germain, K. Gregor, I. Murray and H. Larochelle. *MADE: Masked autoencoder for distribution estimation.* ICML, 2015.",
            "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
