"""What computes between layers: sums and products, means, picked steps, dropout, resizing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.capture.tape import Step, Values, resolve
from triptych.port.layers.alternative import Alternative, on_first, with_arguments
from triptych.port.layers.attention import SCALES as SCALES_IN_USE

Change = Callable[[torch.Tensor], torch.Tensor]

ADDS = {"add", "add_", "__add__", "__radd__", "__iadd__", "sub", "__sub__", "Add"}
SCALES = {"mul", "__mul__", "__rmul__", "div", "__truediv__", "truediv", "mul_"}
REDUCES = {"mean", "sum", "amax", "max", "adaptive_avg_pool2d", "adaptive_max_pool2d"}
RESHAPES = {"flatten", "reshape", "view"}
MOST_STARTS = 32  # of a slice, that are tried
PICKS = {"__getitem__", "select"}


def alternatives(step: Step, values: Values) -> Iterator[Alternative]:
    """Other calls in this one's place; values: of B, to see shapes."""
    args = resolve(step.args, values)
    x = next((a for a in args if isinstance(a, torch.Tensor)), None)
    if x is None:
        named = resolve(list(step.kwargs.values()), values)
        x = next((a for a in named if isinstance(a, torch.Tensor)), None)
    name = step.name
    if "dropout" in name.lower():
        yield Alternative(
            "dropout", "dropout is on in B", "model.eval(), or training=self.training",
            on_first(lambda x: x), entry="dropout_mode",
        )  # fmt: skip
    if name in ADDS:
        yield from of_sums(step)
    if name in SCALES:
        yield Alternative("scaling", f"no such scaling in A ({factor(step, values)} in B)",
                          f"without {name}", first_tensor)  # fmt: skip
        yield from of_scales(step, values)
        yield from of_products(step)
    if name in REDUCES and x is not None:
        yield from of_means(step, x)
    if name in PICKS and x is not None and x.ndim == 3:
        yield from of_steps(step)
    if name in ("std", "var", "std_mean", "var_mean"):
        yield from of_deviations(step)
    if name == "interpolate":
        yield from of_resizing(step)
    if name in ("clamp", "clip", "normalize", "type", "round", "floor"):
        yield Alternative(name, f"no {name} in A", f"without {name}", on_first(lambda x: x))


def first_tensor(*args: Any, **kwargs: Any) -> torch.Tensor:
    """The tensor of a product with a number; of two tensors the first."""
    return next(a for a in args if isinstance(a, torch.Tensor))


def second_tensor(*args: Any, **kwargs: Any) -> torch.Tensor:
    """The other one."""
    return [a for a in args if isinstance(a, torch.Tensor)][1]


def factor(step: Step, values: Values) -> str:
    """The number that a step multiplies or divides by, if it is one."""
    numbers = [a for a in step.args if isinstance(a, (int, float))]
    sign = "÷" if "div" in step.name else "×"
    return f"{sign} {numbers[0]:.6g}" if numbers else step.name


def of_sums(step: Step) -> Iterator[Alternative]:
    """A sum that is none in A."""
    numbers = [repr(a) for a in step.args if isinstance(a, (int, float))]
    second = f"{numbers[0]}, as B does" if numbers else "the second term"
    yield Alternative(
        "no sum, first", f"A does not add {second}", "without the addition", first_tensor
    )
    yield Alternative(
        "no sum, second", "A does not add the first term", "without the addition", second_tensor
    )
    yield Alternative(
        "product for sum", "a product in A, a sum in B", "* in place of +",
        lambda a, b, *_, **__: a * b,
    )  # fmt: skip
    yield Alternative(
        "difference for sum", "a difference in A, a sum in B", "- in place of +",
        lambda a, b, *_, **__: a - b,
    )  # fmt: skip
    yield Alternative(
        "maximum for sum", "the larger of both in A, the sum in B", "torch.maximum",
        lambda a, b, *_, **__: torch.maximum(a, b),
    )  # fmt: skip
    yield Alternative(
        "concatenation for mean", "the mean of both in A, the sum in B", "(a + b) / 2",
        lambda a, b, *_, **__: (a + b) / 2,
    )  # fmt: skip


def of_products(step: Step) -> Iterator[Alternative]:
    """A product of two tensors that is something else in A."""
    options: list[tuple[str, str, Callable[..., torch.Tensor]]] = [
        ("a sum", "+ in place of *", lambda a, b, *_, **__: a + b),
        ("the mean of both", "(a + b) / 2", lambda a, b, *_, **__: (a + b) / 2),
        ("the maximum of both", "torch.maximum", lambda a, b, *_, **__: torch.maximum(a, b)),
        ("the second factor alone", "without the product", second_tensor),
    ]
    for wording, edit, function in options:
        yield Alternative(
            f"{wording} for product", f"{wording} in A, a product in B", edit, function
        )


def of_scales(step: Step, values: Values) -> Iterator[Alternative]:
    """Another factor."""
    for scale in SCALES_IN_USE:
        yield Alternative(
            "scale", f"× {scale:g} in A, {factor(step, values)} in B", f"x * {scale:g}",
            lambda *a, s=scale, **k: first_tensor(*a) * s,
        )  # fmt: skip


def of_means(step: Step, x: torch.Tensor) -> Iterator[Alternative]:
    """Mean, sum and maximum over the same axes; and one step of a sequence."""
    for name, function in (("mean", torch.mean), ("sum", torch.sum), ("amax", torch.amax)):
        if name != step.name and not step.name.startswith("adaptive"):
            yield Alternative(
                f"{step.name} to {name}", f"{name} in A, {step.name} in B", name,
                lambda *a, f=function, **k: f(*a, **k),
            )  # fmt: skip
    if step.name == "adaptive_avg_pool2d":
        yield Alternative("adaptive max", "the maximum in A, the mean in B", "adaptive_max_pool2d",
                          lambda *a, **k: F.adaptive_max_pool2d(*a, **k))  # fmt: skip
    if step.name == "adaptive_max_pool2d":
        yield Alternative("adaptive mean", "the mean in A, the maximum in B", "adaptive_avg_pool2d",
                          lambda *a, **k: F.adaptive_avg_pool2d(*a, **k))  # fmt: skip
    if x.ndim == 3:
        yield from of_steps(step)


def of_deviations(step: Step) -> Iterator[Alternative]:
    """Squares divided by n, or by n − 1."""
    for correction, of_a, of_b in ((0, "n", "n − 1"), (1, "n − 1", "n")):

        def function(*args: Any, correction: int = correction, **kwargs: Any) -> Any:
            others = {k: v for k, v in kwargs.items() if k != "unbiased"}
            return step.function(*args, **{**others, "correction": correction})

        yield Alternative(
            "deviation", f"A divides the squares by {of_a}, B by {of_b}",
            f"correction={correction}", function, entry="std_degrees_of_freedom",
        )  # fmt: skip


def of_steps(step: Step) -> Iterator[Alternative]:
    """What of a sequence is handed on."""
    options: list[tuple[str, str, Change]] = [
        ("the last step", "x[:, -1]", lambda x: x[:, -1]),
        ("the first step", "x[:, 0]", lambda x: x[:, 0]),
        ("the mean over the steps", "x.mean(1)", lambda x: x.mean(1)),
        ("the maximum over the steps", "x.amax(1)", lambda x: x.amax(1)),
        ("the sum over the steps", "x.sum(1)", lambda x: x.sum(1)),
        (
            "the last step of each direction, the backward one's at step 0",
            "torch.cat([x[:, -1, :n], x[:, 0, n:]], 1)", both_ends,
        ),
    ]  # fmt: skip
    for wording, edit, change in options:
        yield Alternative(
            f"steps: {wording}", f"A takes {wording}, B {taken(step)}", edit, on_first(change),
            entry="bidirectional_last_step" if change is both_ends else "",
        )  # fmt: skip


def taken(step: Step) -> str:
    """What B takes, as far as the call says it."""
    if step.name == "__getitem__" and isinstance(step.args[1], tuple):
        where = [repr(i) for i in step.args[1] if isinstance(i, int)]
        return f"step {where[0]}" if where else "some steps"
    return {"mean": "the mean", "sum": "the sum", "amax": "the maximum", "max": "the maximum"}.get(
        step.name, step.name
    )


def both_ends(x: torch.Tensor) -> torch.Tensor:
    """The last states of a bidirectional layer."""
    n = x.shape[-1] // 2
    return torch.cat([x[:, -1, :n], x[:, 0, n:]], 1)


def resizing_of(step: Step) -> str:
    """How a call resizes."""
    stated = {k: v for k, v in step.kwargs.items() if k in ("mode", "align_corners")}
    return ", ".join(f"{key}={value!r}" for key, value in stated.items() if value is not None)


def of_resizing(step: Step) -> Iterator[Alternative]:
    """The ways to fill in between."""
    for mode in ("nearest", "bilinear", "bicubic"):
        for corners in (None,) if mode == "nearest" else (False, True):
            stated = f"mode={mode!r}" + ("" if corners is None else f", align_corners={corners}")
            yield Alternative(
                f"resize {stated}", f"{stated} in A, {resizing_of(step)} in B", stated,
                with_arguments(step, mode=mode, align_corners=corners), entry="resize_enlarging",
            )  # fmt: skip
