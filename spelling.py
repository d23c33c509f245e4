"""Suggest the name that was probably meant, and word the error for an unknown name.

Standard library only, in syntax that an unsupported Python can still read: kit.py uses this before
there is an environment, and the adapters before a framework is imported.
"""

from __future__ import annotations

from collections.abc import Iterable

# Minimum similarity (difflib) of a typing mistake; less similar names are different words.
NEAR = 0.6

# Other words for the same thing, without capitals and signs. Of several meanings the first that
# is possible in the given place counts.
SYNONYMS = {
    "pytorch": "torch", "pt": "torch", "tf": "tensorflow", "tf2": "tensorflow", "np": "numpy",
    "jnp": "jax", "flax": "jax", "theano": "pytensor", "aesara": "pytensor",
    "kerastensorflow": "keras", "kerastf": "keras", "tfkeras": "keras", "tensorflowkeras": "keras",
    "keraspytorch": "keras-torch", "torchkeras": "keras-torch", "jaxkeras": "keras-jax",
    "float": "float32", "single": "float32", "fp32": "float32", "f32": "float32",
    "double": "float64", "fp64": "float64", "f64": "float64", "cuda": "gpu",
    "engine": "BACKEND BACKENDS", "framework": "BACKEND BACKENDS",
    "engines": "BACKENDS BACKEND", "frameworks": "BACKENDS BACKEND",
    "lr": "LEARNING_RATE", "rate": "LEARNING_RATE", "precision": "DTYPE", "gpu": "DEVICE",
    "lang": "LESSON_LANGUAGE", "language": "LESSON_LANGUAGE", "output": "OUT",
    "folder": "SUBMISSIONS OUT", "dataset": "DATA", "cores": "THREADS",
    "dutch": "nl", "nederlands": "nl", "english": "en",
    "jupyter": "lab", "jupyterlab": "lab", "install": "setup", "deck": "slides", "grades": "grade",
}  # fmt: skip


def nearest(name: str, names: Iterable[str], cutoff: float = NEAR) -> str:
    """The one of `names` that was probably meant; empty if none is similar.

    Capitals and signs do not count: Torch is torch, and keras[torch] is keras-torch. cutoff: the
    minimum similarity of difflib, from 0 to 1.
    """
    wanted, known = plain(name), {plain(each): each for each in reversed(list(names))}
    if wanted in known:
        return known[wanted]
    for other in SYNONYMS.get(wanted, "").split():
        if other in known.values():
            return other
    from difflib import get_close_matches  # slow to import, and only needed here

    close = get_close_matches(wanted, list(known), n=1, cutoff=cutoff)
    return known[close[0]] if close else ""


def plain(name: str) -> str:
    """A name without capitals and signs."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def unknown(kind: str, name: object, names: Iterable[str], rest: str = "") -> str:
    """The error for an unknown name: the nearest of `names`, then `rest`, or else all names."""
    return f"unknown {kind} {name!r}: {expected(name, names, rest)}"


def expected(name: object, names: Iterable[str], rest: str = "") -> str:
    """The second half of that error: did you mean this one? expected one of those."""
    names = list(names)
    near = nearest(name, names) if isinstance(name, str) else ""
    hint = f"did you mean {near}? " if near else ""
    return hint + (rest or "expected one of " + ", ".join(names))
