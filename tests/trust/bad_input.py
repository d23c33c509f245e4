"""Every case of bad input: python -m tests.trust.bad_input --report docs/reports/bad_input.md

Memory is limited for the whole of it, time for each case. A call must end in its documented error,
a command with status 2 and one line; the folder that it ran in must be as it was.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters.contract import TriptychError
from course.cli_errors import run
from course.provenance import made_by
from course.settings import ROOT
from datasets import DataError
from tests.trust import classroom_commands, commands, functions, readers
from tests.trust.files import Case, lay
from tests.waiting import PATIENCE

SECONDS = 10.0  # for a case, of the processor
HANGS = PATIENCE
MEMORY = 512 * 2**20  # bytes that the whole table may add to what its imports take
ADDRESSES = 8 * 2**30  # of the process: what claims more is stopped by the system, not by luck
STATUS = 2  # of a command whose input is wrong
# One bad input to every command, given as from a shell: what ends a process, and what is printed by
# whom, is only seen there.
MODULES = {
    "course": ["-m", "course", "lesson9"],
    "compare": ["-m", "compare", "--lesson=9"],
    "compare-records": ["-m", "compare.compare_records", "9", "9"],
    "diverge": ["-m", "compare.diverge", "--lesson=9"],
    "differences": ["-m", "compare.differences", "--topic=9"],
    "check-adapter": ["-m", "compare.check_adapter", "9"],
    "drift": ["-m", "compare.drift", "--backend=9"],
    "check": ["-m", "classroom.check", "9"],
    "grade": ["-m", "classroom.grade", "9"],
    "rehearse": ["-m", "classroom.rehearse", "--lesson=9"],
    "notebooks": ["-m", "classroom.notebooks", "--backend=9"],
    "lab": ["-m", "classroom.lab", "--backend=9"],
    "exercises": ["-m", "classroom.build_exercises", "9"],
    "site": ["-m", "tools.site", "--epochs=9x"],
    "slides": ["-m", "tools.slides", "--out=9/x"],
    "translations": ["-m", "course.translation", "check", "--language=9"],
    "kit.py": ["kit.py", "lesson9"],
}
PROCESSES = [
    Case(
        name,
        "a 9 where none is, as from a shell",
        words,
        ("9",),
        {"9": b""} if name == "slides" else {},
        True,
    )
    for name, words in MODULES.items()
]
CASES = [
    *functions.CASES, *readers.CASES, *commands.CASES, *classroom_commands.CASES, *PROCESSES,
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """The outcome of a case; `fault` is empty if it is as expected."""

    name: str
    message: str
    fault: str
    seconds: float


class TooSlow(BaseException):
    """A case has exceeded its time."""


def outcome(case: Case, folder: Path) -> Outcome:
    """Run a case in an empty folder."""
    lay(case.files, folder)
    before, begun = listing(folder), time.process_time()
    try:
        message, fault = _shell(case, folder) if case.process else _tried(case, folder)
    except (TooSlow, subprocess.TimeoutExpired):
        message, fault = "", f"hangs: took more than {HANGS:g} s"
    seconds = time.process_time() - begun
    fault = fault or _unsaid(case, message)
    if not fault and seconds > SECONDS:
        fault = f"took {seconds:.1f} s of the processor"
    if not fault and listing(folder) != before:
        fault = f"changed its folder: {sorted(set(listing(folder)) ^ set(before))}"
    return Outcome(case.name, message.replace(str(folder), "…"), fault, seconds)


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every path in a folder, with mode, size and time of change, to detect changes."""
    found = {}
    for path in folder.rglob("*"):
        at = path.lstat()
        size = 0 if stat.S_ISDIR(at.st_mode) else at.st_size
        found[str(path.relative_to(folder))] = (at.st_mode, size, at.st_mtime_ns)
    return found


def _unsaid(case: Case, message: str) -> str:
    lacking = [word for word in case.says if word not in message]
    if lacking:
        return f"does not say {lacking[0]!r}"
    return "says more than a line" if "\n" in message or len(message) > 1200 else ""


def _tried(case: Case, folder: Path) -> tuple[str, str]:
    with limited():
        return _called(case, folder) if callable(case.how) else _commanded(case, folder)


def _called(case: Case, folder: Path) -> tuple[str, str]:
    """Run a call: the message of its error, and a fault."""
    assert callable(case.how)
    try:
        with contextlib.chdir(folder):
            case.how(folder)
    except (TriptychError, DataError) as error:
        return f"{type(error).__name__}: {error}", "" if case.says else "is refused"
    except Exception as error:  # noqa: BLE001 - which error it is is the question
        return "", f"raises {type(error).__name__}: {error}"
    return ("works", "") if not case.says else ("", "is accepted")


def _commanded(case: Case, folder: Path) -> tuple[str, str]:
    """Run a command in this process, as __main__ does: its standard error, and a fault."""
    assert isinstance(case.how, list)
    module, name = commands.COMMANDS[case.where]
    command = getattr(importlib.import_module(module), name)
    out, err, words, status = io.StringIO(), io.StringIO(), sys.argv, None
    handler = signal.getsignal(signal.SIGTERM)
    try:
        sys.argv = [case.where, *case.how]
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            run(command, case.where)
    except SystemExit as end:
        status = end.code
    except Exception as error:  # noqa: BLE001 - what a person would see as a traceback
        return "", f"raises {type(error).__name__}: {error}"
    finally:
        sys.argv = words
        signal.signal(signal.SIGTERM, handler)
    return _one_line(err.getvalue(), status, "error: ")


def _shell(case: Case, folder: Path) -> tuple[str, str]:
    assert isinstance(case.how, list)
    words = [str(ROOT / word) if word == "kit.py" else word for word in case.how]
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=HANGS,
    )  # fmt: skip
    return _one_line(
        done.stderr, done.returncode, f"{case.where if words != case.how else 'error'}: "
    )


def _one_line(err: str, status: object, start: str) -> tuple[str, str]:
    message = err.removesuffix("\n")
    if status != STATUS:
        return message, f"ends with status {status}: {message[-300:]}"
    if not message.startswith(start):
        return message, f"does not begin with {start!r}: {message[:200]!r}"
    return message, ""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise TooSlow after HANGS."""

    def late(number: int, frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def peak() -> int:
    """The peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def tried(cases: list[Case]) -> tuple[list[Outcome], int]:
    """The outcome of each, in order, and the bytes that those in this process added together."""
    warnings.simplefilter("error")
    for module, _ in commands.COMMANDS.values():
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as home:
        folders = [Path(home) / str(i) for i in range(len(cases))]
        for folder in folders:
            folder.mkdir()
        pairs = list(zip(cases, folders, strict=True))
        with ThreadPoolExecutor(2) as pool:  # before the limit, which children would inherit
            shells = pool.map(lambda pair: outcome(*pair), [p for p in pairs if p[0].process])
            found = {result.name: result for result in shells}
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        before = peak()
        found |= {case.name: outcome(case, at) for case, at in pairs if not case.process}
        return [found[case.name] for case in cases], peak() - before


def report(outcomes: list[Outcome], added: int) -> str:
    """The table for a reader."""
    good = sum(not one.fault for one in outcomes)
    lines = [
        "# Bad input, and what happens",
        "",
        made_by("python -m tests.trust.bad_input --report docs/reports/bad_input.md"),
        "",
        f"{len(outcomes)} cases, {good} as documented. A command ends with status {STATUS} and one "
        "line, a call raises its documented error, and neither changes its folder. Each takes at "
        f"most {SECONDS:g} s of processor time, and all together at most {MEMORY // 2**20} MiB "
        "more than their imports.",
        "",
        "| where | what | what happens |",
        "|---|---|---|",
    ]
    for one in outcomes:
        where, _, what = one.name.partition(": ")
        message = one.fault or one.message
        message = message if len(message) <= 160 else f"{message[:110]}…{message[-45:]}"
        if message == "works" and where == "Model":
            message = "works, with the same numbers"
        message = message.replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| {where} | {what} | {'✗ ' if one.fault else ''}{message} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Try all, write what was asked for; 1 if a case went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, help="a page for a reader")
    parser.add_argument("--json", type=Path, help="the same for a test")
    given = parser.parse_args()
    outcomes, added = tried(CASES)
    if given.report:
        given.report.write_text(report(outcomes, added), encoding="utf-8")
    if given.json:
        plain = {"added": added, "outcomes": [asdict(one) for one in outcomes]}
        given.json.write_text(json.dumps(plain), encoding="utf-8")
    faults = [one for one in outcomes if one.fault]
    for one in faults:
        print(f"✗ {one.name} {one.fault}")
    slowest = max(outcomes, key=lambda one: one.seconds)
    print(f"{len(outcomes)} cases, {len(outcomes) - len(faults)} as they should be; "
          f"{added // 2**20} MiB; slowest {slowest.seconds:.1f} s ({slowest.name})")  # fmt: skip
    return 1 if faults or added > MEMORY else 0


if __name__ == "__main__":
    sys.exit(main())
