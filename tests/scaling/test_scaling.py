"""The page on scaling matches its measurements, and the code its stated model."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from course.provenance import without_commit
from tools.scaling.__main__ import MEASURED, PAGE, WORKERS, page
from tools.scaling.model import Cable, Computing, step

COMPUTING, CABLE = Computing(once=1e-4, each=2e-6), Cable(alpha=3e-5, beta=4e-9)
SIZE = 400_000
# The rounding error of a fit of two numbers to points on a line: a few ε, times the square of a
# condition number of the sizes (a byte to a megabyte).
FITTED = 1e-9


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    result: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return result


def test_the_page_matches_the_measurements(measured: dict[str, Any]) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert without_commit(written) == without_commit(page(measured)), "run python -m tools.scaling"


def test_other_measurements_give_another_page(measured: dict[str, Any]) -> None:
    other = deepcopy(measured)
    other["seconds"]["weak 3"][0] *= 2
    assert page(other) != page(measured)


def test_one_worker_sends_nothing() -> None:
    assert CABLE.all_reduce(1, SIZE) == 0
    assert step(1, 100, SIZE, COMPUTING, CABLE) == COMPUTING.seconds(100)


@pytest.mark.parametrize("workers", WORKERS[1:])
def test_each_worker_sends_less_than_two_copies_in_twice_as_many_turns(workers: int) -> None:
    turns = 2 * (workers - 1)
    assert Cable(1.0, 0.0).all_reduce(workers, SIZE) == turns
    copies = Cable(0.0, 1.0).all_reduce(workers, SIZE) / SIZE
    assert copies == pytest.approx(turns / workers)
    assert 1 <= copies < 2


def test_workers_that_share_cores_take_turns() -> None:
    alone = step(4, 50, SIZE, COMPUTING, CABLE)
    assert step(4, 50, SIZE, COMPUTING, CABLE, cores=2) == pytest.approx(2 * alone)
    assert step(4, 50, SIZE, COMPUTING, CABLE, cores=8) == alone


def test_a_fit_recovers_its_parameters() -> None:
    rows, sizes = (16, 32, 128), (4, 65_536, 1_000_000)
    computing = Computing.fitted(rows, [COMPUTING.seconds(n) for n in rows])
    assert (computing.once, computing.each) == pytest.approx((1e-4, 2e-6), rel=FITTED)
    cable = Cable.fitted(sizes, [CABLE.all_reduce(2, size) for size in sizes])
    assert (cable.alpha, cable.beta) == pytest.approx((3e-5, 4e-9), rel=FITTED)


def test_every_assumption_has_its_source() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (table,) = (part for part in text.split("\n\n") if part.startswith("| assumption"))
    rows = [row.split("|")[1:3] for row in table.splitlines()[2:]]
    assert len(rows) >= 8
    assert all(what.strip() and why.strip() for what, why in rows)
    for name in ("Hockney", "Patarasuk & Yuan", "Li et al."):
        assert name in table
    assert "extrapolated" in text


def test_the_tables_go_to_1024_workers_and_the_check_to_four() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for title in ("## Strong scaling", "## Weak scaling"):
        rows = [line for line in text.split(title)[1].split("\n## ")[0].splitlines()
                if line.startswith("| ") and line[2].isdigit()]  # fmt: skip
        assert [int(row.split("|")[1].replace(",", "")) for row in rows] == WORKERS
        assert WORKERS[-1] == 1024
    checked = text.split("## Checked")[1].split("\n## ")[0]
    assert {row[2] for row in checked.splitlines() if row.startswith("| ")} >= set("1234")
