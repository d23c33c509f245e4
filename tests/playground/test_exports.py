"""An exported program, run in its framework, repeats the browser's run: losses and weights."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.environment import configure
from compare.native.programs import OF_EPOCHS, PARTS, parts
from course.json_process import JsonProcess
from course.settings import ROOT
from tests.waiting import PATIENCE
from tools.playground import recipes
from triptych.differences.reading import read_all

FRAMEWORKS = ("numpy", "torch", "tensorflow", "keras", "jax", "pytensor", "net")
COUNT = 10
WIDTH = 79  # of a line
ENTRY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")  # such as default_float
# Both sides have the rounding for which the browser's tolerance against NumPy allows, and a
# framework may fuse what NumPy rounds twice. Ten times below the smallest known defect, a constant
# that went through float32 (1e-9).
TOLERANCE = 100 * recipes.TOLERANCE  # 9.8e-11
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


def test_a_program_runs_by_itself_and_prints_the_loss_of_the_page(
    runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    """In an empty folder, without this course."""
    program = tmp_path / "network_numpy.py"
    program.write_text(runs[1]["programs"]["numpy"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(program)], cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    name, loss = done.stdout.split()
    assert name == "loss"
    assert float(loss) == pytest.approx(runs[1]["loss"], rel=TOLERANCE)


def test_the_pictures_export_too(page: Any, tmp_path: Path) -> None:
    """Softmax on 36 pixels, from weights of 0: the page's loss is printed."""
    page.goto(page.url.partition("#")[0] + "#softmax&epochs=20&taught=1zz")
    page.get_by_label("program for").select_option("numpy")
    program = tmp_path / "softmax_numpy.py"
    program.write_text(page.locator("#export-code").inner_text() + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(program)], capture_output=True, text=True, check=True
    )
    shown = float(page.locator("#export-loss").inner_text().partition(",")[0])
    assert float(done.stdout.split()[1]) == pytest.approx(shown, rel=TOLERANCE)
    assert 0 < shown < np.log(3) / 2


def test_programs_are_written_as_a_linter_wants_them(
    runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    """By the rules of the native programs, with lines of 79 characters."""
    native = ROOT / "lessons" / "native" / "ruff.toml"
    rules = native.read_text(encoding="utf-8").replace("../..", ROOT.as_posix())
    (tmp_path / "ruff.toml").write_text(
        rules.replace("line-length = 60", f"line-length = {WIDTH}"), encoding="utf-8"
    )
    for number, run in enumerate(runs):
        for framework, program in run["programs"].items():
            (tmp_path / f"{framework}{number}.py").write_text(program, encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."], cwd=tmp_path,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


def test_a_program_has_the_parts_of_a_native_one(runs: list[dict[str, Any]]) -> None:
    """Only the text of the data differs between frameworks that take the same network."""
    for run in runs:
        for framework, program in run["programs"].items():
            assert list(parts(program)) == ["top", *PARTS], framework
            ast.parse(program)


def test_comments_name_entries_of_the_catalogue(runs: list[dict[str, Any]]) -> None:
    known = {entry.name for entry in read_all()}
    named = {
        word
        for run in runs
        for program in run["programs"].values()
        for line in program.splitlines()
        for word in ENTRY.findall(line.partition("#")[2])
    }
    assert named <= known
    assert len(named) >= 5  # the test has found them
