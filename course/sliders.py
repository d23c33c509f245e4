"""Sliders for the knobs of a notebook; a script takes KNOBS="…" instead."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

from course.plotting.style import in_notebook

FINEST = 100  # at least so many positions between a slider's ends


def sliders(on_change: Callable[..., Any], **knobs: tuple[float, float, float]) -> None:
    """Call on_change(knob=value, …) when a slider moves. knobs: (lowest, highest, first value).

    A knob of three whole numbers moves by whole numbers.
    """
    if not in_notebook():
        return
    try:
        widgets = importlib.import_module("ipywidgets")
    except ImportError:
        print("for sliders, install ipywidgets; or change the numbers above and run the cell again")
        return
    wide = {"layout": widgets.Layout(width="32em"), "style": {"description_width": "8em"}}
    widgets.interact(
        on_change,
        **{
            name: (widgets.IntSlider if are_whole(*knob) else widgets.FloatSlider)(
                description=name.replace("_", " "), **scale(*knob), **wide
            )
            for name, knob in knobs.items()
        },
    )


def are_whole(*numbers: float) -> bool:
    """Whether all of them are of type int."""
    return all(isinstance(number, int) for number in numbers)


def scale(low: float, high: float, value: float) -> dict[str, Any]:
    """A slider's ends, step, first value and number format.

    A browser moves a slider to the nearest step as it draws it. So the first value is a step, and
    the ends are moved outwards where they are none, or where the value lies beyond them.
    """
    if are_whole(low, high, value):
        ends = {"min": min(low, value), "max": max(high, value)}
        return {"value": value, **ends, "step": 1, "readout_format": "d"}
    low, high, value = float(low), float(high), float(value)
    step = _round_step((high - low) / FINEST)
    down, up = (math.ceil(max(reach, 0) / step - 1e-9) for reach in (value - low, high - value))
    ends = {"min": round(value - down * step, 12), "max": round(value + up * step, 12)}
    # Six digits, without zeros at the end.
    return {"value": value, **ends, "step": step, "readout_format": ".6"}


def _round_step(most: float) -> float:
    """The largest of 1, 2, 5, 10, … and 0.5, 0.2, 0.1, … that is at most this."""
    power = 10.0 ** math.floor(math.log10(most))
    factor = max(factor for factor in (1, 2, 5) if factor * power <= most * (1 + 1e-9))
    return round(factor * power, 12)
