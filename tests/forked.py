"""`python -m MODULE` in a copy of this process, which has imported already what it would import.

A process of its own spends a second on its imports, a copy some hundredths. What a start itself has
to do is not seen here: tests of that start a process of their own.
"""

from __future__ import annotations

import atexit
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import adapters

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def module(
    name: str, arguments: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None
) -> Outcome:
    """How `python -m name` ends in that folder, with an empty input.

    environ: its variables, if not those of this process. What is slow to import should have been
    imported before. Where nothing can be copied, which is on Windows, it is a process of its own.
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
        said = [os.pread(stream.fileno(), 2**24, 0).decode() for stream in (out, err)]
    return Outcome(os.waitstatus_to_exitcode(status), *said)


def _be(name: str, argv: list[str], environ: Mapping[str, str], out: int, err: int) -> NoReturn:
    """Run the module as the program, and end without anything that pytest would still do."""
    atexit._clear()  # what is to be tidied up at the end is the original's
    status: object = 1
    try:
        for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), out, err)):
            os.dup2(stream, number)
        # In their place pytest has put its own.
        sys.stdin, sys.stdout, sys.stderr = map(os.fdopen, range(3), "rww")
        os.environ.clear()
        os.environ.update(environ)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        adapters._process_settings.clear()  # a test may have loaded a backend here
        sys.argv = argv
        if not hasattr(sys.modules.get(name), "__path__"):
            sys.modules.pop(name, None)  # it is run anew, and what it imports is not
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
