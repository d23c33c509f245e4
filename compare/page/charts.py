"""Two charts for each training run: the losses of all backends, and their gaps to the reference.

Curves that agree lie on top of each other, so each backend has its markers at places of its own on
the common line; they disappear with the backend. A long curve is divided into stretches. For losses
the chart shows each stretch's mean, in a band from its lowest to its highest; for gaps, the one
that used the most of its budget, so no peak is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.contract import Array
from compare.budgets import budget_of_run, steps_before_divergence
from compare.findings import diverges, why_chaotic
from compare.gaps import gaps as distance
from compare.page.backends import Panel
from compare.page.formatting import power_of_ten, short
from compare.page.svg import BUDGET, HEIGHT, PROBE, WIDTH, inline, placeholder
from course.overflow import HIGHEST, drawable, quietly

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRETCHES = 100  # of a loss curve; a curve with fewer steps is drawn step by step
GAP_STRETCHES = 50  # of a gap, which varies more from step to step
BEADS = 4  # markers of a backend along a curve
DECADES = 2.0  # a loss that spans more of them has a logarithmic axis
SMALLEST = 1 / HIGHEST  # the least value on a logarithmic axis


@dataclass(frozen=True)
class Charts:
    """Both charts of a run, with notes."""

    run: str
    losses: str
    gaps: str
    note: str


def draw(panels: Sequence[Panel], run: str) -> Charts:
    """The charts of one run for these backends, the reference first."""
    curves = {p.backend: p.arrays[f"{run}/losses"] for p in panels if f"{run}/losses" in p.arrays}
    shown = [p for p in panels if p.backend in curves]
    truth = curves[panels[0].backend]
    card = panels[0].card
    healthy, notes = len(truth), []
    if diverges(card, run):
        healthy = min(steps_before_divergence(truth, curve) for curve in curves.values())
        notes.append(
            f"This run diverges on purpose. It is judged for {healthy} steps, while its loss is "
            "finite and below a million times the first."
        )
    allowed = budget_of_run(card, run).for_losses(truth)
    reason = why_chaotic(card, run)
    judged = not reason
    if reason:
        notes.append(
            f"{reason} in float32: one rounding error, such as one that switches a unit, separates "
            "two runs for good, in every framework. There is no budget for the curve; single steps "
            "from shared weights are judged instead."
        )
    gaps = {
        name: distance(truth[: len(curve)], curve[: len(truth)])[:healthy]
        for name, curve in curves.items()
    }
    del gaps[panels[0].backend]
    with own_settings():
        return Charts(
            run,
            _losses(shown, run, curves),
            _gaps(shown, run, gaps, allowed[:healthy] if judged else None),
            " ".join(notes),
        )


@quietly
def envelope(losses: Array, stretches: int = STRETCHES) -> tuple[Array, Array, Array, Array]:
    """Steps, means, minima and maxima of the stretches of a curve, (k,) each; both ends stay.

    A stretch with a value that is not finite has a NaN mean, which leaves a gap in the line.
    """
    steps = np.arange(len(losses))
    if len(losses) <= stretches:
        return steps, losses, losses, losses
    parts = np.array_split(steps, stretches)
    middle = [0, *(int(part.mean()) for part in parts), len(losses) - 1]
    values = [losses[:1], *(losses[part] for part in parts), losses[-1:]]
    mean, low, high = ([of(v) for v in values] for of in (np.mean, np.min, np.max))
    return np.array(middle), np.array(mean), np.array(low), np.array(high)


@quietly
def peaks(gaps: Array, allowed: Array | None, stretches: int = GAP_STRETCHES) -> Array:
    """Which steps of a gap to draw: in each stretch the one that used the most of its budget."""
    if len(gaps) <= stretches:
        return np.arange(len(gaps))
    share = gaps if allowed is None or not allowed.all() else gaps / allowed[: len(gaps)]
    parts = np.array_split(np.arange(len(gaps)), stretches)
    return np.array([part[np.argmax(share[part])] for part in parts])


def outline(marker: str) -> str:
    """The outline of a matplotlib marker as the `d` of an SVG path, about 10 units across."""
    from matplotlib.markers import MarkerStyle

    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform()).interpolated(1)
    corners = np.asarray(path.to_polygons()[0], float) * [10, -10]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def _losses(panels: Sequence[Panel], run: str, curves: dict[str, Array]) -> str:
    figure, axes = _paper()
    for i, panel in enumerate(panels):
        at, mean, low, high = envelope(drawable(curves[panel.backend]))
        # The reference is a broad line, so that the others can be seen to lie on it.
        broad, alpha = (5.0, 0.4) if i == 0 else (1.3, 1.0)
        group: dict[str, Any] = {"color": placeholder(i), "gid": f"backend:{panel.backend}"}
        axes.fill_between(at, low, high, alpha=0.2 if i == 0 else 0.03, linewidth=0, **group)
        _curve(axes, panel, i, len(panels), at, mean, linewidth=broad, alpha=alpha)
    truth = curves[panels[0].backend]
    seen = drawable(truth)
    seen = seen[np.isfinite(seen)]
    if len(seen) and seen.min() > 0 and np.ptp(np.log10(seen)) > DECADES:
        _logarithmic(axes, max(seen.min(), SMALLEST) / 2, seen.max() * 2)
    else:
        axes.set_ylim(bottom=min(0.0, 1.05 * seen.min(initial=0.0)))
    axes.set_ylabel("loss of the batch")
    count = f"{len(truth):,} steps" if len(truth) != 1 else "one step"
    alt = (
        f"Run {run}, {count}: the loss goes from {short(float(truth[0]))} to "
        f"{short(float(truth[-1]))} on {panels[0].backend}, drawn as a broad band. "
        + " ".join(
            f"{p.backend} ends at {short(float(curves[p.backend][-1]))}." for p in panels[1:]
        )
    )
    return _finished(figure, axes, f"losses-{run}", alt, panels)


def _gaps(
    panels: Sequence[Panel], run: str, gaps: dict[str, Array], allowed: Array | None
) -> str:  # fmt: skip
    figure, axes = _paper()
    numbers = [*gaps.values(), *([allowed] if allowed is not None else [])]
    seen = np.concatenate([np.zeros(0), *numbers])
    seen = np.clip(seen[(seen > 0) & np.isfinite(seen)], SMALLEST, HIGHEST)
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (1.0, 1.0)
    zero = 10.0 ** (np.floor(np.log10(low)) - 1)  # where no gap at all is drawn
    _logarithmic(axes, zero / 2, high * 6, zero=zero, empty=not seen.size)
    if allowed is not None and allowed.size:
        steps = np.arange(len(allowed))
        parts = np.array_split(steps, min(GAP_STRETCHES, len(steps)))
        at = np.array([part[np.argmin(allowed[part])] for part in parts])
        line = np.clip(allowed[at], zero, high)
        axes.plot(at, line, color=BUDGET, linewidth=2.5, linestyle=(0, (5, 2)))
        axes.fill_between(at, line, high * 60, color=BUDGET, alpha=0.12, linewidth=0)
        label = "budget" if allowed.any() else "budget: 0, equal to the bit"
        axes.annotate(
            label, (0.98, line[-1]), xycoords=("axes fraction", "data"), xytext=(0, 4),
            textcoords="offset points", ha="right", va="bottom", color=BUDGET, fontweight="bold",
        )  # fmt: skip
    for i, panel in enumerate(panels[1:]):
        gap = gaps[panel.backend]
        at = peaks(np.nan_to_num(gap, posinf=np.finfo(float).max), allowed)
        shown = np.clip(gap[at], zero, high * 4)
        _curve(axes, panel, i + 1, len(panels), at, shown, linewidth=1.6)
    axes.set_ylabel(f"distance to {panels[0].backend}")
    worst = [f"{name} at most {short(float(g.max(initial=0)))}" for name, g in gaps.items()]
    alt = f"Run {run}: the distance of each loss to {panels[0].backend}’s. {', '.join(worst)}."
    if allowed is not None and allowed.size:
        alt += f" The budget is between {short(float(allowed.min()))} and "
        alt += f"{short(float(allowed.max()))}."
    return _finished(figure, axes, f"gaps-{run}", alt, panels)


@contextmanager
def own_settings() -> Iterator[None]:
    """Draw with matplotlib's defaults and our settings, ignoring the user's matplotlibrc."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(PROBE)
        yield


def _paper() -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT))
    return figure, figure.subplots()


def _curve(
    axes: Axes, panel: Panel, i: int, of: int, at: Array, values: Array, **style: Any
) -> None:  # fmt: skip
    """One backend's line as a group of its own, with markers where no other backend has any."""
    places = (np.arange(BEADS) + (i + 0.5) / of) / BEADS * len(at)
    beads = sorted({min(int(bead), len(at) - 1) for bead in places}) if len(at) else []
    group: dict[str, Any] = {"color": placeholder(i), "gid": f"backend:{panel.backend}"}
    axes.plot(
        at, values, linestyle=panel.appearance.dashes, solid_joinstyle="round",
        solid_capstyle="round", **group, **style,
    )  # fmt: skip
    # Above all lines, or the last backend's line would hide the markers of the others.
    axes.plot(
        at[beads], values[beads], linestyle="", marker=panel.appearance.marker, markersize=6.5,
        markeredgewidth=0, zorder=3, **group,
    )  # fmt: skip


def _logarithmic(
    axes: Axes, low: float, high: float, zero: float | None = None, empty: bool = False
) -> None:
    """Label powers of ten, at most seven of them; `zero` is the height at which 0 is drawn.

    empty: all values are 0, so powers of ten would be meaningless.
    """
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    first, last = int(np.ceil(np.log10(low))), int(np.floor(np.log10(high)))
    first += zero is not None
    exponents = range(first, last + 1, max(1, -(-(last + 1 - first) // 7)))
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    names = {} if empty else {10.0**e: power_of_ten(e) for e in exponents}
    names |= {zero: "0"} if zero else {}
    axes.yaxis.set_major_locator(FixedLocator(list(names)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: names.get(value, "")))
    axes.yaxis.set_minor_locator(NullLocator())


def _finished(figure: Figure, axes: Axes, name: str, alt: str, panels: Sequence[Panel]) -> str:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlabel("step")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
    colours = {placeholder(i): f"var(--{p.backend})" for i, p in enumerate(panels)}
    return inline(figure, name, alt, colours)
