"""Measure which branches the laws of each backend run.

python -m tests.branches [--report docs/reports/coverage.md]

One process per backend runs the laws of tests/conformance; another one runs the fast tests of the
shared modules. For a file that several backends run, every line that any of them runs counts.
In these processes this module is a plugin of pytest, which lets TensorFlow's graphs run uncompiled,
because otherwise their lines could not be counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from adapters import BACKENDS, environment
from course.provenance import made_by

ROOT = Path(__file__).resolve().parent.parent
FLOOR = 95.0  # per cent of the lines and branches of each file
SHARED = ["tests/adapters", "tests/datasets", "tests/judging", "tests/conformance"]
MEASURED = ["adapters", "datasets"]
# Those run in processes of their own, several at a time, where tests/workers looks at them.
ELSEWHERE = ["adapters/parallel/*"]
HEAD = """# What the tests run

{made_by}

The lines and branches that the tests run, measured with coverage.py {version}: the laws of
`tests/conformance` on each backend in float64, and for the shared code the tests in {shared}, each
in one process. `make test-all` measures again, and fails if a file in `adapters/` is below
{floor:.0f} %. `adapters/parallel/` is left out: its files run in several processes at a time, and
`tests/workers` tests them. A line that runs is not necessarily checked: for that see
[mutants.md](mutants.md).

| file | lines | not run | branches | run by half | run |
|---|--:|--:|--:|--:|--:|
"""


def runs() -> list[tuple[str, list[str]]]:
    """The runs, one for each backend and one for the shared modules: name, pytest's arguments."""
    backends = [(name, ["tests/conformance", f"--backend={name}"]) for name in BACKENDS]
    return [*backends, ("shared", SHARED)]


def measure(name: str, arguments: list[str], folder: Path) -> int:
    """Run one process under coverage, with its own data file; return its exit status."""
    command = [
        sys.executable, "-m", "coverage", "run", "--branch", f"--data-file={folder / name}",
        f"--source={','.join(MEASURED)}", f"--omit={','.join(ELSEWHERE)}", "-m", "pytest", "-q",
        "-p", "no:cacheprovider", "-p", "tests.branches", "-m", "not slow", "--dtype=float64",
        *arguments,
    ]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(f"{name:12} {time.perf_counter() - start:6.1f} s  status {done.returncode}", flush=True)
    if done.returncode:
        print(done.stdout[-3000:])
    return done.returncode


def pytest_runtest_setup() -> None:
    """Before each test, because the backend is loaded at an unknown time."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.config.run_functions_eagerly(True)


def rows(folder: Path) -> dict[str, tuple[int, int, int, int, float]]:
    """For each file: lines, lines not run, branches, branches run one way only, per cent."""
    from coverage import Coverage

    cov = Coverage(data_file=str(folder / "all"), branch=True, source=MEASURED, omit=ELSEWHERE)
    cov.combine([str(path) for path in folder.iterdir()], keep=True)
    table = {}
    for path in sorted(cov.get_data().measured_files()):
        numbers = cov._analyze(path).numbers
        counts = numbers.n_statements, numbers.n_missing, numbers.n_branches
        name = Path(path).relative_to(ROOT).as_posix()
        table[name] = (*counts, numbers.n_partial_branches, numbers.pc_covered)
    return table


def main() -> int:
    """Measure, print the table, write the page; return 1 if a test fails or a file is too low."""
    parser = argparse.ArgumentParser(prog="python -m tests.branches", description=__doc__)
    parser.add_argument("--report", type=Path, help="the page to write")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        failed = [name for name, arguments in runs() if measure(name, arguments, folder)]
        found = rows(folder)
    line = made_by("python -m tests.branches --report docs/reports/coverage.md")
    text = HEAD.format(
        made_by=line, version=version("coverage"), shared=", ".join(SHARED), floor=FLOOR
    )
    for name, (lines, missing, branches, half, share) in found.items():
        text += f"| {name} | {lines} | {missing} | {branches} | {half} | {share:.1f} % |\n"
    if args.report:
        args.report.write_text(text, encoding="utf-8")
    print(text)
    low = [n for n, row in found.items() if n.startswith("adapters/") and row[-1] < FLOOR]
    for name in low:
        print(f"{name}: under {FLOOR:.0f} %")
    return 1 if failed or low else 0


if __name__ == "__main__":
    sys.exit(main())
