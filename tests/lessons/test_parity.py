"""Each lesson on this backend against the reference, stage by stage.

The lesson runs twice in this process, by NumPy and by the backend, and leaves two records. Data,
initial weights and batch order must be the same to the byte. Then every training run is taken apart
at single steps from shared weights (forward, loss, gradient, update), and judged as a whole by its
budget. Where a trajectory may part by rounding alone, steps along it are judged instead.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from adapters import load
from adapters.contract import Array, Model
from compare.budgets import FLIP, STEPS_BETWEEN_PROBES, Budget, budget_of
from compare.comparison import STAGES
from compare.findings import findings, is_chaotic
from course.lesson import Lesson
from course.lessons import LESSONS
from course.record import read_record
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run
from tests.images import few_images
from tests.texts import few_letters

# How far a training on several machines may be from that on one, as a share of each loss. float64:
# what the course promises; seen were 6e-16 in 60 steps. float32: seen were 3e-7, and this is 30
# times that, as between two backends in lesson 4.
ON_MANY_MACHINES = {"float64": 1e-10, "float32": 1e-5}
SINGLE_STEPS = 4  # how many steps of a relu run are looked at


@dataclass
class Pair:
    """One lesson, run by the reference and by the backend."""

    number: int
    reference: Path  # its record
    backend: Lesson
    budget: Budget

    @property
    def records(self) -> tuple[Path, Path]:
        """The folders of the two records."""
        assert self.backend.finished_in
        return self.reference, self.backend.finished_in


# Lessons 5 and 6 step by hand in many runs, so their training images are few. In lesson 6 the last
# batch of 100 is not full: of its six rows the shards have 1 to 6, sizes that the lesson mostly has
# anyway, while every other size is compiled once more. So would each of lesson 5's runs be for such
# a batch. In lesson 7 an epoch of 10,000 images takes seconds, whatever the backend.
FEW_IMAGES = {5: 400, 6: 406, 7: 400}
# Lesson 8's nine networks are compiled, each for six purposes, and that takes longer than to train
# them: one block in place of two (letters behind, width, heads, blocks) has every kind of layer.
KNOBS = {8: (16.0, 16.0, 2.0, 1.0)}


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}")) for n in LESSONS],
    ids=lambda n: f"lesson{n}",
)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Both runs of a lesson, without figures."""
    option = request.config.getoption
    few = None
    if request.param == 8:
        few = few_letters(tmp_path_factory.mktemp("data"))
    elif request.param in FEW_IMAGES:
        few = few_images(tmp_path_factory.mktemp("data"), FEW_IMAGES[request.param])

    def run(backend: str, device: str, out: Path) -> Lesson:
        settings = Settings(
            backend=backend, dtype=option("--dtype"), device=device, seed=option("--seed"),
            epochs=LESSONS[request.param].short_epochs, out=str(out), draw=False, probes=True,
            data=few, knobs=KNOBS.get(request.param),
        )  # fmt: skip
        return run_lesson(request.param, settings)

    backend = run(option("--backend"), option("--device"), tmp_path_factory.mktemp("backend"))
    name = f"lesson{request.param}-{option('--dtype')}-{option('--seed')}"
    shared = Path(option("--references") or tmp_path_factory.mktemp("references")) / name
    reference = made_once(shared, lambda out: run("numpy", "cpu", out).finished_in)
    budget = budget_of(request.param, option("--dtype"))
    return Pair(request.param, reference, backend, budget)


def made_once(place: Path, make: Callable[[Path], Path | None]) -> Path:
    """What `make` leaves in a folder that it is given, or what another process left at `place`.

    The folder appears there when it is complete. Two processes that both find nothing both make it,
    and the second throws its own away.
    """
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent) as own:
            (Path(own) / "made").mkdir()
            make(Path(own) / "made")
            with suppress(OSError):  # not empty: the other was faster
                (Path(own) / "made").rename(place)
    (record,) = place.rglob("record.npz")
    return record.parent


def test_records_agree(pair: Pair) -> None:
    """Every number of both records and their probes, at every step, is within its budget."""
    reference, backend = (read_record(folder, probes=True) for folder in pair.records)
    assert backend[1]["status"] == "complete"
    found = findings(reference, backend)
    assert {finding.stage for finding in found} == set(STAGES)
    over = [str(finding) for finding in found if not finding.holds]
    assert not over, "\n".join(over)


def test_relu_runs_agree_step_by_step(pair: Pair) -> None:
    """Along the reference's trajectory: its weights and slots go to the backend for one step."""
    _, card = read_record(pair.records[1])
    for name, run in pair.backend.runs.items():
        injected = (
            type(run.model) is not pair.backend.Model
        )  # with NumPy, the same for every backend
        if is_chaotic(card, name) and not injected:
            _judge_single_steps(pair, name, run)


def _judge_single_steps(pair: Pair, name: str, run: Run) -> None:
    ours = load("numpy", dtype=pair.backend.Model.dtype)(run.net, run.initial, run.optimizer)
    theirs = pair.backend.Model(run.net, run.initial, run.optimizer)
    for look in range(SINGLE_STEPS):
        order = run.order(look)
        batches = [order[i : i + run.batch_size] for i in range(0, len(order), run.batch_size)]
        for rows in batches[:STEPS_BETWEEN_PROBES]:
            ours.step(run.x[rows], run.y[rows])
        x, y = run.x[batches[-1]], run.y[batches[-1]]
        theirs.restore(ours.state())
        before = ours.params()
        losses = np.array([ours.step(x, y)]), np.array([theirs.step(x, y)])
        gaps = [np.abs(a - b).max() for a, b in zip(ours.params(), theirs.params(), strict=True)]
        allowed = [pair.budget.for_weights(a) for a in ours.params()]
        loss_holds = np.abs(losses[0] - losses[1]) <= pair.budget.for_losses(losses[0])
        if not loss_holds.all() or any(g > a for g, a in zip(gaps, allowed, strict=True)):
            ours.assign(before)
            theirs.assign(before)
            assert _a_unit_has_flipped(ours, theirs, x), f"{name}: step {look} is off by {gaps}"


def _a_unit_has_flipped(ours: Model, theirs: Model, x: Array) -> bool:
    """Whether a hidden unit is on in one backend and off in the other, so near zero in both."""
    for a, b in zip(ours.activations(x)[:-1], theirs.activations(x)[:-1], strict=True):
        flipped = (a > 0) != (b > 0)
        if flipped.any() and np.maximum(a, b)[flipped].max() <= FLIP * max(a.max(), b.max()):
            return True
    return False


@pytest.mark.parametrize("pair", [pytest.param(6, marks=pytest.mark.lesson6)], indirect=True)
def test_many_machines_are_one_machine(pair: Pair) -> None:
    """Summing over shards gives the losses of every step and the final weights of one machine."""
    of_loss = ON_MANY_MACHINES[pair.backend.Model.dtype]
    arrays, one = pair.backend.arrays, pair.backend.runs["one"]
    assert len(one.x) % one.batch_size, "a last batch that is not full is part of it"
    for name in ("2-machines", "3-machines", "4-machines", "means-50-50"):
        losses = arrays[f"{name}/losses"].astype(float)
        assert (np.abs(losses - one.losses) <= of_loss * one.losses.astype(float)).all(), name
        for i, ours in enumerate(one.params):
            gap = np.abs(arrays[f"{name}/param_{i}"].astype(float) - ours).max()
            assert gap <= of_loss * max(1.0, np.abs(ours).max()), f"{name}: param_{i}"
    for name in ("means-34-33-33", "means-33-33-33-1", "means-96-4", "means-99-1"):
        losses = arrays[f"{name}/losses"].astype(float)
        assert np.abs(losses - one.losses).max() > 100 * of_loss, f"{name}: nobody would see it"


@pytest.mark.lesson3
def test_the_same_run_twice_is_the_same_to_the_bit(pair: Pair) -> None:
    """A backend must agree with itself exactly, or gaps between backends would mean nothing."""
    run = next(iter(pair.backend.runs.values()), None)
    if run is None:
        return
    first, second = (pair.backend.Model(run.net, run.initial, run.optimizer) for _ in range(2))
    order = run.order(0)[: 5 * run.batch_size + 3]
    assert np.array_equal(
        first.epoch(run.x, run.y, order, run.batch_size),
        second.epoch(run.x, run.y, order, run.batch_size),
    )
    for a, b in zip(first.params(), second.params(), strict=True):
        assert np.array_equal(a, b)
