"""Two records side by side: the gap at every stage, beside the budget that it must keep.

What two whole runs say of each other is here: hashes, trajectories, metrics. The stages of a single
step are taken from the looks, in `compare/single_steps.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.budgets import TRAJECTORY, Budget, chaotic_accuracy_budget, steps_before_divergence
from compare.comparison import Finding
from compare.gaps import gaps, over, worst
from compare.single_steps import PROBE, Memo, probe_findings, stage_of

Arrays = dict[str, Array]
Card = dict[str, Any]

HASHES = {"data": "data", "initial weights": "initial_weights", "batch order": "batch_order"}
# What says how well a run did, rather than how it went.
METRICS = ("predictions", "mistakes")


def findings(
    reference: tuple[Arrays, Card], other: tuple[Arrays, Card], memo: Memo | None = None
) -> list[Finding]:
    """Every stage of every run of two records of the same lesson, dtype, seed and settings.

    The arrays of looks may be among the others; where either record has none, the stages of a
    single step are not judged. memo: keeps what was computed from the reference alone; give the
    same one with the same reference. Runs whose trajectories may part (relu in float32) are judged
    by their looks, and by their accuracies, coarsely.
    """
    (ours, our_card), (theirs, their_card) = reference, other
    found = list(_of_hashes(our_card, their_card))
    probed = [any(key.startswith("looks/") for key in arrays) for arrays in (ours, theirs)]
    budget = TRAJECTORY[our_card["lesson"], our_card["dtype"]]
    found += _of_missing(ours, theirs, all(probed))
    if all(probed):
        found += probe_findings(ours, theirs, our_card, budget, {} if memo is None else memo)
    keys = [key for key in ours if key in theirs and not key.startswith("looks/")]
    for name in dict.fromkeys(key.rpartition("/")[0] for key in keys):
        if is_chaotic(our_card, name):
            found += _of_accuracy(name, our_card, their_card, ours, chaotic_accuracy_budget)
        else:
            found += _of_run(name, ours, theirs, budget, diverges(our_card, name))
            found += _of_accuracy(
                name, our_card, their_card, ours, lambda n: budget.for_labels(n) / n
            )
    return found


def is_chaotic(card: Card, run: str) -> bool:
    """Whether this run's trajectory is chaotic in its dtype: relu in float32."""
    layers = card["runs"].get(run, {}).get("layers", [])
    return card["dtype"] == "float32" and any(layer[2] == "relu" for layer in layers)


def diverges(card: Card, run: str) -> bool:
    """Whether this run diverged, on purpose or not; what a lesson trained by itself did not."""
    return bool(card["runs"].get(run, {}).get("status") == "diverged")


def _stage_of(key: str) -> str:
    look = PROBE.fullmatch(key)
    if look:
        return stage_of(look["what"])
    return "metric" if key.rpartition("/")[2] in METRICS else "trajectory"


def _of_hashes(ours: Card, theirs: Card) -> Iterator[Finding]:
    for stage, key in HASHES.items():
        runs = [name for name in ours["runs"] if name in theirs["runs"]]
        differ = [
            name
            for name in runs
            if key in ours["runs"][name]["hashes"]
            and ours["runs"][name]["hashes"][key] != theirs["runs"][name]["hashes"][key]
        ]
        gap = float(ours["hashes"][key] != theirs["hashes"][key])
        yield Finding(stage, differ[0] if differ else "", "hash", gap, 0.0)


def _of_missing(ours: Arrays, theirs: Arrays, probed: bool) -> Iterator[Finding]:
    """An array that only one record holds is a gap that no budget allows."""
    for key in sorted(set(ours) ^ set(theirs)):
        if probed or not key.startswith("looks/"):
            run, _, tensor = key.removeprefix("looks/").rpartition("/")
            where = " (in the reference only)" if key in ours else " (not in the reference)"
            yield Finding(_stage_of(key), run, tensor, np.inf, 0.0, where)


def _of_run(
    name: str, ours: Arrays, theirs: Arrays, budget: Budget, diverged: bool
) -> Iterator[Finding]:
    losses = ours.get(f"{name}/losses", np.zeros(0))
    length = len(losses)
    if diverged:
        length = steps_before_divergence(losses, theirs.get(f"{name}/losses"))
    for key in sorted(k for k in ours if k.rpartition("/")[0] == name and k in theirs):
        kind, a, b = key.rpartition("/")[2], ours[key], theirs[key]
        stage = _stage_of(key)
        if a.shape != b.shape or a.dtype != b.dtype:
            where = f" {a.shape} {a.dtype} and {b.shape} {b.dtype}"
            yield Finding(stage, name, kind, np.inf, 0.0, where)
        elif kind == "losses":
            allowed = budget.for_losses(a[:length])
            yield from _of_losses(stage, name, a[:length], b[:length], allowed)
        elif kind == "predictions" and a.dtype.kind == "i":
            differ = np.flatnonzero(a != b)
            where = f" rows {differ[:5].tolist()}" if differ.size else ""
            yield Finding(stage, name, kind, float(differ.size), budget.for_labels(a.size), where)
        elif a.dtype.kind == "i":
            yield worst(stage, name, kind, a, b, np.zeros(a.shape))
        elif length == len(losses):  # beyond the divergence weights are as wild as losses
            yield worst(stage, name, kind, a, b, np.full(a.shape, budget.for_weights(a)))


def _of_losses(stage: str, name: str, a: Array, b: Array, allowed: Array) -> Iterator[Finding]:
    """The step with the largest share of its budget, and the first step that is over, if one is."""
    yield worst(stage, name, "losses", a, b, allowed, steps=True)
    gap = gaps(a, b)
    beyond = over(gap, allowed)
    if beyond.any():
        first = int(np.argmax(beyond))
        yield Finding(stage, name, "losses", float(gap[first]), float(allowed[first]), step=first)


def _of_accuracy(
    name: str, ours: Card, theirs: Card, arrays: Arrays, allowed: Callable[[int], float]
) -> Iterator[Finding]:
    a, b = (card["runs"].get(name, {}).get("accuracy") for card in (ours, theirs))
    said = arrays.get(f"{name}/predictions")
    if a is not None and b is not None and said is not None and said.size:
        yield Finding("metric", name, "accuracy", abs(a - b), allowed(said.size))
