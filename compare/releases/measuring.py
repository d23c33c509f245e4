"""Measure one release: its environment, the lessons in both dtypes, the catalogue; and judge them.

Every stage is judged by the budgets of compare/budgets.py against NumPy of the same dtype. Of the
arrays only digests remain, by which two releases can be found to compute the same bits.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from adapters.contract import Array, TriptychError, require
from compare import fingerprint
from compare.budgets import DTYPES
from compare.comparison import STAGES, Outcome
from compare.drift.defaults import flat
from compare.drift.environments import HOME, LIST_PACKAGES, call
from compare.drift.requirements import normal
from compare.drift.running import run
from compare.findings import HASHES, findings, stage_of_array
from compare.releases.processor import processor
from course.card import digest_of_arrays
from course.digests import digest_of
from course.environments import remove
from course.record import read_record
from triptych.differences.processes import ObservationError
from triptych.ledger.observing import observe
from triptych.ledger.rows import Row

LESSONS = (1, 2, 3, 4, 7)
DIGITS = 3  # of a gap and of a share
SHORT = 16  # hexadecimal digits of a digest
OUTSIDE = (1, 2, 9, 15)  # hang-up, Ctrl-C, kill or a lack of memory, end; a crash has others
TOOLS = {"pip", "setuptools", "wheel"}


@dataclass(frozen=True)
class Subject:
    """What is measured: a backend's release, and the Python that has it."""

    backend: str
    package: str
    version: str
    released: str
    python: Path


def measure(subject: Subject, reference: Mapping[str, Path], jobs: int, seconds: float) -> Row:
    """The row of a release. reference: NumPy's records by dtype; seconds: of the environment."""
    start = time.perf_counter()
    with TemporaryDirectory(prefix="triptych-") as scratch, ThreadPoolExecutor(jobs) as pool:
        runs = {
            dtype: pool.submit(run_lessons, subject.python, subject.backend, dtype, Path(scratch))
            for dtype in DTYPES
        }
        observed = pool.submit(catalogue_of, subject)
        reports = {dtype: future.result() for dtype, future in runs.items()}
        catalogue, unobserved = observed.result()
        lessons = {
            str(lesson): {
                dtype: judged(report, lesson, reference[dtype]) for dtype, report in reports.items()
            }
            for lesson in LESSONS
        }
    times = {f"lessons {dtype}": _sum(report) for dtype, report in reports.items()}
    times |= {"environment": round(seconds, 1), "measuring": round(time.perf_counter() - start, 1)}
    refused = next((r["refused"] for r in reports.values() if "refused" in r), "")
    return Row(
        subject.backend, subject.package, subject.version, subject.released,
        python=platform.python_version(), processor=processor(), code=fingerprint.code(),
        companions=companions(subject), refused=refused, unobserved=unobserved, lessons=lessons,
        defaults=flat(reports[DTYPES[0]].get("defaults", {})), catalogue=catalogue, seconds=times,
    )  # fmt: skip


def run_lessons(python: Path, backend: str, dtype: str, scratch: Path) -> dict[str, Any]:
    """What compare/releases/lessons.py writes, or "refused" with the reason.

    A lesson that ends its process is followed by a new process for the others.
    """
    out, left = scratch / dtype, list(LESSONS)
    report: dict[str, Any] = {"lessons": {}}
    while left:
        file = out / f"report-{left[0]}.json"
        module = ["-P", "-m", "compare.releases.lessons", backend, dtype, str(out), str(file)]
        status, reason = run(python, [*module, *map(str, left)])
        not_stopped(f"{backend} in {dtype}", -status)
        if not file.exists():
            return report | {"refused": reason}
        part = json.loads(file.read_bytes())
        report = part | {"lessons": report["lessons"] | part["lessons"]}
        if status == 0:
            return report
        last = int(list(part["lessons"])[-1])
        report["lessons"][str(last)] |= {"reason": reason}
        left = left[left.index(last) + 1 :]
    return report


def catalogue_of(subject: Subject) -> tuple[dict[str, dict[str, Any]], str]:
    """The catalogue's values; or why there are none."""
    try:
        return observe(subject.backend, subject.python), ""
    except ObservationError as error:
        not_stopped(f"the catalogue of {subject.backend}", error.signal)
        return {}, str(error)


def not_stopped(what: str, number: int) -> None:
    """Raise TriptychError if a signal from outside ended a process: that is no row."""
    message = f"{what} was stopped by signal {number}: the same command goes on from here"
    require(number not in OUTSIDE, message, TriptychError)


def judged(report: Mapping[str, Any], lesson: int, reference: Path) -> dict[str, Any]:
    """A lesson's stages: digest, gap and share of the budget; or why it does not run."""
    result = report["lessons"].get(str(lesson), {})
    if "refused" in report or "folder" not in result:
        reason = report.get("refused") or result.get("reason", "it was not reached")
        return {"status": "failed", "reason": reason, "stages": {}}
    theirs = read_record(Path(result["folder"]), probes=True)
    ours = read_record(record_of(reference, lesson), probes=True)
    outcome = Outcome("", "complete", findings=findings(ours, theirs))
    bits = digests(*theirs)
    stages = {}
    for stage in STAGES:
        worst = outcome.worst(stage)
        if worst is not None or stage in bits:
            gap, share = (None, None) if worst is None else (worst.gap, worst.share)
            stages[stage] = {
                "bits": bits.get(stage, ""), "gap": rounded(gap), "share": rounded(share)
            }  # fmt: skip
    return {"status": "complete", "reason": "", "stages": stages}


def digests(arrays: Mapping[str, Array], card: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each stage's arrays, with their names; of the first three, the card's."""
    groups: dict[str, list[str]] = {}
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        text = f"{name} {array.dtype.str} {digest_of_arrays([array])}"
        groups.setdefault(stage_of_array(name), []).append(text)
    bits = {stage: digest_of(parts)[:SHORT] for stage, parts in groups.items()}
    return bits | {stage: card["hashes"][key][:SHORT] for stage, key in HASHES.items()}


def rounded(number: float | None) -> float | None:
    """A number in a few digits."""
    return None if number is None else float(f"{number:.{DIGITS}g}")


def record_of(reference: Path, lesson: int) -> Path:
    """The folder of NumPy's record of a lesson."""
    (folder,) = (reference / f"lesson{lesson}").glob("numpy-*")
    return folder


def references() -> dict[str, Path]:
    """NumPy's records on this machine, by dtype; made once for all rows of the same code."""
    key = digest_of([fingerprint.code(), platform.python_version(), np.__version__])[:SHORT]
    home = HOME / f"reference-{key}"
    folders = {dtype: home / dtype for dtype in DTYPES}
    for former in HOME.glob("reference-*"):
        if former != home:
            remove(former)
    for dtype, folder in folders.items():
        stamp = folder / "complete"
        if stamp.exists():
            continue
        if folder.exists():
            remove(folder)
        report = run_lessons(Path(sys.executable), "numpy", dtype, home)
        failed = report.get("refused") or next(
            (one["reason"] for one in report["lessons"].values() if "reason" in one), ""
        )
        require(not failed, f"the reference does not run: {failed}", TriptychError)
        stamp.touch()
    return folders


def companions(subject: Subject) -> dict[str, str]:
    """The other packages of the environment that can decide a number, by name."""
    listed = json.loads(call([str(subject.python), "-I", "-c", LIST_PACKAGES]).stdout)
    installed = {normal(name): version for name, version in listed.items()}
    left_out = {*TOOLS, subject.package}
    return {
        name: version
        for name, version in sorted(installed.items())
        if name not in left_out and not name.startswith(("nvidia-", "triptych"))
    }


def _sum(report: Mapping[str, Any]) -> float:
    return round(sum(one["seconds"] for one in report["lessons"].values()), 1)
