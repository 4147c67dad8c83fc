"""Chain rule: how a joint distribution becomes a product of small ones, and how a value is drawn."""

from genlab.catalog import TOPICS
from genlab.ui.sequences.chain import chain
from genlab.ui.shell.how import How, how
from genlab.ui.shell.page import choose_mode, head

WORDS = How(
    idea=r"""
How likely is a whole image, a sentence, a second of sound? There are too many of them to keep a table. The **chain rule**
says that no table is needed: a sequence is as likely as its first value, times its second value given the first, times
its third given the first two, and so on. Nothing is assumed and nothing is lost; the order may be any.

So one needs only a mapping that takes what is **known**, and answers with a distribution of the next value: its
**posterior**. What is known can be written as two tensors, a **mask** that says which places are known, and their
**values**; where the mask is 0 a value means nothing. The answer is a vector of $C$ **logits**, one for each value that may come,
of which a softmax makes probabilities.

To generate, draw a value, take it for known, and ask again. To say how likely a given sequence is, ask at every
place for the probability of the value that stands there, and add up the logarithms.

Here the mapping is exact, because the table is small: a posterior is the weight of all sequences that agree with what is
known and with the value, divided by the weight of all that agree with what is known. On the other pages networks
take its place.""",
    equations=(
        (
            r"P(X_1 = x_1, \dots, X_T = x_T) = \prod_{t=1}^{T} P(X_t = x_t \mid X_1 = x_1, \dots, X_{t-1} = x_{t-1})",
            "The chain rule. The product telescopes: each denominator is the numerator before it.",
        ),
        (
            r"\log P(x_1, \dots, x_T) = \sum_{t=1}^{T} \log P(x_t \mid x_1, \dots, x_{t-1})",
            "With logarithms it is a sum, which no computer rounds to 0.",
        ),
        (
            r"f : \{0, 1\}^T \times \mathbb{R}^T \to \mathbb{R}^C",
            "What a model has to be: of a mask and values it makes the logits of the next value.",
        ),
        (
            r"P(X = k) = \frac{e^{l_k}}{\sum_j e^{l_j}}, \qquad k^\star = \min\Big\{k : \sum_{j \le k} P(X = j) > u\Big\}",
            "Softmax, and how a value is drawn with a uniform number $u$: the bars stand on top of each other, and $u$ falls in one.",
        ),
        (
            r"\sigma = \sqrt{p\,(1 - p) / n}",
            "The standard error of a frequency after $n$ draws.",
        ),
    ),
    code=("genlab.generation.steps:generate", "genlab.models.autoregressive:AutoregressiveImage.log_prob"),
    to_try=(
        "Event: press each of the three examples, and read mask and values. Then click X₂ out and in again.",
        "Chain: draw five values, and compare the product with the weight of that sequence in the table.",
        "Chain: take *ends alike*. The first four posteriors hardly differ; the last one depends on the first value.",
        "Chain: paint 0 over a block of the table, and see which values cannot come any more.",
        "Categorical: draw 1, then 10, 100 and 10 000, and watch the standard errors shrink by √10 each time.",
        "Categorical: move one logit up. All other probabilities fall.",
    ),
    surprises=(
        "Adding the same number to all logits changes nothing: only differences count.",
        "A posterior can be certain although nothing in the table is: what is known may leave one value only.",
        "An event that is impossible has no posteriors: there is nothing to divide.",
        "The order in which values are known does not matter for the event, and yet each order is another chain.",
    ),
    references=(
        "F. Fleuret. *Deep learning*, [lecture 10.1, Autoregression](https://fleuret.org/dlc/).",
        "H. Larochelle and I. Murray. *The neural autoregressive distribution estimator.* AISTATS, 2011.",
    ),
)
VIEWS = {"event": "Event", "unroll": "Chain", "categorical": "Categorical", "how": "How it works"}

head(TOPICS["chain"])
if (mode := choose_mode("chain", VIEWS)) == "how":
    how(WORDS)
else:
    chain(mode)
