"""What a check found: the stages, the causes, and whether the models are the same."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from triptych.port.causes.cause import Cause
from triptych.port.report.text import lines, verdict

SAME, DIFFERS, NOT_COMPARABLE = 0, 1, 3  # exit statuses; 2 is wrong use


@dataclass
class Stage:
    """One stage of the check. ok is None where it did not run, with the reason in text."""

    name: str
    ok: bool | None
    text: str


@dataclass
class Row:
    """A pair of layers, for the map and the page.

    gap_in, gap_out: before any remedy, of the first call; None where nothing was compared.
    """

    a: str
    b: str
    kind: str
    score: float
    gap_in: float | None = None
    gap_out: float | None = None
    after_in: float | None = None
    after_out: float | None = None


@dataclass
class Result:
    """The result of one check.

    unmapped: parameters without a counterpart, as A:name or B:name. ambiguous: pairs that nothing
    settled. end: the gap of the models' results, with A's weights in B and nothing else changed;
    proof: the same with every remedy applied.
    """

    dtype: str
    tolerance: float
    stages: list[Stage] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: float = math.inf
    proof: float = math.inf

    @property
    def ok(self) -> bool:
        """Whether the models are the same: comparable, and without a cause or an open gap."""
        return self.status == SAME

    @property
    def status(self) -> int:
        """The command's exit status."""
        if self.unmapped or self.ambiguous:
            return NOT_COMPARABLE
        return DIFFERS if self.causes or not self.end <= self.tolerance else SAME

    @property
    def is_port_right(self) -> bool:
        """Whether nothing differs but what the frameworks themselves do otherwise."""
        mistakes = [cause for cause in self.causes if not cause.frameworks_differ]
        return self.status != NOT_COMPARABLE and not mistakes and self.proof <= self.tolerance

    @property
    def first(self) -> Cause | None:
        """The first difference, in the order of execution."""
        return self.causes[0] if self.causes else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "status": self.status, "dtype": self.dtype, "tolerance": self.tolerance,
            "end": number(self.end), "proof": number(self.proof),
            "stages": [vars(stage) for stage in self.stages],
            "causes": [
                {
                    "stage": cause.stage, "text": cause.text, "edit": cause.edit,
                    "entry": cause.entry, "proved": cause.proved,
                    "frameworks_differ": cause.frameworks_differ,
                    "places": [
                        {"a": p.a, "b": p.b, "before": number(p.before), "after": number(p.after)}
                        for p in cause.places
                    ],
                }
                for cause in self.causes
            ],
            "unmapped": self.unmapped, "ambiguous": self.ambiguous, "notes": self.notes,
            "map": [
                {"a": r.a, "b": r.b, "kind": r.kind, "score": round(r.score, 3)} for r in self.rows
            ],
        }  # fmt: skip

    @property
    def verdict(self) -> str:
        """The result in one line."""
        comparable = self.status != NOT_COMPARABLE
        return verdict(self.causes, comparable, self.end, self.proof, self.ok)

    def __str__(self) -> str:
        """The report as plain text."""
        marks = {True: "ok", False: "differs", None: "not run"}
        text = [f"{stage.name:<11} {marks[stage.ok]:<8} {stage.text}" for stage in self.stages]
        text += [f"note: {note}" for note in self.notes]
        text += [line for i, cause in enumerate(self.causes, 1) for line in lines(i, cause)]
        text += [f"unmapped: {name}" for name in self.unmapped]
        text += [f"ambiguous: {name}" for name in self.ambiguous]
        return "\n".join([*text, self.verdict])


def number(value: float) -> float | str:
    """JSON has no infinity."""
    return value if math.isfinite(value) else str(value)
