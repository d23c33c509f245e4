"""Command-line arguments; errors are one line and suggest the nearest name."""

from __future__ import annotations

import math
import os
import re
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from typing import NoReturn

from triptych.errors import TriptychError, unknown

MAKE = "TRIPTYCH_TARGET"  # the target of make that runs this command, if one does
OPTION = re.compile(r"(?<![\w'-])--([a-z][a-z-]*)=?")


class UsageError(TriptychError):
    """The command line is not valid."""


class Parser(ArgumentParser):
    """An ArgumentParser that raises UsageError."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog, description=description, allow_abbrev=False,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with a reference to the help."""
        target = os.environ.get(MAKE)
        see = f"`make help TARGET={target}`" if target else f"{self.prog} --help"
        raise UsageError(f"{message} (see {see})")


def as_typed(message: str) -> str:
    """The message with make's variables for options, LOSS= for --loss, if make runs the command."""
    if not os.environ.get(MAKE):
        return message
    return OPTION.sub(lambda option: f"{option[1].upper().replace('-', '_')}=", message)


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """An argument type that accepts these names."""
    names = list(names)

    def convert(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(unknown(kind, text, names))
        return text

    return convert


def whole(least: int) -> Callable[[str], int]:
    """An argument type that accepts whole numbers from `least`."""

    def convert(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text!r} is no whole number from {least}")
        return int(text)

    return convert


def positive(text: str) -> float:
    """An argument type that accepts positive finite numbers."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text!r} is no positive number")
    return value
