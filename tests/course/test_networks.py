"""Networks with layers of every kind: as JSON, drawn, trained, checkpointed, probed and judged."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import Adam, Array, Dense, Layer, Model, Net
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
from compare.findings import findings
from course.checkpointing import DiskCheckpointer
from course.networks import as_json, from_json, names_of_outputs, names_of_parameters, places
from course.probes import start
from course.randomness import initial_weights
from course.relay.leg import plain, steps
from course.training import predictions, train
from tests.injections.small_nets import KINDS, PICTURES, SEQUENCES, run_of
from tests.judging.helpers import backend, record_of

EVERY_KIND = Net(
    (
        Embedding(5, 4), Positions(9, 4),
        Residual((LayerNorm(4, 1e-3), Attention(4, 2, causal=True), Residual((Dense(4, 4),)))),
        Reshape((6, 6, 1)), Conv2D(1, 2, 3, 2, "same", "relu"), Pool2D("mean", 2, 1, "same"),
        Mean(), Dense(2, 3),
    ),
    "softmax", 0.5, (9,),
)  # fmt: skip
DENSE = Net((Dense(3, 4, "relu"), Dense(4, 2)), "softmax", 0.25)
SMALL = [kind for kind in KINDS if kind[0] != "ties"]


def through_json(values: Any) -> Any:
    return json.loads(json.dumps(values))


@pytest.mark.parametrize("net", [EVERY_KIND, PICTURES, SEQUENCES, DENSE])
def test_a_network_is_read_as_it_was_written(net: Net) -> None:
    assert through_json(as_json(net)) == as_json(net)  # a checkpoint's identity is compared so
    assert from_json(through_json(as_json(net)) | {"status": "complete"}) == net


def test_a_dense_network_is_written_as_on_cards_of_old() -> None:
    assert as_json(DENSE) == {
        "loss": "softmax", "layers": [[3, 4, "relu"], [4, 2, "identity"]], "l2": 0.25,
    }  # fmt: skip


OTHER = {
    "n_in": 7, "n_out": 7, "size": 5, "stride": 3, "padding": "valid", "activation": "sigmoid",
    "kind": "max", "width": 8, "heads": 4, "causal": False, "epsilon": 1e-4, "vocabulary": 9,
    "length": 11, "shape": (36,), "layers": (Dense(2, 2),),
}  # fmt: skip


@pytest.mark.parametrize(
    "layer",
    [*EVERY_KIND.layers, *EVERY_KIND.layers[2].layers, Flatten()],  # type: ignore[attr-defined]
    ids=lambda layer: type(layer).__name__,
)
def test_every_field_of_a_layer_is_written(layer: Layer) -> None:
    def written(one: Layer) -> Any:
        net = SEQUENCES if isinstance(one, Embedding) else DENSE
        object.__setattr__(changed := replace(net), "layers", (one,))
        return as_json(changed)["layers"]

    for field in fields(layer):  # type: ignore[arg-type]
        other = replace(layer, **{field.name: OTHER[field.name]})  # type: ignore[type-var]
        assert written(other) != written(layer), field.name


@pytest.mark.parametrize("values", [{"layer": "Reluctant"}, {"layer": "Net"}, {"n_in": 3}, "Dense"])
def test_what_is_no_layer_is_refused(values: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        from_json({"loss": "softmax", "l2": 0.0, "layers": [values]})


def test_names_and_places() -> None:
    assert names_of_parameters(DENSE) == ["W0", "b0", "W1", "b1"]
    assert names_of_outputs(DENSE) == ["layer 0", "layer 1"]
    names = names_of_parameters(EVERY_KIND)
    assert names[:4] == ["0.table", "1.table", "2.0.scale", "2.0.bias"]
    assert names[-2:] == ["7.kernel", "7.bias"]
    assert names_of_outputs(EVERY_KIND)[4:6] == ["layer 4, Conv2D", "layer 5, Pool2D"]
    assert [places(net) for net in (DENSE, PICTURES, SEQUENCES, EVERY_KIND)] == [1, 16, 5, 9]


def test_initial_weights_have_the_variance_of_their_fans() -> None:
    """He before a relu, Glorot before all else, by what one output reads; norms start at one."""
    net = Net(
        (Conv2D(3, 40, 5, activation="relu"), Conv2D(40, 30), Mean(), LayerNorm(30), Dense(30, 9)),
        "softmax", input_shape=(9, 9, 3),
    )  # fmt: skip
    first, bias, second, _, scale, shift, *_ = initial_weights(net, 3)
    assert first.std() == pytest.approx((2 / 75) ** 0.5, rel=0.05)
    assert second.std() == pytest.approx((2 / (9 * 40 + 9 * 30)) ** 0.5, rel=0.05)
    assert not bias.any()
    assert not shift.any()
    assert (scale == 1).all()
    table, *_ = initial_weights(SEQUENCES, 3)
    assert table.any()


def test_a_single_dense_layer_behind_others_without_parameters_starts_at_zero() -> None:
    net = Net((Pool2D(), Flatten(), Dense(4, 3)), "softmax", input_shape=(4, 4, 1))
    assert not any(p.any() for p in initial_weights(net, 0))
    windows = Net((Conv2D(1, 3, 2), Flatten()), "softmax", input_shape=(2, 2, 1))
    assert initial_weights(windows, 0)[0].any()


def test_a_probe_starts_with_every_parameter_drawn() -> None:
    for net in (EVERY_KIND, PICTURES, SEQUENCES):
        state = start(net, Adam(0.01), 0, "run", 1)
        parameters = [state[f"param_{i}"] for i in range(len(net.shapes))]
        assert [p.shape for p in parameters] == net.shapes
        assert all(np.all(p != parameter.starts_at)
                   for p, parameter in zip(parameters, net.parameters, strict=True))  # fmt: skip


def test_predictions_of_a_sequence() -> None:
    scores = np.random.default_rng(0).normal(size=(4, 5, 7))
    assert np.array_equal(predictions(SEQUENCES, scores), scores.argmax(2))
    signs = predictions(Net((Dense(3, 1),), "logistic", input_shape=(5, 3)), scores[..., :1])
    assert np.array_equal(signs, scores[..., 0] > 0)


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind[0])
def test_a_run_is_judged_at_every_stage(kind: Any) -> None:
    """By its own network's budget: no table names lesson 99."""
    trained = train(run_of(*kind, "float64"), backend("float64"))
    arrays, metadata = record_of(trained, lesson=99)
    assert {"looks/windows/0/gradient_0", "looks/transformer/0/gradient_0"} & arrays.keys()
    judged = findings((arrays, metadata), (arrays, metadata))
    assert {"forward", "loss", "gradient", "update", "trajectory"} <= {f.stage for f in judged}
    assert all(finding.holds for finding in judged)
    name = f"looks/{trained.name}/1/gradient_2"
    wrong = arrays | {name: arrays[name] * (1 + 1e-9)}
    over = [f for f in findings((arrays, metadata), (wrong, metadata)) if not f.holds]
    assert {(f.stage, f.tensor) for f in over} == {("gradient", "probe 1/gradient_2")}


class Stopped(Exception):
    """The process ends here."""


class Interrupted(DiskCheckpointer):
    """Stops the run after its second checkpoint."""

    saved = 0

    def save(self, done: int, model: Model, losses: list[Array], seconds: float) -> None:
        super().save(done, model, losses, seconds)
        self.saved += 1
        if self.saved == 2:
            raise Stopped


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind[0])
def test_a_resumed_run_ends_bit_for_bit(kind: Any, tmp_path: Path) -> None:
    def of(cls: type[DiskCheckpointer], resume: bool) -> DiskCheckpointer:
        return cls(
            tmp_path, "run", {"network": as_json(kind[1])}, epochs=3, steps_per_epoch=5, every=3,
            write=True, resume=resume,
        )  # fmt: skip

    numpy = backend("float64")
    whole = train(run_of(*kind, "float64"), numpy)
    with pytest.raises(Stopped):
        train(run_of(*kind, "float64"), numpy, checkpointer=of(Interrupted, False))
    resumed = train(run_of(*kind, "float64"), numpy, checkpointer=of(DiskCheckpointer, True))
    assert np.array_equal(resumed.losses, whole.losses)
    assert all(map(np.array_equal, resumed.params, whole.params))


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind[0])
def test_a_run_is_passed_on(kind: Any) -> None:
    """As in a relay: another model continues from the state of the first."""
    run = run_of(*kind, "float64")
    numpy = backend("float64")
    alone, first, second = (numpy(run.net, run.initial, run.optimizer) for _ in range(3))
    losses = steps(run, first, 0, 4)
    second.restore(plain(first.state()))
    losses = np.concatenate([losses, steps(run, second, 4, 4)])
    assert np.array_equal(losses, steps(run, alone, 0, 8))
