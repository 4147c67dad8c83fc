"""A checkpoint comes back as it went; whatever else is offered as one gets one clear sentence and changes nothing."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import torch

import genlab
from genlab import checkpoint_header
from genlab.catalog import CATALOG
from genlab.errors import CheckpointError
from genlab.experiments.base import Experiment
from genlab.models import build
from genlab.training import checkpoints

EXPERIMENT = genlab.experiment("gated-pixelcnn-digits", channels=4, layers=1, conditional=False)


def weights() -> bytes:
    return checkpoints.dumps(build(EXPERIMENT), EXPERIMENT)


def file(tensors: dict[str, torch.Tensor], experiment: Experiment = EXPERIMENT) -> bytes:
    return safetensors.torch.save(tensors, {"experiment": experiment.model_dump_json()})


def tensors() -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in build(EXPERIMENT).state_dict().items()}


def header(text: str) -> bytes:
    return len(text.encode()).to_bytes(8, "little") + text.encode()


@pytest.mark.parametrize("name", CATALOG)
def test_weights_come_back_bit_for_bit_with_their_experiment(name: str, tmp_path: Path) -> None:
    experiment = genlab.experiment(name, **({"channels": 4, "layers": 1} if name.startswith("gated-pixelcnn") else {}))
    model = build(experiment)
    path = tmp_path / "there" / "model.safetensors"
    checkpoints.save(model, experiment, path)
    loaded, read = checkpoints.loads(path.read_bytes())
    assert read == experiment
    assert not loaded.training
    assert all(torch.equal(tensor, loaded.state_dict()[key]) for key, tensor in model.state_dict().items())
    assert [p.name for p in path.parent.iterdir()] == ["model.safetensors"]


def test_channels_last_weights_come_back_too() -> None:
    model = build(EXPERIMENT).to(memory_format=torch.channels_last)
    loaded, _ = checkpoints.loads(checkpoints.dumps(model, EXPERIMENT))
    assert all(torch.equal(tensor, loaded.state_dict()[key]) for key, tensor in model.state_dict().items())


def test_loading_leaves_the_global_random_state_alone() -> None:
    data, before = weights(), torch.get_rng_state()
    checkpoints.loads(data)
    assert torch.equal(before, torch.get_rng_state())


def nan() -> bytes:
    broken = tensors()
    next(iter(broken.values())).view(-1)[0] = torch.nan
    return file(broken)


def transposed() -> bytes:
    broken = tensors()
    name = next(name for name, tensor in broken.items() if tensor.dim() == 4 and tensor.shape[0] != tensor.shape[1])
    broken[name] = broken[name].transpose(0, 1).contiguous()
    return file(broken)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not a safetensors"),
    "a few bytes": (lambda: b"hello", "not a safetensors"),
    "text": (lambda: b"This is not a checkpoint at all, but a longer text.", "not a safetensors"),
    "cut in the header": (lambda: weights()[:50], "truncated"),
    "cut in the tensors": (lambda: weights()[:-1], "truncated"),
    "pickle": (lambda: pickle.dumps({"weight": [1, 2, 3] * 100}), "pickle"),
    "zip of torch.save": (lambda: b"PK\x03\x04" + bytes(100), "pickle"),
    "too large": (lambda: bytes(32 * 2**20 + 1), "32 MB"),
    "no experiment": (lambda: safetensors.torch.save(tensors()), "not of a model that genlab knows"),
    "unknown family": (lambda: weights().replace(b"gated-pixelcnn", b"gated-pixelRNN"), "not of a model"),
    "unreadable experiment": (lambda: safetensors.torch.save(tensors(), {"experiment": "{"}), "cannot be read"),
    "impossible experiment": (lambda: weights().replace(b'\\"layers\\":1', b'\\"layers\\":0'), "layers"),
    "another model": (lambda: file(build(genlab.experiment("pixelcnn-digits")).state_dict()), "another model"),
    "more layers than it says": (
        lambda: file(
            build(genlab.experiment("gated-pixelcnn-digits", channels=4, layers=2, conditional=False)).state_dict()
        ),
        "another model",
    ),
    "wrong shapes": (transposed, "shape"),
    "NaN": (nan, "not finite"),
    "numbers of another type": (
        lambda: file({name: tensor.to(torch.float8_e4m3fn) for name, tensor in tensors().items()}),
        "type",
    ),
    "a tensor with a long name": (lambda: file(tensors() | {5000 * "a": torch.zeros(1)}), "another model: 'aaa"),
    "a setting with a long name": (
        lambda: safetensors.torch.save(
            tensors(), {"experiment": json.dumps({**EXPERIMENT.model_dump(), 5000 * "a": 1})}
        ),
        "experiment does not exist: aaa",
    ),
    "a setting with a long value": (
        lambda: safetensors.torch.save(
            tensors(), {"experiment": json.dumps({**EXPERIMENT.model_dump(), "dataset": 5000 * "a"})}
        ),
        "experiment does not exist: dataset",
    ),
    "header of lists": (lambda: header('{"a": [1, 2]}'), "not a safetensors"),
    "metadata of a list": (lambda: header('{"__metadata__": [1]}'), "cannot be read"),
    "deep nesting": (lambda: header('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), "not a safetensors"),
    "overlapping tensors": (
        lambda: (
            header(
                json.dumps(
                    {
                        "__metadata__": {"experiment": EXPERIMENT.model_dump_json()},
                        "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                        "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]},
                    }
                )
            )
            + bytes(12)
        ),
        "damaged",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_one_clear_sentence(kind: str, tmp_path: Path) -> None:
    make, words = BAD[kind]
    path = tmp_path / "bad.safetensors"
    path.write_bytes(make())
    for offer in (lambda: checkpoints.loads(path.read_bytes()), lambda: genlab.load(path)):
        with pytest.raises(CheckpointError, match=words) as caught:
            offer()
        sentence = str(caught.value)
        assert sentence[0].isupper() or sentence.startswith(str(tmp_path))
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 200 + len(str(path))


def test_what_is_neither_in_the_catalogue_nor_a_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="neither in the catalogue nor a file"):
        genlab.load("no-such-model")
    with pytest.raises(CheckpointError, match="neither in the catalogue nor a file"):
        genlab.load(tmp_path)


def test_an_entry_without_weights_says_how_to_make_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genlab.experiments.entries.CHECKPOINTS", tmp_path)
    with pytest.raises(CheckpointError, match="python -m genlab train pixelcnn-mnist"):
        genlab.load("pixelcnn-mnist")


def test_the_state_lies_beside_the_weights() -> None:
    assert checkpoints.state_path("there/name.safetensors") == Path("there/name.state.safetensors")


def test_a_header_is_read_without_torch(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(weights())
    code = (
        "import sys; from pathlib import Path; from genlab.checkpoint_header import read_experiment; "
        f"print(read_experiment(Path({str(path)!r}).read_bytes()).family, 'torch' in sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["gated-pixelcnn", "False"]
    assert checkpoint_header.read_experiment(path.read_bytes()) == EXPERIMENT


@pytest.mark.parametrize("entry", [entry for entry in CATALOG.values() if entry.shipped], ids=lambda entry: entry.name)
def test_shipped_weights_are_of_the_catalogues_experiment(entry) -> None:
    data = checkpoints.read(entry.name)
    assert checkpoints.read_experiment(data) == entry.experiment
    assert not checkpoints.loads(data)[0].training


BOUNDED = "nade-digits"  # its hidden vector is: whatever its weights, its logits are numbers
SMALL = [name for name, entry in CATALOG.items() if entry.shipped and name.endswith(("digits", "2d", "1d"))]


@pytest.mark.parametrize("name", [name for name in SMALL if name != BOUNDED])
def test_finite_weights_that_overflow_are_broken(name: str) -> None:
    experiment = genlab.experiment(name)
    model = build(experiment)
    assert checkpoints.loads(checkpoints.dumps(model, experiment))
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1e30)
    with pytest.raises(CheckpointError, match="so large"):
        checkpoints.loads(checkpoints.dumps(model, experiment))
