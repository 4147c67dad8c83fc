"""Causal convolutions: all predictions of a sequence in one pass."""

from genlab.ui.sequences.look import causality, fields, pads
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "netto1d",
    inside=(causality, fields, pads),
    words=How(
        idea=r"""
A masked network spends a pass on each value. A **causal** network answers for all places at once: the unit at place $t$
sees places up to $t$ and nothing later, so that its answer is the same whatever comes after. Pad only the beginning, and
a convolution is causal.

One more thing must be hidden: the value that is to be predicted. Either the whole input is **shifted** by one place, so
that place $t$ holds $x_{t-1}$, or the first kernel is **masked** at the present. *Look inside* does both, and a third,
without either: it leaks.

NetToy1d of the lecture has four convolutions with kernels of two taps. Each lets a place see one more of the past: with
the shift, **five values**. That is enough to go on with a slope, and not enough to know how long it has been
followed or how steep it was exactly. Sequences bend where they should not: **the global structure is lost**. The page
counts it: a written sequence has failed if no two straight pieces explain it, every value within one level. Of the data
none fails.""",
        equations=(
            (
                r"y_t = b + \sum_{i=0}^{K-1} W_i\, x_{t - (K-1-i)}",
                "A causal convolution with K taps; what lies before the beginning is 0. On the tensor: F.pad(x, (K − 1, 0)).",
            ),
            (
                r"x'_t = x_{t-1}, \quad x'_1 = 0",
                "The first layer's input: shifted by one, F.pad(x, (1, −1)), so that the present is hidden.",
            ),
            (
                r"\text{receptive field} = 1 + \sum_{l=1}^{4} (K - 1) = 5",
                "How many values of the past a prediction can depend on, with K = 2.",
            ),
            (
                r"\text{failed}(x) \iff \nexists\; r, a, b, a', b' : \; |x_t - a - b t| \le 1 \;\, (t \le r), \;\; |x_t - a' - b' t| \le 1 \;\, (t > r)",
                "The global structure: two straight pieces, each value within one level of its piece.",
            ),
        ),
        code=(
            "genlab.layers.causal1d:CausalConv1d",
            "genlab.models.netto1d:NetToy1d",
            "genlab.layers.causal1d:Queue",
            "genlab.evaluation.straight:straight",
        ),
        to_try=(
            "Train it with the dilated convolutions beside it, and compare the shares of two straight pieces.",
            "Look inside: point at an input, and see that no earlier prediction moves; then let nothing hide the present.",
            "Watch: at every step the strip below shows the five values that the model can see.",
        ),
        surprises=(
            "The loss hardly tells: five values are enough to guess the next one nearly always. What is lost is seen in whole sequences only.",
            "Hiding the present by a shift or by a mask of the first kernel is the same computation.",
            "Without hiding, the loss falls to 0 and the model is of no use: when it writes, the present is not there yet.",
        ),
        references=("F. Fleuret. *Deep learning*, [lecture 10.2, Causal convolutions](https://fleuret.org/dlc/).",),
    ),
)
