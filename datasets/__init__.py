"""Real data for the lessons: hashed, checked, and never downloaded while a lesson runs.

`load(name)` takes a name of NAMES or the path of your own data. It needs only NumPy. SOURCES.md
describes the origin, licence and limits of each data set.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from datasets import fashion, houses, idx, npz, texts
from datasets.files import DataError, expanded, is_folder, show
from datasets.houses import Houses
from datasets.images import KEYS, Images, checked
from datasets.plausible import doubts
from datasets.texts import Text
from spelling import nearest

__all__ = ["NAMES", "TEXTS", "DataError", "Houses", "Images", "Text", "load", "load_text"]

LOADERS: dict[str, Callable[[], Images | Houses | Text]] = {
    "fashion10k": fashion.fashion10k,
    "fashion-mnist": fashion.fashion_mnist,
    "houses": houses.load,
    "alice": texts.alice,
}
NAMES = tuple(LOADERS)
TEXTS = ("alice",)


def load(name: str | PurePath) -> Images | Houses | Text:
    """Load a data set by its name, or your own images by their path.

    name: one of NAMES; or a folder with the four IDX files of a data set like MNIST, gzipped or
    not; or an .npz file with x_train, y_train, x_test, y_test: images (n, h, w), uint8 or float,
    labels (n,), integers. Raises DataError, in one line, for wrong data. Data that are only
    doubtful are loaded, with a warning in the result's `doubts`.
    """
    if isinstance(name, str) and name in LOADERS:
        return LOADERS[name]()
    path = _existing(
        name, "the path of a folder with IDX files (as MNIST has them) or of an .npz file"
    )
    if is_folder(path):
        arrays = idx.read_folder(path)
        names = fashion.CLASS_NAMES if fashion.is_whole(arrays) else None
    else:
        arrays, names = npz.read(path, KEYS), None
    data = checked(path.absolute().name, arrays, names, show(path))
    return replace(data, doubts=doubts(data))


def load_text(name: str | PurePath) -> Images | Houses | Text:
    """Load a data set by its name, or a text file of your own, in UTF-8, by its path.

    Raises DataError, in one line, for a file that is no text.
    """
    if isinstance(name, str) and name in LOADERS:
        return LOADERS[name]()
    return texts.read(_existing(name, "the path of a text file"))


def _existing(name: str | PurePath, otherwise: str) -> Path:
    """The path of your own data. otherwise: what is expected if it is no name."""
    path = expanded(name) if name and isinstance(name, (str, PurePath)) else None
    if path is None or not os.path.lexists(path):
        near = nearest(name, NAMES) if isinstance(name, str) else ""
        raise DataError(
            f"unknown data set {show(name)}, no such name and no such path: "
            f"{f'did you mean {near}? ' if near else ''}expected one of "
            f"{', '.join(NAMES)}, or {otherwise} of your own"
        )
    return path
