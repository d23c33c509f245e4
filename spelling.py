"""Which name was meant: the one line for a name that is not known, wherever one is read.

Standard library only, and syntax that an unsupported Python can still read: kit.py asks this before
there is an environment, and the adapters before there is a framework.
"""

from __future__ import annotations

from collections.abc import Iterable

# Half of the letters, in order: closer than that are typing mistakes, farther are other words.
NEAR = 0.6

# What people call the same thing elsewhere, without capitals and signs; the first that is known
# where it is said counts.
ALSO = {
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
    "folder": "OUT SUBMISSIONS", "dataset": "DATA", "cores": "THREADS",
    "dutch": "nl", "nederlands": "nl", "english": "en",
    "jupyter": "lab", "jupyterlab": "lab", "install": "setup", "deck": "slides", "grades": "grade",
}  # fmt: skip


def nearest(name: str, names: Iterable[str], cutoff: float = NEAR) -> str:
    """The one of these names that was probably meant; empty if none is near.

    Capitals and signs do not count: Torch is torch, and keras[torch] is keras-torch. cutoff: the
    share of the letters that two names have in common, to be near.
    """
    said, known = plain(name), {plain(one): one for one in reversed(list(names))}
    if said in known:
        return known[said]
    for other in ALSO.get(said, "").split():
        if other in known.values():
            return other
    from difflib import get_close_matches  # late: a right name does not pay for it

    close = get_close_matches(said, list(known), n=1, cutoff=cutoff)
    return known[close[0]] if close else ""


def plain(name: str) -> str:
    """A name without capitals and signs."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def unknown(kind: str, name: object, names: Iterable[str], rest: str = "") -> str:
    """The line for a name that is none of these: it names the nearest one and, unless something
    else is said of the `rest`, all of them."""
    return f"unknown {kind} {name!r}: {expected(name, names, rest)}"


def expected(name: object, names: Iterable[str], rest: str = "") -> str:
    """The second half of that line: did you mean this one? expected one of those."""
    names = list(names)
    near = nearest(name, names) if isinstance(name, str) else ""
    hint = f"did you mean {near}? " if near else ""
    return hint + (rest or "expected one of " + ", ".join(names))
