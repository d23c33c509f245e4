"""A checkpoint on disk: arrays in one file, a card in another, and nothing but numbers in either.

Each file is written whole or not at all (course/atomic_files.py), the arrays first. The card holds their
size and sha256, and is what makes a checkpoint count: arrays without a card are what a killed run
has left. The card ends with a seal, the sha256 of itself, so that no byte of either file can change
unnoticed. It is no signature: who rewrites the seal as well is believed.

The arrays are safetensors, a header and raw bytes, from which nothing can be executed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from adapters.contract import Array, TriptychError
from course.atomic_files import sha256, write_whole
from datasets.files import Unreadable, content, opened

FORMAT = 1
LARGEST_CARD = 1_000_000  # bytes; ours have a few thousand


class Unsound(TriptychError):
    """A checkpoint that is not what was written: cut off, changed, or not readable."""


def write(folder: Path, name: str, arrays: Mapping[str, Array], card: Mapping[str, Any]) -> Path:
    """Write a checkpoint `name` into the folder, which is made if need be; its card's path.

    Raises OSError where the disk does not take it, and leaves what was there before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # In C order: the format knows no other, and would take the bytes of a transposed array as such.
    packed = save({key: np.array(array, order="C") for key, array in arrays.items()})
    write_whole(folder / f"{name}.safetensors", packed)
    told = {"format": FORMAT, **card, "bytes": len(packed), "sha256": sha256(packed)}
    return write_whole(folder / f"{name}.json", _sealed(told))


def read(card: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays and the card of a checkpoint, after every byte was checked; raises Unsound."""
    told = _card(card)
    file = card.with_suffix(".safetensors")
    try:
        with opened(file, sys.maxsize) as stream:
            size = os.fstat(stream.fileno()).st_size
            packed = stream.read() if size == told["bytes"] else b""
    except Unreadable as error:
        raise Unsound(f"{file.name} {error.reason}") from None
    if size != told["bytes"]:
        raise Unsound(f"{file.name} has {size:,} bytes instead of {told['bytes']:,}")
    if sha256(packed) != told["sha256"]:
        raise Unsound(f"{file.name} is not what was written: its sha256 differs")
    try:
        arrays = load(packed)
    except (SafetensorError, ValueError) as error:
        raise Unsound(f"{file.name} holds no arrays ({error})") from None
    return {name: array.copy() for name, array in arrays.items()}, told


def _card(file: Path) -> dict[str, Any]:
    try:
        text = content(file, LARGEST_CARD)
        told = json.loads(text)["card"]
        if _sealed(told) != text:  # to the byte: blanks and the order of keys are part of it
            raise ValueError
    except Unreadable as error:
        raise Unsound(f"{file.name} {error.reason}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unsound(f"{file.name} is not what was written: its seal does not fit") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unsound(f"{file.name} is not a card of format {FORMAT}")
    return told


def _sealed(card: Any) -> bytes:
    inner = json.dumps(card, sort_keys=True, allow_nan=False)
    whole = {"card": card, "seal": sha256(inner.encode())}
    return (json.dumps(whole, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()
