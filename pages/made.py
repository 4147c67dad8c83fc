"""MADE: masks on the weights of a plain network."""

from genlab.ui.pixels.made import connectivity, ensembles, masks, sweeps
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "made",
    inside=(masks, connectivity, ensembles, sweeps),
    words=How(
        idea=r"""
An autoencoder reads all pixels and writes as many outputs. It would be an autoregressive model if only output $t$ saw
nothing but the pixels before $t$. So cut the connections that show it more: multiply every weight matrix by a **mask**.

Which weights go is said by **degrees**. Number the pixels from 1 to $D$ in any order; give each hidden unit a degree $m$ from 1
to $D - 1$. The unit may read pixels up to number $m$, and units of no higher degree; an output reads units of lower degree than its
pixel's number. Which degrees there are is free: where images have margins, most units had better lie in the middle of the order, where
the ink is. Then every way from a pixel to an output leads upwards, and the masks multiplied with each other are strictly lower
triangular. Direct weights from the pixels to the outputs are masked alike.

One pass gives all posteriors, and the likelihood. The same weights can serve **several orders** and several masks of the hidden units: a
step of the training takes one of these members at random. Each is a model; the mean of their probabilities is a better
one. There is nothing of an image in it, no neighbours and no strokes: shuffle the pixels, and it learns as well.""",
        equations=(
            (
                r"\begin{aligned} \mathbf{h}^l &= \big[\mathbf{b}^l + (W^l \odot M^l)\, \mathbf{h}^{l-1}\big]_+, \qquad "
                r"\mathbf{h}^0 = \mathbf{x} \\ \boldsymbol{\ell} &= \mathbf{c} + (V \odot M^V)\, \mathbf{h}^L + "
                r"(A \odot M^A)\, \mathbf{x} \end{aligned}",
                "The network: hidden layers h, logits ℓ of all pixels, and the direct weights A.",
            ),
            (
                r"M^l_{k' k} = 1_{m^l(k') \ge m^{l-1}(k)}, \qquad M^V_{d k} = 1_{d > m^L(k)}, \qquad M^A_{d d'} = 1_{d > d'}",
                "The masks: a hidden unit reads degrees up to its own, an output lower ones. The degree of a pixel is its "
                "number in the order.",
            ),
            (
                r"\big(M^V M^L \cdots M^1\big)_{d d'} > 0 \;\Rightarrow\; d > d'",
                "Their product counts the ways from pixel d′ to output d: there is none but from earlier pixels.",
            ),
            (
                r"p(\mathbf{x}) = \frac{1}{K} \sum_{k=1}^{K} \prod_{d=1}^{D} p_k(x_d \mid \mathbf{x}_{<_k d})",
                "The ensemble of K members, each with its order $<_k$: the mean of probabilities of whole images.",
            ),
            (
                r"\begin{aligned} \mathbf{x}^{(s+1)} &= F\big(\mathbf{x}^{(s)}, \mathbf{u}\big) \\ F_d(\mathbf{x}, \mathbf{u}) "
                r"&= \min \Big\{ v : \sum_{w \le v} p(w \mid \mathbf{x}_{<d}) > u_d \Big\} \end{aligned}",
                "Sampling by sweeps: with frozen uniforms u, the image is the fixed point of F, reached after at most D "
                "sweeps.",
            ),
        ),
        code=(
            "genlab.layers.degrees:masks",
            "genlab.models.made:MADE.member_logits",
            "genlab.models.made:MADE.ensemble_log_prob",
            "genlab.generation.sweeps:sweeps",
        ),
        to_try=(
            "Look inside: drag the red pixel from the first to the last, and watch the lit weights spread over the masks.",
            "Move *member* to another order: the same weights see other pixels, and the gradient says so too.",
            "Compare the two means over four orders: the mean of logits gains more, and adds up to something else than 1.",
            "Change the seed of the sweeps: the image is there after far fewer passes than it has pixels.",
            "Train on the 8×8 digits with 1 order, then with 4: the raster order alone gets worse, since the weights "
            "serve others too.",
        ),
        surprises=(
            "A hidden layer may see everything but the last pixel, and every output still sees only its past.",
            "Members of the same order disagree little: their masks differ, the past that they see does not. Other orders "
            "gain ten times as much.",
            "What looks best in the table is the mean of logits over orders, and it is no likelihood of anything.",
            "Few sweeps need not mean less time: a sweep computes all pixels, a step with kept sums only what one pixel "
            "changes. On one core a 28×28 image took 29 passes in place of 784, and still more than twice as long.",
        ),
        references=(
            "M. Germain, K. Gregor, I. Murray and H. Larochelle. *MADE: Masked autoencoder for distribution estimation.* "
            "ICML, 2015.",
            "B. Uria, I. Murray and H. Larochelle. *A deep and tractable density estimator.* ICML, 2014: ensembles of "
            "orders.",
            "Y. Song, C. Meng, R. Liao and S. Ermon. *Accelerating feedforward computation via parallel nonlinear equation "
            "solving.* ICML, 2021.",
            "A. Wiggers and E. Hoogeboom. *Predictive sampling with forecasting autoregressive models.* ICML, 2020.",
        ),
    ),
)
