"""WaveNet: sound, written sample by sample and heard while it is written."""

from genlab.ui.shell.how import How
from genlab.ui.shell.page import page
from genlab.ui.sound.look import dilations

page(
    "wavenet",
    inside=(dilations,),
    words=How(
        idea=r"""
Sound is a sequence, and a long one: here 8000 values a second. Each is rounded to one of 256 **levels**, by the
**μ-law**, whose levels lie closer where sound is quiet, as ears do. So the next value is a class, and its posterior may
have any shape.

A period of 110 Hz has 73 samples, and a chord on it repeats itself every 145: a model that is to hold a pitch must see that
far. **Dilated** causal convolutions do. Two taps per layer, 1, 2, 4 … 512 places apart: ten layers see 1024 samples, and their number of
weights grows with the logarithm of what they see.

Each layer has a **gate**: a value, $\tanh$, times how far it is let through, $\sigma$. What comes out goes two ways: added to
the layer's own input (**residual**), and straight to the head (**skip**), which so hears all time scales side by side.

The model is told the **class**, instrument and pitch, in every layer.

To write a second, 8000 posteriors are needed one after the other. A full pass for each would compute the same units over
and over. A **queue** in each layer keeps what its older tap will need; then a sample costs one unit per layer and map, however long the past is.""",
        equations=(
            (
                r"f(x) = \operatorname{sign}(x)\, \frac{\log(1 + \mu |x|)}{\log(1 + \mu)}, \qquad \mu = 255",
                "The μ-law: f(x), in 256 equal steps, is the level.",
            ),
            (
                r"z_k = \tanh(W_{f,k} * h_k + V_{f,k}\, y) \odot \sigma(W_{g,k} * h_k + V_{g,k}\, y)",
                "The gated unit of layer k; y is the class, and ∗ a causal convolution with two taps, 2ᵏ apart.",
            ),
            (
                r"h_{k+1} = h_k + R_k z_k, \qquad s = \sum_k S_k z_k",
                "What goes to the next layer, and what goes to the head.",
            ),
            (
                r"p(x_t \mid x_1, \dots, x_{t-1}, y) = \operatorname{softmax}\big(A\, \mathrm{ReLU}(B\, \mathrm{ReLU}(s_t))\big)",
                "The posterior of 256 levels.",
            ),
            (
                r"1 + (1 + 2 + 4 + \dots + 512) = 1024",
                "How many samples before it a prediction can depend on.",
            ),
            (
                r"\sigma(a) = \tfrac12 + \tfrac12 \tanh(a / 2)",
                "So one tanh serves both halves of a gate: the halves are folded into the weights.",
            ),
        ),
        code=(
            "genlab.models.wavenet:Layer",
            "genlab.models.wavenet:WaveNet.predict",
            "genlab.models.wavenet:Writer.logits",
            "genlab.data.mulaw:encode",
        ),
        to_try=(
            "Watch: click the keys of the keyboard, and compare the pitch asked with the pitch heard.",
            "Watch: take the chord. Root and fifth together repeat themselves half as often as the root alone: that far the model must see.",
            "Watch: raise the temperature to 1.5 and listen: surprise rises, and the tone drowns in hiss.",
            "Look inside: show 1 024 places, and see the tree reach the beginning of the field.",
            "Look inside: compare the gates of the first and the last layers.",
            "Train with one stack of six layers: 64 samples are less than a period of 110 Hz.",
        ),
        surprises=(
            "Nothing in it is a sine, and it is told no frequency: only one of 52 numbers.",
            "A quarter of a second was learnt from. It goes on for longer, because all that it knows is relative to where it is.",
            "In training it hears tones, in writing only itself, errors included. So the tones that it learns from begin a little beside their pitch and come to it, and carry some noise: it learns to come back.",
            "The hiss costs most of the bits: that it cannot be guessed is what makes it hiss.",
        ),
        references=(
            "A. van den Oord, S. Dieleman, H. Zen, K. Simonyan, O. Vinyals, A. Graves, N. Kalchbrenner, A. Senior and K. "
            "Kavukcuoglu. *WaveNet: a generative model for raw audio.* [arXiv 1609.03499](https://arxiv.org/abs/1609.03499), 2016 (a).",
            "T. Le Paine, P. Khorrami, S. Chang, Y. Zhang, P. Ramachandran, M. A. Hasegawa-Johnson and T. S. Huang. *Fast Wavenet generation algorithm.* 2016.",
            "F. Fleuret. *Deep learning*, [lecture 10.2, Causal convolutions](https://fleuret.org/dlc/).",
        ),
    ),
)
