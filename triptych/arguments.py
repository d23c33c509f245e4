"""Command-line arguments; errors are one line and suggest the nearest name."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable
from typing import NoReturn

from triptych.errors import TriptychError, unknown


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
        """Raise UsageError with a reference to --help."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def one_of(kind: str, names: Iterable[str]) -> Callable[[str], str]:
    """An argument type that accepts these names."""
    names = list(names)

    def convert(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(unknown(kind, text, names))
        return text

    return convert
