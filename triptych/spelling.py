"""The line for a name that is not known: it gives the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SIMILAR = 0.6  # of the letters, in order: below that it is another word and no typing mistake

# Other names of the same backend, without capitals and signs.
ALIASES = {
    "pytorch": "torch", "tf": "tensorflow", "np": "numpy", "jnp": "jax", "flax": "jax",
    "theano": "pytensor", "tfkeras": "keras", "kerastensorflow": "keras",
    "keraspytorch": "keras-torch", "torchkeras": "keras-torch", "jaxkeras": "keras-jax",
}  # fmt: skip


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, or "". Torch is torch, keras[torch] is keras-torch."""
    letters, known = plain(name), {plain(one): one for one in names}
    if letters in known:
        return known[letters]
    if ALIASES.get(letters) in known.values():
        return ALIASES[letters]
    close = get_close_matches(letters, known, n=1, cutoff=SIMILAR)
    return known[close[0]] if close else ""


def plain(name: str) -> str:
    """A name without capitals and signs."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def unknown(kind: str, name: str, names: Iterable[str], rest: str = "") -> str:
    """The line for a name that is none of these.

    rest: what follows the nearest name; without it, the list of all names.
    """
    names = list(names)
    near = nearest(name, names)
    hint = f"did you mean {near}? " if near else ""
    return f"unknown {kind} {name!r}: {hint}{rest or 'expected one of ' + ', '.join(names)}"
