"""The arrays of a lesson for a program that stands alone: images and houses, as NumPy arrays.

    from triptych.lesson_data import load

    lesson = load(4)
    lesson.x, lesson.y  # (10000, 784) float32 from 0 to 1, (10000,) int64

The native programs of `lessons/native` read their data here. The initial
weights are left to the program, and the order of the rows to chance. In a checkout `make native
LESSON=4` writes a file with what one run of the lesson fixed, and with LESSON_DATA=<that file> the
same program trains on the same data, from the same weights, in the same order: its numbers can be
compared.

The rows are made from the raw files without the kit's own data sets and lessons, so that these can
be checked against them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FILE = "LESSON_DATA"  # the environment variable that names a file of `make native`
HERE = Path(__file__).resolve().parent
# In an installed package the files lie beside this one, in a checkout in the folder of all data.
FOLDERS = (HERE / "data", HERE.parent / "datasets")
TROUSERS, BAGS = 1, 8  # classes of Fashion-MNIST
HOUSES = 1000  # of lesson 2
PASSES, STEPS, EPOCHS = 1000, 300, 15  # of lessons 1, 2, and 3 and 4
EPOCHS_OF_WINDOWS = 9  # of lesson 7
SPAN, EPOCHS_OF_LETTERS = 32, 6  # of lesson 8: the letters of a line


@dataclass(frozen=True)
class LessonData:
    """What a program needs of a lesson. n rows to train on, m to test on.

    x (n, n_in), x_test (m, n_in), or (n, 28, 28, 1) in lesson 7: float32, or the dtype of the file.
    y, y_test: classes (n,) int64 in lessons 3, 4 and 7; −1 and +1, or log prices, (n, 1), in
    lessons 1 and 2. In lesson 8 all four are letters, (n, 32) int64. epochs: how often each row is
    visited. weights: kernel (n_in, n_out), or (3, 3, n_in, n_out) of a convolution, and bias
    (n_out,) of each layer; without a file there are none, []. orders (epochs, n): the row numbers
    as each epoch visits them.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    epochs: int
    weights: list[Array] = field(default_factory=list)
    orders: Array = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    @property
    def dtype(self) -> str:
        """The dtype of the weights: the file's, or float32."""
        return self.weights[0].dtype.name if self.weights else "float32"


def load(lesson: int) -> LessonData:
    """The arrays of a lesson, 1 to 4, 7 or 8: of the file named by LESSON_DATA, or a fresh start.

    Raises ValueError for a lesson without data, and for a file of another lesson.
    """
    if file := os.environ.get(FILE):
        return _of_file(lesson, Path(file))
    if lesson not in FRESH:
        raise ValueError(f"lesson {lesson} has no data here: expected one of {[*FRESH]}")
    data, rng = FRESH[lesson](), np.random.default_rng()
    in_float32 = {
        name: array.astype(np.float32)
        for name in ("x", "y", "x_test", "y_test")
        if (array := getattr(data, name)).dtype == np.float64
    }
    orders = np.stack([rng.permutation(len(data.x)) for _ in range(data.epochs)])
    return replace(data, orders=orders, **in_float32)


def _of_file(lesson: int, file: Path) -> LessonData:
    with np.load(file, allow_pickle=False) as stored:
        arrays = dict(stored)
    if arrays["lesson"] != lesson:
        raise ValueError(
            f"{FILE}={file} holds lesson {arrays['lesson']}, not {lesson}: make the file with "
            f"`make native LESSON={lesson}`, or name none"
        )
    names = [f"weight_{i}" for i in range(len(arrays)) if f"weight_{i}" in arrays]
    x, y, x_test, y_test = (arrays[name] for name in ("x", "y", "x_test", "y_test"))
    return LessonData(
        x,
        y,
        x_test,
        y_test,
        epochs=int(arrays["epochs"]),
        weights=[arrays[name] for name in names],
        orders=arrays["orders"],
    )


def trousers_and_bags() -> LessonData:
    """Lesson 1: black-and-white images, trousers +1 and bags −1, in stored order."""
    raw = _raw("fashion10k.npz")

    def of(split: str) -> tuple[Array, Array]:
        labels = raw[f"y_{split}"]
        rows = (labels == TROUSERS) | (labels == BAGS)
        x = (raw[f"x_{split}"][rows] > 127).reshape(rows.sum(), -1)
        y = np.where(labels[rows] == TROUSERS, 1, -1)[:, None]
        return x.astype(np.float64), y.astype(np.float64)

    return LessonData(*of("train"), *of("test"), epochs=PASSES)


def houses(seed: int = 0) -> LessonData:
    """Lesson 2: a thousand houses, six columns and the log price, each of mean 0 and deviation 1.

    They are also the rows to test on.
    """
    raw = _raw("houses.npz")
    rows = np.random.default_rng(seed).permutation(len(raw["price"]))[:HOUSES]
    names = ("bedrooms", "bathrooms", "living_area", "latitude", "longitude", "year_built")
    x = np.stack([raw[name][rows] for name in names], axis=1).astype(np.float64)
    y = np.log(raw["price"][rows].astype(np.float64))[:, None]
    x, y = ((a - a.mean(0)) / a.std(0) for a in (x, y))
    return LessonData(x, y, x, y, epochs=STEPS)


def clothes() -> LessonData:
    """Lessons 3 and 4: images of ten kinds of clothing, each a row of 784 numbers from 0 to 1."""
    raw = _raw("fashion10k.npz")
    x, x_test = (raw[f"x_{s}"].reshape(-1, 784) / 255 for s in ("train", "test"))
    y, y_test = (raw[f"y_{s}"].astype(np.int64) for s in ("train", "test"))
    return LessonData(x, y, x_test, y_test, EPOCHS)


def pictures() -> LessonData:
    """Lesson 7: the same images with their shape, (n, 28, 28, 1)."""
    flat = clothes()
    x, x_test = (a.reshape(-1, 28, 28, 1) for a in (flat.x, flat.x_test))
    return replace(flat, x=x, x_test=x_test, epochs=EPOCHS_OF_WINDOWS)


def letters() -> LessonData:
    """Lesson 8: lines of 32 letters of Alice, and for each letter of a line the next one.

    A letter is its number among those that occur. The first nine tenths are to train on, and the
    last tenth is to test on, each cut into lines one after the other.
    """
    text = _raw("alice.npz")["text"]
    codes = np.searchsorted(np.array(sorted(set(text.tolist()))), text).astype(np.int64)
    cut = len(codes) * 9 // 10

    def lines(part: Array) -> tuple[Array, Array]:
        starts = range(0, len(part) - SPAN, SPAN)
        here, following = (np.stack([part[i + k : i + k + SPAN] for i in starts]) for k in (0, 1))
        return here, following

    x, y = (part[: len(part) // 25 * 25] for part in lines(codes[:cut]))  # all batches are full
    return LessonData(x, y, *lines(codes[cut:]), epochs=EPOCHS_OF_LETTERS)


FRESH = {
    1: trousers_and_bags, 2: houses, 3: clothes, 4: clothes, 7: pictures, 8: letters,
}  # fmt: skip


def _raw(name: str) -> dict[str, Array]:
    file = next(folder / name for folder in FOLDERS if (folder / name).is_file())
    with np.load(file, allow_pickle=False) as stored:
        return dict(stored)
