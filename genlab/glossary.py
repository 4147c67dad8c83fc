"""What words of the pages mean, each in a sentence or two: tooltips, and a list in *How it works*."""

from __future__ import annotations

from collections.abc import Iterable

GLOSSARY = {
    "posterior": "p(xₜ | x₁ … xₜ₋₁), what the model expects of a value, a pixel or a place, once those before it are "
    "known: a probability for each level. Of a model that is told classes, Bayes' rule gives another one, "
    "p(class | image).",
    "uniform number": "u between 0 and 1, one for each pixel or place. The probabilities of the levels are added up "
    "from 0 (white) on: the first level at which the sum exceeds u is drawn. Same seed, same numbers.",
    "particle": "one of 64 images that are written side by side. Each known pixel multiplies its weight by how likely "
    "the particle held that pixel to be. Where few carry the weight, they are copied over those that carry none "
    "(resampling), so that what is known further on decides about what was written before it.",
    "perplexity": "e to the power of the loss in nats a place: among how many levels, all alike, it would be as "
    "hard to guess. Of the law that draws the data it is e to the power of their entropy.",
    "step": "one update of the weights in a training; in a generation one pixel, or one layer of a flow.",
    "move": "one update of the weights of one player of a game.",
    "round": "of a game: k moves of the discriminator, then one of the generator; what a training of a game counts.",
    "layer": "of a flow, numbered from the data: f = f_K ∘ … ∘ f₁, so layer 1 touches the data and layer K the noise.",
    "latent block": "numbers of the noise that leave a flow on images at the same scale, on its way from the data; on "
    "the way back they join there. The coarsest block goes through all layers.",
    "dequantisation": "a uniform number u between 0 and 1 is added to each grey level, v = (x + u) / levels: a density "
    "of bare integers could grow without bound.",
    "stretch": "log |det ∂x/∂z|, by how much areas are larger at the data than at the noise, in nats: red where they "
    "grew, blue where they shrank.",
    "held-out": "data from which no step learns: the loss on them says what the model knows of new data.",
    "kept": "the weights, averaged over the last steps, at the step at which the held-out loss was lowest: these are "
    "what a training leaves.",
    "latent": "a number zᵢ behind an image, which nobody has told: the decoder draws from it, the encoder guesses it.",
    "posterior of z": "q(z|x), where the encoder thinks the latents of an image lie. The true one, p(z|x), follows "
    "from the decoder by Bayes' rule.",
    "KL": "how far a density is from another, in nats; 0 where they agree. Here mostly from q(z|x) to the prior p(z): "
    "what it costs to name z.",
    "ELBO": "evidence lower bound: reconstruction minus KL. The logarithm of an image's probability lies above it.",
    "piece of ink": "dark pixels that touch at sides or corners; fewer than three of them do not count.",
}


def explain(terms: Iterable[str]) -> str:
    """Terms with what they mean, as Markdown."""
    return "\n\n".join(f"**{term}**: {GLOSSARY[term]}" for term in terms)
