"""python -m tests [--backend torch] [--all]: every check, block by block, with the seconds of each.

One process per backend and dtype runs all its laws, lessons and mutants, so that a framework is
imported once. Two more blocks run at a time than there are cores; a block's output is printed when
it ends.
"""

from __future__ import annotations

import compileall
import os
import py_compile
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters import BACKENDS, environment
from course.cli_errors import Parser, one_of, whole
from course.settings import LARGEST_SEED
from tests.sampling import SEED, SHARING

ROOT = Path(__file__).resolve().parent.parent
# Blocks: one uses about half a core, since it waits for processes that end, time out or start one
# another.
AT_ONCE = (os.cpu_count() or 1) + 2
# The longest blocks start first, so that no core waits for the last one.
LONGEST = (
    "keras float64", "jax float64", "tensorflow float64", "divergence", "native", "house",
    "jax float32", "keras float32", "comparison", "classroom", "site, slides", "trust", "lessons",
    "torch float32", "keras-jax float32", "tensorflow float32", "torch float64", "port",
)  # fmt: skip
SLOWEST = 10  # tests named at the end, with their seconds
PYTEST = [sys.executable, "-m", "pytest", "-q", f"--durations={SLOWEST}"]
DTYPES = ("float64", "float32")
PACKAGES = sorted(file.parent.name for file in ROOT.glob("*/__init__.py"))
CHECKED = py_compile.PycInvalidationMode.CHECKED_HASH
# Tests that run once per backend and dtype; all others under tests/ run once.
PER_BACKEND = [
    "tests/conformance", "tests/lessons/test_parity.py", "tests/meta/test_mutants.py",
    "tests/mutation/test_laws_sample.py", "tests/trust/test_resume.py",
]  # fmt: skip
# Tests that compare backends, and start processes of their own.
ABOUT_ALL = [f"tests/{name}" for name in ("compare", "drift", "ledger", "check_adapter", "page")]
WHERE_THEY_PART = [f"tests/{name}" for name in ("diverge", "injections", "differences")]
# The time of an epoch and of a lesson, compared with others.
SPEED = ["tests/speed"]
# Untrusted input, and the effects that a run may have.
TRUST = ["tests/trust"]
# Lessons on several workers.
WORKERS = ["tests/workers"]
# A few generated and a few named mutants, drawn by the seed.
MUTATED = ["tests/mutation/test_mutation.py"]
# Native programs, and what all backends share, checked from outside.
NATIVE = ["tests/native"]
CLASSROOM = ["tests/classroom"]
# The user's own models: Keras on its torch backend and PyTorch in one process.
PORT = ["tests/port"]
PAGES = [f"tests/{name}" for name in ("site", "slides", "translation", "guide")]
# Against NumPy in float64, a process of its own: the pages run lessons as a class does, in float32.
PLAYGROUND = ["tests/playground"]
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] [^:]*:(?:\d+:)? (.*)$", re.MULTILINE)
TIMED = re.compile(r"^(\d+\.\d+)s (?:call|setup|teardown) +(.*)$", re.MULTILINE)
COUNTED = re.compile(r"(\d+) (passed|failed|error)")


@dataclass(frozen=True)
class Block:
    """A named command that must end with status 0."""

    name: str
    command: list[str]


def blocks(
    backends: list[str], everything: bool, device: str, seed: int, references: str
) -> list[Block]:
    """The blocks to run, the longest ones first.

    references: the folder of the records of NumPy's lessons, which all backends share.
    """
    marks = [] if everything else ["-m", "not slow"]
    of_each = [
        Block(
            f"{backend} {dtype}",
            [*PYTEST, *marks, *PER_BACKEND, f"--backend={backend}", f"--dtype={dtype}",
             f"--device={device}", f"--seed={seed}", f"--references={references}"],
        )
        for backend in backends
        for dtype in DTYPES
        if everything or backend not in SHARING or len(backends) == 1 or dtype == SHARING[backend]
    ]  # fmt: skip
    if backends != list(BACKENDS):
        return of_each
    python = [sys.executable, "-m"]
    others = [
        Block("comparison", [*PYTEST, *marks, *ABOUT_ALL, f"--seed={seed}"]),
        Block("divergence", [*PYTEST, *marks, *WHERE_THEY_PART, f"--seed={seed}"]),
        Block("trust", [*PYTEST, *marks, *TRUST, f"--ignore={PER_BACKEND[-1]}", f"--seed={seed}"]),
        Block("site, slides", [*PYTEST, *marks, *PAGES, f"--seed={seed}"]),
        Block("playground", [*PYTEST, *marks, *PLAYGROUND, f"--seed={seed}"]),
        Block("classroom", [*PYTEST, *marks, *CLASSROOM, f"--seed={seed}"]),
        Block("port", [*PYTEST, *marks, *PORT, f"--seed={seed}"]),
        Block("workers", [*PYTEST, *marks, *WORKERS, f"--seed={seed}"]),
        Block("speed", [*PYTEST, *marks, *SPEED, f"--seed={seed}"]),
        Block("native", [*PYTEST, *marks, *NATIVE, f"--seed={seed}"]),
        Block("mutants", [*PYTEST, *marks, *MUTATED, f"--seed={seed}"]),
        Block("house", [*PYTEST, *marks, "tests", f"--seed={seed}", *(
            f"--ignore={path}"
            for path in (*PER_BACKEND, *ABOUT_ALL, *WHERE_THEY_PART, *TRUST, *MUTATED, *CLASSROOM,
                         *PAGES, *PLAYGROUND, *SPEED, *WORKERS, *NATIVE, *PORT, "tests/lessons"))]),
        Block("lessons", [*PYTEST, *marks, "tests/lessons", f"--seed={seed}",
                          "--ignore=tests/lessons/test_parity.py"]),
        Block("ruff", [*python, "ruff", "check", "."]),
        Block("format", [*python, "ruff", "format", "--check", "."]),
    ]  # fmt: skip
    if everything:
        others += [
            Block("mypy", [*python, "mypy"]),  # in CI and on each commit `make lint` runs it
            Block("divergence float32", [*PYTEST, "tests/diverge/test_every_injection.py",
                                         "--dtype=float32", f"--seed={seed}"]),
            Block("injections", [*python, "compare.diverge.evaluation",
                                 "--report=docs/reports/divergence.md"]),
            Block("branches", [*python, "tests.branches", "--report=docs/reports/coverage.md"]),
            Block("matrix", [*python, "compare.matrix", "--report=docs/reports/agreement.md"]),
            Block("native matrix", [*python, "compare.native.matrix",
                                    "--report=docs/reports/native.md"]),
        ]  # fmt: skip
    every = [*others, *reversed(of_each)]
    return sorted(every, key=lambda b: LONGEST.index(b.name) if b.name in LONGEST else len(LONGEST))


@dataclass(frozen=True)
class Ended:
    """A block that has ended, with its seconds by the clock and those of the cores."""

    block: Block
    seconds: float
    of_cores: float
    status: int
    output: str

    def __str__(self) -> str:
        verdict = "FAILED" if self.status else "ok"
        return f"{self.block.name:20} {self.seconds:6.1f} s {self.of_cores:6.1f} s  {verdict}"


def run(block: Block) -> Ended:
    """Run a block in a clean environment."""
    environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen(
        block.command, cwd=ROOT, env=environ, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    of_cores = 0.0
    if hasattr(os, "wait4"):  # of this child and all that it has waited for; not on Windows
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        of_cores = used.ru_utime + used.ru_stime
    return Ended(block, time.perf_counter() - start, of_cores, process.wait(), output)


def compile_ours() -> None:
    """Compile our modules once for the hundreds of processes that import them.

    Validated by a file's hash and not by its date, because tests change copies of files within a
    second. With PYTHONDONTWRITEBYTECODE each process would otherwise compile them again.
    """
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=2, invalidation_mode=CHECKED)


def not_run(output: str) -> list[str]:
    """A line for each reason for which pytest skipped tests, with their number."""
    return [f"tests NOT RUN ({count}): {reason}" for count, reason in SKIPPED.findall(output)]


def main() -> int:
    """Run every block, print each as it ends, then a table and the count of tests."""
    parser = Parser(prog="python -m tests", description=__doc__)
    parser.add_argument("--backend", type=one_of("backend", BACKENDS), help="one backend only")
    parser.add_argument("--device", default="cpu", type=one_of("device", ["auto", "cpu", "gpu"]))
    parser.add_argument(
        "--seed", type=whole(0, LARGEST_SEED), help="of the lessons, and of drawn examples"
    )
    parser.add_argument("--all", action="store_true", help="the slow tests and full matrices too")
    args = parser.parse_args()
    # A background process of a shell ignores Ctrl-C, as do all its children; some of them test it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if args.seed is None:  # fixed, so that a commit always passes or always fails; --all varies it
        args.seed = random.randrange(2**31) if args.all else SEED
    backends = [args.backend] if args.backend else list(BACKENDS)
    command = "test-all" if args.all else "test"
    print(f"seed {args.seed} (repeat with: make {command} SEED={args.seed})", flush=True)
    left_out: list[str] = []
    timed: list[tuple[float, str]] = []
    compile_ours()
    start, counts = time.perf_counter(), {"passed": 0, "failed": 0, "error": 0}
    failed: list[str] = []
    with TemporaryDirectory() as references, ThreadPoolExecutor(AT_ONCE) as pool:
        todo = blocks(backends, args.all, args.device, args.seed, references)
        for future in as_completed([pool.submit(run, block) for block in todo]):
            ended: Ended = future.result()
            name, output = ended.block.name, ended.output
            failed += [name] if ended.status else []
            left_out += not_run(output)
            timed += [(float(s), f"{test} ({name})") for s, test in TIMED.findall(output)]
            for number, kind in COUNTED.findall(output.rpartition("\n=")[2] or output[-300:]):
                counts[kind] += int(number)
            if ended.status or args.backend:
                print(f"\n--- {name}\n{output}", flush=True)
            print(ended, flush=True)
    print(f"\nthe slowest {SLOWEST}:")
    for seconds_of_test, test in sorted(timed, reverse=True)[:SLOWEST]:
        print(f"{seconds_of_test:7.1f} s  {test}")
    used = os.times()  # of the cores; what other programs do does not count
    print(
        f"\nall blocks: {time.perf_counter() - start:.1f} s on {os.cpu_count()} cores, "
        f"{used.children_user + used.children_system:.0f} s of their time"
    )
    if failed:
        print(f"failed: {', '.join(failed)}")
    print(f"{counts['passed']} passed, {counts['failed'] + counts['error']} failed")
    for line in left_out:
        print(f"!!! {line}")
    if not args.backend:
        from tests.mutation.report import age_line  # of the development's packages only here

        print(f"mutants: {age_line()} (make mutants FIND=…)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
