"""Errors of the port checker that the user can correct."""

from __future__ import annotations

from triptych.errors import TriptychError


class PortError(TriptychError):
    """Wrong use: a model, an input or an option that cannot be taken."""
