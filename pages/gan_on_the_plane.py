"""GAN on the plane: both players in one picture."""

from genlab.experiments.gans import PlaneGANExperiment
from genlab.ui.gans.formulas import formulas
from genlab.ui.gans.look import layers, saturation, verdicts
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "gan-2d",
    inside=(verdicts, saturation, layers),
    words=How(
        idea=r"""
The generator $G$ maps noise $z$ to points; it never sees a real one. The discriminator $D$ is shown real and made points
and says how real each looks. Each move of $D$ makes its verdicts better; each move of $G$ pushes its points to where $D$
says "more real": the arrows are $-\partial \mathcal{L}_G / \partial x$, all that $G$ ever learns of the data.

On the plane both can be seen whole: $D$ is a landscape, $G$ is a sheet of noise that is bent until it lies where the data
are. There is no likelihood anywhere, so the samples themselves must be judged: how many are good, how much of the data
they reach.""",
        equations=(
            (
                r"\min_G \max_D \; \mathbb{E}_{x}\, \log D(x) + \mathbb{E}_{z}\, \log\big(1 - D(G(z))\big)",
                "The game of the first paper. D(x) = σ(l) is a probability, l the number that the network gives.",
            ),
            (
                r"D^*(x) = \frac{p(x)}{p(x) + p_G(x)}",
                "The best D against a given G in this game: ½ wherever made and real points are equally dense.",
            ),
            *formulas(PlaneGANExperiment),
        ),
        code=(
            "genlab.training.objectives:Adversarial.loss",
            "genlab.training.adversarial:gradient_penalty",
            "genlab.models.gan:PlaneGAN",
            "genlab.views.game:push",
        ),
        to_try=(
            "Press *slow motion* in Train and follow one round: which picture changes in which move?",
            "Press *move D* ten times without a move of G: the landscape sharpens, and the arrows climb it, wherever it leads.",
            "Press *move G* ten times without D: all points run uphill.",
            "Put *minimax* beside *non-saturating* with k = 5: one of them learns more slowly. Why? See Look inside.",
            "Draw your own data with two separate islands.",
        ),
        surprises=(
            "Once made and real points agree, a good D is flat where there are any. With the first two losses it says ½ there, with least squares the same; with hinge any number between −1 and 1 is as good, with Wasserstein any number at all. What it says elsewhere, nobody asks.",
            "The generator can be perfect on what it makes and still leave out half of the data: mode collapse.",
            r"Most losses do not tell how good the samples are: they tell who is winning. Wasserstein's was made to: $-\mathcal{L}_D$ estimates, up to a factor, how far made points are from real ones, as long as D is trained well.",
            "G is continuous: between separate modes a thin veil of points must remain.",
        ),
        references=(
            "I. Goodfellow et al. *Generative adversarial nets.* NeurIPS, 2014.",
            "M. Arjovsky, S. Chintala and L. Bottou. *Wasserstein generative adversarial networks.* ICML, 2017.",
            "I. Gulrajani et al. *Improved training of Wasserstein GANs.* NeurIPS, 2017.",
            "X. Mao et al. *Least squares generative adversarial networks.* ICCV, 2017.",
            "J. H. Lim and J. C. Ye. *Geometric GAN.* 2017.",
            "M. Kahng et al. *GAN Lab: understanding complex deep generative models using interactive visual experimentation.* IEEE VIS, 2018.",
        ),
    ),
)
