"""GAN: the first one, fully connected, on digits."""

from genlab.experiments.gans import VanillaGANExperiment
from genlab.ui.gans.formulas import formulas
from genlab.ui.gans.look import layers, saturation, verdicts
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gan",
    inside=(layers, verdicts, saturation),
    words=How(
        idea=r"""
Two networks with one hidden layer of 128 units each. The generator turns 100 numbers of noise into an image; the
discriminator turns an image into the probability that it is real. One round is: forward and backward for $D$ and an update
of $D$, then forward and backward for $G$ and an update of $G$. That is all.

Kristiadi's post, from which the network and its settings are, writes it in PyTorch, where a round is a few plain lines that
run one after the other: every value and every gradient can be looked at in the middle of it. *Look inside* does that: pause a training, or make one move of one player, and see every layer.""",
        equations=(
            (
                r"G(z) = \sigma\big(W_2 \max(0, W_1 z + b_1) + b_2\big), \quad z \in \mathbb{R}^{100}",
                "The generator: 100 → 128 → 784 intensities.",
            ),
            (
                r"D(x) = \sigma(l), \quad l = V_2 \max(0, V_1 x + c_1) + c_2",
                "The discriminator: 784 → 128 → 1 number l, and a probability of it; the losses below the second use l itself.",
            ),
            *formulas(VanillaGANExperiment),
        ),
        code=(
            "genlab.models.gan:VanillaGAN",
            "genlab.training.objectives:Adversarial.loss",
            "genlab.training.run:Run._move",
        ),
        to_try=(
            "Train on the 8×8 digits for a minute: the same noise, so that each digit grows in its place.",
            "Pause, *move D*, Look inside; *move G*, Look inside again: whose gradients changed?",
            "Choose *minimax* and k = 10, and pause after a second: D is nearly always right, and G hears a fraction of what *non-saturating* would tell it.",
            "Switch on *class-conditional* and watch ten digits side by side.",
        ),
        surprises=(
            "Neither player knows which pixels are neighbours: shuffle the pixels of all images in the same way, and the game is the same. So nothing speaks against single specks.",
            "The losses wander and do not fall (but for the Wasserstein ones); the samples get better all the same.",
            "There is no likelihood: G cannot say how likely a test image is.",
        ),
        references=(
            "A. Kristiadi. *Generative adversarial networks (GAN) in PyTorch*, 2017, "
            "[agustinus.kristia.de](https://agustinus.kristia.de/blog/gan-pytorch/).",
            "I. Goodfellow et al. *Generative adversarial nets.* NeurIPS, 2014.",
            "M. Mirza and S. Osindero. *Conditional generative adversarial nets.* 2014.",
        ),
    ),
)
