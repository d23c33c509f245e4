"""Errors of a command line: one line and exit status 2 for each (130 for Ctrl-C)."""

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

INTERRUPTED = 130  # a shell's exit status for a program that Ctrl-C has ended
AT_ONCE = 1.0  # seconds


def run(command: click.Command, name: str) -> None:
    """Run a command line and exit with its status."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not if it is ignored
        signal.signal(signal.SIGINT, InterruptHandler())
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
        _fail(missing_package(error))
    except MemoryError:
        _fail("out of memory: use smaller or fewer data (DATA=), or float32")
    except OSError as error:
        _fail(f"{error}: check permissions and disk space")
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)


def _usage(error: click.UsageError) -> str:
    """The message of a usage error; it names the option as make or kit.py calls it."""
    if not target():
        return f"{error.format_message()} (see --help)"
    if isinstance(error, click.BadParameter) and error.param is not None:
        error.param_hint = name = _in_make(error.param, error.ctx)
        if isinstance(error, click.MissingParameter):
            return f"{name} is missing (see `make help`)"
    return f"{error.format_message()} (see `make help`)"


def _in_make(parameter: click.Parameter, context: click.Context | None) -> str:
    """The name of a parameter for a user of make: its variable, or else its own name."""
    if isinstance(parameter, click.Option):
        return as_typed(max(parameter.opts, key=len))
    of = context.command.params if context else [parameter]
    arguments = [one for one in of if isinstance(one, click.Argument)]
    variable = positional_variable(arguments.index(parameter)) if parameter in arguments else ""
    return f"{variable}=" if variable else parameter.make_metavar(click.Context(click.Command("")))


class Parser(argparse.ArgumentParser):
    """An argument parser, for commands without click, whose errors are one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Print the error in one line and exit with status 2."""
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


def missing_package(error: ModuleNotFoundError) -> str:
    """The message for a missing package. Raises the error again if the module is our own."""
    name = (error.name or "").split(".")[0]
    if not name or (Path(__file__).parent.parent / name).exists():
        raise error
    return f"the package {name} is missing: `python kit.py setup` installs what is locked"


class InterruptHandler:
    """The handler of Ctrl-C; it ignores a second press within a second.

    A second exception would interrupt the handling of the first. A later press counts again,
    because a framework may have swallowed the first exception.
    """

    def __init__(self) -> None:
        self.last = -math.inf

    def __call__(self, number: int, frame: object) -> None:
        """Raise KeyboardInterrupt, unless it was raised just now."""
        now = time.monotonic()
        if now - self.last >= AT_ONCE:
            self.last = now
            raise KeyboardInterrupt


def check_place(file: Path) -> None:
    """Raise SettingsError if a file could not be written; to be called before the work starts."""
    path = file.absolute()
    folder = next(parent for parent in (*path.parents, path) if os.path.lexists(parent))
    existing = file if file.exists() else folder
    reason = (
        "it is a folder" if file.is_dir()
        else f"{str(folder)!r} is not a folder" if not folder.is_dir()
        else f"{str(existing)!r} may not be written to" if not os.access(existing, os.W_OK)
        else ""
    )  # fmt: skip
    require(not reason, f"{str(file)!r} cannot be written, {reason}: name another file")


def check_folder(folder: Path) -> None:
    """Raise SettingsError if a folder to write to, or one of its parents, is not a folder."""
    path = folder.absolute()
    existing = next(parent for parent in (path, *path.parents) if os.path.lexists(parent))
    require(existing.is_dir(), f"{str(folder)!r} is not a folder: name another with OUT=")


def _fail(message: str) -> NoReturn:
    click.echo(f"error: {' '.join(as_typed(message).split())}", err=True)
    sys.exit(2)
