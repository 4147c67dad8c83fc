"""Dilated convolutions: the same weights, a larger context."""

from genlab.ui.sequences.look import causality, fields, pads
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "netto1d-dilated",
    inside=(causality, fields, pads),
    words=How(
        idea=r"""
To remember more of the past, a causal network could have more layers, or longer kernels. **Dilation** costs neither: the
two taps of a kernel are set 2, 4, 8 and 16 places apart, layer by layer. The context doubles with each layer, and the
number of weights stays what it was.

NetToy1dWithDilation reaches 31 places back, to the beginning of a sequence of 32. It knows how long a slope has been
followed, and the global structure holds: far fewer of its sequences fail than of the undilated network, trained as long.

*Look inside* draws the tree of taps from the network itself. It shows what this stack cannot see, too: its smallest
dilation is 2, so every second value is never looked at, and the shift makes these the even distances.""",
        equations=(
            (
                r"y_t = b + W_0\, x_{t-d} + W_1\, x_t",
                "A dilated causal convolution with two taps, d places apart. On the tensor: F.pad(x, (d, 0)).",
            ),
            (
                r"\text{reach} = 1 + 2 + 4 + 8 + 16 = 31",
                "The shift and the four dilations: how far back the oldest value lies that a prediction can depend on.",
            ),
            (
                r"\{\, 1 + 2a + 4b + 8c + 16d : a, b, c, d \in \{0, 1\} \,\} = \{1, 3, 5, \dots, 31\}",
                "The distances of what is seen: sixteen values, the odd ones.",
            ),
        ),
        code=(
            "genlab.models.netto1d:NetToy1d",
            "genlab.models.netto1d:NetToy1dWithDilation",
            "genlab.layers.causal1d:CausalConv1d",
            "genlab.models.causal_sequence:CausalSequence.stepper",
        ),
        to_try=(
            "Train it with the plain causal convolutions beside it: same data, same seconds, another fate of the global structure.",
            "Look inside: point at the last prediction, and follow the tree down to the values that it sees.",
            "Draw ten values down from 44, a level each, and compare how straight the continuations stay on this page and the last.",
        ),
        surprises=(
            "Both networks have 10 496 weights. Only the places of the taps differ.",
            "It sees every second value only, and the very last one is among them.",
            "Its loss is not much lower than that of the undilated network. The share of failed sequences is several times smaller.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.2, Causal convolutions](https://fleuret.org/dlc/).",
            "F. Yu and V. Koltun. *Multi-scale context aggregation by dilated convolutions.* ICLR, 2016.",
            "T. Le Paine, P. Khorrami, S. Chang, Y. Zhang, P. Ramachandran, M. A. Hasegawa-Johnson and T. S. Huang. *Fast Wavenet generation algorithm.* 2016.",
        ),
    ),
)
