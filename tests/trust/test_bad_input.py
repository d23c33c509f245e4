"""Bad input ends as documented: the table of cases, and files of strangers changed at random."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import datasets
from adapters.contract import SettingsError, TriptychError
from classroom.sources import source_of
from compare.diverge.sketch import Quantity, sketch
from compare.diverge.trace import FORMAT, Trace
from course.record import read_card, read_record
from course.settings import ROOT
from course.translation.catalogues import entries
from datasets import DataError, idx
from tests.trust import bad_input
from tests.trust.bad_input import CASES, MEMORY, Outcome, outcome
from tests.trust.files import CORPUS, CUT_GZIP, TINY, Case, npz
from tests.waiting import PATIENCE

# The table of bad input: every case as documented; and the harness can tell when one is not.

PAGE = ROOT / "docs" / "reports" / "bad_input.md"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of it in one process, as it would settle this one and limit its memory."""
    folder = tmp_path_factory.mktemp("table")
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.bad_input", "--json", str(folder / "x.json"),
         "--report", str(folder / "x.md")],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert (folder / "x.json").is_file(), done.stderr
    found: dict[str, Any] = json.loads((folder / "x.json").read_text(encoding="utf-8"))
    return found | {"page": (folder / "x.md").read_text(encoding="utf-8")}


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_each_case_is_handled_as_documented(name: str, table: dict[str, Any]) -> None:
    (found,) = [Outcome(**one) for one in table["outcomes"] if one["name"] == name]
    assert not found.fault, found


def test_memory_is_bounded(table: dict[str, Any]) -> None:
    assert table["added"] < MEMORY


def test_the_page_is_that_of_this_table(table: dict[str, Any]) -> None:
    """Made anew where cases have changed; words of Python and the system may differ elsewhere."""
    stored = PAGE.read_text(encoding="utf-8")
    assert rows(stored) == rows(table["page"]), (
        "run tests.trust.bad_input --report docs/reports/bad_input.md"
    )
    assert "✗" not in stored


def rows(page: str) -> list[list[str]]:
    """The cases of a page, without what becomes of them."""
    return [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| ")]


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (Case("f", "x", lambda _: _raise(KeyError("x")), ("x",)), "raises KeyError"),
        (Case("f", "x", lambda _: None, ("x",)), "is accepted"),
        (Case("f", "x", lambda at: (at / "new").touch()), "changed its folder"),
        (Case("f", "x", lambda _: time.sleep(PATIENCE)), "hangs"),
        (Case("differences", "x", ["adma"], ("never said",)), "does not say"),
        (Case("differences", "x", ["adam_epsilon"], ()), "ends with status"),
    ],
)  # fmt: skip
def test_the_harness_can_fail(
    case: Case, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "hangs":
        monkeypatch.setattr(bad_input, "HANGS", 0.2)
    assert fault in outcome(case, tmp_path).fault


# Whoever reads a stranger's file: bytes changed, cut and added, and what once broke a reader.
#
# The only error is the documented one, and what comes of a file is bounded. What once broke a
# reader is kept in files.py, named after what was wrong with it.

SECONDS = 10
EXAMPLES = 80  # of each reader, the same every time


@dataclass(frozen=True)
class Reader:
    """A function that reads a file, a file that it takes, and the error that it may raise."""

    file: str
    valid: Callable[[], bytes]
    read: Callable[[Path], Any]
    error: type[Exception]


def a_trace() -> bytes:
    out = io.BytesIO()
    card = json.dumps({"engine": "numpy", "format": FORMAT})
    made = sketch(Quantity(0, "loss", "loss", np.arange(6.0).reshape(2, 3)))
    np.savez(
        out, **{"card": np.array(card), "0/run": np.array("softmax"),
                "0/words": np.array([[made.stage, made.tensor, made.digest, "[2, 3]"]]),
                "0/step": np.array([made.step]), "0/norm": np.array([made.norm]),
                "0/unit": np.array([made.unit]), "0/sums": made.sums[None]},
    )  # fmt: skip
    return out.getvalue()


def an_idx() -> bytes:
    return idx.header((6, 2, 2)) + TINY["x_train"].tobytes()


NOTEBOOK = {"cells": [{"cell_type": "code", "source": ["x = 1\n", "%matplotlib inline"]}]}
CATALOGUE = 'msgid ""\nmsgstr "a\\n"\n\n#, fuzzy\nmsgid "one"\nmsgstr "een \\"twee\\""\n'
READERS = {
    "idx": Reader("x", an_idx, lambda at: idx.read(at, 3), DataError),
    "gzip": Reader(
        "x.gz", lambda: gzip.compress(an_idx(), mtime=0), lambda at: idx.read(at, 3), DataError
    ),
    "npz": Reader("x.npz", npz, datasets.load, DataError),
    "record": Reader("record.npz", npz, lambda at: read_record(at.parent), DataError),
    "card": Reader("card.json", lambda: b'{"lesson": 3, "runs": {}}', read_card, DataError),
    "trace": Reader("x.npz", a_trace, Trace.read, SettingsError),
    "catalogue": Reader("x.po", CATALOGUE.encode, entries, TriptychError),
    "notebook": Reader("x.ipynb", lambda: json.dumps(NOTEBOOK).encode(), source_of, SettingsError),
}

changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=0, max_size=6
)
cut = st.one_of(st.none(), st.floats(0, 1))
inserted = st.one_of(
    st.just(b""),
    st.binary(max_size=6),
    st.sampled_from([b"[" * 5000, b"\0" * 9, b'"', b"\\x", b"\xff"]),
)


def mutated(data: bytes, bytes_at: Any, ends_at: float | None, more: bytes, where: float) -> bytes:
    """The data with some bytes changed, some put in, and its end cut off."""
    new = bytearray(data)
    for place, byte in bytes_at:
        new[int(place * len(new))] = byte
    at = int(where * len(new))
    new[at:at] = more
    return bytes(new if ends_at is None else new[: int(ends_at * len(new))])


@contextmanager
def no_hang() -> Iterator[None]:
    """SIGALRM ends a read that never would."""

    def late(number: int, frame: object) -> None:
        raise AssertionError(f"still reading after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(reader: Reader, data: bytes, folder: Path) -> str:
    """Read these bytes: the error, or that there was none. Any other error comes out."""
    file = folder / reader.file
    if not (folder / "card.json").exists():
        (folder / "card.json").write_text("{}")
    file.write_bytes(data)
    with no_hang():
        try:
            reader.read(file)
        except reader.error as error:
            return str(error)
    return ""


@pytest.mark.parametrize("name", READERS)
def test_changed_bytes_are_read_or_refused(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reader, folder = READERS[name], tmp_path_factory.mktemp(name)
    valid = reader.valid()
    assert check(reader, valid, folder) == ""

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(changes, cut, inserted, st.floats(0, 1))
    def fuzz(bytes_at: Any, ends_at: float | None, more: bytes, where: float) -> None:
        check(reader, mutated(valid, bytes_at, ends_at, more, where), folder)

    fuzz()


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_files_that_once_broke_a_reader_are_refused(name: str, tmp_path: Path) -> None:
    message = check(READERS[name.partition("/")[0]], CORPUS[name], tmp_path)
    assert message
    assert "\n" not in message.strip()


def test_there_is_a_corpus() -> None:
    assert {name.partition("/")[0] for name in CORPUS} >= {"record", "card", "trace", "catalogue"}


def test_other_errors_are_not_swallowed(tmp_path: Path) -> None:
    """The harness can fail: a reader that is not careful is caught."""
    careless = Reader("x", an_idx, lambda at: gzip.decompress(at.read_bytes()), DataError)
    with pytest.raises(EOFError):
        check(careless, CUT_GZIP, tmp_path)
