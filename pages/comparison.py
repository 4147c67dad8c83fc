"""Comparison: GAN, VAE, flow and autoregression, side by side."""

from genlab.catalog import TOPICS
from genlab.ui.shell.how import How, how
from genlab.ui.shell.page import choose_mode, head
from genlab.ui.training.board import board
from genlab.ui.training.compare import compare

WORDS = How(
    idea=r"""
All of them want the same thing: a machine that makes new data like the given ones. They differ in what they **know** when
they have learnt it, and so in what they are trained for.

An **autoregressive** model writes a datum value by value, and learns the distribution of each value given those before
it. The product of these is the density of the whole, exactly, so it is trained for likelihood. The price is paid when it
writes: one pass of the network after the other.

A **flow** bends noise into data by a map that can be undone. Where one knows how much a map stretches space, one
knows the density of what comes out: likelihood again, exactly. The map may not fold or tear, and that shows: between two
separate clumps of data a thread of probability remains.

A **VAE** also makes data of noise, with a network that need not be undone. Its density is an integral over all noise that
could have led to a datum, which nobody can compute. A second network, the encoder, guesses where to look, and turns the
integral into a **bound**: the likelihood is at least this. What is trained for a bound covers all data, and blurs them.

A **GAN** gives the likelihood up. A second network tells made data from real ones, and the first one learns to deceive
it. Samples come in one pass and are sharp; but no number says how good the model is, and data that are left out are
not missed.

Here each gets the same data, the same seconds and the same processor, in turn: the one that has had least trains next.
The learning rate follows the share of the seconds that are spent, so each one ends as it should.""",
    equations=(
        (
            r"p(x) = \prod_{t=1}^{T} p(x_t \mid x_1, \dots, x_{t-1})",
            "Autoregression: the chain rule. Nothing is left out.",
        ),
        (
            r"p(x) = \frac{P(i)\, P(j \mid i)}{a}",
            "On the plane: $x$ lies in column $i$ and row $j$ of a grid whose cells have the area $a$. So its density is "
            "measured in the same nats as a flow's.",
        ),
        (
            r"\log p(x) = \log \mathcal{N}\big(f(x); 0, I\big) + \log |\det J_f(x)|",
            "A flow $f$ from data to noise: the change of variables.",
        ),
        (
            r"\log p(x) \ge \mathbb{E}_{q(z \mid x)} \big[ \log p(x \mid z) + \log p(z) - \log q(z \mid x) \big]",
            "A VAE: the evidence lower bound (ELBO), for which it is trained.",
        ),
        (
            r"\log p(x) \ge \mathbb{E} \Big[ \log \frac1K \sum_{k=1}^{K} \frac{p(x \mid z_k)\, p(z_k)}{q(z_k \mid x)} \Big],"
            r"\quad z_k \sim q(z \mid x)",
            "With $K$ draws a tighter one, the importance-weighted bound. The table has it with $K = 64$.",
        ),
        (
            r"\min_G \max_D \; \mathbb{E}_x \log D(x) + \mathbb{E}_z \log\big(1 - D(G(z))\big)",
            "A GAN: a game, and no density anywhere.",
        ),
        (
            r"d^2 = |\mu_1 - \mu_2|^2 + \operatorname{tr}\big(\Sigma_1 + \Sigma_2 - 2 (\Sigma_1 \Sigma_2)^{1/2}\big)",
            "How far samples of digits are from real ones: the Fréchet distance between the features of both, as a small "
            "classifier of ours sees them, each described by mean and covariance.",
        ),
    ),
    code=(
        "genlab.training.turns:take_turns",
        "genlab.training.run:Run.aim",
        "genlab.models.grid:Grid.log_prob",
        "genlab.models.plane_vae:PlaneVAE.log_weights",
        "genlab.views.beside:Beside.measure",
    ),
    to_try=(
        "Press train on eight Gaussians, and look between the clumps: what each family puts there is how it errs.",
        "Take *two moons* and 60 seconds. The grid cannot become finer than its cells; the flow goes on.",
        "Give 3 seconds, then 60: who is good soon, and who is better late?",
        "Take the 8×8 digits, and compare the time for 1000 samples with the likelihood.",
        "Make all networks small: which family suffers most?",
    ),
    surprises=(
        "A likelihood and the look of samples can disagree: the judge and the first column of the table do not always name "
        "the same winner.",
        "The GAN's samples may look best, and it is the only one that cannot say how likely a datum is.",
        "On the digits, a thousand samples take the PixelCNN a hundred times as long as they take the GAN.",
        "The VAE's noise is normal, and so is what it adds to each point: what lies between is smeared.",
    ),
    references=(
        "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
        "I. Goodfellow et al. *Generative adversarial nets.* NeurIPS, 2014.",
        "D. P. Kingma and M. Welling. *Auto-encoding variational Bayes.* ICLR, 2014.",
        "Y. Burda, R. Grosse and R. Salakhutdinov. *Importance weighted autoencoders.* ICLR, 2016.",
        "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* ICLR, 2017.",
        "M. Germain, K. Gregor, I. Murray and H. Larochelle. *MADE: Masked autoencoder for distribution estimation.* 2015.",
    ),
)
VIEWS = {"compare": "Side by side", "board": "What you have trained", "how": "How it works"}

head(TOPICS["comparison"])
match choose_mode("comparison", VIEWS):
    case "compare":
        compare()
    case "board":
        board()
    case "how":
        how(WORDS)
