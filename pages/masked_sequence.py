"""Masked sequence: one network answers every question of the chain rule, about a toy."""

from genlab.ui.sequences.look import causality, fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "masked-net",
    inside=(causality, fields),
    words=How(
        idea=r"""
The toy: sequences of $T = 32$ values that are **two straight pieces**. They meet at a random place, in the middle of the
levels; the slope of each is drawn uniformly from $[-1, 1]$, and the values are rounded down to one of $2T = 64$ levels.
A value says little; where the sequence comes from says nearly all. So one sees at once whether a model remembers.

The chain rule asks for the next value given those before it. Here an ordinary convolutional network answers. It gets two
channels: a **mask** that says which places are known, and their **values**, 0 where nothing is known. Out come $C$ logits,
one for each level, and a softmax makes the **posterior** of them. A random place of each sequence is asked for in
training; to write a sequence, all places are, one after the other.

The law of the toy is known, so the best that any model can do is known too: the **entropy** of the data, 0.379 nats a
place, is a perplexity of 1.461. It was found by enumerating all 413 525 sequences that the law can draw.""",
        equations=(
            (
                r"x_t = \lfloor s\,(t - r) \rfloor + T, \qquad s = \begin{cases} s_1 & t < r \\ s_2 & t \ge r \end{cases}",
                "The data: the split r is uniform in 0 … T − 1, both slopes in [−1, 1]. Every value is one of 2T levels.",
            ),
            (
                r"f : \{0, 1\}^T \times \mathbb{R}^T \to \mathbb{R}^C",
                "The network: a mask and values in, logits of the next value out.",
            ),
            (
                r"\mathcal{L}(f) = \sum_n \ell\big(f(m_t,\, m_t \odot x_n),\; x_{n,t}\big), \quad m_t = (\underbrace{1, \dots, 1}_{t-1}, 0, \dots, 0)",
                "Training: the cross-entropy of one value a sequence, its place t drawn at random each time.",
            ),
            (
                r"\text{perplexity} = e^{\mathcal{L}}",
                "The loss in nats a place, read otherwise: among how many levels, all alike, it would be as hard to guess.",
            ),
        ),
        code=(
            "genlab.models.masked_net:MaskedNet.__init__",
            "genlab.models.masked_net:MaskedNet.masked",
            "genlab.models.masked_net:MaskedNet.loss",
            "genlab.data.toy:lines",
        ),
        to_try=(
            "Watch a sequence grow, and look at the posterior before and after the two pieces meet.",
            "Train, with the causal convolutions beside it: which one learns faster for the same seconds?",
            "Draw the beginning of a line: the continuations fan out where the split may come.",
        ),
        surprises=(
            "The network has no idea of time: what keeps the future from it is its mask alone. Standard convolutions let information flow to the past too.",
            "A whole pass of the network answers one question. The causal networks on the next pages answer all T of them in one pass.",
            "It saw beginnings only in training. Given values further on, without those between, are kept, but not foreseen.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.1, Auto-regression](https://fleuret.org/dlc/).",
            "H. Larochelle and I. Murray. *The neural autoregressive distribution estimator.* AISTATS, 2011.",
        ),
    ),
)
