"""Explain gap after gap of the forward pass; a remedy counts only if its gap vanishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from triptych.port.budgets import Budgets
from triptych.port.capture.tape import NO_EDITS, Edits, Step, Values, execute
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
from triptych.port.causes.cause import Cause, Place
from triptych.port.causes.descriptions import describe
from triptych.port.causes.first_new_numbers import first_new_numbers
from triptych.port.causes.missing import insertions
from triptych.port.causes.places import name_of, place_of, where_a, where_b
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layers import rearrangements
from triptych.port.layers.alternative import Alternative, on_first
from triptych.port.layers.call import Call
from triptych.port.layers.hypotheses import OF_LAYERS, glue_alternatives
from triptych.port.layouts import fit
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
MOST_CAUSES = 40
MOST_ALIKE = 3  # calls of one name between two layers that are changed at once
# What a hypothesis raises that does not fit: torch asserts some shapes, and a call of A may be the
# user's own.
FAILURES = (Exception,)


@dataclass(frozen=True)
class Remedy:
    """An alternative at a place, as an edit of B's run."""

    alternative: Alternative
    where: str  # in B
    edits: Edits


class Search:
    """The search for causes in one comparison of models of this dtype."""

    def __init__(self, comparison: Comparison, dtype: str) -> None:
        self.comparison, self.budgets = comparison, Budgets(comparison, dtype)
        self.b = comparison.b
        self.edits, self.causes = NO_EDITS, list[Cause]()
        self.unexplained: set[tuple[int, str]] = set()
        self.segments: dict[int, list[Step]] = {}

    def run(self) -> list[Cause]:
        """Every cause, in the order in which B meets them."""
        self.gaps = self.comparison.gaps()
        while len(self.causes) < MOST_CAUSES:
            gaps = self.open_gaps()
            if not gaps:
                break
            self.explain(gaps)
        return self.causes

    def open_gaps(self) -> list[Gap]:
        """The gaps over the tolerance that have not been given up."""
        return [
            gap
            for gap in self.gaps
            if not gap.size <= self.budget(gap) and gap.key not in self.unexplained
        ]

    def budget(self, gap: Gap) -> float:
        """What is rounding at this place."""
        return self.budgets.of(gap, [] if gap.what == "out" else self.segment(gap))

    def explain(self, gaps: list[Gap]) -> None:
        """Name the first gap, or describe it; then mend what is like it."""
        first = gaps[0]
        for remedy in self.remedies(first):
            after = self.gap_with(first, remedy.edits)
            if after <= self.budget(first) and self.accept(first, remedy, after, gaps[1:]):
                return
        self.unexplained.add(first.key)
        place = Place(where_a(first), self.located(first), first.size, first.size)
        text = describe(first.a, first.b)
        self.causes.append(Cause("forward", text, proved=False, places=[place]))

    def located(self, gap: Gap) -> str:
        """B's place of a gap: the first call between the layers that gives what A does not have."""
        if gap.what == "out":
            return where_b(gap)
        steps, anchors = self.segment(gap), self.anchors()
        try:
            step = first_new_numbers(self.comparison, gap, steps, anchors, self.edits)
        except FAILURES:
            step = None
        return where_b(gap) if step is None else place_of(gap, step.where)

    def accept(self, gap: Gap, remedy: Remedy, after: float, others: list[Gap]) -> bool:
        """Keep a proved remedy, and the same one wherever the same gap vanishes by it.

        Returns whether B runs with it: where it does not, another layer reads its shapes.
        """
        found = remedy.alternative
        places = [Place(where_a(gap), place_of(gap, remedy.where), gap.size, after)]
        edits = remedy.edits
        for other in others:
            if other.what != gap.what or (gap.what == "out" and name_of(other) != name_of(gap)):
                continue
            if (size := self.gap_with(other, edits)) <= self.budget(other):
                continue  # this remedy closes it as well
            for same in self.remedies(other, found.family):
                if (size := self.gap_with(other, same.edits)) <= self.budget(other):
                    where = place_of(other, same.where)
                    places.append(Place(where_a(other), where, other.size, size))
                    edits = edits.also(same.edits)
                    break
        before = len(self.open_gaps())
        for these in (edits, remedy.edits):
            try:
                self.gaps = self.comparison.gaps(self.edits.also(these))
            except FAILURES:
                continue
            now = {g.key for g in self.open_gaps()}
            if gap.key in now or len(now) >= before:
                continue  # it only moves the difference
            self.edits = self.edits.also(these)
            remaining = places if these is edits else places[:1]
            self.causes.append(
                Cause(
                    "forward", found.cause, found.edit, found.entry, places=remaining,
                    edits=these, frameworks_differ=found.frameworks_differ,
                )
            )  # fmt: skip
            return True
        self.gaps = self.comparison.gaps(self.edits)
        return False

    def remedies(self, gap: Gap, family: str = "") -> Iterator[Remedy]:
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

    def gap_with(self, gap: Gap, edits: Edits) -> float:
        """The size of a gap under an edit; infinite if B cannot run so."""
        try:
            with torch.no_grad():
                return self.resized(gap, self.edits.also(edits))
        except FAILURES:
            return float("inf")  # the hypothesis does not fit the shapes

    def resized(self, gap: Gap, edits: Edits) -> float:
        """Run only what lies between the last layers and this gap."""
        comparison = self.comparison
        if gap.what == "out":
            step = self.b.tape.steps[gap.at]
            partner = comparison.partners[gap.at]
            assert partner.gave is not None
            fed = partner.fed
            if fed is not None:
                entry = self.b.entry(step)
                assert entry is not None
                own = comparison.known[entry]
                _, value = comparison.fitted(fed, own, step)
                if value is None:  # A's input in another shape, or one that B cannot read
                    value = fed if fed.shape[1] == own.shape[1] else own
                made = comparison.run_layer(step, value, comparison.known, edits)
            else:
                local = dict(comparison.known)
                for each in [*self.inner(step), step]:
                    execute(each, local, edits)
                made = local[step.outputs[0]]
            return comparison.fitted_result(partner.gave, made, step)[0]
        target, values = self.target(gap), self.anchors()
        for step in self.segment(gap):
            execute(step, values, edits)
        if gap.at == OUTPUT:
            made = values[target] if edits.result is None else edits.result(values[target])
            return fit(comparison.results(comparison.a, comparison.a.values)[0], made)[0]
        step = self.b.tape.steps[gap.at]
        made = comparison.read_by(step, target, values, edits)
        fed = comparison.partners[gap.at].fed
        assert fed is not None
        return comparison.fitted(fed, made, step)[0]


def unchanged(step: Step) -> Alternative:
    """The layer as it is."""
    return Alternative("padding in front", "", "", step.function)
