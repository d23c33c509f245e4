"""The outcome of a mutant."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mutation.mutants import Mutant


@dataclass(frozen=True)
class Outcome:
    """A mutant, whether it lives, and what killed it."""

    mutant: Mutant
    status: str  # killed, timed out, survived
    by: str  # the test or law that failed; empty where it lives

    @property
    def lives(self) -> bool:
        return self.status == "survived"
