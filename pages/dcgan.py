"""DCGAN: the game with convolutions."""

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

The noise is a space to walk in. On the way from $z_A$ to $z_B$ every point is an image, and most of them are good ones;
some directions change the image much, most hardly at all.""",
        equations=(
            (
                r"z(t) = \frac{\sin((1-t)\,\omega)}{\sin \omega}\, z_A + \frac{\sin(t\,\omega)}{\sin \omega}\, z_B, "
                r"\quad \cos \omega = \frac{z_A \cdot z_B}{\lVert z_A \rVert\, \lVert z_B \rVert}",
                "A walk on a great circle: noise of many dimensions lies near a sphere, and a straight line would leave it.",
            ),
            (
                r"\frac{\partial G}{\partial z} = \sum_i \sigma_i\, u_i v_i^{\top}",
                "The directions $v_i$ in which the image changes most: right singular vectors of the Jacobian.",
            ),
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
            "Compare the class balance with that of the fully connected GAN.",
        ),
        surprises=(
            "The walk passes through images that are no digit: the generator cannot leave gaps between them.",
            "Few of the directions matter: the singular values fall fast.",
            "The balance of the digits is nobody's aim in this game, and it shows.",
        ),
        references=(
            "A. Radford, L. Metz and S. Chintala. *Unsupervised representation learning with deep convolutional generative adversarial networks.* ICLR, 2016.",
            "T. White. *Sampling generative networks.* 2016.",
            "M. Heusel et al. *GANs trained by a two time-scale update rule converge to a local Nash equilibrium.* NeurIPS, 2017.",
        ),
    ),
)
