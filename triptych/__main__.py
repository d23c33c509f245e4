"""The command `triptych`. Errors that the user can correct are one line and exit status 2."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from triptych import __version__
from triptych.arguments import Parser, UsageError, as_typed
from triptych.errors import TriptychError, unknown

COMMANDS = {  # the module with each command's main()
    "differences": "triptych.differences.command",
    "ledger": "triptych.ledger.command",
    "port": "triptych.port.command",
}
DESCRIPTION = """\
Why do two frameworks give different numbers?

commands:
  differences   framework defaults, where they differ, and code that shows it
  ledger        which numbers a release of a framework changed, and why
  port          two models of your own: are they the same, and if not, why?

`triptych COMMAND --help` describes a command.
"""
INTERRUPTED = 130  # the usual exit status after Ctrl-C


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns its exit status."""
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
    *others, last = COMMANDS
    return parser.error(f"a command is missing: expected {', '.join(others)} or {last}")


def main() -> int:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console may lack β and ≠
    try:
        return run(sys.argv[1:])
    except TriptychError as error:
        print(f"error: {' '.join(as_typed(str(error)).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # as in `triptych differences | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
