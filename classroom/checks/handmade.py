"""Hand-made features, judged by the accuracy of a linear probe on other pictures."""

from __future__ import annotations

import numpy as np

import datasets
from classroom.checks.answers import single
from classroom.checks.equations import probe
from classroom.checks.reference import numbers
from classroom.exercise import CLOSE, exercise, expect
from classroom.rules import Rules
from classroom.student import Student
from classroom.withheld import VISIBLE

PICTURES = VISIBLE  # for the features
GRAIN = 2 / 255  # noise on the pictures: two of the 256 grey levels, invisible
GAIN = 0.02  # required gain over pixels
MOST_FEATURES = 8000  # ten per pixel; the check keeps those of all pictures in memory


@exercise(
    "features", title="Features, made by hand", points=5, minutes=60,
    rules=Rules(("course.images",)),
)  # fmt: skip
def features(student: Student) -> None:
    """A linear probe on the features beats one on pixels, on pictures that are new."""
    guess = numbers(single(student.value("predicted_gain")))
    expect(
        guess is not None and guess.shape == () and bool(np.isfinite(guess)),
        "Your guess is one number, in percent of the pictures.",
        worth=1,
    )
    clothes = datasets.load("fashion10k")
    assert isinstance(clothes, datasets.Images)
    # Rows on which `pooled`, which the exercise file contains, is no better than the pixels.
    rows = np.random.default_rng(1).permutation(len(clothes.y_train) - PICTURES)[:PICTURES]
    rows += PICTURES  # the student has tried the first ones
    y, rng = clothes.y_train[rows], student.random(45)
    # Noise and a new order, so that labels cannot be looked up by picture or position.
    grain = rng.uniform(-GRAIN, GRAIN, size=(PICTURES, *clothes.x_train.shape[1:]))
    pictures = np.clip(clothes.x_train[rows] / 255 + grain, 0, 1).astype(np.float32)
    order = rng.permutation(PICTURES)
    alone = numbers(student.call("features", pictures[order[:1]]))
    expect(
        alone is not None and alone.ndim == 2 and len(alone) == 1,
        "A table should come out: a row for each picture, and in it the picture's features. Also "
        "if there is only one picture.",
    )
    expect(
        alone is not None and alone.shape[1] <= MOST_FEATURES,
        f"More than {MOST_FEATURES} features for a picture of 784 pixels. Which of them say "
        "something that no other one says?",
    )
    tables = [numbers(student.call("features", pictures[part])) for part in np.split(order, 10)]
    expect(
        alone is not None
        and all(m is not None and m.shape == (PICTURES // 10, alone.shape[1]) for m in tables),
        "Every picture should have the same number of features, in whatever company it comes.",
    )
    table = np.concatenate([m for m in tables if m is not None])
    expect(
        bool(np.isfinite(table).all()),
        "Some of the features are not numbers.",
    )
    assert alone is not None
    expect(
        bool(np.abs(alone - table[:1]).max() <= CLOSE * (np.abs(table[:1]).max() or 1)),
        "The first picture has other features when it comes alone. What a picture's features are "
        "must not depend on its neighbours.",
    )
    table = table[np.argsort(order)]
    flat = pictures.reshape(PICTURES, -1)
    gain = probe(table, y) - probe(flat, y)
    expect(
        table.shape[1] != flat.shape[1] or abs(gain) > 0,
        "These are the pixels themselves, and they know as much as before. What does a collar or "
        "a sleeve have that a flat surface has not?",
    )
    expect(
        gain >= GAIN - 1e-9,  # two points, however a difference of shares is rounded
        "On pictures that you have not tried, your features change the probe by "
        f"{100 * gain:+.1f} points. Where dark turns into bright matters more than how bright it "
        "is, and it need not be known to the pixel: a feature that survives a small shift is "
        "worth more.",
    )
