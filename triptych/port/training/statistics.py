"""The running statistics of batch normalisation after one step."""

from __future__ import annotations

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.causes.descriptions import describe
from triptych.port.layouts import gap
from triptych.port.side import Side, input_of
from triptych.port.training.slot import Slot

SAME_STATISTICS = 1e-8  # of what one step changes


def compare_statistics(slots: list[Slot], old: list[torch.Tensor], a: Side, b: Side) -> list[Cause]:
    """Differing momentum, and the n − 1 by which PyTorch alone divides its running variance."""
    causes: dict[str, Cause] = {}
    for slot, before in zip(slots, old, strict=True):
        moved_a, moved_b = slot.read_a() - before, slot.b.read() - before
        size = gap(moved_a, moved_b)
        if size <= SAME_STATISTICS:
            continue
        for text, edit, whose, after in explained(slot, before, moved_a, moved_b, a, b):
            place = Place(a.units[slot.unit_a].name, slot.name, size, after)
            known = causes.setdefault(
                text, Cause("statistics", text, edit, frameworks_differ=whose, proved=after < size,
                            entry=entry_of(text, whose))
            )  # fmt: skip
            known.places.append(place)
    return list(causes.values())


def entry_of(text: str, frameworks_differ: bool) -> str:
    """The catalogue's entry about a difference."""
    if frameworks_differ:
        return "batchnorm_running_variance"
    return "frozen_batch_norm" if "keeps its statistics" in text else "batchnorm_momentum"


def explained(
    slot: Slot, before: torch.Tensor, moved_a: torch.Tensor, moved_b: torch.Tensor, a: Side, b: Side
) -> list[tuple[str, str, bool, float]]:
    """What makes B's change that of A: another momentum, n in place of n − 1, or both."""
    unit_a, unit_b = a.units[slot.unit_a], b.units[slot.unit_b]
    mine, its = unit_a.settings["momentum"], unit_b.settings["momentum"]
    step = b.tape.steps[unit_b.calls[0]]
    value = b.values[input_of(step) or 0]
    n = value.numel() // value.shape[1]
    batch = before + moved_b / its  # what B saw
    is_variance = slot.name.endswith("running_var")
    for still, name, other in ((moved_b, "B", "A"), (moved_a, "A", "B")):
        if not still.any():
            return [
                (
                    f"{name} keeps its statistics, {other} moves them: in {name} the layer is "
                    "frozen or in evaluation mode",
                    "model.train()" if name == "B" else "module.eval() for this layer", False, 0.0,
                )
            ]  # fmt: skip
    stated = (
        f"momentum is {mine:g} in A (Keras: {1 - mine:g}), {its:g} in B",
        f"momentum={mine:g}",
        False,
    )
    unbiased = (
        f"B divides the variance by n − 1, A by n = {n}" if n < 100
        else "B divides the variance by n − 1, A by n",
        "", True,
    )  # fmt: skip
    for changes in ([stated], [unbiased], [stated, unbiased]):
        if unbiased in changes and not is_variance:
            continue
        share = mine if stated in changes else its
        seen = batch * (n - 1) / n if unbiased in changes else batch
        after = gap(moved_a, share * (seen - before))
        if after <= SAME_STATISTICS:
            return [(*change, after) for change in changes]
    return [(describe(moved_a, moved_b), "", False, gap(moved_a, moved_b))]
