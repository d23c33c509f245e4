"""Single steps from shared weights: the budget of every entry is twice one backend's error."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from adapters.contract import Array
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import updated
from compare.comparison import Finding
from compare.findings import findings
from compare.single_steps import Memo, stage_of
from course.probes import start
from course.randomness import initial_weights
from tests.judging.helpers import KINDS, Record, record_of, run_of

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
