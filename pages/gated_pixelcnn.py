"""Gated PixelCNN: with gates, and told what to draw."""

from genlab.ui.pixels.look import attention, kernels, prediction_path, receptive_field, recomputed
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gated-pixelcnn",
    inside=(receptive_field, attention, kernels, prediction_path, recomputed),
    words=How(
        idea=r"""
The two causal stacks of *PixelCNN*, with more layers. Each block replaces the rectified unit by a **gate**: one half of the
feature maps proposes a value, the other half says how much of it passes. Gates multiply, and products are what an LSTM has
and a plain convolution lacks.

The vertical stack feeds the horizontal one in every block, never the other way: the rows above may inform the present
row, while the horizontal stack has seen the pixels to the left, and would leak them to places that come before.
**Residual** connections let many blocks train; **dilations** spread the taps of a kernel, so that a few blocks see a
whole digit. Dilations are not the paper's (they come from WaveNet), nor is the residual connection of the vertical stack:
the paper has one in the horizontal stack alone.

Convolutions reach as far as their kernels add up to. **Attention** after some of the blocks lets the horizontal stack ask all
places so far at once: what is asked and what is offered are vectors $q$ and $k$ of a few numbers, and values $v$ are added up
by how well they match.

Told a class $h$, every gate is shifted by a vector that belongs to the class: those of the vertical stack directly, those
of the horizontal one through the link. So the same weights draw any digit on
demand. Where no class is given, the probability of an image is the average over the ten.""",
        equations=(
            (
                r"\operatorname{gate}(a) = \tanh(f) \odot \sigma(g), \qquad a = (f, g)",
                "The gate: of two halves of the feature maps one proposes, the other, between 0 and 1, lets pass.",
            ),
            (
                r"\begin{aligned} a &= W_v \ast v + V^{\top} \mathbf{h} \\ v' &= v + \operatorname{gate}(a) \\ "
                r"u' &= u + W_o \operatorname{gate}(W_u \ast u + W_l\, a) \end{aligned}",
                "A block, from the vertical stack's maps v and the horizontal one's u to the next block's. h is one-hot, so "
                "a row of V is added everywhere; without classes it is left out. The link $W_l$ is 1×1: what the rows above "
                "say, before their gate, enters the horizontal gate at the same place.",
            ),
            (
                r"u'_t = u_t + W \sum_{s \le t} \operatorname{softmax}_s\!\big(q_t \cdot k_s / \sqrt{d}\big)\, v_s",
                "Causal attention, where there is any: s runs over all places up to t in raster order. A place may look at "
                "itself, since $u_t$ knows only earlier pixels. q, k and v are linear in u and a code of the place.",
            ),
            (
                r"\begin{CD} v @>{W_v \ast\, {\cdot}\; +\, V^{\top} \mathbf{h}}>> a @>{v\, +\, \operatorname{gate}}>> v' \\ "
                r"@. @VV{W_l}V @. \\ "
                r"u @>>{W_u \ast\, {\cdot}}> \oplus @>>{u\, +\, W_o \operatorname{gate}}> u' \end{CD}",
                "The same as a picture: the only arrow between the stacks leads from the vertical one, above, to the "
                "horizontal one.",
            ),
            (
                r"\begin{aligned} p(\mathbf{x} \mid \mathbf{h}) & = \prod_{i=1}^{n^2} p(x_i \mid x_1, \dots, x_{i-1}, "
                r"\mathbf{h}) \\ p(\mathbf{x}) & = \frac{1}{10} \sum_{\mathbf{h}} p(\mathbf{x} \mid \mathbf{h}) "
                r"\end{aligned}",
                "Given the class, and without it: the exact mixture under equally likely classes.",
            ),
        ),
        code=(
            "genlab.models.gated_pixelcnn:gate",
            "genlab.models.gated_pixelcnn:GatedBlock",
            "genlab.models.gated_pixelcnn:GatedPixelCNN.predict",
            "genlab.layers.attention:CausalAttention",
        ),
        to_try=(
            "Watch: put the PixelCNN beside it, with the same seed; then draw the head of a 7, and watch both go on from it.",
            "Keep the seed and change the class: the same uniforms, another digit.",
            "Compare the posteriors of the first rows under two classes: where the ink may begin depends on the digit.",
            "Draw: hide the right half of a 7 and press *hear them*. In raster order any digit is begun beside the stroke; "
            "particles hear the left half too, and those that are left are sevens.",
            "Train with and without dilations: early on the loss hardly tells them apart.",
            "Look inside: drag the pixel to see how far the blocks see, and which activations a new pixel costs.",
        ),
        surprises=(
            "Being told the class saves less than ln 10 = 2.3 nats an image. The digit's identity is a small part of what "
            "there is to say about its pixels.",
            "On 8×8 digits a longer training makes the test worse: so few images are soon known by heart. The weights that "
            "are kept are those that did best on images held back for validation.",
            "The likeliest picture is blank paper: log p adds up how predictable each pixel was. A horse scores badly "
            "because every one of its edges lies where a digit has none, and a black square scores better.",
            "Particles hear what stands below only through those that happened to begin well: hide the upper half of a digit, and "
            "of 64 beginnings two to five are left. Hide its right half, and each row decides anew.",
            "A dilated kernel reaches farther than a plain one with as many weights. The price is paid near by: what lies between its taps, other layers have to see.",
        ),
        references=(
            "A. van den Oord, N. Kalchbrenner, O. Vinyals, L. Espeholt, A. Graves and K. Kavukcuoglu. *Conditional image "
            "generation with PixelCNN decoders.* NIPS, 2016 (b).",
            "A. van den Oord et al. *WaveNet: a generative model for raw audio.* 2016.",
            "F. Yu and V. Koltun. *Multi-scale context aggregation by dilated convolutions.* ICLR, 2016.",
            "K. He, X. Zhang, S. Ren and J. Sun. *Deep residual learning for image recognition.* CVPR, 2016.",
            "F. Fleuret. *Deep learning*, [lecture 10.2, Causal convolutions](https://fleuret.org/dlc/).",
            "K. Jordan et al. *Muon: an optimizer for hidden layers in neural networks.* 2024, "
            "[kellerjordan.github.io](https://kellerjordan.github.io/posts/muon/).",
            "A. Vaswani et al. *Attention is all you need.* NeurIPS, 2017; for pixels: X. Chen, N. Mishra, M. Rohaninejad and "
            "P. Abbeel. *PixelSNAIL.* ICML, 2018.",
        ),
    ),
)
