"""What a layer refuses, the shape that it gives, and the fans of its kernels."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.contract import Dense, Net, Parameter, SettingsError, ShapeError
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    Layer,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
    flat,
)
from adapters.layers.pictures import around

# For each layer its numbers, each of which counts something.
COUNTS: dict[type[Layer], dict[str, int]] = {
    Conv2D: {"n_in": 2, "n_out": 3, "size": 3, "stride": 1},
    Pool2D: {"size": 2, "stride": 2},
    Embedding: {"vocabulary": 5, "width": 4},
    Positions: {"length": 5, "width": 4},
    LayerNorm: {"width": 4},
    Attention: {"width": 4, "heads": 1},
}
NO_COUNTS: list[Any] = [0, -1, 1.0, 1.5, True, "2", None, (2,)]
LAYERS: list[Layer] = [layer(**counts) for layer, counts in COUNTS.items()]
LAYERS += [Reshape((2, 2)), Flatten(), Mean(), Residual((LayerNorm(4), Dense(4, 4)))]
SIDES = st.integers(1, 9)


@pytest.mark.parametrize(
    ("layer", "name"), [(layer, name) for layer, counts in COUNTS.items() for name in counts]
)
def test_whatever_counts_is_a_whole_number_of_at_least_one(layer: Any, name: str) -> None:
    assert getattr(layer(**dict.fromkeys(COUNTS[layer], 1)), name) == 1
    for wrong in NO_COUNTS:
        if (layer, name, wrong) == (Pool2D, "stride", None):  # the window's size
            continue
        with pytest.raises(ShapeError, match=f"{name} = .*: expected a whole number, at least 1"):
            layer(**{**COUNTS[layer], name: wrong})


def test_defaults() -> None:
    assert Conv2D(2, 3) == Conv2D(2, 3, size=3, stride=1, padding="valid", activation="identity")
    assert Pool2D() == Pool2D("max", size=2, stride=2, padding="valid")
    assert Pool2D(size=3).stride == 3
    assert Attention(4) == Attention(4, heads=1, causal=False)
    assert LayerNorm(4).epsilon == 1e-5


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: type(layer).__name__)
def test_layers_cannot_be_changed_and_equal_ones_are_one(layer: Any) -> None:
    assert layer == dataclasses.replace(layer)
    assert len({layer, dataclasses.replace(layer)}) == 1
    for value in (layer, *layer.parameters):
        for field in dataclasses.fields(value):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(value, field.name, getattr(value, field.name))


def test_a_layer_says_what_it_gives() -> None:
    class Silent(Layer):
        pass

    with pytest.raises(TypeError, match="gives"):
        Silent()  # type: ignore[abstract]


def test_a_bias_is_known_by_the_last_part_of_its_name() -> None:
    assert Parameter("bias", (1,)).is_bias
    assert Parameter("3.0.bias", (1,)).is_bias
    assert not Parameter("0.kernel", (1, 1)).is_bias
    assert not Parameter("bias.table", (1, 1)).is_bias
    assert not Parameter("0.bias.scale", (1,)).is_bias


def test_what_a_layer_reads() -> None:
    assert Positions(3, 4).reads == (3, 4)
    assert LayerNorm(4).reads == (4,)
    assert Conv2D(1, 1).reads is Pool2D().reads is Attention(4).reads is Flatten().reads is None
    assert Residual((LayerNorm(4), Dense(4, 5), Dense(5, 4))).reads == (4,)
    assert Residual((Attention(4), Dense(4, 4))).reads is None
    assert Residual((Dense(4, 2), Dense(2, 4))).reads == (4,)


def test_shapes_of_whole_numbers() -> None:
    assert Reshape([np.int64(2), 3]).shape == (2, 3)  # type: ignore[arg-type]
    assert Reshape((1,)).shape == (1,)
    no_shapes: list[Any] = [(), [], (0,), (2, 0), (-1,), (2, 1.5), (True,), 4, "22", None, {2}]
    for shape in no_shapes:
        with pytest.raises(ShapeError, match="expected a tuple of whole numbers"):
            Reshape(shape)
        with pytest.raises(ShapeError):
            Net((Mean(),), "squared", input_shape=shape)


def test_settings_that_are_names_or_positive() -> None:
    wrong: list[Any] = [0, -1e-5, np.nan, np.inf, "1e-5", None]
    for epsilon in wrong:
        with pytest.raises(SettingsError, match="expected a positive number"):
            LayerNorm(4, epsilon)
    half: Any = np.float32(0.5)
    assert type(LayerNorm(4, half).epsilon) is float
    unknown: Any = "full"
    for make in (lambda: Conv2D(1, 1, padding=unknown), lambda: Pool2D(padding=unknown)):
        with pytest.raises(SettingsError, match="unknown padding 'full': use one of valid, same"):
            make()
    with pytest.raises(SettingsError, match="unknown pooling 'full': use 'max' or 'mean'"):
        Pool2D(unknown)
    with pytest.raises(SettingsError, match="unknown activation 'full'"):
        Conv2D(1, 1, activation=unknown)
    with pytest.raises(ShapeError, match="cannot have 3 heads"):
        Attention(4, 3)
    assert Attention(4, 4).heads == 4


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))
def test_the_fans_of_a_kernel_are_its_connections(size: int, n_in: int, n_out: int) -> None:
    """How many numbers one output is made of, and how many outputs one input reaches."""
    kernel, bias = Conv2D(n_in, n_out, size, activation="relu").parameters
    window = np.ones((size, size, n_in, n_out))
    assert (kernel.name, kernel.shape, kernel.activation) == ("kernel", window.shape, "relu")
    assert kernel.fans == (window[..., 0].sum(), window[:, :, 0].sum())
    assert (bias.name, bias.shape, bias.fans, bias.starts_at) == ("bias", (n_out,), None, 0.0)
    kernel, bias = Dense(n_in, n_out, "tanh").parameters
    assert (kernel.shape, kernel.fans, kernel.activation) == ((n_in, n_out), (n_in, n_out), "tanh")
    for parameter in Attention(n_in).parameters:
        assert parameter.shape == parameter.fans == (n_in, n_in)
    for layer in (Embedding(n_out, n_in), Positions(n_out, n_in)):
        (table,) = layer.parameters
        assert (table.name, table.shape, table.fans) == ("table", (n_out, n_in), (1, n_in))
    scale, bias = LayerNorm(n_in).parameters
    assert (scale.name, scale.shape, scale.fans, scale.starts_at) == ("scale", (n_in,), None, 1.0)
    assert (bias.name, bias.shape, bias.starts_at) == ("bias", (n_in,), 0.0)


def test_the_penalty_reaches_kernels_only() -> None:
    penalized = {p.name for layer in LAYERS for p in layer.parameters if p.is_penalized}
    assert penalized == {"kernel", "query", "key", "value", "output", "1.kernel"}


def test_parameters_have_the_numbers_of_their_layers() -> None:
    inner = Residual((LayerNorm(4), Flatten(), Dense(4, 4)))
    assert [p.name for p in inner.parameters] == ["0.scale", "0.bias", "2.kernel", "2.bias"]
    net = Net((Dense(3, 4), inner, Dense(4, 1)), "squared")
    assert [p.name for p in net.parameters] == [
        "0.kernel", "0.bias", "1.0.scale", "1.0.bias", "1.2.kernel", "1.2.bias", "2.kernel",
        "2.bias",
    ]  # fmt: skip


def test_the_layers_of_a_residual_come_after_it() -> None:
    inner = Residual((LayerNorm(4), Residual((Dense(4, 4),)), Flatten()))
    assert list(flat((Mean(), inner, Dense(4, 1)))) == [
        Mean(), inner, LayerNorm(4), inner.layers[1], Dense(4, 4), Flatten(), Dense(4, 1)
    ]  # fmt: skip


def windows(layer: Conv2D | Pool2D, side: int) -> int:
    """How many windows begin on the padded side and end on it, counted one by one."""
    length = side + sum(around(layer, side))
    return sum(start + layer.size <= length for start in range(0, length, layer.stride))


@given(SIDES, SIDES, st.integers(1, 4), st.integers(1, 4), st.sampled_from(["valid", "same"]))
def test_a_window_slides_over_the_whole_picture(
    height: int, width: int, size: int, stride: int, padding: Any
) -> None:
    conv, pool = Conv2D(2, 5, size, stride, padding), Pool2D("mean", size, stride, padding)
    if padding == "valid" and size > min(height, width):
        for layer in (conv, pool):
            with pytest.raises(ShapeError, match=f"a picture of {size} × {size} or larger"):
                layer.gives((height, width, 2))
        return
    places = (windows(conv, height), windows(conv, width))
    assert conv.gives((height, width, 2)) == (*places, 5)
    assert pool.gives((height, width, 2)) == (*places, 2)


def test_a_picture_one_pixel_too_small_is_refused() -> None:
    for small in ((2, 9, 2), (9, 2, 2)):
        with pytest.raises(ShapeError, match="a picture of 3 × 3 or larger"):
            Pool2D("max", 3).gives(small)
    assert Pool2D("max", 3).gives((3, 3, 2)) == (1, 1, 2)


@given(SIDES, st.integers(1, 4), st.integers(1, 4))
def test_padding(side: int, size: int, stride: int) -> None:
    """As many places as strides begin inside, the larger half after, and no more than needed."""
    assert around(Conv2D(1, 1, size, stride), side) == (0, 0)
    same = Conv2D(1, 1, size, stride, "same")
    before, after = around(same, side)
    assert windows(same, side) == len(range(0, side, stride))
    assert after - before in (0, 1)
    assume(before + after > 0)
    last = (windows(same, side) - 1) * stride
    assert last + size == side + before + after


@pytest.mark.parametrize(
    ("layer", "shapes", "expected"),
    [
        (Conv2D(2, 1), [(9,), (9, 9), (9, 9, 1), (9, 2, 9), (9, 9, 9, 2)], r"\(height, width, 2\)"),
        (Pool2D(), [(9,), (9, 9), (9, 9, 9, 9)], r"\(height, width, channels\)"),
        (Reshape((2, 2)), [(3,), (2, 3), (2, 2, 2)], "4 numbers"),
        (Mean(), [(3,)], "two axes or more"),
        (Positions(3, 4), [(4,), (4, 3), (3, 4, 1)], r"\(3, 4\)"),
        (LayerNorm(4), [(3,), (4, 3)], r"\(…, 4\)"),
        (Attention(4), [(4,), (4, 3), (2, 3, 4)], r"\(length, 4\)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_row_that_does_not_fit_is_refused(
    layer: Layer, shapes: list[tuple[int, ...]], expected: str
) -> None:
    for shape in shapes:
        with pytest.raises(ShapeError, match=f"cannot read a row of shape .*expected {expected}"):
            layer.gives(shape)


def test_the_shapes_of_sequences() -> None:
    assert Embedding(9, 4).gives((3,)) == (3, 4)
    assert Positions(3, 4).gives((3, 4)) == LayerNorm(4).gives((3, 4)) == (3, 4)
    assert Attention(4).gives((3, 4)) == (3, 4)
    assert Flatten().gives((2, 3, 4)) == (24,)
    assert Mean().gives((2, 3, 4)) == Mean().gives((3, 4)) == (4,)
    assert Reshape((4, 6)).gives((2, 3, 4)) == (4, 6)
    assert Dense(4, 5).gives((2, 3, 4)) == (2, 3, 5)


def test_a_residual_keeps_its_shape_through_all_its_layers() -> None:
    block = Residual((Dense(4, 6, "relu"), Dense(6, 4)))
    assert block.gives((3, 4)) == (3, 4)
    with pytest.raises(ShapeError, match=r"gives \(3, 6\) for \(3, 4\): expected the same shape"):
        Residual((Dense(4, 6),)).gives((3, 4))
    with pytest.raises(ShapeError, match="cannot feed"):
        Residual((Dense(4, 6), Dense(4, 4))).gives((3, 4))


def test_a_residual_is_a_tuple_of_layers() -> None:
    assert Residual([Dense(4, 4)]).layers == (Dense(4, 4),)  # type: ignore[arg-type]
    no_layers: list[Any] = [(), [], Dense(4, 4), (Dense(4, 4), "relu"), 3, {Dense(4, 4)}]
    for layers in no_layers:
        with pytest.raises(ShapeError, match="expected a tuple of layers"):
            Residual(layers)


def test_an_embedding_comes_first() -> None:
    assert Net((Embedding(9, 4),), "squared", input_shape=(3,)).reads_indices
    for layers in (
        (Dense(3, 3), Embedding(9, 4)),
        (Dense(3, 3), Dense(3, 3), Embedding(9, 4)),
    ):
        with pytest.raises(ShapeError, match="it can only be the first layer"):
            Net(layers, "squared", input_shape=(3,))
    with pytest.raises(ShapeError, match="put it first"):
        Residual((Dense(4, 4), Embedding(9, 4)))
    with pytest.raises(ShapeError, match="put it first"):
        Residual((Embedding(9, 4),))
