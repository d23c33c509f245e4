"""Long runs of deep networks end where the reference's do, to the eleventh digit, in float64.

A law compares single steps. What adds up over many, such as a scale that was rounded to float32 or
a step count that is one off, shows here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, Optimizer, Params
from adapters.laws.cases import inputs, labels, weights
from adapters.laws.comparing import close
from adapters.laws.subject import NotRun, Subject, reference
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Residual,
)

BLOCK = (
    Residual((LayerNorm(8), Attention(8, 2, causal=True))),
    Residual((LayerNorm(8), Dense(8, 16, "tanh"), Dense(16, 8))),
)
# Neither has a max-pool: with one, and four times the learning rate of this momentum, the reference
# itself ends 2e-12 elsewhere if its first weights are moved by one rounding.
NETS: dict[str, Net] = {
    "two blocks": Net(
        (Embedding(7, 8), Positions(5, 8), *BLOCK, *BLOCK, LayerNorm(8), Dense(8, 7)),
        "softmax",
        l2=1e-3,
        input_shape=(5,),
    ),
    "strided": Net(
        (
            Conv2D(2, 4, 3, 2, "same", "relu"),
            Pool2D("mean", 2, 1, "same"),
            Conv2D(4, 6, 4, 2, "same", "tanh"),
            Mean(),
            Dense(6, 3),
        ),
        "softmax",
        l2=1e-3,
        input_shape=(9, 11, 2),
    ),
}
OPTIMIZERS: dict[str, Optimizer] = {"Adam": Adam(0.003), "momentum": SGD(0.05, 0.9)}

ROWS, BATCH, EPOCHS = 100, 10, 20  # 200 steps

# As lesson 4 allows, in shares of the largest number. The worst of seven backends was 3e-15, of the
# transformer's losses with momentum on JAX; elsewhere sums are cut otherwise, and round otherwise.
LONG_RUN = 1e-11


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", NETS)
def test_a_long_run_ends_where_the_reference_does(
    kind: str, optimizer: str, subject: Subject
) -> None:
    net, rng = NETS[kind], np.random.default_rng(0)
    start = weights(net, rng, "float64")
    x, y = rows(net, rng)
    try:
        mine = subject.make(net, start, OPTIMIZERS[optimizer])
    except NotRun as reason:
        pytest.skip(str(reason))
    other = reference("float64")(net, start, OPTIMIZERS[optimizer])
    losses = [list(run(model, x, y, EPOCHS)) for model in (mine, other)]
    for i, (got, want) in enumerate(zip(*losses, strict=True)):
        close("a long run", f"losses of epoch {i}", got, want, LONG_RUN * max(want))
    assert_same_end(mine.params(), other.params())
    assert_same_end(mine.gradients(x, y), other.gradients(x, y))
    if kind == "two blocks":
        assert losses[1][-1].mean() < 0.9 * losses[1][0].mean()  # it learns: else nothing is shown


def rows(net: Net, rng: np.random.Generator) -> tuple[Array, Array]:
    """Words with their successors, which can be learnt; or pictures with labels at random."""
    x = inputs(net, rng, ROWS, "float64")
    return x, (x + 1) % net.n_out if net.reads_indices else labels(net, rng, ROWS, "float64")


def run(model: Model, x: Array, y: Array, epochs: int) -> Iterator[Array]:
    """The losses of each epoch, with the same order of rows for every model."""
    for seed in range(epochs):
        yield model.epoch(x, y, np.random.default_rng(seed).permutation(ROWS), BATCH)


def assert_same_end(got: Params, want: Params) -> None:
    """Each array agrees, in shares of its largest entry or of 1."""
    for i, (mine, theirs) in enumerate(zip(got, want, strict=True)):
        budget = LONG_RUN * max(1.0, float(np.abs(theirs).max()))
        close("a long run", f"array {i}", mine, theirs, budget)


def test_a_rounded_scale_would_be_seen(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Keras on TensorFlow, which rounds 1/√d of its attention to float32."""
    net, rng = NETS["two blocks"], np.random.default_rng(0)
    start = weights(net, rng, "float64")
    x, y = rows(net, rng)
    model, other = (reference("float64")(net, start, Adam(0.003)) for _ in range(2))
    want = list(run(other, x, y, 2))
    rounded = float(np.float32(1 / 4**0.5 * (1 + 2**-23)))
    monkeypatch.setattr("adapters.numpy_layers.root_of_width", lambda layer: 1 / rounded)
    got = list(run(model, x, y, 2))
    with pytest.raises(AssertionError, match="a long run"):
        close("a long run", "losses", got[-1], want[-1], LONG_RUN * max(want[-1]))
