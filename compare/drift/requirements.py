"""A backend's lock with another version of one package, and as few other changes as possible.

Without uv (compare/drift/resolving.py), pip gets every other package of the lock at its locked
version. Packages that pip reports as conflicting (jax needs its own jaxlib, an old TensorFlow an
old NumPy) are unpinned, and pip chooses. Hashes are dropped: the lock has none of other versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
# How pip lists conflicting packages and constraints.
REQUESTED = re.compile(
    r"^\s+The user requested (?:\(constraint\) )?([A-Za-z0-9._-]+)", re.MULTILINE
)
DEPENDENT = re.compile(r"^\s+([A-Za-z0-9._-]+) \S+ depends on ", re.MULTILINE)
COMPANIONS = "torch.companions.txt"  # dependencies of PyTorch's CUDA build: only constraints


@dataclass(frozen=True)
class Pin:
    """One line of a lock, without its hashes."""

    name: str
    version: str
    marker: str = ""  # such as "; sys_platform == 'linux'"

    def line(self, released: bool) -> str:
        """The line as a requirement, without its version if it is released."""
        return f"{self.name}{'' if released else f'=={self.version}'} {self.marker}".strip()


def read_pins(files: Iterable[Path]) -> dict[str, Pin]:
    """The pins of some lock files, by name."""
    pins = {}
    for file in files:
        for name, version, marker in PIN.findall(file.read_text(encoding="utf-8")):
            pins[normal(name)] = Pin(name, version, marker.strip())
    return pins


def normal(name: str) -> str:
    """A package's normalized name: ml_dtypes and ml-dtypes are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def rewritten(
    pins: Mapping[str, Pin], package: str, version: str, released: Iterable[str] = ()
) -> str:
    """The requirements: the package at this version, the others as locked unless released."""
    free = set(released)
    lines = [pin.line(name in free) for name, pin in pins.items() if name != package]
    return "\n".join([f"{package}=={version}", *lines]) + "\n"


def conflicting(
    log: str, pins: Mapping[str, Pin], package: str, released: Iterable[str] = ()
) -> set[str]:
    """The pins that conflict with the package, from pip's output, unless they are released.

    If no other package was requested, its dependents conflict: TensorFlow 2.21 wants
    Keras 3.12 or newer.
    """
    for pattern in (REQUESTED, DEPENDENT):
        found = {normal(name) for name in pattern.findall(log)} & set(pins)
        found -= {package, *released}
        if found:
            return found
    return set()


def moved(
    pins: Mapping[str, Pin], installed: Mapping[str, str], package: str
) -> dict[str, tuple[str, str]]:
    """The other packages whose version is not the locked one, as pairs (locked, installed).

    The locked version of a new package is empty; packages that a marker left out do not count.
    """
    others = {name: version for name, version in installed.items() if name != package}
    return {
        name: (pins[name].version if name in pins else "", version)
        for name, version in sorted(others.items())
        if name not in pins or public(pins[name].version) != public(version)
    }


def public(version: str) -> str:
    """A version without its local part: 2.13.0+cpu is another build of 2.13.0."""
    return version.partition("+")[0]
