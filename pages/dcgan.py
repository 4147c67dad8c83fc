"""DCGAN: the game with convolutions."""

from genlab.experiments.gans import DCGANExperiment
from genlab.ui.gans.formulas import formulas
from genlab.ui.gans.look import layers, saturation, verdicts
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "dcgan",
    inside=(layers, verdicts, saturation),
    words=How(
        idea=r"""
The same two players, built of convolutions. The generator spreads its noise over a coarse grid of features and doubles the
grid twice by transposed convolutions; the discriminator halves the image twice by strided ones. Both know now that pixels
have neighbours, and the specks of the fully connected GAN are gone.

What is not as in the paper: its images have 64×64 pixels between −1 and 1 (tanh), these 28×28 or 8×8 between 0 and 1
(sigmoid); it starts from 4×4 places and 100 uniform numbers, this one from 7×7 or 2×2 and from normal ones; it has batch
normalization in both players, this one normalizes groups of channels of each image in $G$ and nothing in $D$; networks are
much smaller, kernels 4×4 instead of the 5×5 of the authors' code, weights start as PyTorch's do and not at 0.02 times normal
numbers, and Adam begins at 1e-3 instead of 2e-4 and slows down at the end. A class, where one is told, enters as ten more channels.

The noise is a space to walk in. On the way from $z_A$ to $z_B$ every point is an image, and most of them are good ones;
some directions change the image much, most hardly at all.""",
        equations=(
            (
                r"\begin{aligned} z(t) &= \ell(t) \Big( \frac{\sin((1-t)\,\omega)}{\sin \omega}\, \frac{z_A}{\lVert z_A \rVert} "
                r"+ \frac{\sin(t\,\omega)}{\sin \omega}\, \frac{z_B}{\lVert z_B \rVert} \Big) \\ "
                r"\cos \omega &= \frac{z_A \cdot z_B}{\lVert z_A \rVert\, \lVert z_B \rVert}, \qquad "
                r"\ell(t) = (1-t)\, \lVert z_A \rVert + t\, \lVert z_B \rVert \end{aligned}",
                "The walk: the direction of z turns evenly from that of A to that of B, its length goes evenly from one to the "
                "other. Noise of many dimensions lies near a sphere, and a straight line would leave it.",
            ),
            (
                r"\frac{\partial G}{\partial z} = \sum_i \sigma_i\, u_i v_i^{\top}",
                "The directions $v_i$ in which the image changes most: right singular vectors of the Jacobian.",
            ),
            *formulas(DCGANExperiment),
        ),
        code=(
            "genlab.models.gan:DCGAN",
            "genlab.training.objectives:Adversarial.loss",
            "genlab.views.latent:walk",
        ),
        to_try=(
            "Walk from a 1 to a 7, then from a 0 to a 1: where does the image tear?",
            "Follow the first direction to both ends: slant, thickness or another digit?",
            "Train on the 8×8 digits with two losses side by side.",
            "Compare the class balance with that of the fully connected GAN, which is told no classes.",
        ),
        surprises=(
            "The walk passes through images that are no digit: the generator cannot leave gaps between them.",
            "Few of the directions matter: the singular values fall fast.",
            "Where $p_G = p$ the classes would be balanced too, but no term of a loss counts them: the fully connected GAN leaves digits out. The shipped MNIST model has its balance as a gift: it is told the class, and asked for all ten alike.",
        ),
        references=(
            "A. Radford, L. Metz and S. Chintala. *Unsupervised representation learning with deep convolutional generative adversarial networks.* ICLR, 2016.",
            "T. White. *Sampling generative networks.* 2016.",
            "M. Heusel et al. *GANs trained by a two time-scale update rule converge to a local Nash equilibrium.* NeurIPS, 2017.",
        ),
    ),
)
