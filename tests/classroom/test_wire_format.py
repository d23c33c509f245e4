"""Messages between a check and a student are lossless, and nothing in them is executed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from adapters.contract import SGD, Adam, Dense, Net
from classroom.wire_format import (
    CHARACTERS,
    Handle,
    Malformed,
    Unfinished,
    decode,
    encode,
    read,
    write,
)

DTYPES = st.one_of(
    arrays.boolean_dtypes(), arrays.integer_dtypes(endianness="?"),
    arrays.unsigned_integer_dtypes(endianness="?"), arrays.floating_dtypes(endianness="?"),
    arrays.complex_number_dtypes(endianness="?"), arrays.unicode_string_dtypes(max_len=5),
)  # fmt: skip
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
ARRAYS = arrays.arrays(DTYPES, SHAPES)
# Views that are not contiguous.
VIEWS = ARRAYS.map(lambda a: a.T[::-1] if a.ndim else a)
RATES = st.floats(1e-6, 10)
OBJECTS = st.one_of(
    st.builds(SGD, RATES), st.builds(SGD, RATES, st.floats(0.1, 0.9), st.just(True)),
    st.builds(Adam, RATES),
    st.builds(lambda n, m, a: Net((Dense(n, 3, a), Dense(3, m)), "softmax", 0.1),
              st.integers(1, 5), st.integers(1, 5), st.sampled_from(["relu", "tanh"])),
)  # fmt: skip
WHOLE = st.integers(-(2**900), 2**900)
TEXTS = st.text(max_size=CHARACTERS)
SIMPLE = st.one_of(st.none(), st.booleans(), WHOLE, st.floats(), TEXTS)
SCALARS = ARRAYS.filter(lambda a: a.size).map(lambda a: a.ravel()[0])
VALUES = st.recursive(
    st.one_of(SIMPLE, ARRAYS, VIEWS, SCALARS, OBJECTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(TEXTS, st.integers(), st.booleans()), inner, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


def crossed(value: Any) -> Any:
    """The value after encoding and decoding."""
    return decode(read(write({"value": encode(value, refuse)}))["value"])


def refuse(value: Any) -> Handle:
    pytest.fail(f"{value!r} should be plain data")


def same(a: Any, b: Any) -> bool:
    """Equal in type and in every bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(map(same, [*a.items()], [*b.items()]))
    if isinstance(a, float):
        return a.hex() == b.hex()
    return bool(a == b)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_a_round_trip_changes_nothing(value: Any) -> None:
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    "value",
    [np.array(np.nan), np.array([]), np.zeros((0, 3)), np.arange(6.0).reshape(2, 3).T,
     np.array([1, -np.inf, np.nan], ">f8"), np.arange(10)[::-3], np.float32(0.1), np.bool_(True),
     float("nan"), -0.0, "\ud800", {"a": (1, [2])}],
    ids=repr,
)  # fmt: skip
def test_corner_cases_cross(value: Any) -> None:
    assert same(crossed(value), value)


def test_a_decoded_array_is_writable() -> None:
    crossed(np.zeros(3))[0] = 1


@pytest.mark.parametrize("value", [print, {1, 2}, object(), 10**400, np.array([None])], ids=repr)
def test_an_object_becomes_a_handle(value: Any) -> None:
    objects: list[Any] = []

    def keep(item: Any) -> Handle:
        objects.append(item)
        return Handle(len(objects) - 1, type(item).__name__)

    (handle,) = decode(encode([value], keep))
    assert objects[handle.number] is value
    assert handle.type == type(value).__name__


def test_a_list_that_contains_itself_becomes_a_handle() -> None:
    knot: list[Any] = []
    knot.append(knot)
    encode(knot, lambda value: Handle(0, "list"))


@pytest.mark.parametrize("value", [..., [1, ...], {"W": ...}, (..., ...)])
def test_an_ellipsis_is_unfinished(value: Any) -> None:
    with pytest.raises(Unfinished):
        encode(value, refuse)


HOSTILE: list[Any] = [
    {}, {"tuple": 5}, {"dict": [[1]]}, {"dict": [[[], 1]]}, {"nothing": 1}, {"Dense": {"n_in": -1}},
    {"Dense": {"n_in": 1, "n_out": "two"}}, {"Net": {"layers": [], "loss": "softmax"}},
    {"SGD": {"learning_rate": float("nan")}}, {"SGD": []}, {"tuple": [], "dict": []},
    {"array": "AAAA", "dtype": "<f8", "shape": [1]}, {"array": "!", "dtype": "<f8", "shape": [1]},
    {"array": "", "dtype": "O", "shape": [0]}, {"array": "", "dtype": "<f8", "shape": [5]},
    {"array": "AAAAAAAAAAA=", "dtype": "<f8", "shape": [-1, 10**9]},
    {"array": "AAAAAAAAAAA=", "dtype": "<f8", "shape": [True]},
    {"array": "", "dtype": "f8,O", "shape": [0]}, {"array": None, "dtype": None, "shape": None},
    {"array": "", "dtype": "<f8", "shape": [0, 10**30]}, {"handle": "x", "type": "y"},
    {"scalar": "AAAA", "dtype": "<f8", "shape": []}, "x" * 201, ["x" * 201],
    {"array": "", "dtype": "<U0", "shape": [10**12]}, {"array": "", "dtype": "<U999", "shape": [0]},
    {"array": "", "dtype": "<f8", "shape": [10**12, 0]},
]  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE, ids=json.dumps)
def test_a_wrong_value_is_malformed(data: Any) -> None:
    with pytest.raises(Malformed):
        decode(data)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"5",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 10**5,
        b'{"a": 1' + b"0" * 9999,
        b'{"value": [' + b"[]," * 2 * 10**6 + b"[]]}",
        b'{"value": "' + b"x" * 2**24 + b'"}',
    ],
    ids=range(9),
)
def test_a_wrong_line_is_malformed(line: bytes) -> None:
    with pytest.raises(Malformed):
        read(line)


KEYS = ["array", "dtype", "shape", "tuple", "dict", "SGD", "handle", "type", "scalar"]
JSON = st.recursive(
    st.one_of(SIMPLE, st.sampled_from(["<f8", "O", "AAAA"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(KEYS),
            inner, max_size=3,
        ),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_json_raises_another_error(data: Any) -> None:
    with suppress(Malformed):
        decode(data)
