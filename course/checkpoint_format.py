"""The format of a checkpoint on disk: one file of arrays, and a card of metadata as JSON.

Each file is written whole or not at all by datasets/atomic_files.py, the arrays first. The card has
their size and sha256, and a checkpoint counts only with its card: arrays without one were left by a
killed run. The card ends with a seal, the sha256 of its own content, so that no byte of either file
can change unnoticed (course/digests.py).

The arrays are stored as safetensors, a header and raw bytes, from which nothing can be executed.
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
from course.digests import SEAL, digest, digest_of
from datasets.atomic_files import write_whole
from datasets.files import Unreadable, content, opened

FORMAT = 1
LARGEST_CARD = 1_000_000  # bytes; real cards have a few thousand


class Unsound(TriptychError):
    """A checkpoint is truncated, changed or unreadable."""


def write(folder: Path, name: str, arrays: Mapping[str, Array], card: Mapping[str, Any]) -> Path:
    """Write a checkpoint `name` into the folder, creating it if need be; return its card's path.

    Raises OSError if the disk refuses, and then leaves the earlier files as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # In C order: the format knows no other, and would store a transposed array in the wrong order.
    packed = save({key: np.array(array, order="C") for key, array in arrays.items()})
    write_whole(folder / f"{name}.safetensors", packed)
    metadata = {"format": FORMAT, **card, "bytes": len(packed), "sha256": digest([packed])}
    return write_whole(folder / f"{name}.json", _sealed(metadata))


def read(card: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read the arrays and the card of a checkpoint and check every byte; raises Unsound."""
    metadata = _read_card(card)
    file = card.with_suffix(".safetensors")
    try:
        with opened(file, sys.maxsize) as stream:
            size = os.fstat(stream.fileno()).st_size
            packed = stream.read() if size == metadata["bytes"] else b""
    except Unreadable as error:
        raise Unsound(f"{file.name} {error.reason}") from None
    if size != metadata["bytes"]:
        raise Unsound(f"{file.name} has {size:,} bytes instead of {metadata['bytes']:,}")
    if digest([packed]) != metadata["sha256"]:
        raise Unsound(f"{file.name} has changed since it was written: its sha256 differs")
    try:
        arrays = load(packed)
    except (SafetensorError, ValueError) as error:
        raise Unsound(f"{file.name} holds no arrays ({error})") from None
    return {name: array.copy() for name, array in arrays.items()}, metadata


def _read_card(file: Path) -> dict[str, Any]:
    try:
        text = content(file, LARGEST_CARD)
        metadata = json.loads(text)["card"]
        if _sealed(metadata) != text:  # to the byte: blanks and the order of keys count too
            raise ValueError
    except Unreadable as error:
        raise Unsound(f"{file.name} {error.reason}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unsound(f"{file.name} has changed since it was written: its seal differs") from None
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise Unsound(f"{file.name} is not a card of format {FORMAT}")
    return metadata


def _sealed(card: Any) -> bytes:
    whole = {"card": card, SEAL: digest_of(card)}
    return (json.dumps(whole, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()
