"""IAF: inverse autoregressive flow."""

from genlab.ui.flows.look import inverse, layer_fields, speed
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "iaf",
    inside=(layer_fields, speed, inverse),
    words=How(
        idea=r"""
MAF turned round. Scale and shift of each coordinate are read from the *noise* before it, which is all known when one
generates: **one pass** for a sample, however many dimensions. In return the density of a given $x$ must first find the noise
that belongs to it, coordinate by coordinate: $D$ passes.

It was made for the approximate posterior q(z | x) of a variational autoencoder, where only samples of the flow itself need a density, and those
come with their noise. Here it learns from data all the same, by maximum likelihood through the slow direction, so that the
two can be compared. In two dimensions that costs twice the time of MAF.""",
        equations=(
            (
                r"\tilde x_i = \tilde z_i \, \tilde \sigma_i(\tilde z_{1:i-1}) + \tilde \mu_i(\tilde z_{1:i-1})",
                "Generation: all coordinates at once. The tilde marks what belongs to IAF, as in Weng's text: without it these are MAF's.",
            ),
            (
                r"\tilde z_i = \frac{\tilde x_i - \tilde \mu_i(\tilde z_{1:i-1})}{\tilde \sigma_i(\tilde z_{1:i-1})}",
                "Density: one coordinate after the other.",
            ),
            (
                r"\log |\det J| = - \sum_i \log \tilde \sigma_i(\tilde z_{1:i-1})",
                "The determinant, once z is found.",
            ),
        ),
        code=(
            "genlab.models.autoregressive_flow:IAFLayer",
            "genlab.models.autoregressive_flow:AutoregressiveLayer.one_by_one",
            "genlab.models.autoregressive_flow:MADE",
        ),
        to_try=(
            "Look inside: the two ways, timed on this machine, in 2, 8 and 64 dimensions.",
            "Train it beside MAF on the same data: mind the points each second.",
            "Show *mesh* from noise to data: each layer scales one coordinate evenly, and bends the other along it.",
        ),
        surprises=(
            "The very same network, and the expensive direction has changed places.",
            "Its own samples are cheap to score, since their noise is known; anybody else's are not.",
            "Parallel WaveNet has both directions cheap: an autoregressive teacher (WaveNet), which scores in one pass, trains a student that is an IAF and speaks in one.",
        ),
        references=(
            "D. P. Kingma et al. *Improved variational inference with inverse autoregressive flow.* NIPS, 2016.",
            "G. Papamakarios, T. Pavlakou and I. Murray. *Masked autoregressive flow for density estimation.* NIPS, 2017.",
            "M. Germain, K. Gregor, I. Murray and H. Larochelle. *MADE: Masked autoencoder for distribution estimation.* ICML, 2015.",
            "A. van den Oord et al. *Parallel WaveNet: fast high-fidelity speech synthesis.* ICML, 2018.",
            "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
        ),
    ),
)
