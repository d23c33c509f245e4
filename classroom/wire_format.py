"""The messages between a check and a student's process: plain data as JSON, nothing executable.

    None True 5 0.5 "text" [1, 2]        unchanged; NaN and infinities by their names
    a tuple                              {"tuple": […]}
    a dict                               {"dict": [[key, value], …]}
    an array, a NumPy scalar             {"array" or "scalar": base64, "dtype": "<f8", "shape": […]}
    Dense, Net, SGD, Adam                {"Dense": {"n_in": 2, …}}
    anything else                        {"handle": 7, "type": "function"}: it stays in its process

Not pickle, because loading a pickle can execute code. Replies are untrusted: anything of another
form is Malformed. The check is not sandboxed and keeps several copies of a message in memory, so
the bytes and values of a message and the length of each text are limited.
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
MOST = 1_000_000  # values outside of arrays; each takes some hundred bytes in memory
CHARACTERS = 200  # of one text; in an array of texts each takes as much as the longest
DEEPEST = 40  # levels of nested lists
DIGITS = 1000  # bits of an integer; Python refuses to parse much longer ones
KINDS = "biufcU"  # kinds of dtypes whose bytes are the whole value
WIDEST = 4 * CHARACTERS  # bytes of one element; a character of a text has four
OBJECTS: dict[str, type[Any]] = {"Dense": Dense, "Net": Net, "SGD": SGD, "Adam": Adam}


class Malformed(Exception):
    """Not a valid message."""


class Unfinished(Exception):
    """The value contains a `...`."""


class TooLarge(Exception):
    """The value is larger than a message may be."""


@dataclasses.dataclass(frozen=True)
class Handle:
    """An object that is not plain data and stays in the student's process; type: its class."""

    number: int
    type: str


def encode(value: Any, keep: Callable[[Any], Handle]) -> Any:
    """Convert a value for JSON; `keep` makes handles for objects. Raises Unfinished, TooLarge."""
    return _encode(value, keep, 0)


def decode(data: Any, resolve: Callable[[Handle], Any] = lambda handle: handle) -> Any:
    """Convert a value back; `resolve` finds the object of a handle. Raises Malformed."""
    try:
        return _decode(data, resolve)
    except Malformed:
        raise
    # The data are untrusted, and the constructors raise errors of any kind.
    except Exception as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def read(line: bytes) -> dict[str, Any]:
    """Parse one message. Raises Malformed."""
    if too_large(line):
        raise Malformed("more than anybody asked for")
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if not isinstance(message, dict):
        raise Malformed("not a message")
    return message


def write(message: dict[str, Any]) -> bytes:
    """One message as one line."""
    return json.dumps(message).encode("ascii") + b"\n"


def too_large(line: bytes) -> bool:
    """Whether a message exceeds the limits."""
    return len(line) > LARGEST or line.count(b",") > MOST


def _encode(value: Any, keep: Callable[[Any], Handle], depth: int) -> Any:
    if value is Ellipsis:
        raise Unfinished
    if isinstance(value, str) and len(value) > CHARACTERS:
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
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return {name: {field: _encode(v, keep, depth + 1) for field, v in fields.items()}}
    handle = value if isinstance(value, Handle) else keep(value)
    return {"handle": handle.number, "type": handle.type}


def _decode(data: Any, resolve: Callable[[Handle], Any]) -> Any:
    if isinstance(data, str) and len(data) > CHARACTERS:
        raise Malformed("a text that is too long")
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return [_decode(item, resolve) for item in data]
    if set(data) in ({"array", "dtype", "shape"}, {"scalar", "dtype", "shape"}):
        array = _array(data.get("array", data.get("scalar")), data["dtype"], data["shape"])
        return array if "array" in data else array[()]
    if set(data) == {"handle", "type"} and type(data["handle"]) is int:
        return resolve(Handle(data["handle"], str(data["type"])))
    ((kind, content),) = data.items()
    if kind == "tuple":
        return tuple(_decode(item, resolve) for item in content)
    if kind == "dict":
        return {_decode(key, resolve): _decode(value, resolve) for key, value in content}
    return OBJECTS[kind](**{name: _decode(value, resolve) for name, value in content.items()})


def _array(content: str, dtype: str, shape: list[int]) -> Any:
    kind = np.dtype(dtype)
    if (
        kind.kind not in KINDS
        or kind.itemsize > WIDEST
        or not all(type(size) is int and size <= LARGEST for size in shape)
    ):
        raise Malformed(f"an array of {dtype}")
    raw = base64.b64decode(content, validate=True)
    if not kind.itemsize:  # an array of empty texts
        return np.ndarray(shape, kind)
    # frombuffer refuses empty buffers, and its result is read-only.
    if not raw and 0 in shape:
        return np.empty(shape, kind)
    return np.frombuffer(raw, kind).reshape(shape).copy()
