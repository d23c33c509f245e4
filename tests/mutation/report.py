"""The results of the last run, as data and as a page."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from course.provenance import made_by
from tests.mutation.mutants import ROOT, Outcome, left_out
from tests.mutation.suites import FILES, OUTSIDE
from tests.mutation.survivors import Key, explained

RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "reports" / "mutants.md"
# The percentage of each folder's mutants that must die; explanations do not count.
FLOORS = {"adapters": 95.0, "datasets": 98.0, "compare": 97.0, "triptych": 97.0,
          "course": 80.0, "classroom": 75.0}  # fmt: skip
# Where every mutant that lives is explained. In the other folders they are counted, for now.
ALL_EXPLAINED = ("adapters", "datasets", "compare", "triptych")
NONE = """annotations, docstrings, the text of
f-strings, the `strict` of a `zip` that never failed, the −2 of a `reshape`, which NumPy reads as
−1, and text that is not Python"""
NAMES = ("mutants", "killed", "by time", "explained")
CHANGED = " (changed since)"  # behind a file's name
Results = dict[str, dict[str, Any]]

HEAD = """# Mutation testing: do the tests find unforeseen mistakes?

{made_by}

`make mutants` changes the code that the numbers come from, one small thing at a time (a `+` into a
`-`, a `<` into a `<=`, a 1 into a 2), and runs the tests: a test must fail. The changes are made by
Cosmic Ray {version}; which of its operators, and why not the others, is said in
[tests/mutation/mutants.py](../../tests/mutation/mutants.py). A mutant that all tests let live is
explained in [tests/mutation/survivors.toml](../../tests/mutation/survivors.toml), with its reason.
In {all_explained} one without a reason makes the command fail; in the other
folders, which were added later, they are counted. A folder below its floor fails too
({floors}).

Typical human mistakes (a check that leaves one case out, a mean for a maximum, a record compared
with itself) are listed in [tests/mutation/named.toml](../../tests/mutation/named.toml), each with
the tests that must find it: `python -m tests.mutation.named`.

Adapters are judged by their laws in a process of each backend that runs the file; everything else
by the tests that run the changed line. A mutant that runs into its time limit is counted as killed,
as it would hang the tests. The time of a run is that of its machine: {minutes}.
{outdated}: `make mutants FIND=…` judges files again, and stores each result at once.

Of {changes:,} changes that these operators can make {none} are left out. They change no number and
no decision, at most the text of a message: {none_are}.

Not mutated:

{outside}

| file | mutants | killed | of them by time | explained | not explained | score |
|---|--:|--:|--:|--:|--:|--:|
"""


def summed(outcomes: list[Outcome], known: dict[Key, str]) -> Results:
    """Counts and survivors for each file."""
    counts_by_file: dict[str, Counter[str]] = {}
    lived: dict[str, list[tuple[str, ...]]] = {}
    for outcome in outcomes:
        counts = counts_by_file.setdefault(outcome.mutant.file, Counter())
        counts["mutants"] += 1
        counts["killed"] += not outcome.lives
        counts["by time"] += outcome.status == "timed out"
        counts["explained"] += outcome.lives and outcome.mutant.key in known
        if outcome.lives:
            lived.setdefault(outcome.mutant.file, []).append(outcome.mutant.key[1:])
    return {
        file: {name: counts[name] for name in NAMES}
        | {"left out": left_out(file), "sha256": sha256(file), "lived": lived.get(file, [])}
        for file, counts in counts_by_file.items()
    }


def sha256(file: str) -> str:
    """The digest of a file, which tells whether it has changed since it was judged."""
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()


def lived() -> set[Key]:
    """The survivors of the last run, by key."""
    return {(file, *key) for file, counts in read().items() for key in counts["lived"]}


def judged_as_it_is(file: str) -> bool:
    """Whether the file is unchanged since the last run."""
    return read().get(file, {}).get("sha256") == sha256(file)


def outdated() -> tuple[list[str], list[str]]:
    """The files that have changed since they were judged, and those that never were."""
    results = read()
    changed = [file for file in FILES if file in results and not judged_as_it_is(file)]
    return changed, [file for file in FILES if file not in results]


def age_line() -> str:
    """A line on how many files have changed since they were judged."""
    changed, never = outdated()
    return (
        f"Of {len(FILES)} files {len(changed)} have changed since their mutants were judged, and "
        f"{len(never)} were not judged yet"
    )


def read() -> Results:
    """The stored results; empty before the first run."""
    if not RESULTS.exists():
        return {}
    results: Results = json.loads(RESULTS.read_text(encoding="utf-8"))["files"]
    known = explained()
    for file, counts in results.items():  # an explanation may have been written since
        counts["explained"] = sum((file, *key) in known for key in counts["lived"])
    return results


def score(results: Results, folder: str = "") -> float:
    """The percentage of the mutants under a folder that die."""
    start = f"{folder}/" if folder else ""
    chosen = [counts for file, counts in results.items() if file.startswith(start)]
    return 100 * sum(c["killed"] for c in chosen) / max(1, sum(c["mutants"] for c in chosen))


def _folders(results: Results) -> list[str]:
    """The folders of which files were judged."""
    return [folder for folder in FLOORS if any(f.startswith(f"{folder}/") for f in results)]


def line(results: Results) -> str:
    """How many of each folder's mutants die, in one line."""
    return ", ".join(f"{name} {score(results, name):.1f} % killed" for name in _folders(results))


def below(results: Results) -> list[str]:
    """A line for each folder whose score is under its floor."""
    return [
        f"{folder}: {score(results, folder):.1f} % killed, and {FLOORS[folder]:.0f} % must be"
        for folder in _folders(results)
        if score(results, folder) < FLOORS[folder]
    ]


def page(results: Results, minutes: str) -> str:
    """docs/reports/mutants.md, from the results."""
    floors = ", ".join(f"{folder}/ {floor:.0f} %" for folder, floor in FLOORS.items())
    none = sum(counts["left out"] for counts in results.values())
    text = HEAD.format(
        made_by=made_by("make mutants"), version=version("cosmic-ray"), floors=floors,
        minutes=minutes, none=none, none_are=NONE,
        changes=none + sum(counts["mutants"] for counts in results.values()),
        outside="\n".join(f"- {what}: {why}" for what, why in OUTSIDE.items()),
        outdated=age_line(), all_explained=", ".join(f"{name}/" for name in ALL_EXPLAINED),
    )  # fmt: skip
    for folder in FLOORS:
        files = sorted(file for file in FILES if file.startswith(f"{folder}/"))
        rows = {file: results[file] for file in files if file in results}
        text += "".join(_row(file, rows.get(file)) for file in files)
        text += _row(f"**{folder}/**", _sum(rows)) if rows else ""
    return text


def _row(name: str, counts: dict[str, Any] | None) -> str:
    if counts is None:
        return f"| {name} | not judged yet | | | | | |\n"
    mark = CHANGED if "sha256" in counts and counts["sha256"] != sha256(name) else ""
    left = counts["mutants"] - counts["killed"] - counts["explained"]
    share = f"{100 * counts['killed'] / max(1, counts['mutants']):.1f} %"
    cells = [*(counts[n] for n in NAMES), left, share]
    return f"| {name}{mark} | {' | '.join(map(str, cells))} |\n"


def _sum(rows: Results) -> dict[str, int]:
    return {name: sum(counts[name] for counts in rows.values()) for name in NAMES}


def last_run_time() -> str:
    """The stored duration of the last whole run."""
    if not RESULTS.exists():
        return "no whole run has been made yet"
    text: str = json.loads(RESULTS.read_text(encoding="utf-8"))["minutes"]
    return text


def write(results: Results, took: float, whole: bool) -> None:
    """Store the results, and write the page."""
    results = {file: results[file] for file in FILES if file in results}
    minutes = f"{took:.0f} minutes on {os.cpu_count()} cores" if whole else last_run_time()
    contents = {"minutes": minutes, "files": results}
    RESULTS.write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(results, minutes), encoding="utf-8")
