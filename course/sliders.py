"""Sliders for the knobs of a notebook; a script takes KNOBS="…" instead."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from course.plotting.style import in_notebook


def sliders(on_change: Callable[..., Any], **knobs: tuple[float, float, float]) -> None:
    """Call on_change(knob=value, …) when a slider moves. knobs: (lowest, highest, first value)."""
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
            name: widgets.FloatSlider(
                description=name.replace("_", " "), value=value, min=low, max=high,
                step=(high - low) / 200, **wide,
            )
            for name, (low, high, value) in knobs.items()
        },
    )  # fmt: skip
