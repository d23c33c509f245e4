"""Where gaps and remedies are, for a reader."""

from __future__ import annotations

from triptych.port.forward import Gap


def name_of(gap: Gap) -> str:
    """The name of B's call at a gap."""
    return gap.step_b.name if gap.step_b is not None else ""


def where_a(gap: Gap) -> str:
    """A's place of a gap."""
    return gap.step_a.where if gap.step_a is not None else "the model's result"


def where_b(gap: Gap) -> str:
    """B's place of a gap."""
    if gap.step_b is None:
        return "the model's result"
    return gap.step_b.where if gap.what == "out" else f"before {gap.step_b.where}"


def place_of(gap: Gap, where: str) -> str:
    """Where the remedy is applied, and where the gap shows if that is elsewhere."""
    if gap.what == "out" or where.startswith("before"):
        return where
    return f"{where}, seen {where_b(gap)}" if gap.step_b else where
