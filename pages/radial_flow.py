"""Radial flow: pulls towards a point."""

from genlab.ui.flows.look import in_hand, inverse, layer_fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "radial",
    inside=(layer_fields, in_hand, inverse),
    words=How(
        idea=r"""
A layer has one centre $x_0$ and moves every point along the ray from it: towards the centre, or away. It moves it by
$|\beta|\, r / (\alpha + r)$: not at all in the centre itself, by nearly $|\beta|$ far off. What fades with the distance is the change
of areas: far off all points move by the same length, each along its own ray. Together such layers dent a density here and swell it there.

As with planar flows, the layers run from data to noise, where the formula is explicit. The way back asks for the radius
$r$ from which a point came; it solves a quadratic equation, which has exactly one positive root.""",
        equations=(
            (
                r"f(x) = x + \beta \, \frac{x - x_0}{\alpha + r}, \qquad r = \|x - x_0\|",
                "One layer, with α > 0 and β > −α so that it can be undone.",
            ),
            (
                r"\det J = \Big(1 + \frac{\beta}{\alpha + r}\Big)^{d-1} \Big(1 + \frac{\alpha \beta}{(\alpha + r)^2}\Big)",
                "One radial direction, and d − 1 around it.",
            ),
            (
                r"p_k(x^{(k)}) = p_{k-1}(x^{(k-1)}) \, |\det J_k|^{-1}",
                "The chain of densities from p₀, that of the data, to p_K, the noise: the slider shows all of them, p₀ at its right end.",
            ),
        ),
        code=(
            "genlab.models.radial:RadialLayer",
            "genlab.models.flow:Flow.log_prob",
            "genlab.models.flow:Flow.generation",
        ),
        to_try=(
            "Play, and find the centre of each layer: everything moves along rays from it.",
            "Show *stretch*: a round spot, one for each layer.",
            "Train on eight Gaussians: how many of them does it find with 16 layers?",
            "Look inside: drag the end of β towards the centre. It stops before: there all points near by would fall together.",
            "Train on moons and compare with the planar flow, number by number.",
        ),
        surprises=(
            "Four numbers a layer, one less than a planar one. It fits badly, and it is still an honest density: its mass is 1.",
            "Nothing turns: a radial layer never rotates anything about its centre.",
            "A single layer can make a ring: it empties its centre.",
        ),
        references=(
            "D. J. Rezende and S. Mohamed. *Variational inference with normalizing flows.* ICML, 2015.",
            "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
