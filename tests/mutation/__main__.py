"""python -m tests.mutation [--find datasets]: make every mutant and check that a test fails.

Prints each survivor as it is found. Ends with status 1 where one has no explanation, where one that
is explained dies after all, or where a folder's score is below its floor.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from threading import Lock

from course.cli_errors import Parser, whole
from tests.mutation import judging, report
from tests.mutation.mutants import Mutant, Outcome, mutants
from tests.mutation.suites import BACKENDS, FILES, SUITES
from tests.mutation.survivors import Killers, as_entry, explained

Keep = Callable[[list[Outcome]], None]


def judged(
    files: list[str],
    again: bool,
    jobs: int,
    killers: Killers,
    on_outcome: judging.OnOutcome,
    keep: Keep,
) -> list[Outcome]:
    """The outcome of every mutant of these files; again: for unchanged files, only of those that
    lived the last time. keep: is given what became of a file as soon as all of it is known."""
    results, made = [], [mutant for file in files for mutant in mutants(file)]
    if again:
        lived = report.lived()
        same = {file for file in files if report.judged_as_it_is(file)}
        died = [m for m in made if m.file in same and m.key not in lived]
        results = [Outcome(m, "killed", "its last run") for m in died]
        made = [m for m in made if m not in died]
    before = {file: [o for o in results if o.mutant.file == file] for file in files}
    for suite in SUITES:
        here = [m for m in made if m.file in suite.files]
        if here:
            print(f"{suite.name}: {len(here)} mutants", flush=True)
            files_done = ByFile(
                here, on_outcome, lambda those: keep(before[those[0].mutant.file] + those)
            )
            results += judging.judge_by_tests(suite, here, jobs, killers, files_done)
    for file in BACKENDS:
        here = [m for m in made if m.file == file]
        if here:
            print(f"{file}: {len(here)} mutants", flush=True)
            now = by_backends(file, here, jobs, killers, on_outcome)
            keep(before[file] + now)
            results += now
    return results


class ByFile:
    """Collects outcomes from several threads, and passes on a file's when it has all of them."""

    def __init__(self, made: list[Mutant], on_outcome: judging.OnOutcome, done: Keep) -> None:
        self.left = Counter(mutant.file for mutant in made)
        self.on_outcome, self.done, self.lock = on_outcome, done, Lock()
        self.results: dict[str, list[Outcome]] = defaultdict(list)

    def __call__(self, outcome: Outcome) -> None:
        self.on_outcome(outcome)
        file = outcome.mutant.file
        with self.lock:
            self.results[file].append(outcome)
            if len(self.results[file]) == self.left[file]:
                self.done(self.results[file])


def by_backends(
    file: str, alive: list[Mutant], jobs: int, killers: Killers, on_outcome: judging.OnOutcome
) -> list[Outcome]:
    """The outcomes of an adapter's mutants: a survivor of one backend is tried on the next."""
    dead: list[Outcome] = []
    for backend, dtype in BACKENDS[file]:
        if alive:
            now = judging.judge_by_laws(backend, dtype, alive, jobs, killers, on_outcome)
            dead += [outcome for outcome in now if not outcome.lives]
            alive = [outcome.mutant for outcome in now if outcome.lives]
            print(f"  {backend} {dtype}: {len(alive)} alive", flush=True)
    return [*dead, *(Outcome(mutant, "survived", "") for mutant in alive)]


def main() -> int:
    """Run, print the survivors and store the score; returns the exit status."""
    parser = Parser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--find", default="", help="only files with one of these words in the name")
    parser.add_argument(
        "--again", action="store_true", help="of unchanged files only what lived the last time"
    )
    parser.add_argument(
        "--page", action="store_true", help="judge nothing: only write the page of what is known"
    )
    parser.add_argument(
        "--jobs", type=whole(1, 1024), default=judging.cores(), help="mutants at a time"
    )
    args = parser.parse_args()
    if args.page:
        report.write(report.read(), 0.0, whole=False)
        print(report.age_line())
        return 0
    start, known, killers = time.perf_counter(), explained(), Killers()

    def on_outcome(outcome: Outcome) -> None:
        if outcome.status == "timed out":
            print(f"  timed out: {outcome.mutant.name}: {outcome.mutant.changed}", flush=True)

    def keep(those: list[Outcome]) -> None:
        """Store results at once, so that an interrupted run loses little."""
        killers.keep(those)
        results = report.read() | report.summed(those, known)
        report.write(results, 0.0, whole=False)
        print(f"  {those[0].mutant.file}: {len(those)} judged", flush=True)

    files = [file for file in FILES if not args.find or any(w in file for w in args.find.split())]
    outcomes = judged(files, args.again, max(1, args.jobs), killers, on_outcome, keep)
    if not outcomes:
        print(f"error: no file of the run has {args.find!r} in its name", file=sys.stderr)
        return 2
    killers.keep(outcomes)
    unexplained = [o.mutant for o in outcomes if o.lives and o.mutant.key not in known]
    living = {outcome.mutant.key for outcome in outcomes if outcome.lives}
    stale = [key for key in known if key[0] in files and key not in living]
    strict = tuple(f"{folder}/" for folder in report.ALL_EXPLAINED)
    for mutant in unexplained:
        print(f"\n# {mutant.name} survives\n{as_entry(mutant)}")
    for key in stale:
        print(f"\nexplained, but it dies or is gone: {key}")
    results = report.read() | report.summed(outcomes, known)
    minutes = (time.perf_counter() - start) / 60
    report.write(results, minutes, whole=not args.find and not args.again)
    print(f"\n{report.line(results)}\n{minutes:.1f} minutes, {args.jobs} at a time")
    for words in report.below(results):
        print(words)
    must = [mutant for mutant in unexplained if mutant.file.startswith(strict)]
    return 1 if must or stale or report.below(results) else 0


if __name__ == "__main__":
    sys.exit(main())
