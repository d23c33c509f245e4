"""Compare the probes of two backends: every stage of one step from shared weights.

Two backends that both implement `contract.py` differ by at most twice the rounding error of one.
`error_bounds.py` and `optimizer_bounds.py` in `adapters/laws/` bound that error through the step,
from the shared weights and the shared batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Optimizer
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import updated
from compare.budgets import budget_of_run
from compare.comparison import Finding
from compare.gaps import worst
from course.networks import from_json
from course.probes import start

Arrays = dict[str, Array]
Memo = dict[str, Arrays]  # by probe: the budget of each of its arrays

PROBE = re.compile(r"looks/(?P<run>.+)/(?P<number>\d+)/(?P<what>(after/)?[^/]+)")
# The stage of each array of a probe; everything after the step belongs to the update.
STAGE = {
    "x": "data",
    "y": "data",
    "rows": "batch order",
    "initial": "initial weights",
    "scores": "forward",
    "loss": "loss",
    "loss of the step": "loss",
    "gradient": "gradient",
    "learning_rate": "update",
}


def stage_of(what: str) -> str:
    """The stage of an array of a probe, such as gradient_0 or after/param_1."""
    return "update" if what.startswith("after/") else STAGE[re.sub(r"_\d+$", "", what)]


def probe_findings(
    ours: Arrays, theirs: Arrays, card: dict[str, Any], memo: Memo
) -> Iterator[Finding]:
    """Judge every array of every probe that both records hold. card: the reference's."""
    probes: dict[tuple[str, str], list[str]] = {}
    for key in ours:
        match = PROBE.fullmatch(key)
        if match:
            probes.setdefault((match["run"], match["number"]), []).append(match["what"])
    for (run, number), names in probes.items():
        prefix = f"looks/{run}/{number}/"
        probe = {name: ours[prefix + name] for name in names}
        if prefix not in memo:
            exact = budget_of_run(card, run).is_exact
            memo[prefix] = {} if exact else _allowed(run, int(number), probe, card)
        for name, a in probe.items():
            b = theirs.get(prefix + name)
            if b is not None:
                tensor = f"probe {number}/{name.removeprefix('after/')}"
                yield _judged(stage_of(name), run, tensor, a, b, memo[prefix].get(name))


def _judged(
    stage: str, run: str, tensor: str, a: Array, b: Array, allowed: Array | None
) -> Finding:
    if a.shape != b.shape or a.dtype != b.dtype:
        where = f" {a.shape} {a.dtype} and {b.shape} {b.dtype}"
        return Finding(stage, run, tensor, np.inf, 0.0, where)
    return worst(stage, run, tensor, a, b, np.zeros(a.shape) if allowed is None else allowed)


def _allowed(run: str, number: int, probe: Arrays, card: dict[str, Any]) -> Arrays:
    """Twice the bound on one backend's error, for every array of a probe that it computed."""
    detail = card["runs"][run]
    net = from_json(detail)
    count = len(net.shapes)
    if not {"x", "y", "learning_rate", *(f"gradient_{i}" for i in range(count))} <= probe.keys():
        return {}  # a missing array is over its budget anyway, and the others must be equal
    optimizer = _optimizer(detail["optimizer"], float(probe["learning_rate"]))
    initial = [probe[f"initial_{i}"] for i in range(count)] if "initial_0" in probe else None
    state = start(net, optimizer, card["seed"], run, number, initial)
    state = {k: v if k == "step" else v.astype(card["dtype"]) for k, v in state.items()}
    eps = float(np.finfo(card["dtype"]).eps)
    err = bounds(net, [state[f"param_{i}"] for i in range(count)], probe["x"], probe["y"], eps)
    gradients = [probe[f"gradient_{i}"] for i in range(count)]
    after = updated(optimizer, state, gradients, err.gradients, eps)
    loss = np.array(2 * err.loss)
    return {
        "scores": 2 * err.activations[-1],
        "loss": loss,
        "loss of the step": loss,
        **{f"gradient_{i}": 2 * g for i, g in enumerate(err.gradients)},
        **{f"after/{name}": 2 * budget for name, (_, budget) in after.items()},
    }


def _optimizer(card: dict[str, Any], learning_rate: float) -> Optimizer:
    constants = {k: v for k, v in card.items() if k != "name"} | {"learning_rate": learning_rate}
    return {"SGD": SGD, "Adam": Adam}[card["name"]](**constants)
