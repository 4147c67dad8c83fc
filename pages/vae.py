"""VAE: images as clouds on a plane."""

from genlab.ui.latents.look import parts, tight
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "vae",
    inside=(parts, tight),
    words=How(
        idea=r"""
An image is made in two steps: first a few numbers $z$ are drawn from $N(0, I)$, then a network, the *decoder*, gives each
pixel a distribution of its own, and the pixels are drawn. How likely an image is, is an integral over all $z$ that nobody can
compute in twenty dimensions. So a second network, the *encoder*, says for each image which $z$ might have made it: a Gaussian
$q(z|x)$. With it the integral has a lower bound that can be computed and raised by gradient ascent, the **ELBO**.

It has two parts that pull against each other. The *reconstruction* wants $q$ so narrow that the decoder knows what to draw. The
*KL* wants $q$ to be like the prior, so that $z$ says little. What is worth its price is told; a dimension of $z$ that is not is
given up: it *collapses*. On the plane of two latents all of this can be seen, and walked through.""",
        equations=(
            (
                r"\log p(x) = \log \int p(x|z)\,p(z)\,dz \;\ge\; \mathbb{E}_{q(z|x)} \log p(x|z) - \beta\,\mathrm{KL}\big(q(z|x)\,\|\,p(z)\big)",
                "The bound, for β = 1. A larger β makes latents dearer; at β = 0 an autoencoder remains.",
            ),
            (
                r"z = \mu(x) + \sigma(x) \odot \varepsilon,\quad \varepsilon \sim N(0, I)",
                "One draw of z, through which gradients reach the encoder: the reparameterisation.",
            ),
            (
                r"\mathrm{KL} = \sum_d \tfrac12\big(\mu_d^2 + \sigma_d^2 - 1\big) - \log \sigma_d",
                "The KL of two Gaussians, a sum over the dimensions of z.",
            ),
            (
                r"\log p(x) \;\ge\; \mathbb{E}\,\log \frac1k \sum_{i=1}^k \frac{p(x, z_i)}{q(z_i|x)}",
                "More draws, weighted: the importance-weighted bound, which rises with k.",
            ),
        ),
        code=(
            "genlab.models.vae:VAE.bound",
            "genlab.models.vae:Gaussian",
            "genlab.models.vae:VAE.weights",
            "genlab.training.objectives:LowerBound",
        ),
        to_try=(
            "Watch: drag a walk from the 1s to the 0s, slowly.",
            "Train on the 8×8 digits and move β to 4 while it trains: the clouds grow, the classes run into each other.",
            "Train with 20 dimensions of z: how many are in use after a minute?",
            "Draw a letter. What comes back is the nearest thing that the latents can say.",
        ),
        surprises=(
            "Samples are blurred, and not because the network is small: pixels are drawn independently once z is known, so doubt about a stroke becomes grey.",
            "With twenty latents images are far likelier than with two, but most of the plane that one sees then is empty.",
            "The classes were never told. They part by themselves.",
        ),
        references=(
            "D. P. Kingma and M. Welling. *Auto-encoding variational Bayes.* ICLR, 2014.",
            "D. J. Rezende, S. Mohamed and D. Wierstra. *Stochastic backpropagation and approximate inference in deep generative models.* ICML, 2014.",
            "Y. Burda, R. Grosse and R. Salakhutdinov. *Importance weighted autoencoders.* ICLR, 2016.",
            "I. Higgins et al. *β-VAE.* ICLR, 2017.",
        ),
    ),
)
