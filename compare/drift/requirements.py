"""A backend's lock with one package of another version, and as little else changed as can be.

pip is asked for every package of the lock at its locked version but that one. Where it says that
some of them cannot go together (jax wants its own jaxlib, an old TensorFlow an old NumPy), those
are released, and pip chooses. Hashes cannot be kept: the lock knows none of another version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
# How pip lists what cannot go together; a constraint is named so.
REQUESTED = re.compile(
    r"^\s+The user requested (?:\(constraint\) )?([A-Za-z0-9._-]+)", re.MULTILINE
)
COMPANIONS = "torch.companions.txt"  # what PyTorch's CUDA build brings along: only constraints


@dataclass(frozen=True)
class Pin:
    """One line of a lock, without its hashes."""

    name: str
    version: str
    marker: str = ""  # such as "; sys_platform == 'linux'"

    def line(self, released: bool) -> str:
        """The line as a requirement, with its version or without."""
        return f"{self.name}{'' if released else f'=={self.version}'} {self.marker}".strip()


def read_pins(files: Iterable[Path]) -> dict[str, Pin]:
    """The pins of some lock files, by name."""
    pins = {}
    for file in files:
        for name, version, marker in PIN.findall(file.read_text(encoding="utf-8")):
            pins[normal(name)] = Pin(name, version, marker.strip())
    return pins


def normal(name: str) -> str:
    """A package's one spelling: ml_dtypes and ml-dtypes are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def rewritten(
    pins: Mapping[str, Pin], package: str, version: str, released: Iterable[str] = ()
) -> str:
    """The requirements: the package at this version, the rest as locked unless released."""
    free = set(released)
    lines = [pin.line(name in free) for name, pin in pins.items() if name != package]
    return "\n".join([f"{package}=={version}", *lines]) + "\n"


def conflicting(log: str, pins: Mapping[str, Pin], package: str) -> set[str]:
    """Which pins pip could not keep beside the package, from what it said."""
    return {normal(name) for name in REQUESTED.findall(log)} & set(pins) - {package}


def moved(
    pins: Mapping[str, Pin], installed: Mapping[str, str], package: str
) -> dict[str, tuple[str, str]]:
    """What else is of another version than locked: its locked version and the one that is there.

    What the lock does not have is new; what is not there was left out by its marker.
    """
    others = {name: version for name, version in installed.items() if name != package}
    return {
        name: (pins[name].version if name in pins else "", version)
        for name, version in sorted(others.items())
        if name not in pins or public(pins[name].version) != public(version)
    }


def public(version: str) -> str:
    """A version without its local part: 2.13.0+cpu is 2.13.0 built otherwise."""
    return version.partition("+")[0]
