"""The command line as a person or a script meets it: real processes, exit codes, files."""

import json
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from genlab.cli import main
from genlab.training.run import Run

SMALL = ["train", "pixelcnn-digits", "--steps", "3", "--batch-size", "4"]


def run(capsys, *argv):
    code = main([str(a) for a in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_list_names_what_there_is(capsys):
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0 and "gated-pixelcnn-mnist" in [row["name"] for row in json.loads(out)]
    assert "pixelcnn-digits" in run(capsys, "list")[1]


def test_train_evaluate_sample(tmp_path, capsys):
    code, out, _ = run(capsys, *SMALL, "--out", tmp_path, "--json")
    result = json.loads(out)
    assert code == 0 and result["step"] == 3 and (tmp_path / "pixelcnn-digits.state.safetensors").exists()
    held_out = json.loads(run(capsys, "evaluate", result["weights"], "--split", "validation", "--json")[1])
    assert result["held_out_loss_bits_per_dim"] == pytest.approx(held_out["bits_per_dim"], abs=1e-3)
    assert result["training_loss_bits_per_dim"] > 0

    code, out, _ = run(capsys, "evaluate", result["weights"], "--images", 5, "--json")
    result_of_test = json.loads(out)
    assert code == 0 and result_of_test["n"] == 5
    assert result_of_test["bits_per_dim"] == pytest.approx(result_of_test["nats"] / (64 * np.log(2)))

    assert run(capsys, "sample", result["weights"], "-n", 5, "--out", tmp_path / "a.png")[0] == 0
    assert Image.open(tmp_path / "a.png").size == (4 * 3 * 10, 4 * 2 * 10)
    for name in ("a", "b"):
        assert run(capsys, "sample", result["weights"], "-n", 2, "--seed", 7, "--out", tmp_path / f"{name}.npz")[0] == 0
    a, b = (np.load(tmp_path / f"{name}.npz")["images"] for name in "ab")
    assert a.shape == (2, 8, 8) and a.max() < 17 and (a == b).all()


def test_evaluate_tells_the_accuracy_of_a_model_with_classes(capsys):
    code, out, _ = run(capsys, "evaluate", "gated-pixelcnn-digits", "--images", 20, "--json")
    assert code == 0 and 0.8 <= json.loads(out)["accuracy"] <= 1
    code, out, _ = run(capsys, "evaluate", "pixelcnn-digits", "--images", 2, "--json")
    assert code == 0 and "accuracy" not in json.loads(out)


def test_evaluate_estimates_from_some_positions(capsys):
    code, out, _ = run(capsys, "evaluate", "masked-lenet-digits", "--images", 8, "--positions", 16, "--json")
    some = json.loads(out)
    assert code == 0 and 0 < some["standard_error"] < 0.5
    exact = json.loads(run(capsys, "evaluate", "masked-lenet-digits", "--images", 8, "--json")[1])
    assert "standard_error" not in exact
    assert abs(some["bits_per_dim"] - exact["bits_per_dim"]) < 4 * some["standard_error"]
    code, _, err = run(capsys, "evaluate", "pixelcnn-digits", "--positions", 16)
    assert code == 1 and "all positions in one pass" in err


def test_ctrl_c_saves_and_resuming_goes_on_as_if_nothing_had_happened(tmp_path, capsys, monkeypatch):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    run(capsys, *SMALL, "--out", whole)
    advance = Run.advance

    def interrupted(self, steps=None, seconds=None):
        progress = advance(self, steps=steps if seconds is None else 1)
        if progress.step == 1:
            signal.raise_signal(signal.SIGINT)
        return progress

    monkeypatch.setattr(Run, "advance", interrupted)
    code, out, _ = run(capsys, *SMALL, "--out", parts, "--json")
    assert code == 130 and json.loads(out)["step"] == 1
    monkeypatch.undo()
    code, out, _ = run(capsys, *SMALL, "--out", parts, "--resume", "--json")
    assert code == 0 and json.loads(out)["step"] == 3
    assert (parts / "pixelcnn-digits.safetensors").read_bytes() == (whole / "pixelcnn-digits.safetensors").read_bytes()
    code, _, err = run(capsys, *SMALL, "--resume", "--out", tmp_path / "nowhere")
    assert code == 1 and "leave out --resume" in err


@pytest.mark.parametrize(
    "argv",
    [
        ["train", "pixelcnn-digits", "--steps", "0"],
        ["train", "nothing"],
        [],
        ["train", "pixelcnn-digits", "--levels", "2"],
        ["sample"],
        ["train", "pixelcnn-digits", "--steps", "many"],
        ["compare"],
        ["compare", "gan-2d", "--seconds", "0"],
    ],
)
def test_wrong_usage_exits_with_2(argv, capsys):
    try:
        code = main(argv)
    except SystemExit as stopped:  # how argparse complains
        code = stopped.code
    assert code == 2 and capsys.readouterr().err


def test_what_cannot_be_done_exits_with_1_and_a_sentence(tmp_path, capsys):
    (tmp_path / "bad.safetensors").write_bytes(b"\x80\x04 pickled")
    for argv in (
        ["evaluate", "nothing-here"],
        ["sample", tmp_path / "bad.safetensors"],
        ["bench", "nothing"],
        ["evaluate", "pixelcnn-digits", "--device", "abacus"],
    ):
        code, _, err = run(capsys, *argv)
        assert code == 1 and err.startswith("genlab: ") and err.count("\n") == 1, argv
        assert "Traceback" not in err


def test_needs_neither_streamlit_nor_dask_nor_plotly(tmp_path):
    weights, picture = tmp_path / "pixelcnn-digits.safetensors", tmp_path / "a.png"
    script = f"""
import sys
for name in ("streamlit", "dask", "distributed", "plotly"):
    sys.modules[name] = None
from genlab.cli import main
assert main({[*SMALL, "--out", str(tmp_path)]!r}) == 0
assert main(["evaluate", {str(weights)!r}, "--images", "2"]) == 0
assert main(["sample", {str(weights)!r}, "--out", {str(picture)!r}]) == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=120)


def test_a_flow_is_trained_evaluated_and_sampled(tmp_path, capsys):
    for name in ("nvp-2d", "piecewise-1d"):
        assert main(["train", name, "--steps", "20", "--out", str(tmp_path), "--json"]) == 0
        trained = json.loads(capsys.readouterr().out)
        assert {"training_loss_nats_per_point", "held_out_loss_nats_per_point"} <= trained.keys()
        weights = str(tmp_path / f"{name}.safetensors")
        assert main(["evaluate", weights, "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        assert result["nll"] > result["entropy"]
        assert trained["held_out_loss_nats_per_point"] == pytest.approx(result["nll"], abs=0.1)
        table = tmp_path / "points.csv"
        assert main(["sample", weights, "-n", "7", "--out", str(table), "--json"]) == 0
        assert len(table.read_text().splitlines()) == 7
        capsys.readouterr()
    assert main(["sample", weights, "--out", str(tmp_path / "points.png")]) == 1
    assert ".csv or .npz" in capsys.readouterr().err
    assert main(["train", "nvp-2d", "--dataset", "own", "--out", str(tmp_path)]) == 1
    assert "draw or upload" in capsys.readouterr().err


def test_a_game_is_trained_evaluated_and_sampled(tmp_path, capsys):
    assert (
        main(["train", "gan-2d", "--loss", "hinge", "--k", "2", "--steps", "5", "--out", str(tmp_path), "--json"]) == 0
    )
    assert {"D_loss", "G_loss"} <= json.loads(capsys.readouterr().out).keys()
    weights, table = str(tmp_path / "gan-2d.safetensors"), tmp_path / "points.csv"
    assert main(["evaluate", weights, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["modes"], result["points"]) == (8, 100_000)
    assert 0 < result["js_floor"] < result["js"]
    assert main(["sample", weights, "-n", "7", "--out", str(table), "--json"]) == 0
    assert len(table.read_text().splitlines()) == 7
    capsys.readouterr()
    assert main(["train", "gan-digits", "--conditional", "--steps", "5", "--out", str(tmp_path), "--json"]) == 0
    digits, made = str(tmp_path / "gan-digits.safetensors"), tmp_path / "made.npz"
    assert main(["sample", digits, "-n", "5", "--label", "3", "--out", str(made)]) == 0
    with np.load(made) as arrays:
        assert arrays["images"].shape == (5, 8, 8)
        assert arrays["images"].max() <= 16
        assert list(arrays["labels"]) == [3] * 5
    capsys.readouterr()
    for command, words in (
        (["evaluate", digits], "only GANs of MNIST in 28×28"),
        (["sample", digits, "--temperature", "0.5"], "has no temperature"),
        (["sample", "gan-digits", "--label", "3"], "not told a class"),
    ):
        assert main(command) == 1
        assert words in capsys.readouterr().err


def test_several_are_compared_on_the_same_data_for_the_same_seconds(tmp_path, capsys):
    names, options = ["gan-2d", "vae-2d", "nvp-2d", "grid-2d"], ["--seconds", "0.2", "--dataset", "moons"]
    assert main(["compare", *names, *options, "--out", str(tmp_path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["data"], result["seconds"], result["size"]) == ("moons", 0.2, "usual")
    rows = {row["name"]: row for row in result["models"]}
    assert list(rows) == names
    assert [row["family"] for row in rows.values()] == ["gan", "vae", "flow", "autoregression"]
    assert rows["gan-2d"]["likelihood"] is None and rows["gan-2d"]["density_seconds"] is None
    assert "bound" in rows["vae-2d"]["likelihood"]["bound"] and rows["grid-2d"]["likelihood"]["bound"] == ""
    for row in rows.values():
        assert row["seconds"] > 0.1 and row["steps"] > 0 and row["sample_seconds"] > 0
        assert set(row["judged"]) == {"good", "reached", "js"}
    assert {path.stem for path in tmp_path.iterdir()} == set(names)
    assert main(["sample", str(tmp_path / "grid-2d.safetensors"), "-n", "3", "--out", str(tmp_path / "a.csv")]) == 0
    capsys.readouterr()
    assert main(["compare", "grid-2d", "--seconds", "0.1", "--size", "small"]) == 0
    assert "-log p(x), nats" in capsys.readouterr().out
    for command, words in (
        (["gan-2d", "pixelcnn-digits"], "cannot learn"),
        (["gan-2d", "gan-2d"], "once"),
        (["gan-mnist"], "only the 8×8 digits"),
        (["wavenet-tones"], "not compared"),
    ):
        assert main(["compare", *command]) == 1
        assert words in capsys.readouterr().err
