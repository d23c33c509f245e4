"""What the arrays say of a divergence that no known difference explains."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import SGD, Array, Net, Optimizer
from compare.diverge import likely
from compare.diverge.descriptions import describe
from compare.diverge.gap import Gap
from compare.diverge.likely import Likely
from compare.diverge.measure import suspects
from compare.diverge.measuring import Arrays, Step
from compare.diverge.run_specs import OPTIMIZERS
from compare.diverge.side import Side
from course.networks import from_json

EARLY = ("layer output", "loss", "gradient")  # what is asked for random calls


@dataclass(frozen=True)
class Examination:
    """The measured suspects of a divergence, the likely cause, and a sentence about the numbers."""

    measured: list[str] = field(default_factory=list)
    likely: Likely | None = None
    description: str = ""
    random: list[str] = field(default_factory=list)  # what the suspect draws in each call


def examine(
    sound: Side, suspect: Side, inside: tuple[Sequence[str], Sequence[str]], gap: Gap
) -> Examination:
    """Look at the arrays of the step in which two sides differ.

    inside: what is injected into the sound side, and into the suspect. Nothing is known of a
    finished trace, or of a run whose steps are others.
    """
    if sound.is_file or suspect.is_file:
        return Examination()
    random = suspect.request(
        "random", run=gap.run, injections=[*suspect.injections, *inside[1]]
    )["calls"]  # fmt: skip
    if gap.why:
        return Examination(random=random)
    step = _step(sound, suspect, inside, gap)
    key = f"{gap.stage}/{gap.tensor}"
    ours, theirs = step.ours.get(key), step.theirs.get(key)
    text = ""
    if ours is not None and theirs is not None:
        text = describe(ours, theirs, step.dtype, _readings(step))
    found = None
    if gap.stage == "initial weights":
        found = likely.own_weights(step.net, step.ours, step.theirs)
    elif gap.stage in EARLY or random:
        found = likely.dropout(step.net, step.ours, step.theirs) or likely.noise(random)
    elif gap.stage == "epoch":
        names = [*suspect.injections, *inside[1]]
        still = suspect.request("still_epoch", run=gap.run, injections=names)
        found = likely.shuffle(still, step.dtype)
    if found is None and text.startswith(("numbers of", "a gap of float32")):
        found = Likely(
            likely.NARROW, "{backend} computes this in a narrower type", text,
            "Look for a cast, or for an operation that chooses its own precision.",
        )  # fmt: skip
    measured = [] if random else suspects(step)
    return Examination(measured, found, text, random)


def _step(
    sound: Side, suspect: Side, inside: tuple[Sequence[str], Sequence[str]], gap: Gap
) -> Step:
    card = sound.trace(inside[0]).card["runs"][gap.run]
    with tempfile.TemporaryDirectory(prefix="triptych-step-") as folder:

        def arrays(side: Side, more: Sequence[str], step: int) -> dict[str, Array]:
            file = Path(folder, "step.npz")
            place: dict[str, Any] = {"run": gap.run, "step": step, "file": str(file)}
            side.request("tensors", injections=[*side.injections, *more], **place)
            with np.load(file, allow_pickle=False) as saved:
                return {name: saved[name] for name in saved.files}

        ours = arrays(sound, inside[0], gap.step)
        theirs = arrays(suspect, inside[1], gap.step)
        before: Arrays = arrays(suspect, inside[1], gap.step - 1) if gap.step >= 0 else {}
    optimizer = suspect.request("optimizer", run=gap.run, step=max(gap.step, 0))
    return Step(
        from_json(card), optimizer_of(optimizer), sound.setting.dtype, gap.step, ours, theirs,
        before,
    )  # fmt: skip


def optimizer_of(values: dict[str, Any]) -> Optimizer:
    """The optimizer that a worker described."""
    return OPTIMIZERS[values["kind"]](**values["constants"])


def _readings(of: Step) -> dict[float, str]:
    """What some ratios mean in this run."""
    rows = len(of.ours.get("batch/x", ()))
    rate = of.optimizer.learning_rate
    known = {rate: "the learning rate", 1 / rate: "one over the learning rate"}
    if rows > 1:
        known |= {float(rows): f"the {rows} rows of the batch", 1 / rows: f"1 over its {rows} rows"}
    if isinstance(of.optimizer, SGD) and of.optimizer.momentum:
        known |= {1 - of.optimizer.momentum: "1 − momentum",
                  1 / (1 - of.optimizer.momentum): "1/(1 − momentum)"}  # fmt: skip
    return known | classes(of.net)


def classes(net: Net) -> dict[float, str]:
    """What a ratio may have to do with the number of outputs."""
    n = net.n_out
    return {float(n): f"the {n} outputs", 1 / n: f"1 over the {n} outputs"} if n > 2 else {}
