"""Explain gap after gap of the forward pass; a remedy counts only if its gap vanishes."""

from __future__ import annotations

from collections.abc import Callable

import torch

from triptych.port.budgets import Budgets
from triptych.port.capture.tape import NO_EDITS, Edits, execute
from triptych.port.causes.cause import Cause, Place
from triptych.port.causes.descriptions import describe
from triptych.port.causes.first_new_numbers import first_new_numbers
from triptych.port.causes.places import name_of, place_of, where_a, where_b
from triptych.port.causes.remedies import Hypotheses, Remedy
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layouts import fit

MOST_CAUSES = 40
# What a hypothesis raises that does not fit: torch asserts some shapes, and a call of A may be the
# user's own.
FAILURES = (Exception,)


class Search:
    """The search for causes in one comparison of models of this dtype.

    progress: is told of each gap that is looked into.
    """

    def __init__(
        self, comparison: Comparison, dtype: str, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self.comparison, self.budgets = comparison, Budgets(comparison, dtype)
        self.progress = progress
        self.b = comparison.b
        self.edits, self.causes = NO_EDITS, list[Cause]()
        self.unexplained: set[tuple[int, str]] = set()
        self.hypotheses = Hypotheses(comparison)

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
        return self.budgets.of(gap, [] if gap.what == "out" else self.hypotheses.segment(gap))

    def explain(self, gaps: list[Gap]) -> None:
        """Name the first gap, or describe it; then mend what is like it."""
        first = gaps[0]
        self.progress(f"explain {where_b(first)}, one of {len(gaps)} places that differ")
        budget = self.budget(first)  # of shapes alone, which no remedy changes
        for remedy in self.hypotheses.of(first):
            after = self.gap_with(first, remedy.edits)
            if after <= budget and self.accept(first, remedy, after, gaps[1:]):
                return
        self.unexplained.add(first.key)
        place = Place(where_a(first), self.located(first), first.size, first.size)
        text = describe(first.a, first.b)
        self.causes.append(Cause("forward", text, proved=False, places=[place]))

    def located(self, gap: Gap) -> str:
        """B's place of a gap: the first call between the layers that gives what A does not have."""
        if gap.what == "out":
            return where_b(gap)
        steps, anchors = self.hypotheses.segment(gap), self.hypotheses.anchors()
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
            for same in self.hypotheses.of(other, found.family):
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
                for each in [*self.hypotheses.inner(step), step]:
                    execute(each, local, edits)
                made = local[step.outputs[0]]
            return comparison.fitted_result(partner.gave, made, step)[0]
        target, values = self.hypotheses.target(gap), self.hypotheses.anchors()
        for step in self.hypotheses.segment(gap):
            execute(step, values, edits)
        if gap.at == OUTPUT:
            made = values[target] if edits.result is None else edits.result(values[target])
            return fit(comparison.results(comparison.a, comparison.a.values)[0], made)[0]
        step = self.b.tape.steps[gap.at]
        made = comparison.read_by(step, target, values, edits)
        fed = comparison.partners[gap.at].fed
        assert fed is not None
        return comparison.fitted(fed, made, step)[0]
