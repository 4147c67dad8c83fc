"""Change of variables: a map, its slope, and what becomes of a density."""

from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "piecewise",
    inside=(),
    words=How(
        idea=r"""
Take noise $Z \sim \mathcal{N}(0, 1)$ and send it through a map: what density comes out? Between two places the same share
of probability lies before and after. Where the map from noise spreads them apart, the density must thin out; where it
presses them together, it grows. The factor is the slope.

Learning turns this round. An increasing map $f$ carries **data to noise**, and seen from this side all is the other way
round: where $f$ is steep, much of the noise belongs to little room among the data, and the density is high. Make the observed data as likely as possible, and $f$ becomes the map that *normalizes* them: the
histogram of $f(x)$ turns into a bell. Then noise sent back through $f^{-1}$ looks like data.

Here $f$ is the simplest map that can bend: straight pieces between equally spaced nodes. Their heights are made of
$e^{\xi_q}$, so that they always rise. In Fleuret's lecture 10.3, where this map comes from, it is flat beyond its last node, where its slope is 0 and no
density is left at all. Here it goes on with the slope of its last piece, so that the density integrates to 1 and far-off points are
unlikely rather than impossible.""",
        equations=(
            (
                r"\mu_X(x) = \mu_Z(f(x)) \; |f'(x)|",
                "The change of variables: the noise's density where x lands, times how much f stretches there on the way from data to noise.",
            ),
            (
                r"f(x_q) = \alpha + \sum_{r=0}^{q} e^{\xi_r}",
                "The map at its nodes: increasing, whatever the numbers ξ are; straight in between.",
            ),
            (
                r"\mathcal{L}(f) = \frac{1}{N} \sum_n \tfrac12 \big(f(x_n)^2 + \log 2\pi\big) - \log f'(x_n)",
                "The loss: minus the mean log-likelihood. The first term draws everything to 0, the last one resists. Its expectation cannot fall below the entropy of the data.",
            ),
        ),
        code=(
            "genlab.models.piecewise:PiecewiseLinearLayer",
            "genlab.data.line:shape",
            "genlab.models.flow:Flow.log_prob",
        ),
        to_try=(
            "Train: draw a density by hand, press train, and watch the map bend until both curves agree.",
            "Take the uniform density: how must the map look outside, where there are no data?",
            "Use 5 pieces instead of 50, and compare the loss with the entropy.",
            "Point at the picture, or tap it, and read the product: density of the noise times slope.",
        ),
        surprises=(
            "The expected loss cannot fall below the entropy of the data; how far it stays above is the Kullback–Leibler divergence, exactly. The mean over a batch can fall below it, by chance. On the line the expectation can be computed: it is the second curve in Train.",
            "Where the density of the data has a jump, the slope has one. Where the data have a gap, f is flat, but never quite: it strictly increases, so what lies in a gap is unlikely and never impossible.",
            "Derivatives by autograd and in closed form give the same loss; the closed form, used here, saves a pass back through the map.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
