"""NADE: one hidden vector that grows along the image."""

from genlab.ui.pixels.look import receptive_field
from genlab.ui.pixels.nade import hidden_vector
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "nade",
    inside=(hidden_vector, receptive_field),
    words=How(
        idea=r"""
The chain rule asks one question a pixel: how likely is ink here, given the $d - 1$ pixels before? *Masked pixels* runs a whole
network for each of them. **NADE** has $D$ tiny networks, one a pixel, with one hidden layer each, and they **share** their
weights: pixel $i$ reaches every later network through the same row $W_i$.

Sharing is what makes it fast. The sum inside $h_{d+1}$ is that inside $h_d$ and one term more. So there is but one hidden
vector, which grows along the image: read a pixel, add its row, squash, read the next prediction off, go on. An image costs
$H$ multiplications a pixel for the sums, not $H$ times all pixels before it. Training needs $D$ such steps one after
the other too, but for many images at once.

Nothing here knows that pixels are neighbours: no convolution, a row of weights for each place. That is why these weights draw
28×28 images only, and why a column of $W$, laid out as an image, looks like a piece of a stroke.

The order of the pixels is fixed: raster order, here. Trained on all orders at once the same idea becomes **any-order** NADE
(2014), which is told which pixels are known, like *Masked pixels*, and answers for all others in one pass. It is the
ancestor of the order-agnostic models of today.""",
        equations=(
            (
                r"\begin{aligned} h_d &= \sigma\Big(c + \sum_{i<d} x_i W_i\Big) \\ "
                r"p(x_d = 1 \mid x_1, \dots, x_{d-1}) &= \sigma(b_d + h_d V_d) \end{aligned}",
                "The model, for pixels that are ink, 1, or paper, 0. $W_i$ is a row of H weights, $V_d$ a column. With more "
                "levels x goes from 0 to 1 in as many steps, and there is a logit for each level but the first, whose "
                "logit is 0.",
            ),
            (
                r"a_1 = c, \qquad a_{d+1} = a_d + x_d W_d, \qquad h_d = \sigma(a_d)",
                "The recursion: an image in O(HD) multiplications.",
            ),
            (
                r"\log p(x) = \sum_{d=1}^{D} \log p(x_d \mid x_1, \dots, x_{d-1})",
                "The likelihood is exact: each factor is a distribution over levels.",
            ),
            (
                r"\frac{\partial \mathcal{L}}{\partial a_d} = \frac{\partial \mathcal{L}}{\partial a_{d+1}} "
                r"+ \frac{\partial \mathcal{L}}{\partial h_d} \odot h_d (1 - h_d)",
                "On the way back the sums are taken apart again, last pixel first: the gradient grows as the vector did, and "
                "no h needs to be kept.",
            ),
        ),
        code=(
            "genlab.models.nade:NADE.stepper",
            "genlab.models.nade:Recursion.forward",
            "genlab.models.nade:Recursion.backward",
        ),
        to_try=(
            "Look inside: drag the red pixel down the image: where there is no ink, the hidden vector does not move.",
            "Look inside: what a prediction can see is every pixel before it, near or far.",
            "Watch sixteen images: all hidden vectors grow at once, and a pixel costs the same at the top and at the bottom.",
            "Train on the 8×8 digits with the PixelCNN beside it: convolutions know what neighbours are, NADE has to learn it.",
        ),
        surprises=(
            "There is no mask and no padding, yet nothing can leak: a pixel is added to the sum only after its own "
            "prediction was read off.",
            "Paper, 0, adds nothing: between two pixels of ink all predictions come from the same h, through other columns "
            "of V.",
            "Eleven passes over binary MNIST, a quarter of an hour of one core, give 84.7 nats an image on the test images: a "
            "weight for each place does not have to find out where it is. On 1500 digits of 8×8 pixels the same freedom is "
            "learnt by heart: 2.08 bits/dim, where a PixelCNN has 1.79.",
        ),
        references=(
            "H. Larochelle and I. Murray. *The neural autoregressive distribution estimator.* AISTATS, 2011.",
            "B. Uria, I. Murray and H. Larochelle. *A deep and tractable density estimator.* ICML, 2014: any order.",
            "B. Uria, M.-A. Côté, K. Gregor, I. Murray and H. Larochelle. *Neural autoregressive distribution estimation.* "
            "JMLR, 2016.",
        ),
    ),
)
