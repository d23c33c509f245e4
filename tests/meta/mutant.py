"""A planted mistake is data: a change of an adapter's text, and the law that finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One mistake, on one backend.

    `old` must occur once in the adapter, so that a change of the adapter cannot quietly turn the
    mutant into nothing.
    """

    name: str
    old: str
    new: str  # what stands in its place
    killed_by: str  # the law that must fail, without its prefix
    teaches: str
    on: str = "relu"  # the architecture of cases.py it is tried on
    dtype: str = ""  # the only precision that can see it; both where empty
    file: str = ""  # under adapters/, where it is not the backend's own
