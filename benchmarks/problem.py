"""What is trained: the run of a lesson that its native programs train, or a network of any size.

    python -m benchmarks.problem --lesson 4 --threads 2 --folder /tmp/what-lessons-fix

This process writes what a lesson fixes, for others to read: the file that LESSON_DATA names, and
beside it the network and its optimizer, which the native programs spell out themselves.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, Params
from course.json_process import answer_channel
from course.lessons import NATIVE
from course.networks import as_json, from_json
from course.randomness import epoch_order, initial_weights
from datasets.fashion import fashion10k

# Lessons 1 and 2 have no epochs of batches: the perceptron looks at one row after the other, in a
# loop of the lesson's own, and gradient descent at all rows in every step. Of lesson 8 it is not
# measured what its products alone would take: there is no limit to hold an epoch against.
LESSONS = tuple(number for number in NATIVE if number not in (1, 2, 8))
DTYPE = "float32"
SEED = 0
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}
# Epochs of a worker before the first that counts, in which compilers do their work; and rounds of
# measured epochs: quartiles need five, and more than 25 add nothing.
WARM, MIN_ROUNDS, MAX_ROUNDS = 2, 5, 25
# A lesson lowers its learning rate for the last third, for which some adapters compile anew. All
# that is timed comes before, even where each round has a second, untimed epoch.
EPOCHS = 3 * (WARM + 2 * MAX_ROUNDS) // 2 + 1
# By file: the rows and epochs of the lesson's run in it. From the rows of `short` ten steps are
# made, after which rounding has not yet separated two runs of a network with relu.
SIZES = {"timed": (None, EPOCHS), "whole": (None, 2), "short": (1_000, 1)}


@dataclass(frozen=True)
class Problem:
    """A network to train, with the arrays that every implementation gets."""

    net: Net
    optimizer: Optimizer
    batch_size: int
    x: Array = field(repr=False)  # (n, n_in) float32
    y: Array = field(repr=False)  # (n,) int64
    params: Params = field(repr=False)  # float32: W0, b0, W1, b1, …
    orders: Array = field(repr=False)  # (epochs, n)

    def first_batch(self) -> tuple[Array, Array]:
        """Rows (batch_size, n_in) and their labels, to make one step."""
        rows = self.orders[0, : self.batch_size]
        return self.x[rows], self.y[rows]


def data_file(folder: Path, lesson: int, size: str) -> Path:
    """The file for LESSON_DATA of a lesson. size: a key of SIZES."""
    return folder / f"{lesson}-{size}.npz"


def write(folder: Path, lesson: int, threads: int, sizes: Sequence[str] = tuple(SIZES)) -> None:
    """Write the files of a lesson, in these sizes."""
    from compare.native.fixed import arrays_of, save, taken
    from course.settings import Settings

    run, names = taken(lesson, Settings(dtype=DTYPE, seed=SEED, threads=threads, epochs=EPOCHS))
    assert run is not None, "only lesson 1 trains in a loop of its own"
    for size in sizes:
        rows, epochs = SIZES[size]
        part = replace(run, x=run.x[:rows], y=run.y[:rows], epochs=epochs)
        file = save(data_file(folder, lesson, size), arrays_of(lesson, DTYPE, part, names))
        network = {
            "net": as_json(run.net),
            "optimizer": [type(run.optimizer).__name__, asdict(run.optimizer)],
            "batch_size": run.batch_size,
        }
        file.with_suffix(".json").write_text(json.dumps(network), encoding="utf-8")


def read(file: Path) -> Problem:
    """A lesson's problem, from a file that `write` has written."""
    with np.load(file, allow_pickle=False) as stored:
        given = dict(stored)
    network = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    net = from_json(network["net"])
    name, constants = network["optimizer"]
    optimizer = OPTIMIZERS[name](**constants)
    weights = [given[f"weight_{i}"] for i in range(len(net.shapes))]
    x, y, orders = given["x"], given["y"], given["orders"]
    return Problem(net, optimizer, network["batch_size"], x, y, weights, orders)


def of_size(width: int, rows: int, batch_size: int, epochs: int) -> Problem:
    """784-width-10 on Fashion-MNIST by plain SGD; the 10,000 images are repeated."""
    images = fashion10k()
    which = np.arange(rows) % len(images.x_train)
    x = images.x_train.reshape(len(images.x_train), -1)[which].astype(DTYPE) / np.float32(255)
    net = Net((Dense(784, width, "relu"), Dense(width, 10)), "softmax")
    params = [w.astype(DTYPE) for w in initial_weights(net, SEED)]
    orders = np.stack([epoch_order(SEED, epoch, rows) for epoch in range(epochs)])
    return Problem(net, SGD(0.1), batch_size, x, images.y_train[which], params, orders)


def main() -> None:
    """Write a lesson's files, and answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    for number in ("lesson", "threads"):
        parser.add_argument(f"--{number}", type=int, required=True)
    parser.add_argument("--size", choices=SIZES, action="append", help="all by default")
    args = parser.parse_args()
    answer = answer_channel()
    write(args.folder, args.lesson, args.threads, args.size or tuple(SIZES))
    answer({})


if __name__ == "__main__":
    main()
