"""The errors that a user can fix, and the checks that raise them."""

from __future__ import annotations

import numpy as np


class TriptychError(Exception):
    """An error that the user can fix; its message is one line that says what to do."""


class UnknownBackend(TriptychError):
    """No backend of that name exists."""


class BackendNotInstalled(TriptychError):
    """The backend exists, but its packages are not in this environment."""


class DeviceNotFound(TriptychError):
    """The requested device is missing, or the backend cannot use it."""


class SettingsError(TriptychError):
    """A value is invalid, or contradicts the settings that this process already runs with."""


class ShapeError(TriptychError, ValueError):
    """An array, label or layer does not fit the network."""


class LayerMissing(TriptychError):
    """The backend lacks a layer of the network."""


class NotFinite(TriptychError):
    """A training run produced a loss that is not finite."""


def require(condition: bool, message: str, error: type[TriptychError] = SettingsError) -> None:
    """Raise `error(message)` unless the condition holds."""
    if not condition:
        raise error(message)


def is_count(value: object) -> bool:
    """Whether a value is a whole number; True and False do not count."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
