"""Gated convolutions: the blocks of WaveNet, on a toy."""

from genlab.ui.sequences.look import causality, fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gated-sequence",
    inside=(causality, fields),
    words=How(
        idea=r"""
What does it take to come near the entropy of the toy? To know the next value exactly, a model must find the slope from
how the values were rounded, which takes arithmetic over the whole past. Three changes get there.

**Residual connections**: each block adds to what it was given, so that ten of them can be trained. **Gates**: a block's
answer is a product, of what it has to say ($\tanh$) and of whether it matters ($\sigma$). **Skips**: every block speaks to
the head directly, and not only through those above it. The dilations are 1, 2, 4, 8, 16, twice, so that nothing of the
past is left out. Values come in as **one-hot** vectors beside their height.

These are the blocks of WaveNet, which writes sound on a page of its own.""",
        equations=(
            (
                r"z = \tanh(W_f * h) \odot \sigma(W_g * h)",
                "The gated unit: both convolutions are causal and dilated; ⊙ multiplies place by place.",
            ),
            (
                r"h \leftarrow h + W_r z, \qquad \text{told} \leftarrow \text{told} + W_s z",
                "Residual connection and skip, both by kernels of one tap.",
            ),
            (
                r"\text{logits} = W_2\, \mathrm{relu}\big(W_1\, \mathrm{relu}(\text{told})\big)",
                "The head, from what all blocks told.",
            ),
        ),
        code=(
            "genlab.models.gated_sequence:GatedBlock",
            "genlab.models.gated_sequence:GatedSequence",
            "genlab.models.causal_sequence:CausalSequence",
        ),
        to_try=(
            "Watch the posterior along a slope: it is all but certain of most values, and hesitates where the rounding is not settled.",
            "Train it with the dilated convolutions beside it, and compare both losses with the line of the entropy.",
            "Train it on forks: before the jump the posterior has three peaks.",
        ),
        surprises=(
            "It has fourteen times the weights of the lecture's networks, and a step takes longer; for the same seconds it is still the best of them.",
            "Below the entropy of the data no model can come, whatever it costs. How far it stays above is the Kullback–Leibler divergence a place.",
        ),
        references=(
            "A. van den Oord et al. *WaveNet: a generative model for raw audio.* [arXiv 1609.03499](https://arxiv.org/abs/1609.03499), 2016.",
            "K. He, X. Zhang, S. Ren and J. Sun. *Deep residual learning for image recognition.* CVPR, 2016.",
        ),
    ),
)
