"""Command-line arguments whose mistakes are one line, with the nearest name."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from typing import NoReturn

from triptych.errors import TriptychError
from triptych.spelling import unknown


class UsageError(TriptychError):
    """Something was typed that the command does not take."""


class Parser(ArgumentParser):
    """An ArgumentParser that raises UsageError."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog, description=description, allow_abbrev=False,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the way to the help."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """The type of an argument that is one of these names."""
    names = list(names)

    def convert(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(unknown(kind, text, names))
        return text

    return convert
