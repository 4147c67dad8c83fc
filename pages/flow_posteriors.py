"""Flow posteriors: a Gaussian that is bent towards the true posterior."""

from genlab.ui.latents.look import gains, parts, tight
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "flow-posterior",
    inside=(gains, parts, tight),
    words=How(
        idea=r"""
A VAE's bound is as good as its encoder's guess: it lacks $\mathrm{KL}(q(z|x)\,\|\,p(z|x))$, the distance from the guess to the
true posterior. A Gaussian with axes of its own cannot be curved or lopsided; the true posterior can. So what is drawn from
the Gaussian goes through a flow, a few invertible layers, and comes out with another density, whose logarithm is known: each
layer subtracts its log-determinant.

Two kinds of layer stand here. A **planar** one pushes along a direction, across a line; all its numbers come from the encoder, anew
for each image. An **inverse autoregressive** one (IAF) scales and shifts each latent by what the ones before it and the encoder say.
With two latents the true posterior can be summed up on a grid, so the picture shows what there was to gain.

It is less than one might think. Encoder and decoder are trained together: a decoder that is paired with a Gaussian encoder learns
to have posteriors that a Gaussian can match.""",
        equations=(
            (
                r"\log q(z_K|x) = \log N(z_0;\mu, \sigma^2) - \sum_{k=1}^K \log\Big|\det \frac{\partial z_k}{\partial z_{k-1}}\Big|",
                "The density after K layers, at what was drawn.",
            ),
            (r"z_k = z_{k-1} + \hat u\,\tanh(w^\top z_{k-1} + b)", "A planar layer; w, u and b come from the encoder."),
            (
                r"z_k = z_{k-1} \odot \sigma_k + \mu_k,\quad (\mu_k, \sigma_k)_i = f_i\big((z_{k-1})_{<i}, h(x)\big)",
                "An inverse autoregressive layer; every second one goes from the last latent to the first.",
            ),
            (
                r"\log p(x) - \mathrm{ELBO}(x) = \mathrm{KL}\big(q(z_K|x)\,\|\,p(z|x)\big)",
                "What the bound lacks, and what the curve below the picture shows.",
            ),
        ),
        code=(
            "genlab.models.flow_posterior:Flowed",
            "genlab.models.flow_posterior:PlanarStep",
            "genlab.models.flow_posterior:IAFStep",
            "genlab.views.latents:bent",
        ),
        to_try=(
            "Watch: *next image* until the true posterior is curved, then step through the layers.",
            "Choose the planar model and count the layers that do something.",
            "Train on the 8×8 digits with the posterior *Gaussian* beside nothing, then with *IAF*: compare the held-out loss.",
            "Look inside: is the gain larger than two standard errors?",
        ),
        surprises=(
            "With two latents it does not help. On the 10 000 test images of MNIST the bound of IAF lies 1.2 ± 0.2 nats below that of the Gaussian that was trained for as many steps, that of the planar layers 0.6 ± 0.2.",
            "With twenty latents it does, early in a training: after 3000 steps on the same batches planar × 8 gains 2.8 ± 0.1 nats of ELBO, IAF × 4 gains 0.6 ± 0.1. One seed each: another one may change more than the ± says.",
            "What is lacking is mostly not the shape: the encoder has to guess q for images that it has not seen. Two nats are missing with a flow as without.",
            "What comes between lies anywhere: the Gaussian may begin far outside of the prior. Only the density after the last layer is trained to fit, so each of the others is shown in a window of its own.",
            "Two clouds far apart are out of reach for few planar layers, as they are on the page of planar flows.",
            "For the same computing time a wider decoder often brings more than a flow.",
        ),
        references=(
            "D. J. Rezende and S. Mohamed. *Variational inference with normalizing flows.* ICML, 2015.",
            "D. P. Kingma et al. *Improved variational inference with inverse autoregressive flow.* NeurIPS, 2016.",
            "C. Cremer, X. Li and D. Duvenaud. *Inference suboptimality in variational autoencoders.* ICML, 2018.",
        ),
    ),
)
