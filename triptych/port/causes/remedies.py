"""What might close a gap, as edits of B's run: about a layer, or about what lies between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triptych.port.capture.tape import Edits, Step, Values
from triptych.port.causes import (
    attention_inputs,
    calls_of_a,
    masked_steps,
    masks_of_a,
    order_of_calls,
    rotary_pairs,
    shared_layers,
    splits_of_width,
    states_of_a,
    written_over,
)
from triptych.port.causes.missing import insertions
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layers import rearrangements
from triptych.port.layers.alternative import Alternative, on_first
from triptych.port.layers.call import Call
from triptych.port.layers.hypotheses import OF_LAYERS, glue_alternatives
from triptych.port.side import PADS

SOURCES = (
    splits_of_width.hypotheses,
    order_of_calls.hypotheses,
    rotary_pairs.hypotheses,
    shared_layers.hypotheses,
    calls_of_a.hypotheses,
    calls_of_a.other_sources,
    insertions,
)
MOST_ALIKE = 3  # calls of one name between two layers that are changed at once


@dataclass(frozen=True)
class Remedy:
    """An alternative at a place, as an edit of B's run."""

    alternative: Alternative
    where: str  # in B
    edits: Edits


class Hypotheses:
    """Every hypothesis about the gaps of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison, self.b = comparison, comparison.b
        self.segments: dict[int, list[Step]] = {}

    def of(self, gap: Gap, family: str = "") -> Iterator[Remedy]:
        """What might close a gap; only those of a family, if one is named."""
        source = self.in_layer(gap) if gap.what == "out" else self.before_layer(gap)
        return (r for r in source if not family or r.alternative.family == family)

    def in_layer(self, gap: Gap) -> Iterator[Remedy]:
        """Other settings of a layer, with the padding in front of it and without."""
        step = gap.step_b
        assert step is not None
        units = [u for u in self.b.units if gap.at in u.calls and u.kind != "free"]
        for unit in units[:1]:
            of_kind = OF_LAYERS.get(unit.kind)
            if of_kind is None:
                continue
            partner = self.comparison.a.units[self.comparison.to_a[unit.index]]
            for found in of_kind(Call.of(step), partner, unit):
                yield Remedy(found, step.where, Edits({step.index: found.function}))
            for others in (states_of_a, masked_steps, attention_inputs):
                for found in others.alternatives(self.comparison, step):
                    yield Remedy(found, step.where, Edits({step.index: found.function}))
            for inner in self.inner(step):
                for found in glue_alternatives(inner, self.comparison.known):
                    yield Remedy(found, inner.where, Edits({inner.index: found.function}))
            entry = self.b.entry(step)
            assert entry is not None
            pad = self.comparison.first_step(step, entry)
            if pad is step or pad.name not in PADS:
                continue
            for found in rearrangements.of_pads(pad):
                yield Remedy(found, pad.where, Edits({pad.index: found.function}))
            for found in [*of_kind(Call.of(step), partner, unit), unchanged(step)]:
                without = Alternative(
                    found.family, f"{found.cause}; and A does not pad in front of it".lstrip("; "),
                    f"{found.edit}, without the padding in front".lstrip(", "), found.function,
                    found.entry,
                )  # fmt: skip
                edits = Edits({step.index: found.function, pad.index: on_first(lambda x: x)})
                yield Remedy(without, step.where, edits)

    def before_layer(self, gap: Gap) -> Iterator[Remedy]:
        """Other calls between layers; then what B may lack there."""
        steps = self.segment(gap)
        known = self.comparison.known
        for found, place, edits in written_over.hypotheses(self.comparison, gap, steps):
            yield Remedy(found, place, edits)
        for step in steps:
            for found in glue_alternatives(step, known):
                yield Remedy(found, step.where, Edits({step.index: found.function}))
        yield from self.at_all_alike(steps)
        for step in steps:
            for found in masks_of_a.alternatives(self.comparison, step):
                yield Remedy(found, step.where, Edits({step.index: found.function}))
        for source in SOURCES:
            for found, place, edits in source(self.comparison, gap, steps):
                yield Remedy(found, place, edits)

    def at_all_alike(self, steps: list[Step]) -> Iterator[Remedy]:
        """One change at every call of a name, as of keys and of values."""
        named: dict[str, list[Step]] = {}
        for step in steps:
            named.setdefault(step.name, []).append(step)
        for calls in named.values():
            if 1 < len(calls) <= MOST_ALIKE:
                found = [list(glue_alternatives(step, self.comparison.known)) for step in calls]
                for each in zip(*found, strict=False):
                    if len({alternative.cause for alternative in each}) == 1:
                        edits = {s.index: e.function for s, e in zip(calls, each, strict=True)}
                        yield Remedy(each[0], calls[0].where, Edits(edits))

    def segment(self, gap: Gap) -> list[Step]:
        """The steps between the layers before and this gap."""
        target = self.target(gap)
        if target not in self.segments:  # the values change with the edits, the calls do not
            self.segments[target] = self.b.tape.before([target], self.anchors())
        return self.segments[target]

    def inner(self, step: Step) -> list[Step]:
        """What B calls in front of a layer that is the second half of one layer of A."""
        entry = self.b.entry(step)
        if entry is None or self.comparison.partners[step.index].fed is not None:
            return []
        return self.b.tape.before([entry], self.anchors())

    def target(self, gap: Gap) -> int:
        """The value of B that is compared."""
        if gap.at == OUTPUT:
            return self.comparison.result_values(self.b)[0]
        step = self.b.tape.steps[gap.at]
        entry = self.b.entry(step)
        assert entry is not None
        return entry

    def anchors(self) -> Values:
        """The values that stand: what is given, and what paired layers made."""
        known = self.comparison.known
        made = [v for i in self.comparison.partners for v in self.b.tape.steps[i].outputs]
        return {v: known[v] for v in [*self.b.tape.given, *made]}


def unchanged(step: Step) -> Alternative:
    """The layer as it is."""
    return Alternative("padding in front", "", "", step.function)
