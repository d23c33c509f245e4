"""Budgets tell rounding from mistakes, in norm and entry by entry, in both precisions."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import pytest
import torch
from torch import nn

from tests.port.small_models import TorchNet, batch, keras_net
from triptych.port.api import check
from triptych.port.layouts import gap
from triptych.port.precision import TOLERANCE

UNIT = {"float64": 2.0**-53, "float32": 2.0**-24}


@pytest.mark.parametrize("n", [100, 10_000, 1_000_000])
def test_one_wrong_entry_among_many_is_seen(n):
    a = torch.randn(n, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    b = a.clone()
    b[n // 2] *= 1 + 1e-9
    assert gap(a, b) > TOLERANCE["float64"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_rounding_is_below_every_budget(dtype, scale):
    """Of a product of a thousand terms in two orders, with entries of different sizes."""
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(64, 1024, generator=draw, dtype=torch.float64).to(getattr(torch, dtype))
    w = torch.randn(1024, 64, generator=draw, dtype=torch.float64).to(x.dtype)
    w[:, 0] *= scale
    order = torch.randperm(1024, generator=draw)
    size = gap(x @ w, x[:, order] @ w[order])
    assert 0 < size < 8 * UNIT[dtype] * 1024**0.5


def test_a_right_port_is_right_in_float32():
    keras.utils.set_random_seed(0)
    x, _ = batch()
    result = check(keras_net(), TorchNet(), x.astype("float32"), dtype="float32")
    assert result.ok, str(result)


def test_gelu_by_tanh_is_named_in_float32():
    """Its 1e-5 lies under what a whole model's rounding may be, and above one call's."""

    class Port(nn.Module):
        def __init__(self):
            super().__init__()
            self.wide, self.narrow = nn.Linear(8, 16), nn.Linear(16, 4)

        def forward(self, x):
            return self.narrow(nn.functional.gelu(self.wide(x)))

    keras.utils.set_random_seed(0)
    x, _ = batch()
    inputs = keras.Input((8,))
    y = keras.layers.Dense(16, name="wide")(inputs)
    y = keras.activations.gelu(y, approximate=True)
    model = keras.Model(inputs, keras.layers.Dense(4, name="narrow")(y))
    rows = x.reshape(len(x), -1)[:, :8].astype("float32")
    result = check(model, Port(), rows, dtype="float32")
    assert ["tanh" in cause.text for cause in result.causes] == [True], str(result)
