"""Determinant: by what factor a map changes areas, and why flows care."""

from genlab.catalog import TOPICS
from genlab.ui.flows.determinant import curved_map, one_matrix, product, term_by_term
from genlab.ui.shell.how import How, how
from genlab.ui.shell.page import choose_mode, head

WORDS = How(
    idea=r"""
A matrix moves every point of the plane, and all squares of the grid become the same parallelogram. The **determinant**
is the area of that parallelogram when the square had area 1. So it is one number that says what the matrix does to
*every* area, wherever it lies. Its sign says something else: whether the plane was turned over on the way. And where it
is 0 the plane has been flattened onto a line or a point; what has fallen together cannot be told apart again, so
there is no inverse.

A curved map does something else at every place. But look closely enough, and near each point it looks like a matrix:
its **Jacobian**, all first derivatives in a table. The determinant of the Jacobian is the local factor of areas. For a
map from $\mathbb{R}^n$ to $\mathbb{R}^m$ the table has $m$ rows and $n$ columns; a determinant has only a square one.

Why does a generative model care? Because probability is like sand. Stretch the ground it lies on and it lies thinner,
by exactly the factor by which areas grew. A **flow** is an invertible map $f$ that carries data to plain Gaussian
noise; to know how likely a data point was, look up how likely its image is, and multiply by $|\det J_f|$. So a layer of
a flow has to offer two things: an inverse that can be computed, and a determinant that is cheap.

*Term by term* shows why the second is a problem: written out, a determinant is a sum of $n!$ terms. Elimination does it
in about $n^3$ steps, which is still far too much for an image, at every layer, at every step of a training. The way
out is a matrix with zeros above its diagonal: a single one of all those terms survives. A **coupling layer** is built
so that its Jacobian is just that.""",
    equations=(
        (
            r"J = \begin{pmatrix} \frac{\partial f_1}{\partial x_1} & \cdots & \frac{\partial f_1}{\partial x_n} \\"
            r"\vdots & & \vdots \\ \frac{\partial f_m}{\partial x_1} & \cdots & \frac{\partial f_m}{\partial x_n}"
            r"\end{pmatrix}",
            "The Jacobian: row $i$ says how output $i$ answers to each input.",
        ),
        (
            r"\det M = \sum_{j_1 \cdots j_n} (-1)^{\tau(j_1 \cdots j_n)}\, a_{1 j_1} a_{2 j_2} \cdots a_{n j_n}",
            r"The sum runs over all $n!$ permutations $j_1 \cdots j_n$ of the columns; $\tau$ counts the pairs that "
            "stand in the wrong order.",
        ),
        (
            r"\det M \neq 0 \iff M \text{ is invertible}",
            "Zero means that rows, or columns, depend on one another.",
        ),
        (
            r"\begin{aligned} \det(AB) &= \det(A) \det(B) \\ \det(M^{-1}) &= (\det M)^{-1} \end{aligned}",
            r"Factors of areas multiply. The second line follows, because $M M^{-1} = I$ and $\det I = 1$.",
        ),
        (
            r"\mu_X(x) = \mu_Z(f(x))\, |J_f(x)|",
            r"The change of variables, for $f$ invertible and $X = f^{-1}(Z)$. Fleuret's lecture writes $|J_f|$ for the "
            "absolute value of the determinant.",
        ),
        (
            r"\log |J_f(x)| = \sum_{k=1}^{K} \log \Big| J_{f^{(k)}}\big(f^{(k-1)} \circ \cdots \circ f^{(1)}(x)\big) \Big|",
            "Layers one after the other: the logarithms add up, each taken where the point is by then.",
        ),
        (
            r"\begin{aligned} c(x) &= b \odot x + (1-b) \odot \big(x \odot e^{s(b \odot x)} + t(b \odot x)\big) \\"
            r"\log |J_c(x)| &= \sum_i \big((1-b) \odot s(b \odot x)\big)_i \end{aligned}",
            "A coupling layer: a part of $x$ passes unchanged and decides how the rest is stretched and shifted. Its "
            "Jacobian is triangular, so $s$ and $t$ may be any networks.",
        ),
    ),
    code=(
        "genlab.figures.determinant:terms",
        "genlab.figures.determinant:coupling",
        "genlab.figures.determinant:coupling_jacobian",
    ),
    to_try=(
        "One matrix: drag a column across the other one. The area shrinks to 0, then comes back with the other sign.",
        "One matrix: slide a column along the direction of the other one (a shear). The area stays.",
        "A product: swap A and B. The picture of AB changes, its determinant does not.",
        "A product: let A undo B, and compare the two determinants.",
        "Term by term: take the triangular matrix with n = 4, and count the terms that are left of 24.",
        "A curved map: make the square smaller and watch the ratio of areas approach the determinant.",
    ),
    surprises=(
        "The swirl bends the whole plane, and its determinant is 1 everywhere.",
        "Two maps that each turn the plane over leave it unturned when one follows the other.",
        "A determinant can be 0 although all the terms are large: they cancel.",
        "The determinant of the complex square is 0 at one point only, and yet the map is not invertible: opposite "
        "points share an image. A determinant that is nowhere 0 speaks for the neighbourhood, not for the whole.",
        r"The coupling's determinant contains neither $t$ nor the derivative of $s$.",
    ),
    references=(
        "L. Weng. [Flow-based deep generative models](https://lilianweng.github.io/posts/2018-10-13-flow-models/), 2018.",
        "F. Fleuret. *Deep learning*, [lecture 10.3, Non-volume preserving networks](https://fleuret.org/dlc/).",
        "L. Dinh, D. Krueger and Y. Bengio. *NICE: Non-linear independent components estimation.* 2014.",
        "L. Dinh, J. Sohl-Dickstein and S. Bengio. *Density estimation using Real NVP.* 2016.",
        "E. Jang. *Normalizing flows tutorial, part 1: distributions and determinants.* 2018.",
    ),
)
VIEWS = {
    "matrix": "One matrix",
    "product": "A product",
    "terms": "n×n, term by term",
    "curved": "A curved map",
    "how": "How it works",
}

head(TOPICS["determinant"])
match choose_mode("determinant", VIEWS):
    case "matrix":
        one_matrix()
    case "product":
        product()
    case "terms":
        term_by_term()
    case "curved":
        curved_map()
    case "how":
        how(WORDS)
