"""Each stage of a comparison: the budgets of its single steps, and the verdict on its gap."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from io import StringIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from adapters.contract import Array
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import updated
from compare import junit
from compare.cli import AGREE, OVER, finish
from compare.comparison import STAGES, Comparison, Finding, Outcome
from compare.drift.report import changes, stages
from compare.findings import findings
from compare.page.formatting import stage_table, where_table
from compare.single_steps import Memo, stage_of
from compare.summary import complaints
from compare.terminal import show
from course.probes import start
from course.randomness import initial_weights
from tests.judging.helpers import KINDS, Record, record_of, run_of

# Single steps from shared weights: the budget of every entry is twice one backend's error.

DTYPES = ("float32", "float64")
EXPECTED = {
    "x": "data", "y": "data", "rows": "batch order", "initial_1": "initial weights",
    "scores": "forward", "loss": "loss", "loss of the step": "loss", "gradient_0": "gradient",
    "gradient_12": "gradient", "learning_rate": "update", "after/param_0": "update",
    "after/velocity_3": "update", "after/step": "update",
}  # fmt: skip


def test_every_array_of_a_probe_has_its_stage() -> None:
    assert {what: stage_of(what) for what in EXPECTED} == EXPECTED


def budgets(kind: str, dtype: str, number: int, record: Record) -> dict[str, Array]:
    """The budgets of each array of a probe: twice the error bound of one backend."""
    net, optimizer = KINDS[kind]
    eps = 2.0**-23 if dtype == "float32" else 2.0**-52
    look = {key.split("/", 3)[3]: array for key, array in record[0].items()
            if key.startswith(f"looks/{kind}/{number}/")}  # fmt: skip
    state = start(net, optimizer, record[1]["seed"], kind, number)
    state = {k: v if k == "step" else v.astype(dtype) for k, v in state.items()}
    params = [state[f"param_{i}"] for i in range(len(net.shapes))]
    err = bounds(net, params, look["x"], look["y"], eps)
    gradients = [look[f"gradient_{i}"] for i in range(len(net.shapes))]
    after = updated(optimizer, state, gradients, err.gradients, eps)
    allowed = {"scores": 2 * err.activations[-1], "loss": np.array(2 * err.loss)}
    allowed["loss of the step"] = allowed["loss"]
    allowed |= {f"gradient_{i}": 2 * g for i, g in enumerate(err.gradients)}
    allowed |= {f"after/{name}": 2 * one for name, (_, one) in after.items()}
    exact = {what: np.zeros(array.shape) for what, array in look.items() if what not in allowed}
    return allowed | exact


@cache
def record(kind: str, dtype: str) -> Record:
    """Made once; tests do not change it."""
    return record_of(run_of(kind, dtype))


def name_of(key: str) -> tuple[str, str, str]:
    """Stage, run and tensor of the finding on an array of a probe."""
    _, run, number, what = key.split("/", 3)
    return stage_of(what), run, f"probe {number}/{what.removeprefix('after/')}"


def judged(ours: Record, changed: dict[str, Array]) -> dict[str, Finding]:
    """The findings on these arrays of probes after changing them in another record."""
    result = {(f.stage, f.run, f.tensor): f for f in findings(ours, (ours[0] | changed, ours[1]))}
    return {key: result[name_of(key)] for key in changed}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_budget_of_every_entry_is_twice_what_one_backend_may_err_by(
    kind: str, dtype: str
) -> None:
    """No wider at any stage, in any precision, of any optimizer."""
    ours, stages = record(kind, dtype), set()
    allowed = {
        f"looks/{kind}/{number}/{what}": array
        for number in (0, 1)
        for what, array in budgets(kind, dtype, number, ours).items()
    }
    for share in (0, 0.4, 1):  # of the way through each array
        changed = dict(ours[0])
        for key in allowed:
            changed[key] = ours[0][key].copy()
            changed[key].flat[int(share * (changed[key].size - 1))] += 1
        result = {(f.stage, f.run, f.tensor): f for f in findings(ours, (changed, ours[1]))}
        for key, array in allowed.items():
            place = np.unravel_index(int(share * (array.size - 1)), array.shape)
            one = result[name_of(key)]
            assert array.shape == ours[0][key].shape
            assert one.budget == pytest.approx(array[place], rel=1e-12), key
            assert one.where == (str([int(i) for i in place]) if place else "")
            assert not one.holds
            stages.add(one.stage)
    assert stages >= {"data", "batch order", "forward", "loss", "gradient", "update"}


def test_half_of_a_budget_holds_and_twice_of_it_does_not() -> None:
    ours = record("momentum", "float64")
    allowed = {
        f"looks/momentum/{number}/{what}": array
        for number in (0, 1)
        for what, array in budgets("momentum", "float64", number, ours).items()
        if array.any()
    }
    for share, holds in ((0.5, True), (2.0, False)):
        result = judged(ours, {key: ours[0][key] + share * a for key, a in allowed.items()})
        assert {key: f.holds for key, f in result.items()} == dict.fromkeys(allowed, holds)


def test_a_run_that_starts_elsewhere_is_judged_from_there() -> None:
    net, _ = KINDS["adam"]
    elsewhere = [p + 1 for p in initial_weights(net, 3)]
    ours = record_of(run_of("adam", "float64", initial=elsewhere))
    assert np.array_equal(ours[0]["looks/adam/0/initial_0"], elsewhere[0])
    assert all(f.holds for f in findings(ours, ours))
    usual = record("adam", "float64")
    assert "looks/adam/0/initial_0" not in usual[0]
    key = "looks/adam/0/scores"
    there, here = (judged(r, {key: r[0][key] + 1})[key].budget for r in (ours, usual))
    assert there != here


def test_the_probes_of_an_exact_lesson_have_no_budget() -> None:
    ours = record_of(run_of("plain", "float64"), lesson=1)
    key = "looks/plain/1/gradient_0"
    result = judged(ours, {key: np.nextafter(ours[0][key], 1)})[key]
    assert (result.budget, result.holds) == (0, False)


def test_a_probe_with_a_missing_array_has_no_budget() -> None:
    arrays, card = record("plain", "float64")
    fewer = {k: v for k, v in arrays.items() if k != "looks/plain/1/x"}, card
    key = "looks/plain/1/scores"
    assert judged(fewer, {key: fewer[0][key] + 1})[key].budget == 0


def test_each_run_and_each_probe_has_budgets_of_its_own() -> None:
    """They are cached from one backend to the next, by run and probe."""
    one, other = (record(kind, "float64") for kind in ("momentum", "adam"))
    both = one[0] | other[0], one[1] | {"runs": one[1]["runs"] | other[1]["runs"]}
    memo: Memo = {}
    first = findings(both, both, memo)
    assert set(memo) == {f"looks/{run}/{n}/" for run in ("momentum", "adam") for n in (0, 1)}
    again = findings(both, both, memo)
    assert first == again
    budgets_of = {(f.run, f.tensor): f.budget for f in first}
    alone = [f for r in (one, other) for f in findings(r, r)]
    assert all(budgets_of[f.run, f.tensor] == f.budget for f in alone if f.run)


# Every verdict reports a gap over its budget, at whichever stage.


def finding(stage: str, gap: float = 1.0) -> Finding:
    """A finding with half of the budget, or the given gap."""
    return Finding(stage, "softmax", f"what {stage} is of", gap, 2.0)


def comparison(*over: str, backend: str = "torch") -> Comparison:
    """A backend within every budget but those of these stages, and another one that agrees."""
    findings = [finding(stage, 3.0 if stage in over else 1.0) for stage in STAGES]
    judged = [Outcome(backend, "complete", findings=findings)]
    judged.append(Outcome("jax", "complete", findings=[finding(stage) for stage in STAGES]))
    return Comparison(3, "float64", 0, "numpy", [Outcome("numpy", "complete"), *judged])


def printed(what: Comparison) -> str:
    screen = Console(file=StringIO(), width=160)
    show(screen, what)
    return screen.file.getvalue()  # type: ignore[attr-defined]


def test_where_every_stage_holds_all_agree(tmp_path: Path) -> None:
    """The control of the tests below."""
    ours = comparison()
    assert ours.agrees
    assert complaints(ours) == []
    assert finish([ours], tmp_path / "j.xml", None) == AGREE
    assert not list(ET.parse(tmp_path / "j.xml").getroot().iter("failure"))
    assert [line.state for line in stage_table(ours)] == ["reference", "agrees", "agrees"]
    assert changes("", {}, [Comparison(3, "float64", 0, "x", ours.outcomes[1:])], {}) == []
    assert "over: " not in printed(ours)


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_a_verdict(stage: str, tmp_path: Path) -> None:
    ours = comparison(stage)
    _, torch, jax = ours.outcomes
    assert (torch.agrees, jax.agrees, ours.agrees) == (False, True, False)
    first, worst = torch.first_over(), torch.worst(stage)
    assert first is worst
    assert worst == finding(stage, 3.0)
    for other in STAGES:
        worst = torch.worst(other)
        assert worst is not None
        assert worst.holds == (other != stage)
    (line,) = complaints(ours)
    assert line.startswith(f"torch first differs from numpy at {stage}: softmax/what {stage} is of")
    assert line in printed(ours)
    assert finish([comparison(), ours], tmp_path / "j.xml", tmp_path / "j.json") == OVER
    assert finish([ours, comparison()], None, None) == OVER
    junit.write([ours], tmp_path / "j.xml")
    cases = [c for c in ET.parse(tmp_path / "j.xml").getroot().iter("testcase")
             if c.find("failure") is not None]  # fmt: skip
    assert [(c.get("classname"), c.get("name")) for c in cases] == [("lesson3.torch", stage)]


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_on_the_page(stage: str) -> None:
    ours = comparison(stage)
    _, torch, jax = stage_table(ours)
    assert (torch.state, jax.state) == ("parts", "agrees")
    states = {name: entry.state for name, entry in zip(STAGES, torch.entries, strict=True)}
    assert states == {name: "over" if name == stage else "holds" for name in STAGES}
    assert [(backend, f.stage) for backend, f, *_ in where_table(ours)] == [
        (backend, name) for backend in ("torch", "jax") for name in STAGES
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_a_change_of_a_version(stage: str) -> None:
    torch = comparison(stage).outcomes[1]
    (line,) = changes("", {}, [Comparison(3, "float64", 0, "locked", [torch])], {})
    assert line.startswith(f"lesson 3 first differs at {stage}: ")
    marked = [line for line in stages(torch) if line.startswith("✗")]
    assert len(marked) == 1
    assert marked[0].startswith(f"✗ {stage}: ")


@pytest.mark.parametrize(("early", "late"), list(combinations(STAGES, 2)))
def test_of_two_stages_the_earlier_is_named(early: str, late: str) -> None:
    torch = comparison(late, early).outcomes[1]
    torch.findings.reverse()
    first = torch.first_over()
    assert first is not None
    assert first.stage == early


def test_each_backend_is_judged_by_its_own_findings() -> None:
    """Not by those of the first one, or of the last."""
    for backend in ("tensorflow", "torch"):
        ours = comparison("update", backend=backend)
        for outcomes in (ours.outcomes, [ours.outcomes[0], *reversed(ours.outcomes[1:])]):
            lines = complaints(Comparison(3, "float64", 0, "numpy", outcomes))
            assert [line.split()[0] for line in lines] == [backend]
