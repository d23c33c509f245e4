"""Releases spread over dask workers: every row arrives, and what fails is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from compare.releases import workers
from compare.releases.releases import Release
from tests.compare.dask_workers import scheduler, worker
from tests.ledger.conftest import DAYS, Make
from triptych.ledger.rows import read

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc")

# In place of `compare.releases`: copies a row, or fails as for a release that is not there.
STAND_IN = """
import pathlib, shutil, sys
options = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
row = pathlib.Path({folder!r}, options["--backend"] + "-" + options["--versions"] + ".json")
if not row.exists():
    sys.exit("there is no such release")
shutil.copy(row, options["--out"])
"""


def test_rows_come_back_from_a_worker(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    elsewhere.mkdir()
    for version in list(DAYS)[:2]:
        row = make(version)
        (elsewhere / row.file).write_text(row.text(), encoding="utf-8")
    monkeypatch.setattr(workers, "MODULE", ("-c", STAND_IN.format(folder=str(elsewhere))))
    lines: list[str] = []
    releases = [Release(version, day) for version, day in DAYS.items()]
    with scheduler(tmp_path) as address, worker(address):
        rows = workers.make("keras", releases, home, address, lines.append)
    assert sorted(row.version for row in rows) == ["1.0", "1.1"], lines
    assert [read(home / row.file) for row in rows] == rows
    assert sorted(path.name for path in home.iterdir()) == ["keras-1.0.json", "keras-1.1.json"]
    (failed,) = [line for line in lines if "measured" not in line]
    assert failed == "keras 1.2: there is no such release"
