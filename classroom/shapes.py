"""Compare the shape of a result with the comment behind the function's first line, in words.

    def row_by_column(A, B):  # (n, k), (k, m) -> (n, m)

The comment names the axes. The shapes of the arguments say how long they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

Size = int | None  # None: not known
Shape = tuple[Size, ...]
COMMENT: Final = re.compile(r":\s*#\s*(?P<arguments>.*?)\s*->\s*(?P<results>.*)")
PARTS: Final = re.compile(r"\([^()]*\)[^,]*|[^,()]+")  # of a list with commas, "(n, k)" as one
ONE_NUMBER: Final = re.compile(r"(?:a|one) number\b")
COMPUTED: Final = re.compile(r"(\w+) (//?|\*|·|\+|-) (\w+)")


def wrong_shape(name: str, line: str, arguments: Mapping[str, Any], result: Any) -> str:
    """A sentence if the result has another shape than the comment says; else empty.

    line: the first line of the function. arguments: by the names of the parameters.
    """
    comment = COMMENT.search(line)
    actual = shape_of(result)
    if comment is None or actual is None:
        return ""
    results = [_axes(part.strip()) for part in PARTS.findall(comment["results"])]
    axes = results[0] if results else None
    # For several results the checks have hints of their own. What has no axes is a remark.
    if axes is None or any(other is not None for other in results[1:]):
        return ""
    sizes = _sizes(comment["arguments"], arguments)
    if axes[:1] == ["..."]:
        shape = (*sizes.get("...", ()), *(_size(axis, sizes) for axis in axes[1:]))
        known = "..." in sizes
    else:
        shape, known = tuple(_size(axis, sizes) for axis in axes), True
    if not known or _fits(actual, shape):
        return ""
    named = ", ".join(
        f"{axis} is {size}" for axis, size in dict(zip(axes, shape, strict=False)).items()
        if size is not None and not axis.isdigit() and axes[0] != "..."
    )  # fmt: skip
    meaning = f": ({', '.join(axes)}{',' * (len(axes) == 1)})" if axes else ""
    return (
        f"`{name}` returns {in_words(actual)}; expected is {in_words(shape)}"
        f"{meaning}{', where ' * bool(named)}{named}."
    )


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of a number, an array, or lists of numbers; None for anything else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.shape if array.dtype.kind in "fiub" else None


def in_words(shape: Shape) -> str:
    """A shape in words: "a table of 2 rows and 3 columns, shape (2, 3)"."""
    sizes = ["?" if size is None else str(size) for size in shape]
    if not shape:
        return "a single number"
    written = f"({', '.join(sizes)}{',' * (len(shape) == 1)})"
    if len(shape) == 1:
        words = f"a row of {sizes[0]} numbers" if shape[0] is not None else "a row of numbers"
    elif len(shape) == 2 and None not in shape:
        words = f"a table of {sizes[0]} rows and {sizes[1]} columns"
    else:
        words = f"an array with {len(shape)} axes"
    return f"{words}, shape {written}"


def _axes(text: str) -> list[str] | None:
    """The axes in "(n, m)", none for "a number"; None if it is neither."""
    if ONE_NUMBER.match(text):
        return []
    group = re.match(r"\(([^()]*)\)", text)
    return [axis.strip() for axis in group[1].split(",") if axis.strip()] if group else None


def _sizes(text: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """How long each named axis is, from the shapes of the arguments; and numbers by their names."""
    sizes: dict[str, Any] = {
        name: value for name, value in arguments.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }  # fmt: skip
    parts = [part.strip() for part in PARTS.findall(text) if part.strip()]
    if len(parts) != len(arguments):
        return sizes
    for part, value in zip(parts, arguments.values(), strict=True):
        axes, shape = _axes(part), shape_of(value)
        if axes is None or shape is None:
            continue
        if axes[:1] == ["..."]:
            rest = len(axes) - 1
            sizes["..."] = shape[: len(shape) - rest]
            axes, shape = axes[1:], shape[len(shape) - rest :]
        if len(axes) == len(shape):
            sizes |= dict(zip(axes, shape, strict=True))
    return sizes


def _size(axis: str, sizes: Mapping[str, Any]) -> Size:
    """The length of an axis, given as a name, a number or a quotient such as `h // 2`."""
    if axis.isdigit():
        return int(axis)
    if not (computed := COMPUTED.fullmatch(axis)):
        return sizes.get(axis)
    left, sign, right = _size(computed[1], sizes), computed[2], _size(computed[3], sizes)
    if left is None or right is None or (sign[0] == "/" and right == 0):
        return None
    return {"/": lambda: left // right, "*": lambda: left * right, "·": lambda: left * right,
            "+": lambda: left + right, "-": lambda: left - right}[sign[0]]()  # fmt: skip


def _fits(actual: tuple[int, ...], expected: Shape) -> bool:
    return len(actual) == len(expected) and all(
        size in (None, length) for length, size in zip(actual, expected, strict=True)
    )
