"""A kind that genlab does not know is declared, trained, watched, saved, loaded, evaluated and sampled."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

import genlab
from genlab import catalog
from genlab.cli import main
from genlab.errors import GenlabError
from genlab.generation import Request, generate, sample
from genlab.runtime.engine import engine
from genlab.runtime.questions import read
from genlab.runtime.visitors import Source
from genlab.ui.training import keep
from genlab.views.pack import unpack
from tests.runtime.conftest import until
from tests.toy_kind import declaration
from tests.toy_kind.model import Writer
from tests.toy_kind.panel import Odds

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The kind is in the catalogue of this process and, by the environment, of those that it starts."""
    os.environ["GENLAB_KINDS"] = declaration.__name__
    catalog.register(declaration.TOPICS, declaration.ENTRIES)
    yield
    for job in engine().jobs.all():
        job.end()  # nobody could name its family any more
    engine().stop()
    del os.environ["GENLAB_KINDS"], catalog.TOPICS["toy"], catalog.FAMILIES["toy"], catalog.CATALOG["toy-sorted"]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command line has trained."""
    folder = tmp_path_factory.mktemp("toy")
    assert main(["train", "toy-sorted", "--length", "5", "--out", str(folder)]) == 0
    return folder / "toy-sorted.safetensors"


def in_order(word: str) -> bool:
    return list(word) == sorted(word)


def test_a_name_that_is_taken_is_refused() -> None:
    catalog.register(declaration.TOPICS, declaration.ENTRIES)  # the same once more changes nothing
    with pytest.raises(ValueError, match="there is a topic 'toy'"):
        catalog.register([catalog.TOPICS["nvp"].__class__(**{**vars(catalog.TOPICS["nvp"]), "name": "toy"})], [])


def test_words_are_written_in_the_models_own_order_as_often_as_they_are_likely() -> None:
    torch.manual_seed(0)
    model = Writer(4, 8).double()
    every = torch.tensor(list(product((0, 1), repeat=4)))[:, None]
    probabilities = model.log_prob(every).exp().detach()
    assert float(probabilities.sum()) == pytest.approx(1, abs=1e-12)
    request = Request(4000, generator=torch.Generator().manual_seed(0))
    drawn = sample(model, request)
    assert drawn.shape == (4000, 1, 4)
    counts = (drawn[:, 0] @ torch.tensor([8, 4, 2, 1])).bincount(minlength=16) / 4000
    assert float((counts - probabilities).abs().max()) < 4 * math.sqrt(0.25 / 4000)
    given = {"known": torch.tensor([[[0, 1, 0, 0]]]), "mask": torch.tensor([[[False, True, False, False]]])}
    steps = list(generate(model, 3, **given, generator=torch.Generator().manual_seed(1)))
    assert [(step.index, step.position) for step in steps] == [(0, 3), (1, 2), (2, 1), (3, 0)]
    assert [bool(step.known.all()) for step in steps] == [False, False, True, False]
    again = sample(model, 3, **given, generator=torch.Generator().manual_seed(1))
    assert torch.equal(torch.stack([step.value for step in reversed(steps)], 1), again[:, 0])
    assert (again[:, 0, 1] == 1).all()


def test_it_is_trained_evaluated_loaded_and_sampled_from_the_command_line(weights: Path, capsys, tmp_path) -> None:
    assert main(["evaluate", str(weights), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["n"] == 6
    assert math.log(6) - 1e-6 <= told["nats"] < math.log(6) + 0.3  # nothing can be surer than of one of 6 words
    assert main(["sample", str(weights), "-n", "40", "--out", str(tmp_path / "words.txt")]) == 0
    words = (tmp_path / "words.txt").read_text().split()
    assert len(words) == 40
    assert sum(in_order(word) for word in words) > 30
    assert genlab.load(weights).shape == (1, 5)


def test_a_canvas_can_ask_for_a_view_of_it(weights: Path) -> None:
    source = Source(weights.read_bytes(), catalog.experiment("toy-sorted"), "")
    asked = {"name": Odds.name, "source": "toy-sorted"}
    question = read(asked | {"word": "00111"})
    args, kwargs = question.arguments(source, 0, 1.0)
    meta, _ = unpack(engine().ask(question.answer, *args, **kwargs))
    word = torch.tensor([[[0, 0, 1, 1, 1]]])
    assert meta["log_prob"] == pytest.approx(float(genlab.load(weights).log_prob(word).detach()), abs=1e-5)
    args, kwargs = read(asked | {"word": "01"}).arguments(source, 0, 1.0)
    with pytest.raises(GenlabError, match="has 5 letters"):
        engine().ask(question.answer, *args, **kwargs)
    with pytest.raises(GenlabError, match="word"):
        read(asked | {"word": "two"})


def test_a_job_trains_it_and_its_page_shows_what_was_learnt(weights: Path) -> None:
    family = catalog.FAMILIES["toy"]
    assert keep.check(family, weights.read_bytes()).model_dump()["length"] == 5  # its own process has loaded it
    engine().jobs.arrive("ada")
    job = engine().jobs.start(catalog.experiment("toy-sorted"), "ada")
    until(lambda: job.state in ("done", "failed"), 120)
    assert job.state == "done", job.message
    assert unpack(job.frames[-1].picture)[1]["samples"].shape == (16, 1, 6)
    at = AppTest.from_file(ROOT / "genlab" / "ui" / "shell" / "main.py", default_timeout=120).run()
    assert "Words of bits." in " ".join(words.value for words in at.markdown)
    at.switch_page("../../../tests/toy_kind/page.py")
    at.query_params["mode"] = "train"
    at.session_state["toy.train.job"] = job
    at.session_state["owner"] = "ada"
    at.run()
    assert not at.exception and not at.error
    at.button(key="toy.watch-mine").click().run()
    assert not at.exception and not at.error
    (said,) = at.text
    words = said.value.split()
    assert len(words) == 5
    assert sum(in_order(word) for word in words) >= 3
