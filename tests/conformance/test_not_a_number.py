"""A NaN in a window of a max-pool: the reference's maximum is then NaN, TensorFlow's is not."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from adapters.contract import SGD, Array, Net
from adapters.laws.subject import NotRun, Subject
from adapters.layers import Conv2D, Pool2D

# The kernel of `tf.nn.max_pool2d` on a CPU takes the larger of two numbers by a comparison, which a
# NaN loses. So a run that has diverged may seem to have recovered there.
LOSE_IT = ("tensorflow", "keras")
SIDE = 4


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("where", ["first", "last", "between"])
def test_nan_comes_out_of_every_window_that_has_one(
    kind: Literal["max", "mean"], where: str, subject: Subject
) -> None:
    """Wherever in the window it lies; the numbers of other windows are not touched."""
    at = {"first": (0, 0), "last": (1, 1), "between": (0, 1)}[where]
    picture: Array = np.arange(1.0 + SIDE**2)[1:].reshape(1, SIDE, SIDE, 1)
    picture[0, at[0], at[1], 0] = np.nan
    # A convolution by 1, because PyTorch's optimizers refuse a network without parameters.
    net = Net((Conv2D(1, 1, 1), Pool2D(kind, 2)), "squared", input_shape=(SIDE, SIDE, 1))
    try:
        model = subject.make(net, [np.ones((1, 1, 1, 1)), np.zeros(1)], SGD(1.0))
    except NotRun as reason:
        pytest.skip(str(reason))
    found = np.isnan(model.forward(picture)[0, :, :, 0])
    on_cpu = subject.cls.device == "cpu"
    lost = kind == "max" and subject.cls.backend in LOSE_IT and on_cpu
    assert found.tolist() == [[not lost, False], [False, False]]
