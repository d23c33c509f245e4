"""`python -m MODULE` in a fork of this process, which has already imported its modules.

A new process spends a second on its imports, a fork some hundredths. Tests of the start itself use
a new process.

python -P -m tests.forked COMMANDS.json does the same for the commands of another checkout, in whose
folder it is started: it imports the slow modules once, and prints the outcomes as JSON.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import adapters

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str


def module(
    name: str, arguments: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None
) -> Outcome:
    """The outcome of `python -m name` in a folder, with an empty input.

    environ: its environment, by default that of this process. Import slow modules before. On
    Windows, which has no fork, it is a new process.
    """
    environ = {**(os.environ if environ is None else environ), "PYTHONPATH": str(ROOT)}
    if not hasattr(os, "fork"):
        done = subprocess.run(
            [sys.executable, "-m", name, *arguments], cwd=folder, env=environ, text=True,
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            _be(name, [name, *arguments], environ, out.fileno(), err.fileno())
        _, status = os.waitpid(child, 0)
        texts = [os.pread(stream.fileno(), 2**24, 0).decode() for stream in (out, err)]
    return Outcome(os.waitstatus_to_exitcode(status), *texts)


def _be(name: str, argv: list[str], environ: Mapping[str, str], out: int, err: int) -> NoReturn:
    """Run the module as the main program, and exit without returning to pytest."""
    atexit._clear()  # exit functions belong to the parent
    status: object = 1
    try:
        for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), out, err)):
            os.dup2(stream, number)
        # pytest has replaced them.
        sys.stdin, sys.stdout, sys.stderr = map(os.fdopen, range(3), "rww")
        os.environ.clear()
        os.environ.update(environ)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        adapters._process_settings.clear()  # a test may have loaded a backend here
        sys.argv = argv
        package = hasattr(sys.modules.get(name), "__path__")
        sys.modules.pop(f"{name}.__main__" if package else name, None)  # only it is run anew
        try:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
            status = 0
        except SystemExit as end:
            status = 0 if end.code is None else end.code
        except BaseException:  # noqa: BLE001 - as Python itself ends
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    import course.lesson  # noqa: F401 - once here, and not in each fork

    commands = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps([asdict(module(name, words, Path.cwd())) for name, *words in commands]))
