"""An exported program, run in its framework, repeats the browser's run: losses and weights."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.environment import configure
from compare.native.programs import OF_EPOCHS
from course.json_process import JsonProcess
from course.settings import ROOT
from tests.waiting import PATIENCE

FRAMEWORKS = ("numpy", "torch", "tensorflow", "keras", "jax", "pytensor", "net")
COUNT = 10
# As for 200 steps against NumPy (test_numbers.py), and for frameworks that fuse or reorder a sum of
# 30 rows: two orders of magnitude above the 1e-12 of that, and below the smallest known defect, 1e-9.
TOLERANCE = 1e-10
EPOCHS = {"10": 17, "30": 50, "120": 200}  # of 120 points: 200 steps
# Rates at which no draw diverges.
RATES = {"sgd": ("0.1", "0.3"), "momentum": ("0.01", "0.03"), "adam": ("0.003", "0.01", "0.03")}
TRAIN = """words => {
    const recipe = triptych.recipeOf(triptych.settingOf(words));
    const { model, losses } = triptych.trained(recipe);
    const programs = Object.fromEntries(
        NAMES.map(name => [name, triptych.programOf(name, recipe)]));
    return { losses, params: model.params, programs, x: recipe.x,
             loss: model.loss(recipe.x, recipe.y) };
}""".replace("NAMES", str(list(FRAMEWORKS)))


def words(number: int) -> dict[str, Any]:
    """The settings of a random network, as an address has them."""
    rng = random.Random(f"export {number}")
    depth = number % 4
    optimizer = tuple(RATES)[number % 3]
    batch = rng.choice([*EPOCHS])
    return {
        "data": rng.choice(["clouds", "xor", "ring", "spiral", "arms"]) if number > 1 else "arms",
        "hidden": ",".join(str(rng.randint(1, 8)) for _ in range(depth)) or "none",
        "activation": rng.choice(["tanh", "relu", "sigmoid"]),
        "optimizer": optimizer,
        "rate": rng.choice(RATES[optimizer]),
        "batch": batch,
        "seed": str(rng.randint(1, 9)),
        "epochs": str(EPOCHS[batch]),
    }


@pytest.fixture(scope="module")
def runs(page: Any) -> list[dict[str, Any]]:
    """What the browser computed and exported, for each of the random networks."""
    return [page.evaluate(TRAIN, words(number)) for number in range(COUNT)]


def started(framework: str) -> JsonProcess:
    """A process that runs programs of a framework, with the environment of a lesson."""
    variables: dict[str, str] = {}
    configure("auto", 1, {"KERAS_BACKEND": "tensorflow"}, variables)
    name = "numpy" if framework == "net" else framework
    return JsonProcess("tests.playground.child", name, variables=variables, patience=PATIENCE)


def gaps(framework: str, run: dict[str, Any], left: Any) -> tuple[float, float]:
    """The largest relative gap of a loss, and of a weight, between a program and the browser."""
    losses = np.array(run["losses"])
    if framework in OF_EPOCHS:  # every batch has the same number of rows
        losses = losses.reshape(len(left["losses"]), -1).mean(axis=1)
    assert left["losses"].shape == losses.shape
    weights = [np.array(w) for w in run["params"]]
    largest = max(1.0, *(float(abs(w).max()) for w in weights))
    apart = [float(abs(left[f"weight_{i}"] - w).max()) for i, w in enumerate(weights)]
    return float(abs(left["losses"] - losses).max() / losses.max()), max(apart) / largest


def check(framework: str, runs: list[dict[str, Any]], folder: Path) -> None:
    """Run each program in one process of its framework, and compare."""
    with started(framework) as process:
        for number, run in enumerate(runs):
            program, out = folder / f"{framework}{number}.py", folder / f"{number}.npz"
            program.write_text(run["programs"][framework], encoding="utf-8")
            answer = process.ask({"program": str(program), "out": str(out)})
            assert "error" not in answer, answer["error"]
            with np.load(out) as left:
                by_loss, by_weight = gaps(framework, run, dict(left))
            print(framework, number, by_loss, by_weight)
            assert by_loss <= TOLERANCE, (framework, number)
            assert by_weight <= TOLERANCE, (framework, number)


@pytest.mark.parametrize("framework", ["numpy", "net", "torch"])
def test_three_exported_networks_match_the_browser(
    runs: list[dict[str, Any]], framework: str, tmp_path: Path
) -> None:
    """With 0, 1 and 2 hidden layers, and all optimizers."""
    check(framework, runs[:3], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_ten_exported_networks_match_the_browser(
    runs: list[dict[str, Any]], framework: str, tmp_path: Path
) -> None:
    check(framework, runs, tmp_path)
