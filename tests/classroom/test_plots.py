"""Plots are taken from notebooks, and nothing else that a notebook may hold."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest

from classroom.plots import LARGEST, MOST, PNG, plots_in


def png(width: int = 4, height: int = 3, rest: bytes = b"") -> str:
    """The base64 of something that begins as a PNG of this size."""
    header = struct.pack(">I4sII", 13, b"IHDR", width, height)
    return base64.b64encode(PNG + header + rest).decode()


def notebook(*pictures: Any) -> bytes:
    """A notebook with one code cell for each picture, behind a cell of prose."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": "# Title"}]
    cells += [
        {"cell_type": "code", "source": "", "outputs": [{"data": {"image/png": picture}}]}
        for picture in pictures
    ]
    return json.dumps({"cells": cells}).encode()


def test_a_plot_has_its_cell_and_size() -> None:
    (plot,) = plots_in(notebook(None, png(640, 480)), ".ipynb")
    assert (plot.place, plot.width, plot.height) == ("code cell 2", 640, 480)


def test_base64_may_have_lines() -> None:
    whole = png()
    parts = [whole[:8] + "\n", whole[8:]]
    assert plots_in(notebook(parts), ".ipynb") == plots_in(notebook(whole), ".ipynb")


@pytest.mark.parametrize("picture", [
    "", "no base64!", base64.b64encode(b"<svg onload='alert(1)'/>").decode(), 7, {"a": 1}, ["a", 1],
    png(0, 5), png(10**6, 5), png(rest=b"x" * LARGEST), base64.b64encode(PNG).decode(),
    png() + '"><script>alert(1)</script>',
])  # fmt: skip
def test_anything_else_is_left_out(picture: Any) -> None:
    assert plots_in(notebook(picture), ".ipynb") == ()


@pytest.mark.parametrize("content", [
    b"", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [{"cell_type": "code", "outputs": [7]}]}',
    b"[" * 100_000, b'{"cells": [{"cell_type": "code", "outputs": 7}]}',
])  # fmt: skip
def test_a_broken_notebook_has_none(content: bytes) -> None:
    assert plots_in(content, ".ipynb") == ()


def test_their_number_is_limited_and_a_program_has_none() -> None:
    assert len(plots_in(notebook(*[png()] * (MOST + 3)), ".ipynb")) == MOST
    assert plots_in(notebook(png()), ".py") == ()
