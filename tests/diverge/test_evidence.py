"""What can be said without a proof: sentences about numbers, distributions, dropout, shuffles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net
from compare.diverge import likely
from compare.diverge.descriptions import describe
from compare.diverge.distributions import fits
from compare.diverge.measure import suspects
from compare.diverge.measuring import Step, fitted
from injections.measured import FAMILIES, find
from injections.precision import rounded

RNG = np.random.default_rng(21)
A = RNG.normal(size=(6, 5))


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (A / 255, "divided by 255 twice"), (A * 33, "(33)"), (A / 6, "(the rows)"),
        (-A, "the sign is turned"), (A * 0.1, "the learning rate"), (A + 0.5, "plus 0.5"),
        (A[::-1], "axis 0 reversed"), (np.roll(A, 1, 0), "shifted by 1 along axis 0"),
        (A[[3, 1, 0, 5, 4, 2]], "the same rows in another order"),
        (A.T.reshape(A.shape), "read along the other axis"),
        (np.clip(A, -0.5, 0.5), "clipped to [-0.5, 0.5]"), (A * 0, "all numbers are 0"),
        (np.where(np.arange(5) == 4, 0, A), "columns 4 are 0, the others equal"),
        (A.astype(np.float32).astype(float), "numbers of float32"),
        (rounded(A, 7), "numbers of bfloat16"), (rounded(A, 10), "numbers of TF32"),
        (A + np.eye(6, 5)[2] * 1e-3, "equal except in columns 2"),
        (A * A, "no simple relation"), (A[:3], "the shapes differ"),
        (np.where(A > 1, np.nan, A), "not finite"),
    ],
)  # fmt: skip
def test_a_sentence_says_how_one_array_follows_from_the_other(theirs: Any, words: str) -> None:
    text = describe(A, theirs, "float64", {0.1: "the learning rate", 1 / 6: "the rows"})
    assert words in text, text


def test_a_gap_of_float32s_rounding_is_seen_where_the_numbers_are_wider() -> None:
    narrow = (A.astype(np.float32) @ A.T.astype(np.float32)).astype(float) * (1 + 1e-12)
    assert "float32's rounding" in describe(A @ A.T, narrow, "float64")


@pytest.mark.parametrize(
    ("draw", "name"),
    [
        (lambda rng, n, m: rng.uniform(-1, 1, (n, m)) / n**0.5, "PyTorch's Linear"),
        (lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * (6 / (n + m)) ** 0.5, "Keras's Dense"),
        (lambda rng, n, m: rng.normal(size=(n, m)) * (2 / n) ** 0.5, "He's normal, σ"),
        (lambda rng, n, m: rng.normal(size=(n, m)) * 0.01, "σ = 0.01"),
    ],
)
def test_a_distribution_is_told_from_the_others(draw: Any, name: str) -> None:
    first, *others = fits(draw(np.random.default_rng(0), 49, 128), (49, 128))
    assert name in first.name
    assert first.fits
    assert sum(fit.fits for fit in others) <= 1


def test_own_weights_dropout_and_noise_are_likely_and_only_where_they_are() -> None:
    net = Net((Dense(49, 128, "relu"), Dense(128, 10)), "softmax")
    rng = np.random.default_rng(0)
    ours = {f"initial weights/{k}": rng.normal(size=s) * 0.2
            for k, s in zip(("W0", "b0", "W1", "b1"), net.shapes, strict=True)}  # fmt: skip
    theirs = {k: rng.uniform(-1, 1, v.shape) / (49 if "0" in k else 128) ** 0.5
              for k, v in ours.items()}  # fmt: skip
    found = likely.own_weights(net, ours, theirs)
    assert found is not None
    assert "PyTorch's Linear" in found.cause
    assert "biases drawn" in found.statistics
    assert likely.own_weights(net, ours, ours) is None
    a = np.abs(rng.normal(size=(100, 128)))
    layer = {"layer output/layer 0": a, "layer output/layer 1": a[:, :10]}
    dropped = layer | {"layer output/layer 0": a * (rng.random(a.shape) < 0.8) / 0.8}
    found = likely.dropout(net, layer, dropped)
    assert found is not None
    assert "p = 0.2" in found.cause
    wrong = layer | {"layer output/layer 0": a * (rng.random(a.shape) < 0.5) / 0.8}
    assert likely.dropout(net, layer, wrong) is None  # half of them, and not a fifth
    assert likely.noise([]) is None


def test_a_shuffle_is_told_from_labels_that_were_left_behind() -> None:
    order = {"expected": [1.0, 2.0, 3.0], "sizes": [10, 10, 5], "paired": 9.0, "deviation": 0.1}
    rows = {"losses": [[2.0, 1.0, 3.0], [1.0, 2.0, 3.0]]}
    found = likely.shuffle(order | rows, "float64")
    assert found is not None
    assert found.name == "own_order"
    assert "another order in the next call" in found.statistics
    apart = {"losses": [[9.1, 8.9, 9.0]] * 2}
    found = likely.shuffle(order | apart, "float64")
    assert found is not None
    assert found.name == "own_order_of_inputs"
    assert likely.shuffle(order | {"losses": [[1.0, 2.0, 3.0]] * 2}, "float64") is None
    assert likely.shuffle(order | {"losses": [[5.0, 5.0, 5.0]] * 2}, "float64") is None


def step(optimizer: Any, moved: Any, gradient: Any = A, slots: Any = None) -> list[str]:
    """The measured suspects of a step of one kernel and a bias of zeros."""
    net = Net((Dense(6, 5),), "softmax")
    zero = np.zeros(5)
    arrays = {"gradient/W0": gradient, "gradient/b0": zero, "update/W0": A + moved,
              "update/b0": zero, **(slots or {})}  # fmt: skip
    before = {"initial weights/W0": A, "initial weights/b0": zero}
    return suspects(Step(net, optimizer, "float64", 0, arrays, arrays, before))


def test_the_constants_of_an_optimizer_are_measured_from_one_step() -> None:
    assert "rate_times=0.5" in step(SGD(0.1), -0.05 * A)
    assert step(SGD(0.1), -0.1 * A) == []
    assert "clipped_entries_to=0.3" in step(SGD(0.1), -0.1 * np.clip(A, -0.3, 0.3))
    g = RNG.normal(size=A.shape)
    assert "decay_without_rate_is=0.01" in step(SGD(0.1), -0.1 * g - 0.01 * A, g)
    m, v = 0.5 * g, 0.001 * g * g
    slots = {f"optimizer slot/{k} moment of {n}": s
             for k, arrays in (("first", (m, m[0] * 0)), ("second", (v, v[0] * 0)))
             for n, s in zip(("W0", "b0"), arrays, strict=True)}  # fmt: skip
    assert "beta_1_is=0.5" in step(Adam(0.1, 0.9, 0.999, 1e-8), -0.1 * np.sign(g), g, slots)
    assert fitted([np.zeros(3)], [np.ones(3)])[1] == 1.0  # nothing explains nothing


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_found_by_name_and_says_its_number(family: str) -> None:
    assert find(f"{family}=0.25").cause.startswith("{backend}")
