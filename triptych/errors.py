"""Errors that the user can correct; the one for an unknown name suggests the nearest known one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SIMILAR = 0.6  # share of letters in order; below it the name is another word, not a typing mistake

# Other names of the backends, in lower case without punctuation.
ALIASES = {
    "pytorch": "torch", "tf": "tensorflow", "np": "numpy", "jnp": "jax", "flax": "jax",
    "theano": "pytensor", "tfkeras": "keras", "kerastensorflow": "keras",
    "keraspytorch": "keras-torch", "torchkeras": "keras-torch", "jaxkeras": "keras-jax",
}  # fmt: skip


class TriptychError(Exception):
    """The base class: its message is one line that names the value and what to do."""


def require(condition: bool, message: str, error: type[TriptychError] = TriptychError) -> None:
    """Raise `error(message)` unless the condition holds."""
    if not condition:
        raise error(message)


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name that was probably meant, or "". Torch is torch, keras[torch] keras-torch."""
    letters, known = plain(name), {plain(one): one for one in names}
    if letters in known:
        return known[letters]
    if ALIASES.get(letters) in known.values():
        return ALIASES[letters]
    close = get_close_matches(letters, known, n=1, cutoff=SIMILAR)
    return known[close[0]] if close else ""


def plain(name: str) -> str:
    """A name in lower case without punctuation."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def unknown(kind: str, name: str, names: Iterable[str], rest: str = "") -> str:
    """The message for a name that is none of these.

    rest: the text after the suggestion; by default the list of all names.
    """
    names = list(names)
    near = nearest(name, names)
    hint = f"did you mean {near}? " if near else ""
    return f"unknown {kind} {name!r}: {hint}{rest or 'expected one of ' + ', '.join(names)}"
