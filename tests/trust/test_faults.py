"""Faults put into running lessons: a sample of each kind here, and the table of all of them.

`python -m tests.trust.faults --report docs/reports/faults.md` makes the table, in an hour or two.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adapters import BACKENDS
from course.provenance import without_commit
from course.settings import ROOT
from tests.trust.faults import disk, signals
from tests.trust.faults.__main__ import COUNTS, FAULTS, ROWS, counted, report
from tests.trust.faults.bench import HARMLESS, ONE_LINE, RIGHT, WRONG, Bench, Done, Outcome

EXPENSIVE = ("clock", "relay")  # half a minute and more
SAMPLES = [
    pytest.param(name, marks=[pytest.mark.slow] * (name in EXPENSIVE))
    for name in FAULTS
    if not name.startswith("kills-")
]
KILLS = 200  # of all backends together, in chains


@pytest.fixture(scope="module")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One for all samples: what an undisturbed run leaves is asked for once."""
    seed = request.config.getoption("--seed")
    return Bench(tmp_path_factory.mktemp("faults"), np.random.default_rng(seed), full=False)


@pytest.fixture
def out(bench: Bench) -> Path:
    """A finished record of this run, beside the earlier one."""
    return bench.out(bench.former)


@pytest.mark.skipif(os.name == "nt", reason="faults are put in by signals and rights")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_lost_or_wrong(name: str, bench: Bench) -> None:
    if name == "disk":
        disk.need_disk()
    outcomes = list(FAULTS[name](bench))
    assert outcomes
    assert {one.row for one in outcomes} <= set(ROWS)
    assert [one for one in outcomes if one.ended == WRONG] == []


@pytest.mark.slow
def test_ten_kills(bench: Bench) -> None:
    """In chains: kills of runs that go on after a kill."""
    assert len(list(signals.killed(bench))) == 10


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("backend", BACKENDS)
def test_two_hundred_kills(backend: str, bench: Bench) -> None:
    """25 of each of the eight backends."""
    outcomes = list(signals.killed(replace(bench, full=True), (backend,)))
    assert len(outcomes) == KILLS // len(BACKENDS)


# ---- the table ----


def test_the_table_is_complete() -> None:
    """Each fault was put in, and ended as it may; and the page is that of these counts."""
    counts = json.loads(COUNTS.read_text(encoding="utf-8"))
    assert set(counts) == set(ROWS)
    assert not [row for row, stored in counts.items() if not sum(stored["ends"].values())]
    ends = {end for stored in counts.values() for end in stored["ends"]}
    assert ends == {RIGHT, ONE_LINE, HARMLESS}
    pressed = [row for row in ROWS if row.startswith("Ctrl-C")]
    assert not [row for row in pressed if ONE_LINE not in counts[row]["ends"]], "nobody heard it"
    chains = [sum(counts[row]["ends"].values()) for row in signals.KILL_ROWS]
    assert sum(chains) == KILLS
    page = (ROOT / "docs" / "reports" / "faults.md").read_text(encoding="utf-8")
    assert without_commit(page) == without_commit(report(counts))


# ---- that the harness can tell what is lost or wrong ----


def test_counts_are_by_row_and_outcome() -> None:
    made = [Outcome("a", RIGHT), Outcome("a", WRONG), Outcome("b", ONE_LINE), Outcome("a", RIGHT)]
    assert counted(made, 3) == {
        "a": {"seed": 3, "ends": {RIGHT: 2, WRONG: 1}}, "b": {"seed": 3, "ends": {ONE_LINE: 1}},
    }  # fmt: skip


def test_the_hook_sees_a_change_of_the_disk(bench: Bench) -> None:
    log, out = bench.fresh() / "log", bench.fresh() / "out"
    out.mkdir()
    write = f"import pathlib; pathlib.Path({str(out / 'a')!r}).write_text('x')"
    done = bench.run([sys.executable, "-c", write], disk.set_trap(out, log))
    assert (done.status, done.err) == (0, "")
    assert [change.nth for change in disk.logged_changes(log)] == [1]


def _cut(pattern: str, out: Path, part: float = 0.5) -> None:
    file = max(out.glob(pattern))
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * part)])


DONE = Done(0, "", "")
LINE = Done(2, "error: no room", "")


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("lesson3/*seed2*/record.npz", "the earlier record has changed"),
        ("lesson3/*seed1*/record.npz", "an unsound record"),
        ("lesson3/*seed1*/card.json", "an unsound record"),
        ("lesson3/*seed1*/*.png", "a figure cut short"),
    ],
)
def test_losses_are_detected(pattern: str, wrong: str, bench: Bench, out: Path) -> None:
    assert bench.judge("x", DONE, out).ended == RIGHT
    _cut(pattern, out)
    found = bench.judge("x", DONE, out)
    assert (found.ended, wrong in found.why) == (WRONG, True), found


@pytest.mark.parametrize(
    ("done", "ended"),
    [
        (DONE, RIGHT), (LINE, ONE_LINE), (Done(130, "interrupted", ""), ONE_LINE),
        (Done(-9, "", ""), RIGHT),
        (Done(1, "error: no room", ""), WRONG), (Done(2, "", ""), WRONG),
        (Done(2, "Traceback\nerror: no room", ""), WRONG), (Done(130, "error: x", ""), WRONG),
        (Done(2, "interrupted", ""), WRONG),
    ],
)  # fmt: skip
def test_status_and_message_must_fit(done: Done, ended: str, bench: Bench, out: Path) -> None:
    assert bench.judge("x", done, out, go_on=False).ended == ended


def test_another_record_is_detected(bench: Bench, out: Path) -> None:
    """Whole and sound, but of other numbers."""
    (ours,), (other,) = out.glob("lesson3/*seed1*"), out.glob("lesson3/*seed2*")
    shutil.rmtree(ours)
    assert "no finished record" in bench.judge("x", DONE, out).why
    shutil.copytree(other, ours)
    assert "another record" in bench.judge("x", DONE, out).why
