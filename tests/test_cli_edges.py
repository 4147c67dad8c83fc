"""What nobody should type, and what a machine refuses: one sentence, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from genlab.cli import main
from genlab.training import state
from genlab.training.run import Run

SMALL = ["train", "pixelcnn-digits", "--steps", "3", "--batch-size", "4"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["sample", "realnvp-2d", "--seed", "1" + 20 * "0"], "no whole number from -9223372036854775808 to"),
        (["sample", "realnvp-2d", "-n", "-5"], "'-5' is no whole number from 1 up"),
        (["sample", "gan-digits", "-n", "0"], "'0' is no whole number from 1 up"),
        (["sample", "gan-digits", "-n", 5000 * "9"], "is no whole number"),
        (["sample", "dcgan-mnist", "--label", "-1"], "'-1' is no whole number from 0 up"),
        (["evaluate", "pixelcnn-digits", "--images", "-5"], "'-5' is no whole number from 1 up"),
    ],
)
def test_numbers_that_mean_nothing_are_wrong_usage(argv, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(argv)
    assert stopped.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert words in last and len(last) < 200


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["sample", "realnvp-2d", "--temperature", "0.5"], "no temperature: leave out --temperature"),
        (["sample", "piecewise-1d", "--temperature", "2"], "no temperature"),
        (["sample", "gan-digits", "--temperature", "nan"], "no temperature"),
        (["sample", "realnvp-2d", "--label", "5"], "not told a class: leave out --label"),
        (["sample", "gated-pixelcnn-digits", "--label", "50"], "the classes are 0 to 9"),
        (["sample", "wavenet-tones", "--label", "52"], "labels must lie between 0 and 51"),
        (["sample", "wavenet-tones", "--temperature", "0"], "must be above 0"),
        (["sample", "wavenet-tones", "-n", "1", "--out", "tone.mp3"], "should end in .wav or .npz"),
        (["evaluate", "realnvp-2d", "--images", "5"], "leave out --split, --images"),
        (["evaluate", "piecewise-1d", "--positions", "5"], "leave out --split, --images"),
        (["evaluate", "gan-2d", "--split", "validation"], "leave out --split, --images"),
        (["sample", "realnvp-2d", "-n", "1" + 13 * "0"], "not enough memory"),
        ([*SMALL, "--out", "/dev/null"], "/dev/null/pixelcnn-digits.safetensors cannot be written: "),
        (["sample", "realnvp-2d", "--out", "/dev/null/a.csv"], "/dev/null/a.csv cannot be written: "),
        (["sample", "realnvp-2d", "--out", "/proc/no/a.csv"], "/proc/no/a.csv cannot be written: "),
    ],
)
def test_what_a_model_or_a_folder_cannot_bear_is_one_sentence(argv, words, capsys, monkeypatch):
    monkeypatch.setattr(Run, "advance", None)  # found out before a training, not after
    assert main(argv) == 1
    said = capsys.readouterr().err
    assert words in said and said.startswith("genlab: ") and said.endswith(".\n") and said.count("\n") == 1


def test_a_training_that_goes_on_takes_more_steps_and_another_rate_and_nothing_else(tmp_path, capsys):
    def train(*flags: str) -> tuple[int, str, str]:
        code = main(["train", "pixelcnn-digits", "--batch-size", "4", "--out", str(tmp_path), "--json", *flags])
        return code, *capsys.readouterr()

    assert train("--steps", "3")[0] == 0
    file = tmp_path / "pixelcnn-digits.state.safetensors"
    before = file.read_bytes()
    for flag, value, words in (
        ("--dataset", "mnist", "--dataset cannot change in the middle of a training, which has digits"),
        ("--batch-size", "8", "--batch-size cannot change in the middle of a training, which has 4"),
        ("--seed", "1", "--seed cannot change"),
        ("--steps", "2", "has made 3 steps already, more than 2"),
    ):
        code, _, said = train("--resume", flag, value)
        assert code == 1 and words in said, said
        assert file.read_bytes() == before
    code, out, _ = train("--resume", "--steps", "5", "--learning-rate", "0.01")
    assert code == 0 and json.loads(out)["step"] == json.loads(out)["steps"] == 5
    _, experiment, _, log = state.loads(file.read_bytes())
    assert (experiment.steps, log.step, log.edits) == (5, 5, [(3, "learning_rate", 0.01)])
    assert [step for step, loss, _ in log.curve if loss is not None] == [1, 2, 3, 4, 5]


def test_a_resumed_training_whose_file_is_of_another_model_is_refused(tmp_path, capsys):
    assert main(["train", "nvp-2d", "--steps", "1", "--out", str(tmp_path)]) == 0
    (tmp_path / "nvp-2d.state.safetensors").rename(tmp_path / "maf-2d.state.safetensors")
    capsys.readouterr()
    assert main(["train", "maf-2d", "--resume", "--out", str(tmp_path)]) == 1
    assert "another model, nvp" in capsys.readouterr().err


def shell(command: str) -> tuple[int, str]:
    genlab = f"{sys.executable} -m genlab"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command.replace('GENLAB', genlab)}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    return done.returncode, done.stderr


def test_a_closed_pipe_is_no_error_and_a_full_disk_one_sentence():
    assert shell("GENLAB list | true") == (0, "")
    assert shell("GENLAB list >&-") == (0, "")
    assert shell("GENLAB list > /dev/full") == (1, "genlab: No space left on device.\n")
