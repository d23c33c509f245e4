"""One of each mechanism: who flushes files, starts processes or hashes bytes is on a list.

A second atomic writer or process client is written faster than the first is found. Whoever needs
another one adds it here, with the reason why the one that is there does not do.
"""

from __future__ import annotations

import re

import pytest

from tests.meta.test_imports import sources

WRITERS = {"datasets.atomic_files": "whole or not at all, for everybody"}
PROCESSES = {
    "course.json_process": "a child that answers JSON lines, for everybody",
    "compare.process_pool": "many lessons at once, each read line by line as it runs",
    "compare.cluster.orphan_guard": "a lesson on another machine, which ends with its worker",
    "compare.check_adapter.process": "a stranger's adapter, which may crash, hang or print",
    "classroom.limits": "a submission in its sandbox, which keeps its standard streams",
    "classroom.rehearsal.running": "a command of the day, ended with all that it has started",
    "course.figure_writer": "figures by pickle, which JSON cannot hold",
    "course.workers.launcher": "workers that talk to each other and not to us",
    "triptych.differences.processes": "the package is installed without course",
    "kit": "runs before there is an environment",
}
DIGESTS = {
    "course.digests": "of code and of JSON, for everybody",
    "datasets.files": "of arrays and of files, for everybody",
    "course.record": "of a file while it is read for its seal",
    "datasets.idx": "of an IDX file as it was before it was unpacked",
    "datasets.rebuild": "of a wheel, in memory",
    "compare.diverge.sketch": "eight bytes for each of a million arrays",
    "classroom.lab": "of a notebook, to see whether a student has changed it",
    "classroom.notebooks": "the id of a cell",
    "triptych.ledger.rows": "of a package that imports nothing else of ours",
    "kit": "runs before there is an environment",
}


@pytest.mark.parametrize(
    ("call", "users"),
    [
        (r"os\.fsync\(", WRITERS),
        (r"subprocess\.Popen\(", PROCESSES),
        (r"hashlib\.(?:sha|blake|md|file)", DIGESTS),
    ],
)
def test_whoever_does_it_is_on_the_list(call: str, users: dict[str, str]) -> None:
    found = {name for name, text in sources().items() if re.search(call, text)}
    found = {name for name in found if not name.startswith(("docs.", ".ci"))}
    assert found - users.keys() == set(), "use the one that is there, or say why it does not do"
    assert users.keys() - found == set(), "no longer there: take it off the list"
