"""The plots in a submission: PNG pictures among the outputs of a notebook's cells.

A notebook is untrusted. Only what begins as a PNG of moderate size is taken, a limited number of
them, and nothing is decoded here: a browser shows the picture as an image, which runs no script.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">8s4x4sII")  # signature, length of the first part, its name, width, height
MOST = 12  # plots of one submission
LARGEST = 3 * 1024**2  # bytes of one plot
WIDEST = 8000  # pixels; a browser would need a gigabyte for larger ones


@dataclass(frozen=True)
class Plot:
    """A PNG in base64 and its place, such as `code cell 5`. width, height: in pixels."""

    data: str
    place: str
    width: int
    height: int


def plots_in(content: bytes, suffix: str) -> tuple[Plot, ...]:
    """The plots in the bytes of a submission; none in a .py file, which has no outputs."""
    if suffix != ".ipynb":
        return ()
    try:
        cells = [cell for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]
        pictures = [
            (data, f"code cell {number}")
            for number, cell in enumerate(cells, 1)
            for output in cell.get("outputs", [])
            if (data := output.get("data", {}).get("image/png"))
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    return checked(pictures)


def checked(pictures: list[tuple[Any, str]]) -> tuple[Plot, ...]:
    """The first pictures that are PNG. pictures: untrusted base64, and where each comes from."""
    found = (plot for data, place in pictures if (plot := _plot(data, place)) is not None)
    return tuple(plot for plot, _ in zip(found, range(MOST), strict=False))


def _plot(data: Any, place: str) -> Plot | None:
    """A plot, or None for anything else."""
    text = "".join(data) if isinstance(data, list) and all(map(_is_text, data)) else data
    if not isinstance(text, str) or len(text) > 2 * LARGEST:
        return None
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not HEADER.size <= len(raw) <= LARGEST:
        return None
    signature, first, width, height = HEADER.unpack_from(raw)
    if signature != PNG or first != b"IHDR" or not 0 < width <= WIDEST or not 0 < height <= WIDEST:
        return None
    return Plot(base64.b64encode(raw).decode("ascii"), place, width, height)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
