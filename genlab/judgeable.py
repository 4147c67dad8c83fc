"""Which image GANs can be judged. Torch-free: a page asks before anything is drawn."""

from __future__ import annotations

from genlab.experiment import Experiment, ImageGANExperiment


def judgeable(experiment: Experiment) -> bool:
    """True where our digit classifier knows what a GAN imitates: MNIST in 28×28 with 256 grey levels."""
    return isinstance(experiment, ImageGANExperiment) and (
        (experiment.dataset, experiment.size, experiment.levels) == ("mnist", 28, 256)
    )
