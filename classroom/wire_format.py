"""What crosses between a check and a student's process: plain data as JSON, and nothing that runs.

    None True 5 0.5 "text" [1, 2]        as they are, NaN and infinities by their names
    a tuple                              {"tuple": […]}
    a dict                               {"dict": [[key, value], …]}
    an array, a NumPy scalar             {"array" or "scalar": base64, "dtype": "<f8", "shape": […]}
    Dense, Net, SGD, Adam                {"Dense": {"n_in": 2, …}}
    anything else                        {"handle": 7, "type": "function"}: it stays where it is

Never pickle: to read one is to run it. What comes back may have been made by anybody, so whatever
is not of this form is Malformed. And whoever checks holds what it has read, several times over and
without walls: so a message has limits on its bytes, on its values and on each text.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Dense, Net

LARGEST = 16 * 1024**2  # bytes of one message: an array of 1.5 million numbers in float64
MOST = 1_000_000  # values outside of arrays: each takes some hundred bytes once it is read
LETTERS = 200  # of one text: in an array of texts NumPy makes every one as long as the longest
DEEPEST = 40  # lists within lists
DIGITS = 1000  # of a whole number, in bits; Python refuses to read much longer ones
KINDS = "biufcU"  # of arrays: those whose bytes are all there is to them
WIDEST = 4 * LETTERS  # bytes of one element: a text's letters have four each
OBJECTS: dict[str, type[Any]] = {"Dense": Dense, "Net": Net, "SGD": SGD, "Adam": Adam}


class Malformed(Exception):
    """This is no message of ours."""


class Unfinished(Exception):
    """Somewhere in the value is still a `...`."""


class TooLarge(Exception):
    """More than a check could want to know."""


@dataclasses.dataclass(frozen=True)
class Handle:
    """Something that is no plain data and stays in the student's process; `type` is its class."""

    number: int
    type: str


def encode(value: Any, keep: Callable[[Any], Handle]) -> Any:
    """The value for JSON; `keep` takes what cannot cross. Raises Unfinished, TooLarge."""
    return _encode(value, keep, 0)


def decode(data: Any, held: Callable[[Handle], Any] = lambda handle: handle) -> Any:
    """The value again; `held` finds what a handle stands for. Raises Malformed."""
    try:
        return _decode(data, held)
    except Malformed:
        raise
    # The text may be anybody's, and the constructors have errors of their own.
    except Exception as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def read(line: bytes) -> dict[str, Any]:
    """One message. Raises Malformed."""
    if too_large(line):
        raise Malformed("more than anybody asked for")
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if not isinstance(message, dict):
        raise Malformed("no message")
    return message


def write(message: dict[str, Any]) -> bytes:
    """One message, in one line."""
    return json.dumps(message).encode("ascii") + b"\n"


def too_large(line: bytes) -> bool:
    """Whether a message holds more than whoever reads it should have to."""
    return len(line) > LARGEST or line.count(b",") > MOST


def _encode(value: Any, keep: Callable[[Any], Handle], depth: int) -> Any:
    if value is Ellipsis:
        raise Unfinished
    if isinstance(value, str) and len(value) > LETTERS:
        raise TooLarge
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is int and value.bit_length() <= DIGITS:
        return value
    if isinstance(value, np.generic | np.ndarray) and value.dtype.kind in KINDS:
        if value.dtype.itemsize > WIDEST or value.nbytes > LARGEST:
            raise TooLarge
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        content = base64.b64encode(value.tobytes()).decode("ascii")
        return {kind: content, "dtype": value.dtype.str, "shape": list(value.shape)}
    if depth < DEEPEST and not isinstance(value, Handle):
        if type(value) in (list, tuple):
            items = [_encode(item, keep, depth + 1) for item in value]
            return items if type(value) is list else {"tuple": items}
        if type(value) is dict:
            pairs = value.items()
            return {"dict": [[_encode(part, keep, depth + 1) for part in pair] for pair in pairs]}
        name = type(value).__name__
        if type(value) is OBJECTS.get(name):
            of = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return {name: {field: _encode(v, keep, depth + 1) for field, v in of.items()}}
    handle = value if isinstance(value, Handle) else keep(value)
    return {"handle": handle.number, "type": handle.type}


def _decode(data: Any, held: Callable[[Handle], Any]) -> Any:
    if isinstance(data, str) and len(data) > LETTERS:
        raise Malformed("a text without end")
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return [_decode(item, held) for item in data]
    if set(data) in ({"array", "dtype", "shape"}, {"scalar", "dtype", "shape"}):
        array = _array(data.get("array", data.get("scalar")), data["dtype"], data["shape"])
        return array if "array" in data else array[()]
    if set(data) == {"handle", "type"} and type(data["handle"]) is int:
        return held(Handle(data["handle"], str(data["type"])))
    ((kind, content),) = data.items()
    if kind == "tuple":
        return tuple(_decode(item, held) for item in content)
    if kind == "dict":
        return {_decode(key, held): _decode(value, held) for key, value in content}
    return OBJECTS[kind](**{name: _decode(value, held) for name, value in content.items()})


def _array(content: str, dtype: str, shape: list[int]) -> Any:
    kind = np.dtype(dtype)
    if (
        kind.kind not in KINDS
        or kind.itemsize > WIDEST
        or not all(type(size) is int and size <= LARGEST for size in shape)
    ):
        raise Malformed(f"an array of {dtype}")
    octets = base64.b64decode(content, validate=True)
    if not kind.itemsize:  # an empty text
        return np.ndarray(shape, kind)
    # frombuffer does not take the empty ones; and what it gives is not to be written to.
    if not octets and 0 in shape:
        return np.empty(shape, kind)
    return np.frombuffer(octets, kind).reshape(shape).copy()
