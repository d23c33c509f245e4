"""What a framework decides where one says nothing, for a lesson's table."""

from __future__ import annotations

from adapters.contract import Model


def default_of(backend: type[Model], *places: str) -> str:
    """The backend's first default at these places, such as `adam.eps`; "nothing" if it has none."""
    for place in places:
        answer = backend.DEFAULTS
        for key in place.split("."):
            answer = answer.get(key, {}) if isinstance(answer, dict) else {}
        if answer != {}:
            return str(answer)
    return "nothing"
