"""All families of seeded mistakes."""

from __future__ import annotations

from tests.port.mistakes import (
    convolutional,
    mobile,
    recurrent,
    training,
    transformer,
    vision,
)

FILES = (convolutional, mobile, recurrent, transformer, vision, training)
MISTAKES = [mistake for file in FILES for mistake in file.MISTAKES]
