"""The training loop makes the same steps as a plain loop: same order, same learning rates."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import SGD, Array, Dense, Model, Net, NotFinite
from course.card import _run, digest_of_arrays
from course.digests import digest
from course.randomness import epoch_order, initial_weights
from course.training import Checkpointer, Run, Snapshot, predictions, reuse_rows, train
from tests.judging.helpers import KINDS, backend, run_of

NET = Net((Dense(2, 3),), "softmax", l2=0.1)
MODEL = backend("float64")


def new_run(rows: int = 7, **changes: Any) -> Run:
    """A run of softmax regression on a few rows, not trained yet."""
    rng = np.random.default_rng(rows)
    x, y = rng.normal(size=(rows, 2)), rng.integers(0, 3, rows)
    usual = Run("run", NET, SGD(0.5, momentum=0.5), initial_weights(NET, 1), epochs=4, batch_size=3,
                seed=5, shuffle=True, lower_by=10.0, x=x, y=y)  # fmt: skip
    return replace(usual, **changes)


def written_out(run: Run) -> tuple[list[float], Model]:
    """Step after step: the loss before each, and the model at the end."""
    model, losses, lowered = MODEL(run.net, run.initial, run.optimizer), [], False
    for epoch in range(run.epochs):
        if not lowered and 3 * epoch >= 2 * run.epochs and run.lower_by != 1:
            rate, state, lowered = run.optimizer.learning_rate / run.lower_by, model.state(), True
            model = MODEL(run.net, run.initial, replace(run.optimizer, learning_rate=rate))
            model.restore(state)
        order = epoch_order(run.seed, epoch, len(run.x)) if run.shuffle else range(len(run.x))
        order = list(order)
        for i in range(0, len(order), run.batch_size):
            rows = order[i : i + run.batch_size]
            losses.append(model.step(run.x[rows], run.y[rows]))
    return losses, model


@settings(max_examples=60)  # some milliseconds each
@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.booleans(),
    st.sampled_from([1.0, 4.0]), st.integers(0, 3),
)  # fmt: skip
def test_every_step_is_made_once_in_its_order(
    rows: int, epochs: int, batch_size: int, shuffle: bool, lower_by: float, seed: int
) -> None:
    run = new_run(rows, epochs=epochs, batch_size=batch_size, shuffle=shuffle, lower_by=lower_by,
                  seed=seed)  # fmt: skip
    losses, model = written_out(run)
    done = train(run, MODEL)
    assert done is run
    assert done.losses.tolist() == losses
    assert len(losses) == epochs * -(-rows // batch_size) == epochs * run.steps_per_epoch
    for ours, theirs in zip(done.params, model.params(), strict=True):
        assert np.array_equal(ours, theirs)
    assert done.status == "complete"
    assert done.seconds > 0
    means = [np.mean(part) for part in np.split(np.array(losses), epochs)]
    assert done.loss_per_epoch() == pytest.approx(means, rel=1e-15)


class Scripted(MODEL):
    """A model whose losses are scripted."""

    script = (3.0, 2.0, np.nan, np.inf)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.visited = getattr(self, "visited", 0)
        count = -(-len(order) // batch_size)
        found = self.script[self.visited : self.visited + count]
        self.visited += count
        return np.array(found)


def test_a_loss_that_is_no_number_ends_a_run_with_its_step_and_rate() -> None:
    run = new_run(8, epochs=2, batch_size=4, lower_by=1.0)
    with pytest.raises(NotFinite, match=r"run: the loss is nan at step 2 with learning rate 0\.5: "
                                        r"try a smaller one, such as 0\.05"):  # fmt: skip
        train(run, Scripted)
    assert run.status == "diverged"
    assert run.losses[:2].tolist() == [3.0, 2.0]
    assert run.params
    meant = train(new_run(8, epochs=2, batch_size=4, lower_by=1.0), Scripted, diverges=True)
    assert meant.status == "diverged"
    assert np.isinf(meant.losses[3])


def test_an_interrupted_run_has_the_results_of_its_finished_steps() -> None:
    class Stops(Checkpointer):
        every = 3

        def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
            assert sum(map(len, losses)) == done
            assert seconds > 0
            if done == 6:
                raise KeyboardInterrupt

    run = new_run(9, epochs=4)
    with pytest.raises(KeyboardInterrupt):
        train(run, MODEL, checkpointer=Stops())
    assert run.status == "interrupted"
    assert run.losses.tolist() == written_out(new_run(9, epochs=4))[0][:6]
    assert len(run.loss_per_epoch()) == 2


EARLIER = 1e6  # seconds: ten days, beside which this process's do not count


def test_the_seconds_of_an_earlier_process_count() -> None:
    class Earlier(Checkpointer):
        def latest(self) -> Snapshot:
            half = new_run(6, epochs=1)
            train(half, MODEL)
            assert half.model is not None
            return Snapshot(2, half.model.state(), half.losses, EARLIER)

    run = train(new_run(6, epochs=2), MODEL, checkpointer=Earlier())
    assert run.seconds // EARLIER == 1
    assert len(run.losses) == 4


def test_the_rate_is_lowered_for_the_last_third() -> None:
    for epochs, first in ((1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (15, 10)):
        run = new_run(epochs=epochs)
        assert run.lowered_from == first
        rates = [run.optimizer_at(epoch).learning_rate for epoch in range(epochs)]
        assert rates == [0.5] * first + [0.05] * (epochs - first)
        assert new_run(epochs=epochs, lower_by=1.0).lowered_from == epochs


def test_a_run_is_one_line_below_a_cell_of_a_notebook() -> None:
    run = new_run()
    assert repr(run) == "<run 'run': 0 steps>"
    train(run, MODEL)
    assert re.fullmatch(r"<run 'run': \d+ steps, loss \d\.\d{4}>", repr(run))


def test_equal_rows_are_shared() -> None:
    run = new_run()
    assert reuse_rows(run.x.copy(), [run]) is run.x
    assert reuse_rows(run.x, [run]) is run.x
    other = run.x + 1
    assert reuse_rows(other, [run]) is other
    assert reuse_rows(other, []) is other


SCORES = np.array([[0.5, -0.5], [0.0, 2.0], [-1.0, -1.0]])


@pytest.mark.parametrize(
    ("loss", "n_out", "expected"),
    [
        ("softmax", 2, [0, 1, 0]),
        ("squared", 2, SCORES.tolist()),
        ("logistic", 2, [[1, 0], [0, 1], [0, 0]]),
        ("perceptron", 2, [[1, -1], [-1, 1], [-1, -1]]),
        ("logistic", 1, [1, 0, 0]),
        ("perceptron", 1, [1, -1, -1]),
    ],
)
def test_predictions(loss: Any, n_out: int, expected: list[Any]) -> None:
    net = Net((Dense(4, n_out),), loss)
    actual = predictions(net, SCORES[:, :n_out])
    assert actual.tolist() == expected
    assert actual.dtype == (np.float64 if loss == "squared" else np.int64)


def test_initial_weights_are_a_function_of_the_seed() -> None:
    """He before a relu, Glorot before anything else; biases zero; a single layer all zero."""
    net = Net((Dense(30, 40, "relu"), Dense(40, 50, "tanh"), Dense(50, 60)), "softmax")
    rng = np.random.Generator(np.random.PCG64([7, 2**32 - 1]))
    scales = [np.sqrt(2 / 30), np.sqrt(2 / (40 + 50)), np.sqrt(2 / (50 + 60))]
    found = initial_weights(net, 7)
    for w, b, scale in zip(found[::2], found[1::2], scales, strict=True):
        np.testing.assert_allclose(w, scale * rng.normal(size=w.shape), rtol=1e-15)
        assert not b.any()
        assert w.std() == pytest.approx(scale, rel=0.1)
    assert all(w.dtype == np.float64 for w in found)
    assert not np.array_equal(found[0], initial_weights(net, 8)[0])
    assert not any(p.any() for p in initial_weights(NET, 7))


def test_orders_are_a_function_of_seed_and_epoch() -> None:
    for seed, epoch in ((0, 0), (0, 1), (1, 0), (9, 5)):
        want = np.random.Generator(np.random.PCG64([seed, epoch])).permutation(40)
        assert epoch_order(seed, epoch, 40).tolist() == want.tolist()
    orders = {tuple(epoch_order(s, e, 40)) for s in range(5) for e in range(5)}
    assert len(orders) == 25


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_has_a_runs_inputs_and_results(kind: str) -> None:
    run = run_of(kind, "float64")
    metadata = _run(run, 0.75)
    assert metadata["hashes"] == {
        "batch_order": digest_of_arrays([run.order(0), run.order(1)]),
        "initial_weights": digest_of_arrays(run.initial),
    }
    assert metadata["hashes"]["initial_weights"] != digest_of_arrays(run.params)
    assert (metadata["final_loss"], metadata["steps"]) == (run.losses[-1], len(run.losses))
    assert (metadata["status"], metadata["accuracy"]) == ("complete", 0.75)
    assert (metadata["epochs"], metadata["batch_size"], metadata["lower_by"]) == (2, 3, 1.0)
    net, optimizer = KINDS[kind]
    assert (metadata["loss"], metadata["l2"]) == (net.loss, net.l2)
    assert metadata["layers"] == [
        [layer.n_in, layer.n_out, layer.activation] for layer in net.layers
    ]
    assert metadata["optimizer"] == {"name": type(optimizer).__name__, **vars(optimizer)}
    run.losses[-1] = np.inf
    assert _run(run, None)["final_loss"] is None
    run.losses = run.losses[:0]
    assert (_run(run, None)["final_loss"], _run(run, None)["steps"]) == (None, 0)


def test_a_hash_is_of_every_array_with_its_shape_and_values() -> None:
    a, b = np.arange(6.0), np.arange(6.0) + 1
    hashes = [
        digest_of_arrays(arrays)
        for arrays in ([a], [b], [a, b], [b, a], [a.reshape(2, 3)], [a.reshape(3, 2)],
                       [a.astype(np.float32)], [])
    ]  # fmt: skip
    assert len(set(hashes)) == len(hashes)
    assert digest_of_arrays([a.astype(">f8")]) == digest_of_arrays([a])
    assert digest_of_arrays([a.reshape(2, 3).T]) == digest_of_arrays([a.reshape(2, 3).T.copy()])
    assert digest([b"ab", b"c"]) == digest([b"abc"])
    assert digest([b"abc"]).startswith("ba7816bf")  # the sha256 of abc, as published
