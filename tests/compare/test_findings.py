"""A gap at any stage, or a defect in one adapter, is found there and named."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from compare.budgets import TRAJECTORY
from compare.comparison import STAGES, Comparison, Outcome
from compare.findings import findings
from course.lessons import LESSONS
from tests.compare.conftest import Record, compare, data_of
from tests.meta.loading import mutate
from tests.meta.mutants import MUTANTS

# A gap injected at each stage is found there, under its name, and nowhere earlier.

# A relative error of float32's size in a float64 run: the smallest defect that is known (a β or an
# ε that went through float32). Every stage must see it.
THROUGH_FLOAT32 = 6e-8


def first_over(ours: Record, theirs: Record):
    return Outcome("changed", "complete", findings=findings(ours, theirs)).first_over()


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("lesson", "dtype"),
    [(lesson, dtype) for lesson in LESSONS for dtype in ("float64", "float32")],
)
def test_a_record_agrees_with_itself(
    record: Callable[..., Record], lesson: int, dtype: str
) -> None:
    results = findings(record(lesson, dtype), record(lesson, dtype))
    assert {f.stage for f in results} == set(STAGES)
    assert all(f.gap == 0 and f.holds for f in results)


INJECTED = [  # lesson, array, stage, run, tensor
    (1, "looks/plane/1/scores", "forward", "plane", "probe 1/scores"),
    (1, "looks/clothes/0/gradient_0", "gradient", "clothes", "probe 0/gradient_0"),
    (2, "looks/six/1/scores", "forward", "six", "probe 1/scores"),
    (2, "looks/just_below/1/loss", "loss", "just_below", "probe 1/loss"),
    (3, "looks/softmax/1/loss of the step", "loss", "softmax", "probe 1/loss of the step"),
    (3, "looks/softmax/0/gradient_0", "gradient", "softmax", "probe 0/gradient_0"),
    (3, "looks/optimum/1/after/velocity_1", "update", "optimum", "probe 1/velocity_1"),
    (4, "looks/adam/1/scores", "forward", "adam", "probe 1/scores"),
    (4, "looks/adam/1/after/second_moment_2", "update", "adam", "probe 1/second_moment_2"),
    (4, "looks/adam/1/after/step", "update", "adam", "probe 1/step"),
    (4, "looks/momentum/1/after/param_0", "update", "momentum", "probe 1/param_0"),
    (3, "softmax/param_0", "trajectory", "softmax", "param_0"),
    (2, "search/random/losses", "trajectory", "search/random", "losses"),
    (1, "plane/mistakes", "metric", "plane", "mistakes"),
    (2, "six/predictions", "metric", "six", "predictions"),
]


@pytest.mark.parametrize(("lesson", "key", "stage", "run", "tensor"), INJECTED)
def test_an_injected_gap_is_named(
    record: Callable[..., Record], lesson: int, key: str, stage: str, run: str, tensor: str
) -> None:
    """The largest entry of one array is off by the error of a constant in float32."""
    ours = record(lesson)
    arrays = dict(ours[0])
    injected = arrays[key].copy()
    at = np.unravel_index(np.argmax(np.abs(injected)), injected.shape)
    injected[at] += 1 if injected.dtype.kind == "i" else THROUGH_FLOAT32 * max(1, abs(injected[at]))
    arrays[key] = injected
    finding = first_over(ours, (arrays, ours[1]))
    assert finding is not None
    assert (finding.stage, finding.run, finding.tensor) == (stage, run, tensor)
    assert finding.where == (str([int(i) for i in at]) if at and tensor != "losses" else "")
    assert finding.step == (at[0] if tensor == "losses" else None)


@pytest.mark.parametrize("stage", ["data", "initial weights", "batch order"])
def test_a_hash_that_differs_is_named_with_its_run(
    record: Callable[..., Record], stage: str
) -> None:
    ours = record(3)
    card = deepcopy(ours[1])
    key = stage.replace(" ", "_")
    card["hashes"][key] = "another"
    if stage != "data":
        card["runs"]["optimum"]["hashes"][key] = "another"
    finding = first_over(ours, (ours[0], card))
    assert finding is not None
    assert (finding.stage, finding.gap, finding.budget) == (stage, 1, 0)
    assert finding.run == ("" if stage == "data" else "optimum")


def test_the_first_step_that_is_over_is_named(record: Callable[..., Record]) -> None:
    """It is not the worst step but the first that shows the cause."""
    ours = record(3)
    arrays = dict(ours[0])
    losses = arrays["softmax/losses"].copy()
    losses[7:] += 1e-9 * np.arange(1, len(losses) - 6)
    arrays["softmax/losses"] = losses
    finding = first_over(ours, (arrays, ours[1]))
    assert finding is not None
    assert (finding.stage, finding.tensor, finding.step) == ("trajectory", "losses", 7)
    assert "softmax/losses at step 7" in str(finding)


def test_a_run_that_begins_without_a_loss_is_judged_to_its_end(
    record: Callable[..., Record],
) -> None:
    """A perceptron at zero weights has a loss of 0, and every later one is a million times that."""
    ours = record(1)
    assert ours[0]["plane/losses"][0] == 0
    for name in ("losses", "param_0"):
        arrays = dict(ours[0])
        injected = arrays[f"plane/{name}"].copy()
        injected.flat[-1] += 1
        arrays[f"plane/{name}"] = injected
        first = first_over(ours, (arrays, ours[1]))
        assert first is not None
        assert (first.stage, first.run, first.tensor) == ("trajectory", "plane", name)


def test_within_the_budget_is_within(record: Callable[..., Record]) -> None:
    """Half of a loss's budget everywhere agrees; the whole of it and a bit does not."""
    ours = record(3)
    losses = ours[0]["softmax/losses"]
    budget = TRAJECTORY[3, "float64"].for_losses(losses)
    for share, agrees in ((0.5, True), (1.01, False)):
        arrays = ours[0] | {"softmax/losses": losses + share * budget}
        assert (first_over(ours, (arrays, ours[1])) is None) == agrees


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_is_over_budget(record: Callable[..., Record], value: float) -> None:
    ours = record(3)
    for key in ("softmax/losses", "looks/softmax/1/gradient_1"):
        arrays = ours[0] | {key: np.full_like(ours[0][key], value)}
        finding = first_over(ours, (arrays, ours[1]))
        assert finding is not None
        assert finding.gap == np.inf
        # Two runs that both are not a number do not agree either.
        if np.isnan(value):
            assert first_over((arrays, ours[1]), (arrays, ours[1])) is not None


@pytest.mark.parametrize(
    ("key", "stage"),
    [
        ("softmax/param_1", "trajectory"),
        ("softmax/predictions", "metric"),
        ("looks/softmax/1/gradient_0", "gradient"),
        ("looks/optimum/0/after/velocity_0", "update"),
    ],
)
def test_what_only_one_record_holds_is_over(
    record: Callable[..., Record], key: str, stage: str
) -> None:
    ours = record(3)
    fewer = {k: v for k, v in ours[0].items() if k != key}
    for one, other in ((ours, (fewer, ours[1])), ((fewer, ours[1]), ours)):
        finding = first_over(one, other)
        assert finding is not None
        assert finding.stage == stage


def test_another_shape_or_dtype_is_over(record: Callable[..., Record]) -> None:
    ours = record(3)
    for key in ("softmax/param_0", "looks/softmax/1/scores"):
        for changed in (ours[0][key].T, ours[0][key].astype(np.float32)):
            assert first_over(ours, (ours[0] | {key: changed}, ours[1])) is not None


def test_without_probes_no_single_step_is_judged(record: Callable[..., Record]) -> None:
    ours = record(3)
    plain = {k: v for k, v in ours[0].items() if not k.startswith("looks/")}
    stages = {f.stage for f in findings(ours, (plain, ours[1]))}
    assert stages == set(STAGES) - {"forward", "loss", "gradient", "update"}


def test_a_relu_run_in_float32_is_judged_by_its_probes(record: Callable[..., Record]) -> None:
    """Its trajectory may differ; its single steps may not. tanh is judged by both."""
    ours = record(4, "float32")
    results = findings(ours, ours)
    trajectories = {f.run for f in results if f.stage == "trajectory"}
    gradients = {f.run for f in results if f.stage == "gradient"}
    assert trajectories == {"softmax", "tanh"}
    assert gradients == {"softmax", "sgd", "momentum", "adam", "tanh"}
    # A thousandth of a gradient, far below what trajectories of relu part by.
    key = "looks/momentum/1/gradient_2"
    arrays = ours[0] | {key: ours[0][key] * np.float32(1.001)}
    assert first_over(ours, (arrays, ours[1])).run == "momentum"


def test_a_relu_run_in_float32_that_learns_far_less_is_seen(record: Callable[..., Record]) -> None:
    """As where an epoch trains on its first batch again and again, which no single step shows."""
    arrays, card = record(4, "float32")
    poor, alike = deepcopy(card), deepcopy(card)
    poor["runs"]["adam"]["accuracy"] -= 0.13
    alike["runs"]["adam"]["accuracy"] -= 0.01  # what rounding does to two healthy runs
    worst = first_over((arrays, card), (arrays, poor))
    assert (worst.stage, worst.run, worst.tensor) == ("metric", "adam", "accuracy")
    assert first_over((arrays, card), (arrays, alike)) is None


# A defect in any one adapter is found by `python -m compare`, with its backend and first stage.
#
# The defects are the mutants that the laws are tried on; here a whole comparison must find each, as
# a user would meet it: in a checkout in which one line of one adapter is wrong.


@dataclass(frozen=True)
class InjectedDefect:
    """A mutant, the lesson that meets it, and the first stage at which it shows."""

    mutant: str
    lesson: int
    stage: str
    dtype: str = "float32"
    backend: str = "torch"
    backends: str = "torch"


DEFECTS = [
    InjectedDefect("kernel not transposed", 3, "forward"),
    InjectedDefect("softmax twice", 3, "loss"),
    InjectedDefect("perceptron by maximum", 1, "gradient"),
    InjectedDefect("zero_grad forgotten", 3, "update"),
    InjectedDefect("order ignored", 3, "trajectory"),
    # In the reference itself: then all others differ, and it is the suspect.
    InjectedDefect("gradient of the sum", 3, "gradient", backend="numpy", backends="torch jax"),
]
MORE = [
    InjectedDefect("L2 on biases", 3, "loss"),
    InjectedDefect("loss after the update", 3, "loss"),
    InjectedDefect("gradients left in .grad", 3, "gradient"),
    InjectedDefect("stale gradient", 2, "update"),
    InjectedDefect("weight_decay for L2", 3, "update"),
    InjectedDefect("dampening", 3, "update"),
    InjectedDefect("β through float32", 4, "update", "float64"),
]
ALL = [*DEFECTS, *(pytest.param(injected, marks=pytest.mark.slow) for injected in MORE)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("injected", ALL, ids=lambda p: f"{p.backend}: {p.mutant}")
def test_an_injected_defect_is_named(
    injected: InjectedDefect, checkout: Path, tmp_path: Path
) -> None:
    (mutant,) = (m for m in MUTANTS[injected.backend] if m.name == injected.mutant)
    adapter = checkout / "adapters" / f"{mutant.file or f'{injected.backend}_adapter'}.py"
    source = adapter.read_text(encoding="utf-8")
    adapter.write_text(mutate(source, mutant.old, mutant.new), encoding="utf-8")
    done = compare(
        f"--lesson={injected.lesson}", f"--backends={injected.backends}",
        f"--dtype={injected.dtype}", *data_of(injected.lesson),
        f"--out={tmp_path}", "--epochs=1", "--no-figures", "--no-noise", root=checkout,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    over = [line for line in done.stdout.splitlines() if line.startswith("over: ")]
    backends = injected.backends.split()
    for line, backend in zip(over, backends, strict=False):
        first = f"over: {backend} first differs from numpy at {injected.stage}"
        assert re.match(rf"{first}: \w+/", line)
    if injected.backend == "numpy":
        assert over[len(backends)] == (
            "over: torch and jax differ from numpy at the same place: suspect numpy itself"
        )
    comparison = Comparison.read(tmp_path / f"lesson{injected.lesson}" / "comparison.json")
    assert comparison.outcomes[0].backend == "numpy"
    assert [o.agrees for o in comparison.outcomes[1:]] == [False] * len(backends)


@pytest.mark.slow
def test_the_copy_agrees_without_an_injected_defect(checkout: Path, tmp_path: Path) -> None:
    """Or no defect above would prove anything."""
    done = compare(
        "--lesson=3", "--backends=torch", f"--out={tmp_path}", "--epochs=1", "--no-figures",
        "--no-noise", *data_of(3), root=checkout,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_ten_kinds_at_least() -> None:
    assert len({(p.backend, p.mutant) for p in DEFECTS + MORE}) >= 10
    stages = {p.stage for p in DEFECTS + MORE}
    assert stages == {"forward", "loss", "gradient", "update", "trajectory"}
