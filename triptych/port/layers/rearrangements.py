"""What puts numbers elsewhere between layers: reshapes, slices, pads, patches, repeats, rolls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.capture.tape import Step, Values
from triptych.port.layers.alternative import Alternative, on_first, with_arguments
from triptych.port.layers.call import Call

RESHAPES = {"flatten", "reshape", "view"}
PARTS = {"chunk", "split", "tensor_split", "unbind"}
MOST_STARTS = 32  # of a slice, that are tried
MOST_PARTS = 3


def alternatives(step: Step, values: Values) -> Iterator[Alternative]:
    """The same numbers elsewhere; values: of B, to see shapes."""
    name, x = step.name, values[step.inputs[0]] if step.inputs else None
    if x is None:
        return
    if name == "__getitem__" and x.ndim > 2:
        yield from of_slices(step, x, values[step.outputs[0]])
    if name in RESHAPES and x.ndim in (3, 4):
        yield from of_reshapes(step, x.ndim)
    if name == "unfold" and x.ndim == 4:
        yield from of_patches(step, x.shape[1])
    if name == "roll":
        yield Alternative(
            "roll", "A rolls the other way", "the shifts with the other sign", rolled_back(step)
        )
    if name == "pad":
        yield from of_pads(step)
    if name == "cat":
        yield Alternative(
            "order of cat", "the parts stand in the other order in A", "torch.cat of them reversed",
            lambda parts, *a, **k: step.function(list(parts)[::-1], *a, **k),
        )  # fmt: skip
    if name in ("repeat", "repeat_interleave"):
        yield from of_repeats(step, x, values[step.outputs[0]])
    if name in PARTS and 1 < len(step.outputs) <= MOST_PARTS:
        yield from of_parts(step)
    if name in ("pixel_shuffle", "pixel_unshuffle"):
        yield from of_pixels(step)
    if name in ("permute", "flip", "roll") or (name == "transpose" and x.ndim > 3):
        yield Alternative(name, f"no {name} in A", f"without {name}", on_first(lambda x: x))


def of_repeats(step: Step, x: torch.Tensor, made: torch.Tensor) -> Iterator[Alternative]:
    """Each entry several times in a row, or all of them several times over."""
    for axis in range(x.ndim):
        times, rest = divmod(made.shape[axis], x.shape[axis]) if x.ndim == made.ndim else (1, 0)
        if times < 2 or rest or x.shape[axis] == 1:
            continue
        in_a_row = step.name == "repeat"
        words = ("each entry {} times in a row", "all entries {} times over")
        of_a, of_b = words if in_a_row else words[::-1]
        order = (
            torch.arange(x.shape[axis]).repeat_interleave(times)
            if in_a_row
            else torch.arange(x.shape[axis]).repeat(times)
        )
        yield Alternative(
            "order of repeats",
            f"A repeats {of_a.format(times)} along axis {axis}, B {of_b.format(times)}",
            f"x.repeat_interleave({times}, {axis})" if in_a_row else "x.repeat",
            on_first(lambda x, axis=axis, order=order: x.index_select(axis, order)),
            entry="repeat_is_tile",
        )  # fmt: skip


def of_parts(step: Step) -> Iterator[Alternative]:
    """The parts of a tensor in another order."""
    n = len(step.outputs)
    for order in list(permutations(range(n)))[1:]:

        def function(*args: Any, order: tuple[int, ...] = order, **kwargs: Any) -> Any:
            parts = step.function(*args, **kwargs)
            return tuple(parts[i] for i in order)

        listed = ", ".join(str(i) for i in order)
        yield Alternative(
            "order of parts",
            f"the {n} parts are taken in another order in A: B's {listed}",
            f"the parts of {step.name} in the order {listed}", function,
        )  # fmt: skip


def of_slices(step: Step, x: torch.Tensor, made: torch.Tensor) -> Iterator[Alternative]:
    """As many entries from elsewhere along the one axis that is cut."""
    axes = [i for i in range(x.ndim) if made.ndim == x.ndim and made.shape[i] != x.shape[i]]
    if len(axes) != 1:
        return
    (axis,), length = axes, made.shape[axes[0]]
    starts = range(min(x.shape[axis] - length + 1, MOST_STARTS))
    own = next((s for s in starts if torch.equal(x.narrow(axis, s, length), made)), None)
    for start in starts:
        if start != own:
            yield Alternative(
                "slice",
                f"A cuts axis {axis} to entries {start} to {start + length - 1}, B to "
                f"{own} to {(own or 0) + length - 1}",
                f"x.narrow({axis}, {start}, {length})",
                on_first(lambda x, start=start: x.narrow(axis, start, length)),
            )  # fmt: skip


def of_patches(step: Step, channels: int) -> Iterator[Alternative]:
    """The numbers of a patch with the channels last."""

    def function(*args: Any, **kwargs: Any) -> Any:
        made = step.function(*args, **kwargs)
        return made.unflatten(1, (channels, -1)).transpose(1, 2).flatten(1, 2)

    yield Alternative(
        "order in a patch", "A's patches have the channels last, unfold has them first",
        f"x.unflatten(1, ({channels}, -1)).transpose(1, 2).flatten(1, 2)", function,
        entry="patches_order",
    )  # fmt: skip


def rolled_back(step: Step) -> Callable[..., Any]:
    """torch.roll with the opposite shifts."""

    def function(x: torch.Tensor, shifts: Any, *args: Any, **kwargs: Any) -> Any:
        opposite = [-s for s in shifts] if isinstance(shifts, (list, tuple)) else -shifts
        return step.function(x, opposite, *args, **kwargs)

    return function


def of_reshapes(step: Step, ndim: int) -> Iterator[Alternative]:
    """Channels last before flattening; two axes exchanged before a reshape."""
    if ndim == 3:
        for i, j in ((0, 1), (1, 2)):
            yield Alternative(
                "axes exchanged",
                f"axes {i} and {j} stand in the other order in A before the reshape",
                f"x.transpose({i}, {j}) first",
                lambda x, *a, i=i, j=j, **k: step.function(x.transpose(i, j).contiguous(), *a, **k),
            )  # fmt: skip
        return
    yield Alternative(
        "flatten order", "A flattens with the channels last, B with the channels first",
        "x.permute(0, 2, 3, 1).flatten(1)",
        lambda x, *a, **k: step.function(x.permute(0, 2, 3, 1).contiguous(), *a, **k),
        entry="flatten_order",
    )  # fmt: skip
    yield Alternative(
        "axes exchanged", "axes 1 and 2 stand in the other order in A before the reshape",
        "x.transpose(1, 2) first",
        lambda x, *a, **k: step.function(x.transpose(1, 2).contiguous(), *a, **k),
    )  # fmt: skip


def of_pads(step: Step) -> Iterator[Alternative]:
    """Other values and other sides."""
    yield Alternative("no pad", "A does not pad here", "without F.pad", on_first(lambda x: x))
    yield Alternative(
        "pad value", "A pads with nothing (−∞) before a maximum, B with zeros",
        "value=float('-inf')", with_arguments(step, value=float("-inf")),
        entry="max_pool_padding",
    )  # fmt: skip
    yield Alternative(
        "pad after", "A pads after only, B on both sides", "F.pad(x, (0, p, 0, p))",
        lambda x, pads, *a, **k: F.pad(x, [0 if i % 2 == 0 else p for i, p in enumerate(pads)]),
        entry="same_padding_stride_two",
    )  # fmt: skip
    yield Alternative(
        "axes of a pad", "the padding of two axes is exchanged between A and B",
        "F.pad counts from the last axis",
        lambda x, pads, *a, **k: step.function(x, [*pads[2:4], *pads[:2], *pads[4:]], *a, **k),
        entry="padding_axis_order",
    )  # fmt: skip
    for mode in ("reflect", "replicate", "circular", "constant"):
        yield Alternative(f"pad {mode}", f"padding is {mode} in A", f"mode={mode!r}",
                          with_arguments(step, mode=mode))  # fmt: skip


def of_pixels(step: Step) -> Iterator[Alternative]:
    """TensorFlow's depth_to_space and space_to_depth have the channels innermost."""
    r = int(Call.of(step).get("factor"))

    def function(x: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if step.name == "pixel_shuffle":
            x = x.unflatten(1, (r * r, -1)).transpose(1, 2).flatten(1, 2)
            return step.function(x, *args, **kwargs)
        made = step.function(x, *args, **kwargs)
        return made.unflatten(1, (-1, r * r)).transpose(1, 2).flatten(1, 2)

    yield Alternative(
        "order of pixels",
        f"A counts the channels innermost, as depth_to_space does; B's {step.name} outermost",
        f"x.unflatten(1, ({r * r}, -1)).transpose(1, 2).flatten(1, 2)", function,
        entry="pixel_shuffle_order",
    )  # fmt: skip
