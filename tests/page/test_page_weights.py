"""Weights as pictures: the pixels are the numbers, where the data have them."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from compare.page import weights
from compare.page.backends import read_panels
from tests.page.conftest import Made

HALF_A_LEVEL = 0.51 / (weights.CLEAR - 1) * 2  # of the scale from −1 to 1


def test_a_sheet_shows_each_column_upright_in_its_place() -> None:
    rng = np.random.default_rng(0)
    kernel = rng.uniform(-1, 1, (36, 7))
    page = weights.sheet(kernel, 1.0)
    assert page.shape == (2 * 6 + weights.MARGIN, 5 * 6 + 4 * weights.MARGIN)
    for i in range(7):
        y, x = (i // 5) * (6 + weights.MARGIN), (i % 5) * (6 + weights.MARGIN)
        shown = page[y : y + 6, x : x + 6].astype(float) / (weights.CLEAR - 1) * 2 - 1
        assert np.abs(shown - kernel[:, i].reshape(6, 6)).max() <= HALF_A_LEVEL
    assert (page[6:8] == weights.CLEAR).all()


def test_the_picture_is_the_sheet() -> None:
    page = np.arange(32, dtype=np.uint8).reshape(4, 8)
    image = Image.open(BytesIO(base64.b64decode(weights.png(page).partition(",")[2])))
    pixels = np.asarray(image.convert("RGBA"))
    assert pixels.shape == (4, 8, 4)
    assert tuple(pixels[0, 0]) == (*weights.DARK, 255)
    assert tuple(pixels[1, 7]) == (*weights.MIDDLE, 255)
    assert tuple(pixels[3, 6]) == (*weights.BRIGHT, 255)
    assert pixels[3, 7, 3] == 0
    brightness = pixels.reshape(-1, 4)[: weights.CLEAR, :3].astype(int).sum(1)
    assert (np.diff(brightness) > 0).all(), "without colour, brighter must still mean more"


@pytest.mark.parametrize(
    ("shape", "is_one"),
    [((784, 10), True), ((49, 10), True), ((25, 1), True), ((16, 4), False), ((120, 3), False)],
)
def test_a_kernel_is_a_picture_if_its_inputs_are_a_square(
    shape: tuple[int, int], is_one: bool
) -> None:
    assert weights.is_picture(np.zeros(shape)) is is_one


def test_of_many_units_the_strongest_are_shown_the_same_on_every_backend() -> None:
    kernel = np.zeros((25, 128))
    strong = [3, 5, 8, 13, 21, 34, 55, 89, 100, 127]
    kernel[:, strong] = 1.0
    assert weights.chosen(kernel) == strong


def test_differences_are_shown_only_where_there_are_some(made: Made) -> None:
    panels = read_panels(made.comparison)
    pictures = weights.draw(panels, "softmax")
    assert pictures
    assert [s.backend for s in pictures.sheets] == [p.backend for p in panels]
    assert pictures.sheets[0].largest == "the reference"
    assert not pictures.sheets[0].difference
    changed = [not np.array_equal(p.arrays["softmax/param_0"], panels[0].arrays["softmax/param_0"])
               for p in panels]  # fmt: skip
    assert any(changed)
    assert [bool(s.difference) for s in pictures.sheets] == changed
    assert "Ankle boot" in pictures.caption
