"""A mutant as data: a change of an adapter's text, and the law that detects it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One mistake, on one backend.

    `old` must occur once in the adapter, so that a change of the adapter cannot silently disable
    the mutant.
    """

    name: str
    old: str
    new: str  # replaces it
    killed_by: str  # the law that must fail, without the prefix law_
    teaches: str
    on: str = "relu"  # the architecture of cases.py on which it is tested
    dtype: str = ""  # the only precision in which it has an effect; both if empty
    file: str = ""  # under adapters/, if it is not the backend's own
