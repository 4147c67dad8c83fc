"""Spline flow: couplings with curves."""

from genlab.ui.flows.look import in_hand, inverse, layer_fields
from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page(
    "spline",
    inside=(layer_fields, in_hand, inverse),
    words=How(
        idea=r"""
An affine coupling moves a coordinate along a straight line: scale and shift. A **spline coupling** moves it along a curve
that the network draws afresh for every value of the other half: a monotone rational-quadratic spline through nine knots.
It can press in one place and stretch in another, within a single layer.

Between two knots the curve is a quotient of two quadratics, chosen so that it rises, is smooth, and can be inverted by
solving one quadratic equation. Outside $[-4, 4]$ the layer is the identity. With four layers it is the sharpest flow here;
checkerboards are its favourite.""",
        equations=(
            (
                r"\begin{aligned} g(x) &= y_k + \frac{(y_{k+1} - y_k)\big(s_k \xi^2 + \delta_k \xi (1 - \xi)\big)}{s_k + (\delta_{k+1} + \delta_k - 2 s_k)\, \xi (1 - \xi)} \\"
                r"\xi &= \frac{x - x_k}{x_{k+1} - x_k}, \qquad s_k = \frac{y_{k+1} - y_k}{x_{k+1} - x_k} \end{aligned}",
                "The curve between the knots k and k + 1: ξ goes from 0 to 1 between them, δ are the slopes at the knots, s is that of the chord.",
            ),
            (
                r"\begin{aligned} y_a &= x_a \\ y_b &= g_{\theta(x_a)}(x_b) \end{aligned} \qquad \log |\det J| = \sum_i \log g'(x_{b,i})",
                "The coupling: the network θ gives widths, heights and slopes.",
            ),
            (
                r"\log g'(x) = \log \frac{\mathrm{d} g}{\mathrm{d} \xi} - \log (x_{k+1} - x_k)",
                "The slope is taken with respect to x: the width of the bin enters it.",
            ),
            (
                r"\log p(x) = \log \mathcal{N}(f(x);\, 0, I) + \sum_{k=1}^{K} \log \big| J_{f^{(k)}}(x^{(k-1)}) \big|",
                "The likelihood: noise where x arrives, times how much each layer stretched on the way from data to noise.",
            ),
        ),
        code=(
            "genlab.models.spline:knots",
            "genlab.models.spline:spline",
            "genlab.models.spline:SplineCoupling",
        ),
        to_try=(
            "Stop between the layers on the way from the noise: after layers 4 and 3 there is nothing of the checkerboard yet; most of it comes with layer 1.",
            "Train on eight Gaussians, then on two moons, and compare the numbers with Real NVP's.",
            "Use 2 bins, then 16.",
            "Look inside: drag a knot, then the red line. Every other spline has bent too, each in its own way.",
            "Show the mesh between layers: spacing changes fast near the knots, and yet no line has a corner, for the slope has no jump.",
        ),
        surprises=(
            "With all raw numbers 0 every spline is the identity.",
            "A jump in the density needs a jump of the slope. The splines have none, only slopes that change within a narrow bin.",
            "A step of its training, of twice as many points through half as many layers, takes longer than one of Real NVP, and fewer of them are enough.",
            "Sharp edges have a price: in the empty squares of the checkerboard a spline presses so hard that float32 loses digits, and some points come back from the noise more than 0.001 away; at a distance of 8 some by more than 0.5. The data come back to 10⁻⁴, and in float64 all do. *Look inside* measures it.",
        ),
        references=(
            "C. Durkan, A. Bekasov, I. Murray and G. Papamakarios. *Neural spline flows.* NeurIPS, 2019.",
            "J. A. Gregory and R. Delbourgo. *Piecewise rational quadratic interpolation to monotonic data.* IMA Journal of Numerical Analysis, 1982.",
            "J. Behrmann, P. Vicol, K.-C. Wang, R. Grosse and J.-H. Jacobsen. *Understanding and mitigating exploding inverses in invertible neural networks.* AISTATS, 2021.",
            "G. Papamakarios, E. Nalisnick, D. J. Rezende, S. Mohamed and B. Lakshminarayanan. *Normalizing flows for probabilistic modeling and inference.* JMLR, 2021.",
        ),
    ),
)
