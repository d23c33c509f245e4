"""Compare two records: the gap at every stage, and its budget.

This module compares whole runs: hashes, trajectories, metrics. `compare/single_steps.py` compares
the stages of single steps, from the probes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from adapters.contract import Array
from adapters.layers import Attention, Layer, Pool2D, flat
from compare.budgets import (
    Budget,
    budget_of_run,
    chaotic_accuracy_budget,
    steps_before_divergence,
)
from compare.comparison import Finding
from compare.gaps import gaps, over, worst
from compare.single_steps import PROBE, Memo, probe_findings, stage_of
from course.networks import layers_from_json

Arrays = dict[str, Array]
Card = dict[str, Any]

HASHES = {"data": "data", "initial weights": "initial_weights", "batch order": "batch_order"}
# Arrays that say how well a run did, rather than how it went.
METRICS = ("predictions", "mistakes")


def findings(
    reference: tuple[Arrays, Card], other: tuple[Arrays, Card], memo: Memo | None = None
) -> list[Finding]:
    """Judge every stage of every run of two records of the same lesson, dtype, seed and settings.

    Each record is (arrays, card). The stages of a single step are judged only if both records hold
    the arrays of probes. memo: caches what is computed from the reference alone; pass the same one
    with the same reference. Chaotic runs (relu in float32) are judged by their probes, and coarsely
    by their accuracies.
    """
    (ours, our_card), (theirs, their_card) = reference, other
    results = list(_of_hashes(our_card, their_card))
    probed = [any(key.startswith("looks/") for key in arrays) for arrays in (ours, theirs)]
    results += _of_missing(ours, theirs, all(probed))
    if all(probed):
        results += probe_findings(ours, theirs, our_card, {} if memo is None else memo)
    keys = [key for key in ours if key in theirs and not key.startswith("looks/")]
    for name in dict.fromkeys(key.rpartition("/")[0] for key in keys):
        if is_chaotic(our_card, name):
            results += _of_accuracy(name, our_card, their_card, ours, chaotic_accuracy_budget)
        else:
            budget = budget_of_run(our_card, name)
            results += _of_run(name, ours, theirs, budget, diverges(our_card, name))
            results += _of_accuracy(name, our_card, their_card, ours, budget.for_accuracy)
    return results


def is_chaotic(card: Card, run: str) -> bool:
    """Whether rounding alone separates this run's trajectories."""
    return bool(why_chaotic(card, run))


def why_chaotic(card: Card, run: str) -> str:
    """What separates this run's trajectories by rounding alone, in float32; "" if nothing does.

    relu has a kink at 0, and a max-pool where two numbers of a window are equal: rounding decides
    on which side a number is. Attention has gradients that are nearly 0, of which Adam makes steps
    as long as any: in two precisions NumPy's losses were up to 0.04 apart after 1,000 steps.
    """
    if card["dtype"] != "float32":
        return ""
    detail = card["runs"].get(run, {})  # none of a run trained outside the trainer
    layers = list(flat(layers_from_json(detail.get("layers", []))))
    if kink := kink_of(layers):
        return kink
    has_attention = any(isinstance(layer, Attention) for layer in layers)
    under_adam = has_attention and detail["optimizer"]["name"] == "Adam"
    return "attention under Adam" if under_adam else ""


def kink_of(layers: Sequence[Layer]) -> str:
    """What has a kink at which rounding decides, among these layers; "" if nothing has."""
    if any(getattr(layer, "activation", "") == "relu" for layer in layers):
        return "relu"
    if any(isinstance(layer, Pool2D) and layer.kind == "max" for layer in layers):
        return "max-pooling"
    return ""


def diverges(card: Card, run: str) -> bool:
    """Whether this run diverged, on purpose or not; False for a run trained outside the trainer."""
    return bool(card["runs"].get(run, {}).get("status") == "diverged")


def stage_of_array(key: str) -> str:
    """The stage of an array of a record, by its name there."""
    probe = PROBE.fullmatch(key)
    if probe:
        return stage_of(probe["what"])
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
    """Yield an infinite gap for each array that only one record holds."""
    for key in sorted(set(ours) ^ set(theirs)):
        if probed or not key.startswith("looks/"):
            run, _, tensor = key.removeprefix("looks/").rpartition("/")
            where = " (in the reference only)" if key in ours else " (not in the reference)"
            yield Finding(stage_of_array(key), run, tensor, np.inf, 0.0, where)


def _of_run(
    name: str, ours: Arrays, theirs: Arrays, budget: Budget, diverged: bool
) -> Iterator[Finding]:
    losses = ours.get(f"{name}/losses", np.zeros(0))
    length = len(losses)
    if diverged:
        length = steps_before_divergence(losses, theirs.get(f"{name}/losses"))
    for key in sorted(k for k in ours if k.rpartition("/")[0] == name and k in theirs):
        kind, a, b = key.rpartition("/")[2], ours[key], theirs[key]
        stage = stage_of_array(key)
        if a.shape != b.shape or a.dtype != b.dtype:
            where = f" {a.shape} {a.dtype} and {b.shape} {b.dtype}"
            yield Finding(stage, name, kind, np.inf, 0.0, where)
        elif kind == "losses":
            allowed = budget.for_losses(a[:length])
            yield from _of_losses(stage, name, a[:length], b[:length], allowed)
        elif kind == "predictions" and a.dtype.kind == "i":
            differ = a != b
            rows = np.flatnonzero(differ.reshape(len(a), -1).any(1))
            where = f" rows {rows[:5].tolist()}" if rows.size else ""
            count = float(differ.sum())
            yield Finding(stage, name, kind, count, budget.for_labels(a.size), where)
        elif a.dtype.kind == "i":
            yield worst(stage, name, kind, a, b, np.zeros(a.shape))
        elif length == len(losses):  # after divergence weights are as wild as losses
            yield worst(stage, name, kind, a, b, np.full(a.shape, budget.for_weights(a)))


def _of_losses(stage: str, name: str, a: Array, b: Array, allowed: Array) -> Iterator[Finding]:
    """The step with the largest share of its budget, and the first step over it, if any."""
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
    predictions = arrays.get(f"{name}/predictions")
    if a is not None and b is not None and predictions is not None and predictions.size:
        yield Finding("metric", name, "accuracy", abs(a - b), allowed(predictions.size))
