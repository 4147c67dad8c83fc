"""Real NVP: affine couplings with more inside."""

from genlab.ui.flows.look import inverse, layer_fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "realnvp",
    inside=(layer_fields, inverse),
    words=How(
        idea=r"""
The coupling of *Affine couplings*, with more room inside: eight layers instead of four, whose networks have two hidden layers of 64 units. One
network gives both the log-scale $s$ and the shift $t$ of the half that moves. The last layer of each network begins near
zero, so that the flow begins near the identity: the first picture of a training is the noise itself, hardly bent.

Training is maximum likelihood and nothing else: no sampling, no second network, no bound. Each step pushes the data's
points towards the middle of the noise and, by the determinant, outwards again wherever that would press them together.""",
        equations=(
            (
                r"\begin{aligned} y_a &= x_a \\ y_b &= x_b \odot \exp s(x_a) + t(x_a) \end{aligned}",
                "One affine coupling.",
            ),
            (
                r"s = 3 \tanh(\tilde s / 3)",
                "Log-scales lie softly within ±3: no layer stretches more than e³ = 20-fold.",
            ),
            (
                r"\log p(x) = \log \mathcal{N}(f(x);\, 0, I) + \sum_{k=1}^{K} \log \big| J_{f^{(k)}}(x^{(k-1)}) \big|",
                "The likelihood: noise where x arrives, times how much each layer stretched on the way from data to noise.",
            ),
        ),
        code=(
            "genlab.models.realnvp:AffineCoupling",
            "genlab.models.flow:Flow.log_prob",
            "genlab.models.flow:Flow.generation",
        ),
        to_try=(
            "Follow one point with the mouse through all eight layers.",
            "Show *stretch*: where does the flow press, where does it pull?",
            "Train on letters, or draw your own density in Train.",
            "Move the film back while it trains: the coarse shape comes first, gaps last.",
        ),
        surprises=(
            "A flow maps a connected plane onto a connected plane. Between separate islands threads must remain, very thin and very unlikely.",
            "More layers make sharper densities, and longer, thinner cells: look at the mesh.",
            "The likelihood of new data is exact: the number below the picture is no bound.",
            "Every layer can be undone, and yet some points at a distance of 8 from the middle come back from the noise more than 1 away: float32 has too few digits for what is pressed together and pulled apart again. In float64 all come back to 10⁻⁶, and the data do in float32 too, to 10⁻⁴. *Look inside* measures it.",
        ),
        references=(
            "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* ICLR, 2017.",
            "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
            "J. Behrmann, P. Vicol, K.-C. Wang, R. Grosse and J.-H. Jacobsen. *Understanding and mitigating exploding inverses in invertible neural networks.* AISTATS, 2021.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
