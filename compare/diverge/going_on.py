"""What to replace after a difference that nothing reproduces, so that the next one shows.

A difference is harmless if what depends on it agrees: then the suspect gets the contract's outputs,
loss or gradients, and goes on as it was. Otherwise NumPy goes on with the suspect's own network, or
its own steps (`replaced.py`), and whatever follows from the difference agrees with that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from compare.diverge.examine import Examination
from compare.diverge.gap import Gap
from compare.diverge.likely import NARROW
from compare.diverge.replaced import own
from compare.diverge.side import Side
from compare.diverge.suspects import Pair

# What each stage is reported by, and what the rest of its step depends on.
REPORTED = {"layer output": "outputs", "loss": "loss", "gradient": "gradients"}
AFTER = {
    "layer output": ("loss", "gradient", "optimizer slot", "update"),
    "loss": ("gradient", "optimizer slot", "update"),
    "gradient": ("optimizer slot", "update"),
}
HARMLESS = "it changes nothing that follows"
FOLLOWS = "what follows from it is not counted again"


@dataclass(frozen=True)
class Continuation:
    """The pair to go on with, if there is one, and what was noticed on the way."""

    pair: Pair | None = None
    screener: Side | None = None
    note: str = ""
    end: str = ""
    others: list[tuple[Gap, str]] = field(default_factory=list)  # more differences of the same step


def go_on(pair: Pair, current: dict[str, list[Gap]], gap: Gap, found: Examination) -> Continuation:
    """Replace what deviates in the suspect by the sound, or else the sound by the suspect's."""
    sound, suspect, _, of_suspect = pair.directions()[0]
    names = [*suspect.injections, *of_suspect]
    if suspect.is_file or gap.why:
        return Continuation(end="the search ends here: nothing can be replaced")
    random = [what for what in found.random if what != "initial weights"]
    if random:
        return Continuation(end="the search ends here: what follows is random")
    if gap.stage == "initial weights":
        return _replaced(pair, suspect, "sound:initial weights", "")
    if gap.stage == "epoch":
        return _replaced(pair, suspect, "sound:epoch", "")
    if gap.stage in REPORTED and _agrees(current[gap.run], gap):
        return _replaced(pair, suspect, f"sound:{REPORTED[gap.stage]}", HARMLESS)
    if gap.stage in AFTER:
        place = {"run": gap.run, "step": gap.step}
        # A derivative of narrow numbers has too few digits to say anything.
        narrow = found.likely is not None and found.likely.name == NARROW
        fits = {"loss": True, "gradient": True} if narrow else suspect.request(
            "fits_together", injections=names, **place
        )  # fmt: skip
        others = []
        if gap.stage == "layer output" and not fits["loss"]:
            others += _other(current, gap, "loss", "the loss is not that of the scores either")
        if not fits["gradient"]:
            text = "the gradients are not the slopes of the loss that is reported"
            others += [] if gap.stage == "gradient" else _other(current, gap, "gradient", text)
        return _transplanted(pair, sound, suspect, own("network", names), others)
    if gap.stage in ("optimizer slot", "update"):
        return _transplanted(pair, sound, suspect, own("step", names), [])
    return Continuation(end="the search ends here: nothing can be replaced")


def _agrees(gaps: Sequence[Gap], gap: Gap) -> bool:
    """Whether all that depends on a quantity agrees in its step."""
    after = [each for each in gaps if each.step == gap.step and each.stage in AFTER[gap.stage]]
    return bool(after) and all(each.holds for each in after)


def _other(
    current: dict[str, list[Gap]], gap: Gap, stage: str, text: str
) -> list[tuple[Gap, str]]:  # fmt: skip
    later = (g for g in current[gap.run] if (g.step, g.stage) == (gap.step, stage) and not g.holds)
    first = next(later, None)
    return [(first, text)] if first else []


def _replaced(pair: Pair, suspect: Side, name: str, note: str) -> Continuation:
    inside = pair.in_b if suspect is pair.b else pair.in_a
    if name in inside or name in suspect.injections:
        return Continuation(end="the search ends here: the difference stays, whatever is replaced")
    inside.append(name)
    return Continuation(pair, note=note)


def _transplanted(
    pair: Pair, sound: Side, suspect: Side, name: str, others: list[tuple[Gap, str]]
) -> Continuation:
    """The pair of the suspect and of NumPy in the suspect's process, with the suspect's own."""
    before = [each for each in sound.injections if each.startswith("own:")]
    if any(each.split(":")[1] == name.split(":")[1] or "own:step" in each for each in before):
        return Continuation(end="the search ends here: the difference stays, whatever is replaced")
    twin = replace(suspect, injections=(name,), trace_files={}, twin_of=suspect.title)
    is_b = suspect is pair.b
    now = Pair(twin, suspect, [], pair.in_b) if is_b else Pair(suspect, twin, pair.in_a, [])
    return Continuation(now, screener=twin, note=FOLLOWS, others=others)
