"""The architectures on which the laws are tested: nine of dense layers, and five of all layers.

They are few because TensorFlow and Keras compile each one, for about a second.
"""

from __future__ import annotations

from adapters.contract import SGD, Adam, Dense, Net, Optimizer
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)

Architecture = tuple[Net, Optimizer]

# Every loss, activation and optimizer; with and without L2; one layer to three. An ε of 1e-3 and a
# β₂ of 0.95 make Adam's smallest mistakes visible in float32.
DENSE: dict[str, Architecture] = {
    "perceptron": (Net((Dense(3, 2),), "perceptron"), SGD(1.0)),
    "line": (Net((Dense(4, 1),), "squared"), SGD(0.1)),
    "softmax": (Net((Dense(5, 3),), "softmax", l2=0.1), SGD(0.3, 0.9)),
    "logistic": (Net((Dense(3, 2),), "logistic", l2=0.02), SGD(0.2, 0.7, nesterov=True)),
    # A sigmoid's outputs as scores: Keras's losses may use the sigmoid's input instead.
    "squeezed": (Net((Dense(4, 3, "sigmoid"),), "softmax"), SGD(0.5)),
    "relu": (Net((Dense(4, 5, "relu"), Dense(5, 3)), "softmax"), SGD(0.1, 0.9)),
    "tanh": (Net((Dense(4, 6, "tanh"), Dense(6, 3)), "softmax", l2=0.05), Adam(0.01)),
    # Each activation is in a hidden layer of one of these two.
    "deep": (
        Net(
            (Dense(3, 4, "sigmoid"), Dense(4, 6, "relu"), Dense(6, 5, "tanh"), Dense(5, 2)),
            "logistic",
        ),
        SGD(0.2, 0.5, nesterov=True),
    ),
    "mixed": (
        Net(
            (Dense(3, 4, "relu"), Dense(4, 5), Dense(5, 3, "sigmoid"), Dense(3, 2, "tanh")),
            "squared",
            l2=0.02,
        ),
        Adam(0.03, 0.8, 0.95, 1e-3),
    ),
}

# Every other layer, each with every setting that changes what it computes.
LAYERED: dict[str, Architecture] = {
    "conv": (
        Net(
            (
                Conv2D(1, 2, 2, activation="relu"),
                Pool2D("max", 2, 1),
                Conv2D(2, 3, 2, activation="tanh"),
                Pool2D("max", 2, padding="same"),
                Flatten(),
                Dense(12, 3),
            ),
            "softmax",
            l2=0.05,
            input_shape=(6, 7, 1),
        ),
        SGD(0.1, 0.9),
    ),
    # No two sides are ever the same, and half of the padding is odd.
    "strided": (
        Net(
            (
                Reshape((7, 9, 2)),
                Conv2D(2, 3, 4, 2, "same", "relu"),
                Pool2D("mean", 2, 1),
                Conv2D(3, 4, 3, 3, "same", "sigmoid"),
                Pool2D("mean", 2, 1, "same"),
                Mean(),
                Dense(4, 2),
            ),
            "logistic",
            input_shape=(126,),
        ),
        Adam(0.01),
    ),
    "pooled": (
        Net(
            (Embedding(5, 4), Attention(4), LayerNorm(4, 1e-3), Mean(), Dense(4, 3)),
            "softmax",
            input_shape=(6,),
        ),
        SGD(0.3),
    ),
    # Two heads of two columns of each kernel; a word sees itself and the words before it.
    "transformer": (
        Net(
            (
                Embedding(5, 4),
                Positions(3, 4),
                Residual((LayerNorm(4), Attention(4, 2, causal=True))),
                Residual((LayerNorm(4), Dense(4, 6, "relu"), Dense(6, 4))),
                Dense(4, 5),
            ),
            "softmax",
            l2=0.02,
            input_shape=(3,),
        ),
        Adam(0.03, 0.8, 0.95, 1e-3),
    ),
    "sequence": (
        Net(
            (
                Dense(2, 6, "tanh"),
                Attention(6, 3),
                Residual((Dense(6, 6, "sigmoid"),)),
                LayerNorm(6),
                Dense(6, 2),
            ),
            "squared",
            input_shape=(4, 2),
        ),
        SGD(0.05, 0.5, nesterov=True),
    ),
}

ARCHITECTURES = DENSE | LAYERED
