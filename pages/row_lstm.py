"""Row LSTM: a recurrent network whose steps are the rows of an image."""

from genlab.ui.pixels.look import receptive_field, recomputed, triangle
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "row-lstm",
    inside=(triangle, receptive_field, recomputed),
    words=How(
        idea=r"""
A recurrent network reads a sequence, and its state remembers what it has read. An image is a sequence of pixels, and a long
one: 784 steps for a digit of MNIST. The **Row LSTM** takes a whole row for one step. All columns move on at once, each with a
state of its own, and **convolutions** along the row connect them.

Two convolutions feed the gates. The **input-to-state** one reads the present row of the image's features; it is **masked**, so
that no column sees what is to its right. It needs no state, so in training it is computed for the whole image at once. The
**state-to-state** one reads the states of the row above; all of that row is past, so it looks to the right as well.

So a pixel is told what its three neighbours in the row above remember, these were told by five, and so on: a **triangle** up to the
first row, however large the image is. A *PixelCNN* of a few layers sees a window. What the triangle leaves out, far
to the left in rows close by, no training brings back; the paper's Diagonal BiLSTM was made for that.

In front stands a 7×7 convolution with mask A, which hides the pixel itself; behind, two 1×1 layers give the logits.""",
        equations=(
            (
                r"\begin{aligned} (o, f, i, g) &= K_{is} \ast x_r + K_{ss} \ast h_{r-1} \\ "
                r"c_r &= \sigma(f) \odot c_{r-1} + \sigma(i) \odot \tanh(g) \\ "
                r"h_r &= \sigma(o) \odot \tanh(c_r) \end{aligned}",
                "One step, for row r: an LSTM whose products with matrices are convolutions of width 3 along the row. "
                "f says how much of the memory c stays, i how much is added to it, o how much of it is told.",
            ),
            (
                r"x'_r = x_r + h_r",
                "What the next layer reads: layers are residual.",
            ),
            (
                r"K_{is} = (k_{-1},\, k_0,\, 0), \qquad K_{ss} = (k_{-1},\, k_0,\, k_{1})",
                "The mask: in the present row left and present taps only, in the row above all three.",
            ),
        ),
        code=(
            "genlab.models.row_lstm:cell",
            "genlab.models.row_lstm:RowLayer",
            "genlab.models.row_lstm:CachedRow",
            "genlab.models.row_lstm:RowLSTM.predict",
        ),
        to_try=(
            "Look inside: one layer sees a triangle up to the first row; with more layers it grows to the left only.",
            "Look inside: drag the pixel to the right edge, and see how far to the left it looks in its own row.",
            "Train with the PixelCNN beside it: the same data, the same seconds.",
            "Watch: a row begins with one convolution over the states of the row above; within it a pixel costs the same "
            "everywhere.",
        ),
        surprises=(
            "Beside a PixelCNN for the same 20 seconds on the 8×8 digits it makes a third of the steps and is as good: 1.790 "
            "against 1.798 bits/dim on the test images, means of three trainings, which lie 0.01 apart. "
            "So small an image hardly needs the triangle.",
            "Training goes through the rows one after the other, 28 steps for MNIST, not 784; a PixelCNN needs a single one. "
            "When images are drawn both go pixel by pixel.",
            "No layer is added to see farther up: time does it. The same kernels carry a pixel of the first row down to "
            "the last.",
            "The state starts at zero in the first row and the borders are zero too: even without the positional encoding, "
            "which this one has, it could count rows.",
        ),
        references=(
            "A. van den Oord, N. Kalchbrenner and K. Kavukcuoglu. *Pixel recurrent neural networks.* ICML, 2016 (a).",
            "L. Theis and M. Bethge. *Generative image modeling using spatial LSTMs.* NIPS, 2015.",
            "S. Hochreiter and J. Schmidhuber. *Long short-term memory.* Neural Computation, 1997.",
        ),
    ),
)
