"""Maximum and average pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.capture.tape import Step
from triptych.port.layers.alternative import Alternative, with_attributes
from triptych.port.layers.call import Call
from triptych.port.layers.convolution import same_padding
from triptych.port.layers.unit import pair_of

NAMES = {f"{kind}_pool{n}d" for kind in ("max", "avg") for n in (1, 2, 3)}
KERAS = {f"{kind}Pooling{n}D" for kind in ("Max", "Average") for n in (1, 2, 3)}
MOST: dict[int, Callable[..., torch.Tensor]] = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
MEAN: dict[int, Callable[..., torch.Tensor]] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def alternatives(step: Step) -> Iterator[Alternative]:
    """The other kind, the other paddings, other strides."""
    if step.name in KERAS and step.layer is not None:
        other = "valid" if step.layer.padding == "same" else "same"
        yield Alternative(
            "pool padding", f"padding is {other} in A, {step.layer.padding} in B",
            f"padding={other!r}", with_attributes(step, padding=other),
        )  # fmt: skip
        return
    if step.name not in NAMES:
        return
    n, is_max = int(step.name[-2]), step.name.startswith("max")
    call = Call.of(step)
    window = pair_of(call.get("kernel_size"), n)
    stride = pair_of(call.get("stride") or window, n)
    padding = pair_of(call.get("padding", 0), n)
    own, another = (MOST[n], MEAN[n]) if is_max else (MEAN[n], MOST[n])

    def option(
        cause: str, edit: str, function: Any, family: str = "pool", entry: str = ""
    ) -> Alternative:
        return Alternative(
            f"{family} {edit}", cause, edit, lambda *args, **kwargs: function(args[0]), entry=entry
        )

    swapped = "the mean in A, the maximum in B" if is_max else "the maximum in A, the mean in B"
    other_name = "avg_pool" if is_max else "max_pool"
    yield option(swapped, other_name, lambda x: another(x, window, stride, padding))
    if is_max:
        yield option(
            swapped, "avg_pool(count_include_pad=False)",
            lambda x: another(x, window, stride, padding, count_include_pad=False),
        )  # fmt: skip
    if not is_max:
        stated = bool(call.get("count_include_pad", True))
        yield option(
            "zeros of the padding are counted in "
            + ("B, not in A" if stated else "A, not in B"),
            f"count_include_pad={not stated}",
            lambda x: own(x, window, stride, padding, count_include_pad=not stated),
            entry="average_pool_padding",
        )  # fmt: skip
    same = pooled_as_tensorflow(own, is_max, window, stride)
    yield option(
        f"padding is TensorFlow's 'same' in A, {padding} in B", "padding=0 after F.pad(x, …)", same,
        entry="same_padding_stride_two",
    )  # fmt: skip
    yield option(
        f"{swapped}; and padding is TensorFlow's 'same' in A", f"F.pad and {other_name}",
        pooled_as_tensorflow(another, not is_max, window, stride), entry="same_padding_stride_two",
    )  # fmt: skip
    for p in sorted({(0,) * n, *((w // 2,) * n for w in window), (1,) * n} - {padding}):
        if all(2 * q <= w for q, w in zip(p, window, strict=True)):
            yield option(
                f"padding is {p} in A, {padding} in B", f"padding={p}",
                lambda x, p=p: own(x, window, stride, p),
            )  # fmt: skip
    rounds = bool(call.get("ceil_mode", False))
    yield option(
        f"sizes are rounded {'down' if rounds else 'up'} in A, {'up' if rounds else 'down'} in B",
        f"ceil_mode={not rounds}",
        lambda x: own(x, window, stride, padding, ceil_mode=not rounds),
    )
    for s in {window, (1,) * n, (2,) * n, (3,) * n} - {stride}:
        yield option(
            f"stride is {s} in A, {stride} in B",
            f"stride={s}",
            lambda x, s=s: own(x, window, s, padding),
        )
    for w in {(2,) * n, (3,) * n} - {window}:
        yield option(
            f"window is {w} in A, {window} in B",
            f"kernel_size={w}",
            lambda x, w=w: own(x, w, stride, padding),
        )
    if is_max and any(padding):
        around = [p for p in reversed(padding) for _ in range(2)]
        yield option(
            "zeros of a padding take part in the maximum in A, nothing does in B",
            f"F.pad(x, {around})", lambda x: own(F.pad(x, around), window, stride),
            entry="max_pool_padding",
        )  # fmt: skip
    if is_max:
        yield option(
            "zeros take part in the maximum in A, nothing does in B", "F.pad(x, …) with zeros",
            lambda x: own(
                F.pad(x, same_padding(x.shape[2:], window, stride, (1,) * n)), window, stride
            ),
            entry="max_pool_padding",
        )  # fmt: skip


def pooled_as_tensorflow(
    pool: Callable[..., torch.Tensor],
    is_max: bool,
    window: tuple[int, ...],
    stride: tuple[int, ...],
) -> Callable[[torch.Tensor], torch.Tensor]:
    """A pool with TensorFlow's 'same' padding; a mean is of the real entries alone."""

    def function(x: torch.Tensor) -> torch.Tensor:
        pads = same_padding(x.shape[2:], window, stride, (1,) * len(window))
        if is_max:
            return pool(F.pad(x, pads, value=float("-inf")), window, stride)
        share = pool(F.pad(torch.ones_like(x), pads), window, stride)
        return pool(F.pad(x, pads), window, stride) / share

    return function
