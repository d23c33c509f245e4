"""A cause, and the verdict, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from triptych.port.causes.cause import Cause

PLACES = 4  # listed for each cause


def lines(number: int, cause: Cause) -> Iterator[str]:
    """A cause: where it is, what differs, what to write instead, and the gaps."""
    yield f"{number}. {cause.stage}: {cause.places[0].b}"
    named = "" if cause.proved else "located, not named: "
    whose = " (the frameworks differ here: no mistake of the port)" * cause.frameworks_differ
    yield f"   {named}{cause.text}{whose}"
    if cause.edit and not cause.frameworks_differ:
        count = f" at {len(cause.places)} places" if len(cause.places) > 1 else ""
        yield f"   edit{count}: {cause.edit}"
    for one in cause.places[:PLACES]:
        after = f" → {one.after:.1e}" if cause.proved else ""
        yield f"   A {one.a} · B {one.b}: gap {one.before:.1e}{after}"
    if len(cause.places) > PLACES:
        yield f"   and {len(cause.places) - PLACES} more"
    if cause.entry:
        yield f"   triptych differences {cause.entry}"


def verdict(causes: list[Cause], is_comparable: bool, end: float, proof: float, ok: bool) -> str:
    """The last line."""
    if not is_comparable:
        return "not comparable: some parameters have no counterpart"
    if ok:
        return f"same: A and B are the same function (gap {end:.1e})"
    open_ones = sum(not cause.proved for cause in causes)
    rest = f", {open_ones} located but not named" if open_ones else ""
    many = f"{len(causes)} cause{'s' * (len(causes) != 1)}"
    return f"differs: {many}{rest}; gap of the results {end:.1e}, with every remedy {proof:.1e}"
