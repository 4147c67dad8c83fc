"""GAN: the first one, fully connected, on digits."""

from genlab.ui.gans.look import layers, saturation, verdicts
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gan",
    inside=(layers, verdicts, saturation),
    words=How(
        idea=r"""
Two networks with one hidden layer of 128 units each. The generator turns 100 numbers of noise into an image; the
discriminator turns an image into the probability that it is real. One step is: forward and backward for $D$ and an update
of $D$, then forward and backward for $G$ and an update of $G$. That is all.

The point of writing it in an imperative library was that nothing is hidden: every value and every gradient can be looked
at in the middle of a step. *Look inside* does that: pause a training, or make one move of one player, and see every layer.""",
        equations=(
            (
                r"G(z) = \sigma\big(W_2 \max(0, W_1 z + b_1) + b_2\big), \quad z \in \mathbb{R}^{100}",
                "The generator: 100 → 128 → 784 intensities.",
            ),
            (
                r"D(x) = \sigma\big(V_2 \max(0, V_1 x + c_1) + c_2\big)",
                "The discriminator: 784 → 128 → 1 probability.",
            ),
            (
                r"\mathcal{L}_D = -\,\mathbb{E}_{x}\, \log D(x) - \mathbb{E}_{z}\, \log\big(1 - D(G(z))\big), \qquad "
                r"\mathcal{L}_G = -\,\mathbb{E}_{z}\, \log D(G(z))",
                "What the players minimise, in turn, with Adam at 1e-3 and batches of 64.",
            ),
        ),
        code=(
            "genlab.models.gan:VanillaGAN",
            "genlab.training.objectives:Adversarial.loss",
            "genlab.training.run:Run._move",
        ),
        to_try=(
            "Train on the 8×8 digits for a minute: the same noise, so that each digit grows in its place.",
            "Pause, *step D*, Look inside; *step G*, Look inside again: whose gradients changed?",
            "Choose *minimax* and k = 10, and pause after a second: D is nearly always right, and G hears a fraction of what *non-saturating* would tell it.",
            "Switch on *class-conditional* and watch ten digits side by side.",
        ),
        surprises=(
            "D sees each pixel by itself: it knows nothing of neighbours, and so the samples are full of specks.",
            "The losses wander and do not fall; the samples get better all the same.",
            "There is no likelihood: a test image cannot be scored by G.",
        ),
        references=(
            "A. Kristiadi. *Generative adversarial networks (GAN) in PyTorch*, 2017, "
            "[agustinus.kristia.de](https://agustinus.kristia.de/blog/gan-pytorch/).",
            "I. Goodfellow et al. *Generative adversarial nets.* NeurIPS, 2014.",
            "M. Mirza and S. Osindero. *Conditional generative adversarial nets.* 2014.",
        ),
    ),
)
