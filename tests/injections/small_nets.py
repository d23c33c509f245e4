"""A convolutional network and a transformer, as small as injections into their layers allow.

The text is drawn from a chain, so that there is something to learn in it, and words come more than
once. A third network has a max-pool with ties that matter: behind a convolution they come from
windows that are equal, so that whichever of them has the gradient, the kernel's is the same.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, Optimizer
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)
from course.randomness import initial_weights
from course.training import Run
from injections.run_spec import RunSpec, short

SIDE, WORDS, LENGTH, WIDTH = 8, 7, 5, 6
ROWS, BATCH = 43, 10  # four steps an epoch, and a fifth that is not full

PICTURES = Net(
    (
        Conv2D(1, 3, 3, 2, "same", "tanh"), Pool2D("max", 2, 1, "same"),
        Conv2D(3, 4, 3, 1, "same", "relu"), Pool2D("mean", 3, 2, "same"), Flatten(),
        Dense(16, 3),
    ),
    "softmax", 1e-3, (SIDE, SIDE, 1),
)  # fmt: skip
SEQUENCES = Net(
    (
        Embedding(WORDS, WIDTH), Positions(LENGTH, WIDTH),
        Residual((LayerNorm(WIDTH), Attention(WIDTH, 2, causal=True))),
        Residual((LayerNorm(WIDTH), Dense(WIDTH, 12, "relu"), Dense(12, WIDTH))),
        LayerNorm(WIDTH), Dense(WIDTH, WORDS),
    ),
    "softmax", 1e-3, (LENGTH,),
)  # fmt: skip


TIES = Net((Positions(16, 1), Reshape((4, 4, 1)), Pool2D(), Flatten(), Dense(4, 3)), "softmax")


def pictures(seed: int = 0, rows: int = ROWS) -> tuple[Array, Array]:
    """Pictures, and which of three stripes of each is the brightest."""
    x = np.random.default_rng([seed, 1]).normal(size=(rows, SIDE, SIDE, 1))
    return x, x[:, :, :6, 0].reshape(rows, SIDE, 3, 2).sum((1, 3)).argmax(1)


def sequences(seed: int = 0, rows: int = ROWS) -> tuple[Array, Array]:
    """Sequences of words, each with its next one; a word decides the next in most cases."""
    rng = np.random.default_rng([seed, 2])
    text = [0]
    while len(text) <= rows * LENGTH:
        likely = (3 * text[-1] + 1) % WORDS
        text.append(int(likely if rng.random() < 0.7 else rng.integers(WORDS)))
    return tuple(np.reshape(text[i : i + rows * LENGTH], (rows, LENGTH)) for i in (0, 1))  # type: ignore[return-value]


def ties(seed: int = 0, rows: int = ROWS) -> tuple[Array, Array]:
    """Sixteen numbers a row, of two sizes, and a class drawn without them."""
    rng = np.random.default_rng([seed, 3])
    return rng.integers(0, 2, (rows, 16, 1)).astype(float), rng.integers(0, 3, rows)


DATA = {"windows": pictures, "transformer": sequences, "ties": ties}


def run_of(name: str, net: Net, optimizer: Optimizer, dtype: str, seed: int = 0) -> Run:
    """A run of three epochs on the data of that name, untrained."""
    x, y = DATA[name](seed)
    x = x if net.reads_indices else x.astype(dtype)
    initial = initial_weights(net, seed)
    if net is TIES:
        initial[0] = np.zeros_like(initial[0])
    return Run(name, net, optimizer, initial, 3, BATCH, seed, True, 10.0, x, y)


KINDS: tuple[tuple[str, Net, Optimizer], ...] = (
    ("windows", PICTURES, SGD(0.05, 0.9)),
    ("transformer", SEQUENCES, Adam(0.01)),
    ("ties", TIES, SGD(0.1)),
)


def small_specs(backend: type[Model], seed: int = 0) -> list[RunSpec]:
    """The convolutional network with momentum, the transformer with Adam, and the one of ties."""
    return [short(run_of(*kind, backend.dtype, seed), backend) for kind in KINDS]
