"""Ports of people who had not read the check: thirty mistakes a set, and their right ports.

Each set was run once before anything was mended for it; OUTCOMES holds what came out then.
"""

from __future__ import annotations

from tests.port.mistakes import Mistake
from tests.port.strangers import (
    first_forward,
    fourth_attention,
    fourth_forward,
    fourth_sequences,
    fourth_training,
    second_attention,
    second_forward,
    second_sequences,
    second_training,
    second_transformers,
    third_attention,
    third_forward,
    third_sequences,
    third_training,
)

SECOND = (
    second_forward, second_sequences, second_attention, second_transformers, second_training,
)  # fmt: skip
THIRD = (third_forward, third_sequences, third_attention, third_training)
FOURTH = (fourth_forward, fourth_sequences, fourth_attention, fourth_training)
SETS: dict[str, tuple[list[Mistake], list[Mistake]]] = {
    "first": (first_forward.MISTAKES, first_forward.RIGHT),
    "second": (
        [mistake for file in SECOND for mistake in file.MISTAKES],
        [port for file in SECOND for port in file.RIGHT],
    ),
    "third": (
        [mistake for file in THIRD for mistake in file.MISTAKES],
        [port for file in THIRD for port in file.RIGHT],
    ),
    "fourth": (
        [mistake for file in FOURTH for mistake in file.MISTAKES],
        [port for file in FOURTH for port in file.RIGHT],
    ),
}
# On the first run: located, named, with a proved cause that the pattern does not fit, right ports
# that were not silent. The third set's other names were true, in other words: "Std in A, std in B".
# Four of the fourth set ended in a traceback: layers that a user's layer makes stayed in float32.
OUTCOMES = {
    "first": (30, 20, 3, 3),
    "second": (29, 19, 2, 1),
    "third": (30, 23, 3, 3),
    "fourth": (26, 26, 0, 4),
}
