"""Compare the rows of a backend one after the other: the table of states, and a sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from triptych.differences.entry import Entry
from triptych.ledger.causes import UNKNOWN, Cause
from triptych.ledger.quantities import NEWS, STAGES, Quantity, State, quantities, state
from triptych.ledger.rows import Row

NOTHING = "(not there)"
# The packages whose version can change a number; the others only have to be there.
COMPUTING = ("flax", "jax", "jaxlib", "keras", "ml-dtypes", "numba", "numpy", "optax", "scipy",
             "tensorflow", "torch")  # fmt: skip
WORST: tuple[State, ...] = ("broken", "changed", "works", "within", "first", "same", "absent")


@dataclass(frozen=True)
class Change:
    """What one release did to one quantity, or to several in the same way."""

    row: Row
    before: Row  # the release with which it is compared
    state: State
    keys: tuple[Quantity, ...]  # as they are now, or as they were where they do not run
    old: str
    new: str
    cause: Cause = UNKNOWN

    @property
    def date(self) -> str:
        """The day of the release."""
        return self.row.released or "date unknown"

    @property
    def kind(self) -> str:
        """stage, entry or default."""
        return self.keys[0].kind

    @property
    def lines(self) -> set[str]:
        """The lines of the table that it is about."""
        return {one.line for one in self.keys}

    def sentence(self, entries: Mapping[str, Entry]) -> str:
        """The dated sentence, without its cause."""
        what = self.what(entries)
        others = f" with {', '.join(self.companions)}" if self.companions else ""
        now = {
            "changed": f"{what}: {self.new}, before {self.old}",
            "broken": f"{what}: does not run ({self.new})",
            "works": f"{what}: {self.new}; before, {self.they} did not run ({self.old})",
            "within": f"{what}: other bits, {self.rounding}; {self.new}",
        }[self.state]
        return f"{self.date}, {self.row.name} (before: {self.before.version}){others}: {now}"

    @property
    def companions(self) -> list[str]:
        """The packages that compute beside the framework and changed with it."""
        return [
            f"{name} {self.row.companions[name]} for {version}"
            for name, version in self.before.companions.items()
            if name in COMPUTING and self.row.companions.get(name, version) != version
        ]

    @property
    def rounding(self) -> str:
        """How far other bits are from NumPy."""
        is_over = self.kind == "stage" and any(_value(one) > 1 for one in self.keys)
        return "as far over the budget as before" if is_over else "within the budget"

    @property
    def they(self) -> str:
        """The pronoun for its quantities."""
        return "it" if len(self.keys) == 1 else "they"

    def what(self, entries: Mapping[str, Entry]) -> str:
        """The quantities, in words."""
        if self.kind == "stage":
            return summary([one.key for one in self.keys])
        names = []
        for one in self.keys:
            entry = entries.get(one.line) if one.kind == "entry" else None
            remedy = ", with its remedy" if one.key.endswith(" matched") else ""
            title = f"{entry.title} ({entry.name}{remedy})" if entry else f"{one.line}{remedy}"
            names.append(title if one.kind == "entry" else f"the default {one.key}")
        return "; ".join(names)


@dataclass
class History:
    """The rows of one backend, the state of every line in each of them, and the changes."""

    rows: list[Row]
    states: dict[tuple[str, str], list[State]] = field(default_factory=dict)  # by kind and line
    values: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # as text
    changes: list[Change] = field(default_factory=list)


def history(
    rows: Sequence[Row], entries: Mapping[str, Entry], causes: Sequence[Cause] = ()
) -> History:
    """Compare each row with the one before, the oldest first."""
    result = History(list(rows))
    last: dict[str, Quantity] = {}  # where it last ran
    broken: dict[str, Quantity] = {}  # what the row before could not run
    before = None
    for row in rows:
        now = with_gone(quantities(row), last, row)
        found: dict[str, State] = {}
        for key, one in now.items():
            found[key] = _state(last.get(key), one, before, entries)
            if found[key] in ("same", "within") and key in broken:
                found[key] = "works"
        _enter(result, row, now, found)
        if before is not None:
            news = {k: s for k, s in found.items() if not (s == "broken" and k in broken)}
            old = {key: broken.get(key) or last.get(key) for key in news}
            result.changes += _changes(row, before, old, now, news, entries, causes)
        broken = {key: now[key] for key, what in found.items() if what == "broken"}
        last |= {key: one for key, one in now.items() if one.runs or key not in last}
        before = row
    for line in [one for one, s in result.states.items() if set(s) <= {"broken", "absent"}]:
        del result.states[line], result.values[line]
    return result


def with_gone(now: dict[str, Quantity], last: Mapping[str, Quantity], row: Row) -> dict[
    str, Quantity
]:  # fmt: skip
    """A row's quantities, with the defaults that it no longer has, and what it could not run."""
    gone = {
        key: replace(one, value=NOTHING, reason=row.refused)
        for key, one in last.items()
        if one.kind == "default" and key not in now
    }
    if row.unobserved:
        gone |= {
            key: replace(one, value=None, reason=row.unobserved)
            for key, one in last.items()
            if one.kind == "entry" and key not in now
        }
    return now | gone


def _state(
    old: Quantity | None, new: Quantity, before: Row | None, entries: Mapping[str, Entry]
) -> State:
    if old is None and new.kind == "default" and before is not None and before.ran:
        return "changed"  # an argument that the release added
    what = state(old, new, entries)
    rewritten = old is not None and old.code != new.code and bool(new.code)
    return "first" if rewritten and what in NEWS else what


def _enter(
    result: History, row: Row, now: Mapping[str, Quantity], found: Mapping[str, State]
) -> None:
    """Enter a row's states into the table; two functions of an entry share a line."""
    place = result.rows.index(row)
    for key, one in now.items():
        line = (one.kind, one.line)
        states = result.states.setdefault(line, ["absent"] * len(result.rows))
        values = result.values.setdefault(line, [""] * len(result.rows))
        states[place] = min(states[place], found[key], key=WORST.index)
        values[place] = "; ".join(filter(None, (values[place], one.text())))


def _changes(
    row: Row, before: Row, old: Mapping[str, Quantity | None], now: Mapping[str, Quantity],
    found: Mapping[str, State], entries: Mapping[str, Entry], causes: Sequence[Cause],
) -> list[Change]:  # fmt: skip
    """The changes of a release. What happened in one way, by one cause, is one change."""
    groups: dict[tuple[State, str, str, str, Cause | None], list[str]] = {}
    for key, what in found.items():
        one, was = now[key], old.get(key)
        reason = alone = ""
        if what in NEWS:
            reason = one.reason or (was.reason if was else "")
            alone = "" if what != "changed" and reason else key
        elif what != "within" or one.kind != "stage":
            continue
        cause = written(row, one.key, causes)
        groups.setdefault((what, one.kind, reason, alone, cause), []).append(key)
    changes = []
    for (what, _, _, _, cause), keys in groups.items():
        ones, was = tuple(now[key] for key in keys), old.get(keys[0])
        text = was.text() if was else NOTHING
        changes.append(Change(row, before, what, ones, text, _new(what, ones), cause or UNKNOWN))
    return [
        replace(each, cause=cause_of(each, changes, entries)) if each.cause is UNKNOWN else each
        for each in changes
    ]


def written(row: Row, key: str, causes: Sequence[Cause]) -> Cause | None:
    """The cause that the file has for what a release did to a quantity."""
    return next((cause for cause in causes if cause.fits(row.backend, row.version, key)), None)


def _new(what: State, ones: Sequence[Quantity]) -> str:
    """What several quantities are now, in words."""
    if ones[0].kind == "stage" and what in ("within", "works"):
        most = max(ones, key=_value)
        return f"at most {most.text()}" if len(ones) > 1 and most.value else most.text()
    return "they run" if what == "works" and len(ones) > 1 else ones[0].text()


def _value(one: Quantity) -> float:
    return float(one.value or 0.0)


def cause_of(change: Change, others: Sequence[Change], entries: Mapping[str, Entry]) -> Cause:
    """Where the file has no cause: the missing API, or the entry that shows it, or unknown."""
    if change.state == "broken":
        return Cause("this release lacks or refuses what the message names")
    if change.state == "works" and change.old != change.new:
        return Cause("the release before lacks or refuses what its message names")
    if change.kind == "default" and NOTHING in (change.old, change.new):
        return Cause(
            f"the release has {'added' if change.old == NOTHING else 'removed'} this argument"
        )
    if change.kind == "entry":
        return Cause(f"unknown; `triptych differences {change.keys[0].line}` shows it")
    if change.kind == "stage" and change.state == "changed":
        lesson = int(change.keys[0].key.split()[1])
        of_lesson = [
            one.line
            for other in others
            if other.kind == "entry" and other.state == "changed"
            for one in other.keys
            if one.line in entries and lesson in entries[one.line].lessons
        ]
        if of_lesson:
            return Cause(f"perhaps {', '.join(of_lesson)}, which changed with it")
    return UNKNOWN


def summary(keys: Sequence[str]) -> str:
    """Stages by lesson and dtype: lesson 3 float32 (forward, loss)."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        _, lesson, dtype, stage = key.split(" ", 3)
        groups.setdefault((dtype, stage), []).append(lesson)
    by_lessons: dict[tuple[str, ...], list[str]] = {}
    for (dtype, stage), lessons in groups.items():
        by_lessons.setdefault((dtype, " ".join(lessons)), []).append(stage)
    return "; ".join(
        f"lesson{'s' if ' ' in lessons else ''} {lessons} in {dtype} ({_stages(stages)})"
        for (dtype, lessons), stages in by_lessons.items()
    )


def _stages(stages: list[str]) -> str:
    return "all stages" if set(stages) == set(STAGES) else ", ".join(stages)
