"""The whole check on a small network: a right port is silent, each mistake is named and proved."""

import json
import re
from xml.etree import ElementTree as ET

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from tests.port.small_models import (
    TorchNet,
    batch,
    keras_loss,
    keras_net,
    same_state,
    state,
    torch_loss,
)
from triptych import port
from triptych.port.errors import PortError
from triptych.port.mapping import map_text, read_map
from triptych.port.report.junit import junit
from triptych.port.report.page import page
from triptych.port.result import DIFFERS, NOT_COMPARABLE, SAME

# The result of a dozen layers: some roundings of float64 in each.
ROUNDING = 1e-13


def test_a_right_port_is_the_same_function():
    x, _ = batch()
    result = port.check(keras_net(), TorchNet(), x)
    assert (result.ok, result.status, result.causes) == (True, SAME, [])
    assert result.end <= ROUNDING
    assert "same" in str(result)


@pytest.mark.parametrize("turned", [False, True], ids=["keras to torch", "torch to keras"])
def test_two_mistakes_are_named_with_both_values(turned):
    x, _ = batch()
    models = (keras_net(), TorchNet(eps=1e-5, activation=F.silu))
    if turned:
        result = port.check(models[1], models[0], np.moveaxis(x, -1, 1))
    else:
        result = port.check(*models, x)
    assert result.status == DIFFERS
    assert [cause.proved for cause in result.causes] == [True, True]
    own, other = ("B", "A") if turned else ("A", "B")
    assert re.search(f"epsilon is 0.001 in {own}, 1e-05 in {other}", result.causes[0].text)
    assert re.search(f"relu in {own}, silu in {other}", result.causes[1].text)
    assert result.end > 1e-4
    assert result.proof <= ROUNDING


def test_two_modules_of_pytorch():
    x = torch.randn(4, 3, 9, 9)
    result = port.check(TorchNet(), TorchNet(eps=1e-5), x)
    assert [cause.text for cause in result.causes] == ["epsilon is 0.001 in A, 1e-05 in B"]
    assert port.check(TorchNet(), TorchNet(), x).ok


def test_two_models_of_keras():
    def other():
        layers = keras.layers
        x = inputs = keras.Input((9, 9, 3))
        x = layers.Conv2D(8, 3, padding="same")(x)
        x = layers.BatchNormalization(epsilon=1e-5)(x)
        x = layers.Activation("relu")(x)
        x = layers.Flatten()(layers.Conv2D(6, 3)(x))
        return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))

    x, _ = batch()
    result = port.check(keras_net(), other(), x)
    assert [cause.text for cause in result.causes] == ["epsilon is 0.001 in A, 1e-05 in B"]
    assert result.proof <= ROUNDING


def test_models_come_out_as_they_went_in():
    x, y = batch()
    a, b = keras_net(), TorchNet(eps=1e-5)
    before = state(a), state(b), x.copy(), torch.get_rng_state()
    settings = torch.get_default_dtype(), keras.config.floatx()
    port.check(
        a, b, x, y=y, loss=(keras_loss, torch_loss),
        optimizers=(keras.optimizers.Adam(), torch.optim.Adam(b.parameters())),
    )  # fmt: skip
    assert same_state(before[0], state(a))
    assert same_state(before[1], state(b))
    assert np.array_equal(before[2], x)
    assert torch.equal(before[3], torch.get_rng_state())
    assert settings == (torch.get_default_dtype(), keras.config.floatx())


def test_training_steps():
    x, y = batch()
    b = TorchNet(momentum=0.1)
    result = port.check(
        keras_net(), b, x, y=y, loss=(keras_loss, torch_loss),
        optimizers=(keras.optimizers.Adam(1e-3), torch.optim.Adam(b.parameters(), lr=1e-3)),
    )  # fmt: skip
    found = {(cause.stage, cause.frameworks_differ): cause.text for cause in result.causes}
    assert "momentum is 0.01 in A" in found["statistics", False]
    assert "n − 1" in found["statistics", True]
    assert found["update", False] == "epsilon is 1e-07 in A, 1e-08 in B"
    assert "before the bias correction" in found["update", True]
    assert not result.is_port_right


def test_what_only_the_frameworks_differ_in_is_no_mistake():
    x, y = batch()
    b = TorchNet()
    result = port.check(
        keras_net(), b, x, y=y, loss=(keras_loss, torch_loss),
        optimizers=(keras.optimizers.Adam(1e-3), torch.optim.Adam(b.parameters(), 1e-3, eps=1e-7)),
    )  # fmt: skip
    assert {cause.stage for cause in result.causes} == {"statistics", "update"}
    assert all(cause.frameworks_differ and cause.proved for cause in result.causes)
    assert result.is_port_right


def test_a_layer_without_counterpart_is_never_passed_over():
    class Longer(TorchNet):
        def __init__(self):
            super().__init__()
            self.extra = nn.Linear(5, 5)

        def forward(self, x):
            return self.extra(super().forward(x))

    x, _ = batch()
    result = port.check(keras_net(), Longer(), x)
    assert result.status == NOT_COMPARABLE
    assert any("extra.weight" in name for name in result.unmapped)


def test_an_unknown_difference_is_located_and_not_named():
    class Odd(TorchNet):
        def forward(self, x):
            x = self.activation(self.norm(self.conv1(x)))
            x = torch.sinh(x / 3)
            return F.softmax(self.head(self.conv2(x).flatten(1)), dim=1)

    x, _ = batch()
    result = port.check(keras_net(), Odd(), x)
    assert [cause.proved for cause in result.causes] == [False]
    assert "conv2" in result.causes[0].places[0].b
    assert "located, not named" in str(result)
    assert not result.proof <= result.tolerance


def test_reports(tmp_path):
    x, _ = batch()
    result = port.check(keras_net(), TorchNet(eps=1e-5), x)
    stated = json.loads(json.dumps(result.to_dict()))
    assert stated["status"] == 1
    assert stated["causes"][0]["places"][0]["after"] <= ROUNDING
    suite = ET.fromstring(junit(result, "a and b"))
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["forward"]
    assert "epsilon is 0.001 in A" in suite.find(".//failure").text
    text = page(result, "<a>", "b")
    assert "&lt;a&gt;" in text
    assert "http" not in text.replace("http://www.w3.org", "")
    file = tmp_path / "map.toml"
    file.write_text(map_text(result), encoding="utf-8")
    again = port.check(keras_net(), TorchNet(eps=1e-5), x, pairs=read_map(file))
    assert [(row.a, row.b) for row in again.rows] == [(row.a, row.b) for row in result.rows]


def test_the_user_may_settle_pairs():
    x, _ = batch()
    pairs = {"conv1": "conv1", "head": "head"}
    assert port.check(keras_net(), TorchNet(), x, pairs=pairs).ok
    with pytest.raises(PortError, match="layer of B"):
        port.check(keras_net(), TorchNet(), x, pairs={"conv1": "konv1"})


WRONG = {
    "no model": (lambda: (keras_net(), len), "is no model"),
    "another shape": (lambda: (keras_net(), nn.Linear(7, 2)), "B raised RuntimeError"),
    "float16": (lambda: (keras_net(), TorchNet(), {"dtype": "float16"}), "dtype is 'float16'"),
    "loss without y": (lambda: (keras_net(), TorchNet(), {"loss": "mse"}), "give y"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_one_line(case):
    (a, b, *options), message = WRONG[case][0](), WRONG[case][1]
    with pytest.raises(PortError, match=message) as raised:
        port.check(a, b, batch()[0], **(options[0] if options else {}))
    assert "\n" not in str(raised.value)


def test_a_lambda_of_keras_is_taken():
    inputs = keras.Input((4,))
    a = keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(keras.layers.Dense(3)(inputs)))

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense = nn.Linear(4, 3)

        def forward(self, x):
            return 2 * self.dense(x)

    assert port.check(a, Twice(), np.ones((2, 4)) * [[1], [2]]).ok
