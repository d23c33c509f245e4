"""Remedies of the forward pass, moved to the calls of training mode."""

from __future__ import annotations

from triptych.port.capture.tape import Edits, Tape


class NotTheSameCalls(Exception):
    """In training mode B runs other calls, so that remedies of the forward pass have no place."""


def carried_over(edits: Edits, old: Tape, new: Tape) -> Edits:
    """Edits of one tape for another of the same model: the same call of the same layer."""
    places = {place: step for step, place in occurrences(new).items()}
    names = occurrences(old)

    def same(index: int) -> int:
        if names[index] not in places:
            raise NotTheSameCalls
        return places[names[index]]

    inputs = {}
    for index, (value, change) in edits.inputs.items():
        position = old.steps[index].inputs.index(value)
        inputs[same(index)] = (new.steps[same(index)].inputs[position], change)
    return Edits({same(i): f for i, f in edits.functions.items()}, inputs, edits.result)


def occurrences(tape: Tape) -> dict[int, tuple[str, str, int]]:
    """Each step as the n-th call of a name in a layer."""
    seen: dict[tuple[str, str], int] = {}
    found = {}
    for step in tape.steps:
        key = (step.path, step.name)
        seen[key] = seen.get(key, -1) + 1
        found[step.index] = (*key, seen[key])
    return found
