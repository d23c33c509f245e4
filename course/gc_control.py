"""When Python looks for garbage: hardly ever while a framework is imported, as usual afterwards.

An import makes a million objects that all stay: looking through them again and again is a tenth of
its time. Once it is over they are set aside for good, and the search is cheap. It has to go on:
Keras's graphs refer to themselves and hold arrays, and without it lesson 3 took 250 MB more.
"""

from __future__ import annotations

import gc

_usual: list[tuple[int, int, int]] = []  # of this process, while it is put off


def put_off() -> None:
    """Look for garbage only when a hundred thousand objects more were made than went."""
    _usual.append(gc.get_threshold())
    gc.set_threshold(100_000)


def as_usual() -> None:
    """Set aside what there is by now, and look for garbage as before; nothing unless put off."""
    if _usual:
        gc.freeze()
        gc.set_threshold(*_usual.pop())
