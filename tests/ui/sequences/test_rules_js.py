"""The chain rule of the page, in the browser's own language, against tables added up here."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import genlab

RULES = Path(genlab.__file__).parent / "ui" / "sequences" / "chain" / "rules.js"
DENO = Path(sys.executable).with_name("deno")
ASK = """
const rules = await import(Deno.args[0]), { weights, events, logits, us } = JSON.parse(Deno.args[1]);
const told = events.map((known) => {
  const event = new Map(known);
  return { ...rules.tensors(event), weight: rules.weigh(weights, event), posteriors: [0, 1, 2, 3, 4].map((t) => rules.posterior(weights, event, t)) };
});
const probabilities = rules.softmax(logits), numbers = rules.uniforms(3);
console.log(JSON.stringify({ told, probabilities, drawn: us.map((u) => rules.invert(probabilities, u)), places: rules.placesOf(5),
  names: Object.keys(rules.TABLES).map((name) => rules.table(name)), uniforms: Array.from({ length: 4000 }, numbers) }));
"""  # noqa: E501
C, T = 3, 5
TABLE = np.random.default_rng(0).integers(0, 10, C**T)
EVENTS = [[], [[1, 3]], [[0, 1], [1, 2], [2, 3], [3, 1], [4, 2]], [[4, 2], [1, 1]]]
US = (0.0, 0.3, 0.799, 0.801, 0.9999999999)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    asked = {"weights": TABLE.tolist(), "events": EVENTS, "logits": np.log([0.8, 0.1, 0.1]).tolist(), "us": US}
    command = [DENO, "run", "--quiet", "--no-check", f"--allow-read={RULES.parent}", "-", RULES.as_uri()]
    environment = os.environ | {"DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(
        [*command, json.dumps(asked)],
        input=ASK,
        text=True,
        check=True,
        capture_output=True,
        env=environment,
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def weight(event: dict[int, int]) -> int:
    """Of all sequences in which an event holds: every one of them, one by one."""
    sequences = itertools.product(range(1, C + 1), repeat=T)
    return sum(int(w) for x, w in zip(sequences, TABLE, strict=True) if all(x[t] == v for t, v in event.items()))


def test_a_posterior_is_a_part_of_the_weight_of_what_is_known(told: dict[str, Any]) -> None:
    for known, answer in zip(EVENTS, told["told"], strict=True):
        event = dict(known)
        assert answer["weight"] == weight(event)
        for t in range(T):
            expected = [weight(event | {t: v}) if event.get(t, v) == v else 0 for v in range(1, C + 1)]
            assert answer["posteriors"][t] == pytest.approx([w / weight(event) for w in expected])


def test_the_product_of_the_posteriors_is_the_joint_probability_and_all_add_up_to_one() -> None:
    total = 0.0
    for x in itertools.product(range(1, C + 1), repeat=T):
        factors = [weight(dict(enumerate(x[: t + 1]))) / max(1, weight(dict(enumerate(x[:t])))) for t in range(T)]
        total += float(np.prod(factors))
    assert total == pytest.approx(1)


def test_an_event_is_a_mask_and_values(told: dict[str, Any]) -> None:
    assert told["told"][1]["mask"] == [0, 1, 0, 0, 0] and told["told"][1]["values"] == [0, 3, 0, 0, 0]
    assert told["told"][3]["mask"] == [0, 1, 0, 0, 1] and told["told"][3]["values"] == [0, 1, 0, 0, 2]
    assert told["places"] == [1, 1, 1, 2, 3]  # the last place changes fastest


def test_draws_follow_the_inverse_of_the_distribution(told: dict[str, Any]) -> None:
    assert told["probabilities"] == pytest.approx([0.8, 0.1, 0.1])
    assert told["drawn"] == [0, 0, 0, 1, 2]
    numbers = np.array(told["uniforms"])
    assert numbers.min() >= 0 and numbers.max() < 1
    counts, _ = np.histogram(numbers, 10, (0, 1))
    assert ((counts - 400) ** 2 / 400).sum() < 27.9  # χ² with 9 degrees of freedom, one in a thousand


def test_every_table_to_begin_with_has_weights_that_a_digit_holds(told: dict[str, Any]) -> None:
    for table in told["names"]:
        assert len(table) == C**T and all(0 <= w <= 9 for w in table) and sum(table) > 0
