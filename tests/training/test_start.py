"""What a process loads before its first step."""

from __future__ import annotations

import json
import subprocess
import sys

# Each takes one to three seconds of every process: torch's compiler, and libraries for a file of theirs.
HEAVY = {"torch._dynamo", "sklearn", "torchvision"}
FIRST = f"""
import json, sys
from genlab.experiments.gans import VanillaGANExperiment
from genlab.experiments.pixels import GatedPixelCNNExperiment
from genlab.runtime import answers, job_actor
from genlab.training.run import Run
answers.warm()
job_actor.warm()
for experiment in (GatedPixelCNNExperiment(muon=True, steps=1), VanillaGANExperiment(steps=1)):
    run = Run(experiment)
    run.advance(steps=1)
    run.state()
print(json.dumps(sorted({HEAVY} & set(sys.modules))))
"""


def test_a_process_that_trains_and_answers_loads_nothing_heavy_beside_torch() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
