"""The stages of a check, in order: capture, pair, transfer, forward, causes, training, proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.port.adjust import adjust
from triptych.port.causes.cause import Cause
from triptych.port.causes.search import Search
from triptych.port.copies import vary_constants
from triptych.port.forward import Gap
from triptych.port.matching import Matching
from triptych.port.module_settings import with_other_settings
from triptych.port.precision import TOLERANCE
from triptych.port.result import Result, Row, Stage
from triptych.port.settle import LARGE, settle
from triptych.port.side import Side
from triptych.port.training.moved_edits import NotTheSameCalls
from triptych.port.training.steps import Plan, Training

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Report no progress."""


@dataclass
class Check:
    """A check of two models that may be changed: copies, or built for it.

    fixed: pairs of units that the user settled, by name.
    """

    a: Any
    b: Any
    inputs_a: Sequence[Any]
    inputs_b: Sequence[Any]
    dtype: str = "float64"
    seed: int = 0
    fixed: Sequence[tuple[str, str]] = ()
    plan: Plan | None = None
    progress: Progress = silent

    def run(self) -> Result:
        """Every stage."""
        result = Result(self.dtype, TOLERANCE[self.dtype])
        self.progress("record both models")
        self.capture(result)
        self.progress("find the counterpart of each parameter")
        self.pair(result)
        self.transfer(result)
        self.progress("compare layer by layer")
        self.forward(result)
        if self.plan is not None:
            self.progress("replay training steps")
            self.train(result, self.plan)
        return result

    def capture(self, result: Result) -> None:
        """Record both models."""
        self.side_a = Side.of("A", self.a, self.inputs_a)
        self.side_b = Side.of("B", self.b, self.inputs_b)
        self.side_a.read_as(self.side_b)
        self.side_b.read_as(self.side_a)
        varied = vary_constants(self.side_a.parameters(), self.seed)
        if varied:
            self.side_a.rerun()
            result.notes.append(
                f"{len(varied)} parameters of A are constant, such as {varied[0]}: the check puts "
                "noise on them, since equal ones hide mistakes"
            )
        calls = [len(side.tape.steps) for side in (self.side_a, self.side_b)]
        result.stages.append(Stage("capture", True, f"{calls[0]} calls in A, {calls[1]} in B"))

    def pair(self, result: Result) -> None:
        """Find the counterpart of each parameter."""
        self.matching = Matching.of(self.side_a, self.side_b, self.fixed)
        result.ambiguous = settle(self.matching)
        result.end = self.matching.comparison().end()
        other = with_other_settings(self.matching, self.inputs_b, result.tolerance)
        if other is not None:
            self.matching, cause = other
            result.ambiguous, result.causes = [], [cause]
        self.adjusted = adjust(self.matching, result.tolerance)
        result.unmapped = self.matching.unmapped()
        is_full = not result.unmapped and not result.ambiguous
        result.stages.append(Stage("pair", is_full, self.matching.counts()))

    def transfer(self, result: Result) -> None:
        """Say what was carried over."""
        done, reordered = self.matching.carried, self.matching.flattened
        lacking = f", {len(done.missing)} parameters on one side only" if done.missing else ""
        back = ", and back bit for bit" if not done.changed else (
            f"; not back bit for bit: {', '.join(name for _, name in done.changed[:3])}"
        )  # fmt: skip
        turned = f", rows reordered for {len(reordered)} Flatten" if reordered else ""
        result.stages.append(
            Stage(
                "transfer",
                not done.missing,
                f"{done.entries:,} numbers from A to B{back}{lacking}{turned}",
            )
        )

    def forward(self, result: Result) -> None:
        """Local gaps, their causes, and the proof."""
        comparison = self.matching.comparison()
        before = comparison.gaps()
        result.proof = comparison.end()
        self.comparison = comparison
        result.causes += self.adjusted
        search = Search(comparison, self.dtype, self.progress)
        wrong = [gap for gap in before if not gap.size <= search.budget(gap)]
        if result.proof <= result.tolerance:  # other ways to the same result are no mistakes
            search.unexplained = {gap.key for gap in wrong if self.is_harmless(gap)}
        found = search.run()
        self.edits = search.edits
        after = comparison.gaps(search.edits)
        result.proof = comparison.end(search.edits)
        if result.proof <= result.tolerance:
            found = self.with_effect(found, result)
        elif result.ambiguous:
            found = [under_an_open_pairing(cause, result.ambiguous) for cause in found]
        result.causes += found
        if result.proof <= result.tolerance:
            result.ambiguous = []  # either way is the same function
        result.rows = rows(self.matching, before, after)
        result.stages.append(
            Stage(
                "forward", not result.causes and result.proof <= result.tolerance,
                f"{len(before)} places compared, {len(wrong)} differ; "
                f"gap of the results {result.end:.1e}",
            )
        )  # fmt: skip
        if result.causes:
            result.stages.append(
                Stage("proof", result.proof <= result.tolerance,
                      f"with every remedy, nothing put in: gap {result.proof:.1e}")
            )  # fmt: skip

    def is_harmless(self, gap: Gap) -> bool:
        """Whether a gap is one that the result does not depend on, if the results agree.

        In float32 a small one may only be hidden by the results' rounding.
        """
        return self.dtype == "float64" or gap.size > LARGE

    def with_effect(self, causes: list[Cause], result: Result) -> list[Cause]:
        """Without differences that nothing proved and that the result does not depend on."""
        for cause in causes:
            if not cause.proved:
                result.notes.append(
                    f"{cause.places[0].b} gives other numbers, on which the result does not depend"
                )
        return [cause for cause in causes if cause.proved]

    def train(self, result: Result, plan: Plan) -> None:
        """Loss, gradients, statistics and updates, with the forward pass mended."""
        names = ("loss", "gradients", "statistics", "update")
        reason = ""
        if not result.proof <= result.tolerance:
            reason = "not run: the forward pass still differs"
        training = Training(
            self.comparison, self.matching.pairs, (self.inputs_a, self.inputs_b), plan
        )
        try:
            still = training.run(self.edits) if not reason else []
        except NotTheSameCalls:
            reason = "not run: in training mode B runs other calls; mend its forward pass first"
        if reason:
            result.stages += [Stage(name, None, reason) for name in names]
            return
        if still:
            result.notes.append(f"random layers were held still: {', '.join(dict.fromkeys(still))}")
        result.causes += training.causes
        for name in names:
            if name in training.not_run:
                result.stages.append(Stage(name, None, training.not_run[name]))
                continue
            found = [c for c in training.causes if c.stage == name]
            if name == "update" and (plan.optimizer_a is None or plan.optimizer_b is None):
                result.stages.append(Stage(name, None, "not run: no optimizers were given"))
                continue
            text = f"{plan.steps} steps" if name == "update" else "the first step"
            result.stages.append(Stage(name, not found, text))


def under_an_open_pairing(cause: Cause, ambiguous: list[str]) -> Cause:
    """A cause at a layer whose counterpart is not settled is not proved."""
    names = {name for line in ambiguous for name in line.replace(" for ", " or ").split(" or ")}
    if any(f"{name} (" in place.b for place in cause.places for name in names):
        cause.proved = False
        cause.text = f"if the layers are paired rightly: {cause.text}"
    return cause


def rows(matching: Matching, before: list[Gap], after: list[Gap]) -> list[Row]:
    """The map, with the gaps of each pair."""
    sizes = [{gap.key: gap.size for gap in gaps} for gaps in (before, after)]
    made = []
    for one in sorted(matching.pairs, key=lambda p: p.b):
        a, b = matching.a.units[one.a], matching.b.units[one.b]
        step = b.calls[0]
        made.append(
            Row(a.name, b.name, b.kind, one.score,
                sizes[0].get((step, "in")), sizes[0].get((step, "out")),
                sizes[1].get((step, "in")), sizes[1].get((step, "out")))
        )  # fmt: skip
    return made
