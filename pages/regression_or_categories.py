"""Regression or categories: what a mean and a deviation cannot say."""

from genlab.ui.sequences.look import causality, one_or_many
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gaussian-sequence",
    inside=(one_or_many, causality),
    words=How(
        idea=r"""
Values have an order, so why not predict a number? Take the gated network, and let its last layer say two numbers for each
place: a **mean** $\mu$ and a **deviation** $\sigma$. Training makes the data likely under a normal distribution, and the
mean moves to where the squared error is least.

That is wrong where the future has branches. On the **forks** a height is kept, and then jumps, up or down alike. Between
both lies the mean, and nothing ever comes there. The best that one bell can do is to be wide enough for both, and so it gives
most of its probability to what never happens. A **category for each level** knows nothing of their order, and can have as
many peaks as it needs.

So that both can be compared in bits, a level is as likely under the bell as the interval around it. Then both are
distributions over the same levels, and their losses mean the same.""",
        equations=(
            (
                r"p(x_t = k) = \Phi\Big(\frac{k + \frac12 - \mu}{\sigma}\Big) - \Phi\Big(\frac{k - \frac12 - \mu}{\sigma}\Big)",
                "A level under the Gaussian: the share of the bell within half a level of it. For the first and the last level the interval has no end.",
            ),
            (
                r"p(x_t = k) = \frac{e^{l_k}}{\sum_j e^{l_j}}",
                "The same level among categories: a softmax of logits, one for each level.",
            ),
            (
                r"\arg\min_m \mathbb{E}\,(x_t - m)^2 = \mathbb{E}\, x_t",
                "Why a regression aims between the branches: the mean is the best single answer, and can be one that never comes.",
            ),
        ),
        code=(
            "genlab.models.gated_sequence:GaussianSequence",
            "genlab.models.gated_sequence:GatedSequence.posterior",
            "genlab.data.toy:forks",
        ),
        to_try=(
            "Look inside: a fork that jumps at its last place. Compare what both expect there.",
            "Train on forks with the gated convolutions beside it, and compare both losses with the entropy.",
            "Watch a sequence of two lines: where the future has one branch only, a bell does well.",
        ),
        surprises=(
            "On two lines the Gaussian is not bad: the next value is nearly always one of two neighbours.",
            "A bell cannot be certain of one level among categories without σ far below one level, and then a single surprise costs hundreds of bits.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.1, Auto-regression](https://fleuret.org/dlc/).",
            "A. van den Oord, N. Kalchbrenner and K. Kavukcuoglu. *Pixel recurrent neural networks* (section 2.3). ICML, 2016.",
            "C. M. Bishop. *Mixture density networks.* 1994.",
        ),
    ),
)
