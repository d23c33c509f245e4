"""The seal of a card: a digest of its content, so that no later change goes unnoticed.

A record's card has the seal beside its other keys, a checkpoint's card in an object around it. A
seal is not a signature: a forger who writes it anew is not detected.
"""

from __future__ import annotations

from typing import Any

from course.digests import digest_of

SEAL = "seal"


def seal_of(content: Any) -> str:
    """The seal of a JSON value: the sha256 of its text with sorted keys."""
    return digest_of(content)


def is_sealed(card: dict[str, Any]) -> bool:
    """Whether a card has the seal of its other keys."""
    return card.get(SEAL) == seal_of({key: card[key] for key in card if key != SEAL})
