"""How a command line ends: whatever its user can mend is one line and status 2 (130 for Ctrl-C)."""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from adapters.contract import TriptychError, require
from course.options import Whole
from course.wording import as_typed, is_an_answer, positional_variable, target
from datasets import DataError
from spelling import unknown

INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C has ended
AT_ONCE = 1.0  # seconds


def run(command: click.Command, name: str) -> None:
    """Run a command line; the process ends with its status."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody ignores it
        signal.signal(signal.SIGINT, Presses())
    try:
        sys.exit(command.main(prog_name=name, standalone_mode=False))
    except SystemExit as end:
        raise SystemExit(0 if is_an_answer(end.code) else end.code) from None
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.UsageError as error:
        _fail(_usage(error))
    except (TriptychError, DataError, click.ClickException) as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        _fail(lacking(error))
    except MemoryError:
        _fail("out of memory: use smaller data or fewer of them (DATA=), or float32")
    except OSError as error:
        _fail(f"{error}: check rights and disk space")
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)


def _usage(error: click.UsageError) -> str:
    """The line for what was typed wrongly; the option is named as make or kit.py would have it."""
    if not target():
        return f"{error.format_message()} (see --help)"
    if isinstance(error, click.BadParameter) and error.param is not None:
        error.param_hint = name = _in_make(error.param, error.ctx)
        if isinstance(error, click.MissingParameter):
            return f"{name} is missing (see `make help`)"
    return f"{error.format_message()} (see `make help`)"


def _in_make(parameter: click.Parameter, context: click.Context | None) -> str:
    """What somebody who uses make calls a parameter: its variable, or else its name."""
    if isinstance(parameter, click.Option):
        return as_typed(max(parameter.opts, key=len))
    of = context.command.params if context else [parameter]
    arguments = [one for one in of if isinstance(one, click.Argument)]
    variable = positional_variable(arguments.index(parameter)) if parameter in arguments else ""
    return f"{variable}=" if variable else parameter.make_metavar(click.Context(click.Command("")))


class Parser(argparse.ArgumentParser):
    """The parser of a command that is no click command: what it is not told rightly is one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """End with the line, in the reader's language, and status 2."""
        _fail(f"{message} (see {'`make help`' if target() else '--help'})")


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """The type of a Parser's option: one of these names."""
    known = list(names)

    def convert(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(unknown(kind, text, known))
        return text

    return convert


def whole(least: int, most: int) -> Callable[[str], int]:
    """The type of a Parser's option: a whole number from least to most."""

    def convert(text: str) -> int:
        try:
            return Whole(least, most).convert(text, None, None)
        except click.BadParameter as error:
            raise argparse.ArgumentTypeError(error.message) from None

    return convert


def lacking(error: ModuleNotFoundError) -> str:
    """The line for a package that is not there. Raises the error where the module is our own."""
    name = (error.name or "").split(".")[0]
    if not name or (Path(__file__).parent.parent / name).exists():
        raise error
    return f"the package {name} is missing: `python kit.py setup` installs what is locked"


class Presses:
    """What Ctrl-C does: as ever, but one that is pressed again at once is the same one.

    A second exception while the first is being handled would end that half-way. One that comes
    later counts, for a framework may have swallowed the first.
    """

    def __init__(self) -> None:
        self.last = -math.inf

    def __call__(self, number: int, frame: object) -> None:
        """Raise KeyboardInterrupt, unless we just have."""
        now = time.monotonic()
        if now - self.last >= AT_ONCE:
            self.last = now
            raise KeyboardInterrupt


def check_place(file: Path) -> None:
    """Raise SettingsError where a file could not be written: asked before the work, not after."""
    there = file.absolute()
    home = next(path for path in (*there.parents, there) if os.path.lexists(path))
    held = file if file.exists() else home
    reason = (
        "it is a folder" if file.is_dir()
        else f"{str(home)!r} is no folder" if not home.is_dir()
        else f"{str(held)!r} may not be written to" if not os.access(held, os.W_OK)
        else ""
    )  # fmt: skip
    require(not reason, f"{str(file)!r} cannot be written, {reason}: name another file")


def check_folder(folder: Path) -> None:
    """Raise SettingsError where a folder to write to is something else, or below something else."""
    there = folder.absolute()
    home = next(path for path in (there, *there.parents) if os.path.lexists(path))
    require(home.is_dir(), f"{str(folder)!r} is no folder to write to: name another with OUT=")


def _fail(message: str) -> NoReturn:
    click.echo(f"error: {' '.join(as_typed(message).split())}", err=True)
    sys.exit(2)
