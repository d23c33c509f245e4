"""Digests: of bytes, of JSON values, of the files of this checkout; and the seal of a card.

Caches, checkpoints and the workers of a cluster recognise the code by its digest. Standard library
only: a worker of a cluster computes it before every task.

A card has its own digest, so that no later change of it goes unnoticed: a record's card beside its
other keys, a checkpoint's in an object around it. A seal is not a signature: a forger who writes it
anew is not detected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The code that decides what a lesson computes; not its exercises.
FOLDERS = ("adapters", "course", "datasets", "injections")
LESSON_CODE = (*(f"{folder}/**/*.py" for folder in FOLDERS), "lessons/*.py")
SEAL = "seal"  # its key in a card


def digest(parts: Iterable[bytes]) -> str:
    """The sha256 over some bytes, in hexadecimal digits."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def digest_of(value: Any) -> str:
    """The sha256 of a JSON value, whatever the order of its keys."""
    return digest([json.dumps(value, sort_keys=True).encode()])


def is_sealed(card: dict[str, Any]) -> bool:
    """Whether a card has the seal of its other keys."""
    return card.get(SEAL) == digest_of({key: card[key] for key in card if key != SEAL})


def digests_of_files(*patterns: str) -> dict[str, str]:
    """The digest of each file of the checkout that matches a pattern, such as course/**/*.py.

    By path, in 16 digits. Line endings do not count in text, and links that lead nowhere are left
    out: editors create them.
    """
    files = {file for pattern in patterns for file in ROOT.glob(pattern) if file.is_file()}
    return {
        file.relative_to(ROOT).as_posix(): digest([_content(file)])[:16]
        for file in sorted(files)
        if "__pycache__" not in file.parts
    }


def _content(file: Path) -> bytes:
    content = file.read_bytes()
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")
