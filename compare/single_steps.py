"""The looks of two backends: every stage of one step from shared weights, entry by entry.

Two backends that both compute what `contract.py` says differ by at most twice what rounding may do
to one of them. What it may do is followed through the step by `course/error_bounds.py` and
`compare/optimizer_bounds.py`, from the shared weights and the shared batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer
from compare.budgets import EXACT, Budget
from compare.comparison import Finding
from compare.gaps import worst
from compare.optimizer_bounds import updated
from course.error_bounds import bounds
from course.probes import start

Arrays = dict[str, Array]
Memo = dict[str, Arrays]  # of a look: what each of its arrays may differ by

PROBE = re.compile(r"looks/(?P<run>.+)/(?P<number>\d+)/(?P<what>(after/)?[^/]+)")
# The stages of what a look holds; whatever comes after the step is the update.
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
    """The stage that an array of a look belongs to, such as gradient_0 or after/param_1."""
    return "update" if what.startswith("after/") else STAGE[re.sub(r"_\d+$", "", what)]


def probe_findings(
    ours: Arrays, theirs: Arrays, card: dict[str, Any], budget: Budget, memo: Memo
) -> Iterator[Finding]:
    """Every array of every look that both records hold. card: of the reference."""
    probes: dict[tuple[str, str], list[str]] = {}
    for key in ours:
        found = PROBE.fullmatch(key)
        if found:
            probes.setdefault((found["run"], found["number"]), []).append(found["what"])
    for (run, number), names in probes.items():
        prefix = f"looks/{run}/{number}/"
        probe = {name: ours[prefix + name] for name in names}
        if prefix not in memo:
            exact = budget == EXACT
            memo[prefix] = {} if exact else _allowed(run, int(number), probe, card)
        for name, a in probe.items():
            b = theirs.get(prefix + name)
            if b is not None:
                tensor = f"look {number}/{name.removeprefix('after/')}"
                yield _judged(stage_of(name), run, tensor, a, b, memo[prefix].get(name))


def _judged(
    stage: str, run: str, tensor: str, a: Array, b: Array, allowed: Array | None
) -> Finding:
    if a.shape != b.shape or a.dtype != b.dtype:
        where = f" {a.shape} {a.dtype} and {b.shape} {b.dtype}"
        return Finding(stage, run, tensor, np.inf, 0.0, where)
    return worst(stage, run, tensor, a, b, np.zeros(a.shape) if allowed is None else allowed)


def _allowed(run: str, number: int, probe: Arrays, card: dict[str, Any]) -> Arrays:
    """Twice what one backend may err by, for every array of a look that a backend computed."""
    detail = card["runs"][run]
    net = Net(tuple(Dense(*layer) for layer in detail["layers"]), detail["loss"], detail["l2"])
    count = len(net.shapes)
    if not {"x", "y", "learning_rate", *(f"gradient_{i}" for i in range(count))} <= probe.keys():
        return {}  # what is missing is over by itself, and what is there must be the same
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
