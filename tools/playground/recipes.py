"""Random training runs for the page, drawn by NumPy, and the same runs on the NumPy adapter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters import load
from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, Params
from compare.agreement import loss_gap
from compare.gaps import gaps

COUNT = 12  # networks, so that each loss, depth and optimizer comes up
STEPS = 200
ROWS, BATCH = 60, 25  # the last batch of an epoch has 10 rows
EPOCHS = -(-STEPS // -(-ROWS // BATCH))
MOST_HIDDEN, MOST_WIDTH = 3, 8
KINDS = 3  # of softmax
# A step adds up at most 60 rows or 8 neurons in another order than NumPy does, and exp, tanh and
# log may differ in their last digit: a relative error of a few ε, which grows between √t and t.
TOLERANCE = 22 * 2.0**-52 * STEPS  # 9.8e-13
# Moderate learning rates: a run that diverges would compare overflows.
OPTIMIZERS: tuple[Optimizer, ...] = (SGD(0.1), SGD(0.02, momentum=0.9), Adam(0.01))
LOSSES = ("logistic", "softmax", "squared")
ACTIVATIONS = ("tanh", "relu", "sigmoid")


@dataclass(frozen=True)
class Recipe:
    """All that a run needs: x (n, n_in), y as the contract asks, and an order for each epoch."""

    net: Net
    params: Params
    optimizer: Optimizer
    x: Array
    y: Array
    orders: Array  # (epochs, n)
    batch_size: int

    def as_json(self) -> dict[str, Any]:
        """The recipe in the words of the page's scripts."""
        layers = [
            {"n_in": layer.n_in, "n_out": layer.n_out, "activation": layer.activation}
            for layer in self.net.layers
            if isinstance(layer, Dense)
        ]
        settings = {"name": type(self.optimizer).__name__} | vars(self.optimizer)
        return {
            "net": {"layers": layers, "loss": self.net.loss},
            "params": [w.tolist() for w in self.params],
            "optimizer": settings,
            "x": self.x.tolist(),
            "y": self.y.tolist(),
            "batch_size": self.batch_size,
        }


# In the page: every step's loss, and the final weights.
TRAIN = """([recipe, orders]) => {
    const model = triptych.untrained(recipe);
    const losses = orders.flatMap(
        order => model.epoch(recipe.x, recipe.y, order, recipe.batch_size));
    return [losses, model.params];
}"""


def drawn(seed: int) -> Recipe:
    """A random recipe: the number of hidden layers and the optimizer go round with the seed."""
    rng = np.random.default_rng(seed)
    loss = LOSSES[seed % len(LOSSES)]
    n_out = KINDS if loss == "softmax" else 1
    hidden = rng.integers(1, MOST_WIDTH + 1, seed % (MOST_HIDDEN + 1)).tolist()
    widths = [2, *hidden, n_out]
    bends = rng.choice(ACTIVATIONS, len(hidden)).tolist()
    layers = tuple(map(Dense, widths[:-1], widths[1:], [*bends, "identity"]))
    net = Net(layers, loss)  # type: ignore[arg-type]
    x = rng.normal(size=(ROWS, 2))
    kinds = rng.integers(0, KINDS if loss == "softmax" else 2, ROWS)
    return Recipe(
        net,
        [rng.normal(0, 0.7, shape) for shape in net.shapes],
        OPTIMIZERS[(seed // 2) % len(OPTIMIZERS)],
        x,
        kinds if loss == "softmax" else kinds[:, None].astype(float),
        np.stack([rng.permutation(ROWS) for _ in range(EPOCHS)]),
        BATCH,
    )


def on_numpy(recipe: Recipe) -> tuple[Array, Params]:
    """Every step's loss (steps,) and the final weights, by the reference in float64."""
    model = load("numpy", dtype="float64", device="cpu")(
        recipe.net, recipe.params, recipe.optimizer
    )
    losses = [model.epoch(recipe.x, recipe.y, order, recipe.batch_size) for order in recipe.orders]
    return np.concatenate(losses), model.params()


def in_browser(page: Any, recipe: Recipe) -> tuple[Array, Params]:
    """The same by the page's scripts, in a page of Playwright."""
    losses, params = page.evaluate(TRAIN, [recipe.as_json(), recipe.orders.tolist()])
    return np.array(losses), [np.array(w) for w in params]


def largest_gaps(ours: tuple[Array, Params], theirs: tuple[Array, Params]) -> tuple[float, float]:
    """The largest |ΔL| / max(L, L₀) of any step, and the largest |ΔW| of any final weight."""
    weights = (float(gaps(a, b).max()) for a, b in zip(ours[1], theirs[1], strict=True))
    return loss_gap(ours[0], theirs[0]), max(weights)
