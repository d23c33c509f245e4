"""Types of command-line options, with the same error messages in every command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite, nan
from typing import Any

import click

from spelling import unknown

WHOLE = re.compile(r"[+-]?[0-9]{1,100}")  # int() refuses numbers of some thousand digits


class OneOf(click.Choice[str]):
    """A name from a list; the error for any other name suggests the nearest one."""

    def __init__(self, names: Iterable[str], kind: str = "") -> None:
        super().__init__(list(names))
        self.kind = kind

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> str:
        """The name."""
        if value not in self.choices:
            kind = self.kind or (parameter.name if parameter and parameter.name else "name")
            self.fail(unknown(kind.replace("_", " "), value, self.choices), parameter, context)
        return str(value)


class SeveralOf(click.ParamType[Any]):
    """Names from a list, separated by spaces or commas; duplicates are removed."""

    name = "text"

    def __init__(self, names: Iterable[str], kind: str) -> None:
        self.names, self.kind = list(names), kind

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> list[str]:
        """The names."""
        if isinstance(value, list):  # a default value
            return value
        chosen = str(value).replace(",", " ").split()
        if not chosen:
            self.fail(f"it names no {self.kind}; leave it out for the default", parameter, context)
        for name in chosen:
            if name not in self.names:
                self.fail(unknown(self.kind, name, self.names), parameter, context)
        return list(dict.fromkeys(chosen))


class Address(click.ParamType[str]):
    """The address of a scheduler of Dask."""

    name = "address"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> str:
        """The address."""
        if not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}", str(value)):
            self.fail(
                f"{value!r} is not an address such as tcp://10.0.0.1:8786", parameter, context
            )
        return str(value)


class Whole(click.IntRange):
    """A whole number, at least `min` and at most `max`."""

    def __init__(self, min: int | None = None, max: int | None = None) -> None:
        super().__init__(min, max)

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> int:
        """The number."""
        text = str(value).strip()
        if WHOLE.fullmatch(text) and _within(int(text), self.min, self.max):
            return int(text)
        wanted = f"a whole number{_range(self.min, self.max)}"
        return self.fail(f"{str(value)!r} is not {wanted}", parameter, context)


class Number(click.FloatRange):
    """A finite number, at least `min` and at most `max`; with `above`, more than `min`."""

    def __init__(
        self, min: float | None = None, max: float | None = None, *, above: bool = False
    ) -> None:
        super().__init__(min, max, min_open=above)

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> float:
        """The number."""
        try:
            number = float(value)
        except ValueError:
            number = nan
        above = self.min_open and number == self.min
        if isfinite(number) and not above and _within(number, self.min, self.max):
            return number
        wanted = f" above {self.min:g}" if self.min_open else _range(self.min, self.max)
        return self.fail(f"{str(value)!r} is not a number{wanted}", parameter, context)


def _within(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def _range(least: float | None, most: float | None) -> str:
    """A range in words. No `:g`, which would round the largest seed."""
    return (
        f" from {least} to {most}" if least is not None and most is not None
        else f", at least {least}" if least is not None
        else f", at most {most}" if most is not None
        else ""
    )  # fmt: skip
