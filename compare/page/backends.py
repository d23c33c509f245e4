"""Each backend on the page: its record, the facts on its card, and its appearance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapters.contract import Array
from compare.comparison import Comparison, Outcome
from course.record import read_record


@dataclass(frozen=True)
class Appearance:
    """How a backend's lines look: by colour, and without colour by dashes and marker."""

    light: str  # on white: at least 3 : 1
    dark: str  # on near-black
    dashes: str
    marker: str


# Okabe & Ito's eight colours, the light ones darkened for white paper. The reference has the colour
# of the text; the variants of Keras have similar names, and their markers distinguish them.
APPEARANCES: dict[str, Appearance] = {
    "numpy": Appearance("#1A1A1A", "#F2F2F2", "-", "o"),
    "torch": Appearance("#D55E00", "#FF8A3D", "-", "s"),
    "tensorflow": Appearance("#A86F00", "#F0B032", "--", "^"),
    "keras": Appearance("#B5508A", "#E59CC8", "-.", "D"),
    "keras-torch": Appearance("#6F6600", "#F0E442", ":", "P"),
    "keras-jax": Appearance("#2482BE", "#6EC3F2", (":"), "X"),
    "jax": Appearance("#0060A0", "#4DA3E8", "-", "v"),
    "pytensor": Appearance("#00795A", "#2CC79B", "--", "*"),
}
UNKNOWN = Appearance("#5A5A5A", "#BDBDBD", "-", "h")  # a backend that is not in the table


@dataclass(frozen=True)
class Panel:
    """One backend that ran: its arrays, its card, its place in the comparison."""

    backend: str
    outcome: Outcome
    arrays: dict[str, Array]
    card: dict[str, Any]

    @property
    def appearance(self) -> Appearance:
        """Its colours, dashes and marker."""
        return APPEARANCES.get(self.backend, UNKNOWN)

    @property
    def runs(self) -> list[str]:
        """The training runs with a loss per step, in the order in which the lesson made them."""
        names = [key.removesuffix("/losses") for key in self.arrays if key.endswith("/losses")]
        return [name for name in names if not name.startswith("search/")]


def read_panels(comparison: Comparison) -> list[Panel]:
    """The backends whose lesson is complete, the reference first."""
    done = [o for o in comparison.outcomes if o.status == "complete" and o.folder is not None]
    panels = [Panel(o.backend, o, *read_record(o.folder)) for o in done if o.folder]
    return sorted(panels, key=lambda panel: panel.backend != comparison.reference)


def facts(panel: Panel) -> Iterator[tuple[str, str]]:
    """The rows of a panel, the same and in the same order for every backend."""
    card = panel.card
    accuracy, memory = card["accuracy"], card["peak_memory_mb"]
    versions = [f"{name} {number}" for name, number in card["versions"].items()]
    ours = card["update"] == "ours"
    yield "accuracy", f"{accuracy:.2%}" if accuracy is not None else "not measured here"
    yield "time per step", _times(card["runs"]) or "not timed: the lesson makes its own steps"
    yield "whole process", f"{panel.outcome.seconds or card['seconds']:.1f} s"
    yield "peak memory", f"{memory:,.0f} MB" if memory is not None else "unknown on this system"
    yield "update", "ours, by the equation" if ours else "the framework’s optimizer"
    yield "versions", ", ".join(versions)
    yield "device", f"{card['device']}, {card['platform']}"
    yield "threads", str(card["threads"])
    yield "dtype", card["dtype"]
    yield "seed", str(card["seed"])


def _times(runs: dict[str, Any]) -> str:
    timed = {name: run for name, run in runs.items() if run["steps"]}
    return ", ".join(
        f"{name} {1000 * run['seconds'] / run['steps']:.2f} ms" for name, run in timed.items()
    )
