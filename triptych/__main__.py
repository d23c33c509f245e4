"""The command `triptych`. Exit status 2 and one line for what a person can correct."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from triptych import __version__
from triptych.arguments import Parser, UsageError
from triptych.errors import TriptychError
from triptych.spelling import unknown

COMMANDS = {"differences": "triptych.differences.command"}  # the module of each, with its main()
DESCRIPTION = """\
Why do two frameworks give different numbers?

commands:
  differences   what frameworks do by default, where they differ, and code that shows it

`triptych COMMAND --help` describes one.
"""
INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C has ended


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit status."""
    if arguments and not arguments[0].startswith("-"):
        name, *rest = arguments
        if name not in COMMANDS:
            raise UsageError(unknown("command", name, COMMANDS))
        status: int = import_module(COMMANDS[name]).main(rest)
        return status
    parser = Parser("triptych", DESCRIPTION)
    parser.usage = "triptych COMMAND …"
    parser.add_argument("--version", action="version", version=f"triptych {__version__}")
    parser.parse_args(arguments)
    return parser.error(f"a command is missing: expected {' or '.join(COMMANDS)}")


def main() -> int:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console may lack β and ≠
    try:
        return run(sys.argv[1:])
    except TriptychError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # as in `triptych differences | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
