"""Masked pixels: one network answers every question of the chain rule."""

from genlab.ui.pixels.how import draw_a_level
from genlab.ui.pixels.look import masks, receptive_field
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "masked-lenet",
    inside=(masks, receptive_field),
    words=How(
        idea=r"""
Read a picture row by row and it becomes a sequence of pixels $x_1, \dots, x_T$. The chain rule turns the probability of
the whole into a product of small questions: *what is the next pixel, given those before it?*

One ordinary network answers all of them. It gets two channels: a **mask** that marks which pixels are known, and their
**values**. Where the mask is 0 the value is 0 too; only the mask tells "unknown" from "grey". Out come $C$ logits, one
for each grey level of the next pixel.

To train it, a random place is chosen in every image, that pixel and all after it are hidden, and the network is asked
for the hidden pixel. To draw, nothing is known at first: ask, draw a level at random from the answer, the **posterior** of
this pixel, write it down, ask again, $T$ times.""",
        equations=(
            (
                r"p(x_1, \dots, x_T) = \prod_{t=1}^{T} p(x_t \mid x_1, \dots, x_{t-1})",
                "The chain rule: exact, whatever the order of the pixels.",
            ),
            (
                r"x_t = \min \Big\{ v : \sum_{w \le v} p(w \mid x_1, \dots, x_{t-1}) > u_t \Big\}, \quad u_t \sim "
                r"\mathcal{U}[0, 1)",
                "How a uniform number u becomes a grey level: the picture below shows it for one pixel.",
            ),
            (
                r"f : \{0, 1\}^T \times \mathbb{R}^T \to \mathbb{R}^C",
                "The network: a mask and values in, logits of the next pixel out.",
            ),
            (
                r"\begin{aligned} \mathcal{L}(f) &= \sum_n \ell\big(f(m_t,\, m_t \odot x_n),\; x_{n,t}\big) \\"
                r"m_t &= (\underbrace{1, \dots, 1}_{t-1}, 0, \dots, 0) \end{aligned}",
                "Training: the cross-entropy of one pixel a sample, its place t drawn at random each time.",
            ),
            (
                r"\begin{aligned} \text{perplexity} &= e^{\ell} = 1 / \hat p(x_t) \\ \text{bits/dim} &= \ell / \ln 2 \end{aligned}",
                "Two ways to read the loss of one pixel, in nats: among how many equally likely levels the model "
                "hesitates; what the pixel costs in bits.",
            ),
        ),
        code=(
            "genlab.models.masked_lenet:MaskedLeNet.__init__",
            "genlab.models.masked_lenet:MaskedLeNet.masked",
            "genlab.models.masked_lenet:MaskedLeNet.loss",
            "genlab.generation.steps:generate",
        ),
        to_try=(
            "Watch with *entropy* as heat: the strokes' edges glow, the margin stays dark.",
            "Raise the temperature to 1.5 and watch the ink bleed; at 0.5 the model plays safe.",
            "Step through one row, and compare the posterior on the paper with that at the edge of a stroke.",
            "Train on the 8×8 digits and rewind the film: margins come first, strokes much later.",
        ),
        surprises=(
            "The model is surest where it draws nothing.",
            "At the edge of a stroke the posterior of MNIST has two peaks, white and black, with little between. A "
            "regression to the mean would paint grey; a list of logits need not decide.",
            "A whole pass of the network is spent on a single pixel of a training image. Causal convolutions, on the next page, "
            "get all of them from one pass. In drawing, a new pixel changes 15 of the 81 places of the second map, on the "
            "average of a 28×28 image: only these are computed again.",
        ),
        references=(
            "F. Fleuret. *Deep learning*, [lecture 10.1, Auto-regression](https://fleuret.org/dlc/).",
            "H. Larochelle and I. Murray. *The neural autoregressive distribution estimator.* AISTATS, 2011.",
            "B. Uria, I. Murray and H. Larochelle. *A deep and tractable density estimator.* ICML, 2014.",
            "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner. *Gradient-based learning applied to document recognition.* "
            "Proceedings of the IEEE, 1998.",
        ),
        picture=draw_a_level,
    ),
)
