"""The quantities of a row, and what a release did to each of them.

A stage of a lesson has the same bits as before, or other bits within its budget, or has left it. A
value of the catalogue or a default is the same, the same within the entry's tolerance, or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from triptych.differences.entry import Entry
from triptych.differences.values import format_value, same
from triptych.ledger.rows import Row

State = Literal["first", "same", "within", "changed", "broken", "works", "absent"]
SIGNS: dict[State, str] = {
    "first": "○", "same": "=", "within": "≈", "changed": "≠", "broken": "✗", "works": "+",
    "absent": "·",
}  # fmt: skip
MEANINGS: dict[State, str] = {
    "first": "the oldest that was measured", "same": "the same bits as before",
    "within": "other bits, within the budget", "changed": "changed", "broken": "does not run",
    "works": "runs for the first time", "absent": "not measured",
}  # fmt: skip
NEWS = ("changed", "broken", "works")  # the states that have a sentence of their own
STAGES = (  # of a lesson, in the order in which a run depends on them
    "data", "initial weights", "batch order", "forward", "loss", "gradient", "update", "trajectory",
    "metric",
)  # fmt: skip
KINDS = ("stage", "entry", "default")
FLOOR = 1e-6  # tolerance of an entry that the catalogue no longer has
TWICE = 2.0  # two gaps to NumPy over the budget are the same if neither is twice the other


@dataclass(frozen=True)
class Quantity:
    """What one row says about one quantity; no value if it does not run there."""

    kind: str  # one of KINDS
    key: str  # such as "lesson 3 float32 forward", "adam_epsilon matched" or "adam.epsilon"
    value: Any = None
    reason: str = ""  # why it does not run
    bits: str = ""  # digest of a stage
    code: str = ""  # digest of an entry's snippet

    @property
    def runs(self) -> bool:
        """Whether it has a value."""
        return not self.reason

    @property
    def line(self) -> str:
        """The line of the table on which it stands: default and matched share their entry's."""
        return self.key.partition(" ")[0] if self.kind == "entry" else self.key

    def text(self) -> str:
        """Its value in words."""
        if self.reason:
            return self.reason
        if self.kind == "stage":
            return "no gap to NumPy" if not self.value else f"{share(self.value)} of its budget"
        if isinstance(self.value, dict) and self.value.keys() != {"raises"}:
            return str(self.value)
        return format_value(self.value)


def share(number: float) -> str:
    """A share of a budget, as text."""
    return f"{number:.2g}" if number < 1e4 else f"{number:.0e}"


def quantities(row: Row) -> dict[str, Quantity]:
    """Everything that a row says, by kind and key."""
    found = [*_stages(row), *_entries(row), *_defaults(row)]
    return {f"{one.kind} {one.key}": one for one in found}


def _stages(row: Row) -> Iterator[Quantity]:
    for lesson, dtypes in row.lessons.items():
        for dtype, result in dtypes.items():
            for stage, one in result["stages"].items():
                key = f"lesson {lesson} {dtype} {stage}"
                yield Quantity("stage", key, one["share"] or 0.0, bits=one["bits"])
            if result["status"] != "complete":
                for stage in STAGES:
                    yield Quantity("stage", f"lesson {lesson} {dtype} {stage}",
                                   reason=result["reason"])  # fmt: skip


def _entries(row: Row) -> Iterator[Quantity]:
    for name, run in row.catalogue.items():
        for function in ("default", "matched"):
            if "broken" in run:
                yield Quantity("entry", f"{name} {function}", reason=run["broken"])
            elif function in run:
                raised = run.get("reasons", {}).get(function, "")
                yield Quantity("entry", f"{name} {function}", run[function], raised,
                               code=run["code"])  # fmt: skip


def _defaults(row: Row) -> Iterator[Quantity]:
    for name, value in row.defaults.items():
        yield Quantity("default", name, value)


def state(old: Quantity | None, new: Quantity | None, entries: Mapping[str, Entry]) -> State:
    """What became of a quantity. old: in the last release before in which it ran, if it did."""
    if new is None:
        return "absent"
    if old is None:
        return "broken" if not new.runs else "first"
    if not new.runs:
        return "broken"
    if not old.runs:
        return "works"
    if new.kind == "stage":
        return _of_stage(old, new)
    if repr(old.value) == repr(new.value):  # nan is the same as nan
        return "same"
    if new.kind == "entry" and same(old.value, new.value, tolerance(new, entries)):
        return "within"
    return "changed"


def _of_stage(old: Quantity, new: Quantity) -> State:
    if old.bits == new.bits:
        return "same"
    if new.value <= 1 and old.value <= 1:
        return "within"
    low, high = sorted((old.value, new.value))
    return "within" if low > 1 and high < TWICE * low else "changed"


def tolerance(one: Quantity, entries: Mapping[str, Entry]) -> float:
    """How far two values of an entry may be apart."""
    entry = entries.get(one.line)
    if entry is None:
        return FLOOR
    return entry.round_off if one.key.endswith(" matched") else entry.tolerance
