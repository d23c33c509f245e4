"""Convolutions, depthwise, separable and transposed ones.

Shared layout: weight (out, in / groups, *window); of a transposed one (in, out, *window), as
PyTorch has them. Keras keeps the window's axes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn import functional

from triptych.port.capture.tape import Step, Tape
from triptych.port.layers.alternative import Alternative, with_arguments
from triptych.port.layers.call import Call
from triptych.port.layers.unit import Parameter, Unit, pair_of, unit

SAME = "TensorFlow's 'same', with more after than before,"


def swapped(kernel: torch.Tensor) -> Parameter:
    """(*window, a, b) as (b, a, *window)."""
    n = kernel.ndim - 2
    return Parameter(
        kernel,
        lambda t: t.permute(n + 1, n, *range(n)),
        lambda t: t.permute(*range(2, n + 2), 1, 0),
    )


def depthwise(kernel: torch.Tensor) -> Parameter:
    """(*window, in, multiplier) as (in · multiplier, 1, *window)."""
    n = kernel.ndim - 2
    window, (n_in, multiplier) = tuple(kernel.shape[:n]), kernel.shape[n:]
    return Parameter(
        kernel,
        lambda t: t.permute(n, n + 1, *range(n)).reshape(n_in * multiplier, 1, *window),
        lambda t: t.reshape(n_in, multiplier, *window).permute(*range(2, n + 2), 0, 1),
    )


def settings_of(layer: Any, n: int) -> dict[str, Any]:
    """What a Keras layer is told, in the shared words."""
    return {
        "stride": pair_of(layer.strides, n),
        "padding": layer.padding,
        "dilation": pair_of(layer.dilation_rate, n),
        "groups": getattr(layer, "groups", 1),
    }


def from_convolution(layer: Any, name: str) -> list[Unit]:
    """Keras's Conv1D, Conv2D, Conv3D and their transposes."""
    kind = "transposed convolution" if "Transpose" in type(layer).__name__ else "convolution"
    settings = settings_of(layer, len(layer.kernel.shape) - 2)
    return [unit(kind, name, settings, weight=swapped(layer.kernel.value), bias=layer.bias)]


def from_depthwise(layer: Any, name: str) -> list[Unit]:
    """Keras's DepthwiseConv1D and DepthwiseConv2D."""
    n = len(layer.kernel.shape) - 2
    settings = {**settings_of(layer, n), "groups": layer.kernel.shape[n]}
    weight = depthwise(layer.kernel.value)
    return [unit("convolution", name, settings, weight=weight, bias=layer.bias)]


def from_separable(layer: Any, name: str) -> list[Unit]:
    """Keras's SeparableConv1D and SeparableConv2D: two convolutions in one layer."""
    first, second = layer.depthwise_kernel.value, layer.pointwise_kernel.value
    settings = {**settings_of(layer, first.ndim - 2), "groups": first.shape[-2]}
    pointwise = unit(
        "convolution", f"{name}/pointwise", {}, weight=swapped(second), bias=layer.bias
    )
    pointwise.fed_by = (0,)
    return [
        unit("convolution", f"{name}/depthwise", settings, weight=depthwise(first)), pointwise,
    ]  # fmt: skip


def from_torch(call: Call, tape: Tape, name: str) -> list[Unit]:
    """torch.nn.functional.conv1d, conv2d, conv3d and their transposes."""
    weight = call.parameter("weight", tape)
    if weight is None:
        return []
    n, padding = weight.ndim - 2, call.get("padding", 0)
    settings = {
        "stride": pair_of(call.get("stride", 1), n),
        "padding": padding if isinstance(padding, str) else pair_of(padding, n),
        "dilation": pair_of(call.get("dilation", 1), n),
        "groups": call.get("groups", 1),
    }
    kind = "transposed convolution" if "transpose" in call.step.name else "convolution"
    return [unit(kind, name, settings, weight=weight, bias=call.parameter("bias", tape))]


KERAS = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), from_convolution),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), from_convolution),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), from_depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), from_separable),
}
TORCH = dict.fromkeys(
    (f"conv{transpose}{n}d" for n in (1, 2, 3) for transpose in ("", "_transpose")), from_torch
)


def alternatives(call: Call, a: Unit, b: Unit) -> Iterator[Alternative]:
    """A's stride, padding, dilation and groups, alone and together; and a bias that B lacks."""
    step, n = call.step, len(b.settings["stride"])
    theirs = a.settings
    differ = {
        key: value
        for key, value in theirs.items()
        if key in ("stride", "dilation", "groups") and value != b.settings[key]
    }
    bias = a.parameters.get("bias") if "bias" not in b.parameters else None
    window = b.parameters["weight"].shape[2:]
    dilation = theirs.get("dilation", (1,) * n)
    for padding in paddings(b.settings["padding"], theirs.get("padding"), window, dilation, n):
        for changes in choices(differ):
            if padding == b.settings["padding"] and not changes and bias is None:
                continue
            yield alternative(step, b, changes, padding, bias)
    if n == len(theirs.get("stride", ())):
        yield from of_repeated_channels(step, a, b)


def of_repeated_channels(step: Step, a: Unit, b: Unit) -> Iterator[Alternative]:
    """A's depth multiplier makes neighbours of a channel's results; x.repeat does not."""
    times, rest = divmod(b.settings["groups"], a.settings.get("groups") or 1)
    if rest or times < 2:
        return

    def function(x: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        apart = x.unflatten(1, (times, -1)).transpose(1, 2).flatten(1, 2)
        return step.function(apart, *args, **kwargs)

    yield Alternative(
        "order of repeated channels",
        f"A reads each channel {times} times in a row, B all channels {times} times over",
        f"x.repeat_interleave({times}, dim=1)", function, entry="repeat_is_tile",
    )  # fmt: skip


def of_transposed(call: Call, a: Unit, b: Unit) -> Iterator[Alternative]:
    """A's stride, dilation and groups, with every cut at the borders."""
    step, n = call.step, len(b.settings["stride"])
    mine = {
        **b.settings,
        "padding": pair_of(call.get("padding", 0), n),
        "output_padding": pair_of(call.get("output_padding", 0), n),
    }
    theirs = {key: a.settings.get(key, mine[key]) for key in ("stride", "dilation", "groups")}
    yield from of_cuts(step, b, mine)
    for padding in range(max(b.parameters["weight"].shape[2:])):
        for more in range(max(theirs["stride"])):
            stated = {**theirs, "padding": (padding,) * n, "output_padding": (more,) * n}
            changes = {key: value for key, value in stated.items() if value != mine[key]}
            if changes:
                yield Alternative(
                    "settings of a transposed convolution",
                    "; ".join(f"{key} is {v} in A, {mine[key]} in B" for key, v in changes.items()),
                    ", ".join(f"{key}={v}" for key, v in changes.items()),
                    with_arguments(step, **changes), entry="transposed_convolution_size",
                )  # fmt: skip


def of_cuts(step: Step, b: Unit, mine: dict[str, Any]) -> Iterator[Alternative]:
    """As many rows cut in front as TensorFlow's 'same' cuts, the rest behind; or one more."""
    window, stride = b.parameters["weight"].shape[2:], b.settings["stride"]
    for front in range(max(k - s for k, s in zip(window, stride, strict=True)) + 1):

        def function(x: torch.Tensor, *args: Any, front: int = front, **kwargs: Any) -> Any:
            uncut = with_arguments(step, padding=0, output_padding=0)(x, *args, **kwargs)
            for axis, s in enumerate(stride, 2):
                uncut = uncut.narrow(axis, front, x.shape[axis] * s)
            return uncut

        yield Alternative(
            "cut of a transposed convolution",
            f"A cuts {front} rows in front and the rest behind, as padding='same'; "
            f"padding is {mine['padding']}, output_padding {mine['output_padding']} in B",
            f"padding=0, then x[:, :, {front}:{front} + n * stride] of each axis", function,
            entry="transposed_convolution_size",
        )  # fmt: skip


def alternative(
    step: Step, b: Unit, changes: dict[str, Any], padding: Any, bias: Parameter | None
) -> Alternative:
    """One combination of settings, said as an edit of the layer."""
    stated = {**b.settings, **changes}
    wording = [f"{key} is {value} in A, {b.settings[key]} in B" for key, value in changes.items()]
    edit = [f"{key}={value}" for key, value in changes.items()]
    by_tensorflow = padding == "same"
    if padding != b.settings["padding"]:
        wording.append(
            f"padding is {SAME if by_tensorflow else padding} in A, {b.settings['padding']} in B"
        )
        edit.append("padding=0 after F.pad(x, …)" if by_tensorflow else f"padding={padding}")
    if bias is not None:
        wording.append("B has no bias, A has one")
        edit.append("bias=True")
    values: dict[str, Any] = {**changes}
    if bias is not None:
        values["bias"] = bias.read()

    def function(*args: Any, **kwargs: Any) -> Any:
        x, weight = args[0], args[1]
        if by_tensorflow:
            pads = same_padding(x.shape[2:], weight.shape[2:], stated["stride"], stated["dilation"])
        elif padding == "causal":
            pads = [(weight.shape[2] - 1) * stated["dilation"][0], 0]
        else:
            return with_arguments(step, padding=padding, **values)(*args, **kwargs)
        padded = with_arguments(step, padding=0, **values)
        return padded(functional.pad(x, pads), *args[1:], **kwargs)

    entry = "same_padding_even_window" if b.parameters["weight"].shape[2] % 2 == 0 else ""
    if by_tensorflow and max(stated["stride"]) > 1:
        entry = "same_padding_stride_two"
    family = "bias" if wording == ["B has no bias, A has one"] else "convolution settings"
    return Alternative(
        family, "; ".join(wording), ", ".join(edit), function,
        entry=entry if by_tensorflow else "",
    )  # fmt: skip


def choices(differ: dict[str, Any]) -> list[dict[str, Any]]:
    """All of the differing settings, each alone, and none."""
    alone = [{key: value} for key, value in differ.items()]
    return [{}, *alone, *([differ] if len(differ) > 1 else [])]


def paddings(own: Any, padding: Any, window: Any, dilation: Any, n: int) -> list[Any]:
    """B's own padding first, then the usual ones, and last TensorFlow's, a step of its own."""
    half = tuple((k - 1) * d // 2 for k, d in zip(window, dilation, strict=True))
    theirs = [] if isinstance(padding, str) else [pair_of(padding, n)]
    usual = [half, (0,) * n, *((p,) * n for p in (1, 2, 3))]
    causal = ["causal"] if n == 1 else []
    return list(dict.fromkeys([own, *theirs, *usual, "same", *causal]))


def same_padding(size: Any, window: Any, stride: Any, dilation: Any) -> list[int]:
    """TensorFlow's 'same' for torch.nn.functional.pad: the last axis first."""
    pads: list[int] = []
    for n, k, s, d in reversed(list(zip(size, window, stride, dilation, strict=True))):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads += [total // 2, total - total // 2]
    return pads
