"""The page that benchmarks/game.py looks at: a round of a GAN on the plane alone, after a short training."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import streamlit as st
import torch

import genlab
from genlab.training.run import Run
from genlab.training.task import task
from genlab.ui.browser import canvas

STEPS = 1500


@st.cache_data(show_spinner="plays a while")
def played(k: int) -> bytes:
    """A round in slow motion, with k moves of the discriminator."""
    torch.set_num_threads(1)
    experiment = genlab.experiment("gan-2d", k=k)
    run = Run(experiment)
    run.advance(steps=STEPS)
    return task(experiment).slowly(run)


st.set_page_config(layout="wide")
canvas("gans/game/game", played(int(st.query_params.get("k", 1))), key="game")
