"""Charts keep every peak when thinned and show a broken budget; weights are drawn exactly."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from compare.comparison import Comparison, Finding, Outcome
from compare.page import charts, weights, write_page
from compare.page.backends import APPEARANCES, Panel, read_panels
from compare.page.svg import HEIGHT
from course.record import read_record
from tests.page.conftest import BACKENDS, Made, pose

DRAWING = re.compile(r'<svg class="chart".*?</svg>', re.DOTALL)
LARGEST = 2_000_000  # bytes: a page that opens at once from a memory stick


@pytest.mark.parametrize("length", [1, 2, charts.STRETCHES, charts.STRETCHES + 1, 5000])
def test_a_curve_keeps_its_ends_and_extremes(length: int) -> None:
    losses = np.random.default_rng(0).normal(size=length)
    at, mean, low, high = charts.envelope(losses)
    assert low.min() == losses.min()
    assert high.max() == losses.max()
    assert (at[0], at[-1]) == (0, length - 1)
    assert (mean[0], mean[-1]) == (losses[0], losses[-1])
    assert (np.diff(at) >= 0).all()
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert len(at) <= charts.STRETCHES + 2


def test_a_stretch_that_is_not_finite_leaves_one_hole() -> None:
    losses = np.ones(5000)
    losses[2500] = np.nan
    _, mean, _, _ = charts.envelope(losses)
    assert np.isnan(mean).sum() == 1


def test_of_each_stretch_the_gap_that_used_most_of_its_budget_is_drawn() -> None:
    rng = np.random.default_rng(0)
    allowed = rng.uniform(1e-6, 1e-3, 5000)
    gaps = 0.9 * allowed
    step = int(np.argmin(allowed))
    gaps[step] = 1.01 * allowed[step]  # over, and yet smaller than many a budget beside it
    at = charts.peaks(gaps, allowed)
    assert step in at
    assert len(at) == charts.GAP_STRETCHES


def test_every_backend_is_a_group_in_every_drawing(made: Made) -> None:
    drawings = DRAWING.findall(made.file.read_text(encoding="utf-8"))
    assert len(drawings) == 4
    for losses, gaps in zip(drawings[::2], drawings[1::2], strict=True):
        assert set(re.findall(r'data-backend="([\w-]+)"', losses)) == set(BACKENDS)
        assert set(re.findall(r'data-backend="([\w-]+)"', gaps)) == set(BACKENDS) - {"numpy"}


def test_drawings_share_no_id_and_keep_no_colour_of_their_own(made: Made) -> None:
    drawings = DRAWING.findall(made.file.read_text(encoding="utf-8"))
    ids = [name for drawing in drawings for name in re.findall(r' id="([^"]+)"', drawing)]
    assert ids
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        referred = re.findall(r'(?:href="#|url\(#)([\w-]+)', drawing)
        assert set(referred) <= set(ids)
        assert not re.search(r"#[0-9a-f]{6}\b", re.sub(r"(url\(|href=\").*?[)\"]", "", drawing))


def test_a_broken_budget_is_drawn_above_the_line(made: Made) -> None:
    """The highest point of the curve is above every point of the budget; otherwise it is below."""
    drawn = {}
    for factor in (1.0, 1e9):
        panels = read_panels(made.comparison)
        panels = [panels[0], panels[1]]
        moved = panels[1].arrays["softmax/losses"]
        truth = panels[0].arrays["softmax/losses"]
        panels[1].arrays["softmax/losses"] = (truth + (moved - truth) * factor).astype(truth.dtype)
        gaps = charts.draw(panels, "softmax").gaps
        curve = re.search(r'<g data-backend="torch">\s*<path d="([^"]+)"', gaps)
        budget = re.search(r'<path d="([^"]+)"[^>]*style="[^"]*stroke: var\(--over\)', gaps)
        assert curve
        assert budget
        drawn[factor] = [np.array(_heights(found[1])) for found in (curve, budget)]
    curve_low, budget_line = drawn[1.0]
    assert curve_low.min() > budget_line.max()  # y counts down from the top
    curve_high, budget_line = drawn[1e9]
    assert curve_high.max() < budget_line.min()


ENDS = np.array([0, 1e-300, 5e-324, 1, 1e300, np.finfo(float).max, -1e308, np.inf, np.nan])


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["complete", "diverged", "relu"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_losses_of_any_size_are_drawn_without_a_warning(kind: str, dtype: str) -> None:
    rng = np.random.default_rng(0)
    card = {
        "lesson": 2, "dtype": dtype,
        "runs": {"run": {"status": kind.replace("relu", "complete"),
                         "layers": [[2, 2, "relu"]] if kind == "relu" else []}},
    }  # fmt: skip
    for length in (1, 5, 300):
        panels = []
        for backend in ("numpy", "torch"):
            with np.errstate(over="ignore"):
                losses = rng.choice(ENDS, length).astype(dtype)
            outcome = Outcome(backend, "complete")
            panels.append(Panel(backend, outcome, {"run/losses": losses}, card))
        drawn = charts.draw(panels, "run")
        assert 'data-backend="torch"' in drawn.losses
        assert not re.search(r"(?i)[^a-z](nan|inf)[ ,\"]", drawn.losses + drawn.gaps)


def test_the_page_is_one_file_of_a_reasonable_size(made: Made) -> None:
    text = made.file.read_text(encoding="utf-8")
    assert made.file.stat().st_size < LARGEST
    # A namespace of SVG is a name and no address.
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", text)
    assert "@import" not in text
    assert str(made.file.parent) not in text, "a path of this machine"


def test_without_its_reference_a_page_says_so_and_draws_no_chart(
    made: Made, tmp_path: Path
) -> None:
    outcomes = [o for o in made.comparison.outcomes if o.backend != "numpy"]
    alone = Comparison(3, made.comparison.dtype, 0, "numpy", outcomes)
    text = write_page(alone, tmp_path / "alone.html").read_text(encoding="utf-8")
    assert 'svg class="chart"' not in text


def test_a_faulty_backend_has_its_place_on_the_page(made: Made, tmp_path: Path) -> None:
    """NaN losses, fewer losses, a kernel of another shape: all are drawn."""
    arrays, card = read_record(folder_of(made, "torch"))
    arrays["softmax/losses"][5:] = np.nan
    arrays["optimum/losses"] = arrays["optimum/losses"][:7]
    arrays["optimum/param_0"] = arrays["optimum/param_0"][:, :3]
    arrays["softmax/param_0"][0, 0] = np.inf
    pose(tmp_path / "torch", arrays, card, "torch", 0.0)
    over = Finding("trajectory", "softmax", "losses", float("inf"), 1e-12, "[5]", 5)
    outcomes = [
        made.comparison.outcomes[0],
        Outcome("torch", "complete", folder=tmp_path / "torch", findings=[over]),
        Outcome("keras", "failed", "out of memory"),
    ]
    broken = Comparison(3, made.comparison.dtype, 0, "numpy", outcomes)
    text = write_page(broken, tmp_path / "broken.html").read_text(encoding="utf-8")
    assert 'class="verdict bad"' in text
    assert "torch first in trajectory (softmax/losses[5], step 5: not finite" in text
    assert "out of memory" in text
    assert len(DRAWING.findall(text)) == 4


def test_no_two_backends_look_alike() -> None:
    """Without colour: by dashes and marker; and markers alone are enough."""
    assert len({look.marker for look in APPEARANCES.values()}) == len(APPEARANCES)
    assert len({look.light for look in APPEARANCES.values()}) == len(APPEARANCES)
    assert len({look.dark for look in APPEARANCES.values()}) == len(APPEARANCES)


@pytest.mark.parametrize(("theme", "paper"), [("light", "#FFFFFF"), ("dark", "#14161A")])
def test_every_line_can_be_seen_on_its_paper(theme: str, paper: str) -> None:
    """3 : 1, as WCAG 2.2 asks of graphics (1.4.11)."""
    for backend, look in APPEARANCES.items():
        ratio = _contrast(getattr(look, theme), paper)
        assert ratio >= 3, f"{backend}: {ratio:.2f}"


def folder_of(made: Made, backend: str) -> Path:
    """Where a backend's record is."""
    (folder,) = [o.folder for o in made.comparison.outcomes if o.backend == backend]
    assert folder
    return folder


def _contrast(a: str, b: str) -> float:
    first, second = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _heights(path: str) -> list[float]:
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
    assert all(0 <= y <= 72 * HEIGHT for y in numbers[1::2])
    return numbers[1::2]


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
