"""Activations, softmax included."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.capture.tape import Step
from triptych.port.layers.alternative import Alternative, on_first

Activation = Callable[[torch.Tensor], torch.Tensor]

# What to write in PyTorch, and what it computes. hard_sigmoid by hand: torch's own has a gradient
# that is only accurate to float32.
ACTIVATIONS: dict[str, Activation] = {
    "no activation": lambda x: x,
    "relu": F.relu,
    "gelu(approximate='none')": F.gelu,
    "gelu(approximate='tanh')": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "leaky_relu(0.01)": lambda x: F.leaky_relu(x, 0.01),
    "leaky_relu(0.2)": lambda x: F.leaky_relu(x, 0.2),
    "leaky_relu(0.3)": lambda x: F.leaky_relu(x, 0.3),
    "leaky_relu(0.1)": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "selu": F.selu,
    "celu": F.celu,
    "mish": F.mish,
    "relu6": F.relu6,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "hardswish": F.hardswish,
    "hardsigmoid": lambda x: F.relu6(x + 3) / 6,
    "hardsigmoid of old Keras, clip(0.2x + 0.5)": lambda x: (0.2 * x + 0.5).clamp(0, 1),
    "x · sigmoid(1.702x)": lambda x: x * torch.sigmoid(1.702 * x),
    "softmax(dim=-1)": lambda x: F.softmax(x, -1),
    "softmax(dim=1)": lambda x: F.softmax(x, 1),
    "log_softmax(dim=-1)": lambda x: F.log_softmax(x, -1),
    "logsigmoid": F.logsigmoid,
    "exp": torch.exp,
    "square": torch.square,
    "abs": torch.abs,
}
NAMES = {
    "relu", "relu_", "gelu", "silu", "silu_", "tanh", "sigmoid", "leaky_relu", "elu", "selu",
    "celu", "mish", "relu6", "softplus", "softsign", "hardswish", "hardsigmoid", "hardtanh",
    "softmax", "log_softmax", "logsigmoid", "swish", "gelu_approximate", "hard_sigmoid",
    "hard_swish", "square",
    "ReLU", "LeakyReLU", "ELU", "Activation", "Softmax", "PReLU",
}  # fmt: skip


def alternatives(step: Step) -> Iterator[Alternative]:
    """Every other activation in this one's place."""
    if step.name not in NAMES:
        return
    for name, function in ACTIVATIONS.items():
        yield Alternative(
            f"activation {step.name} to {name}",
            f"{name} in A, {wording(step)} in B",
            f"{name} in place of {wording(step)}",
            on_first(function),
            entry=entry_for(name, step.name),
        )


def missing() -> Iterator[Alternative]:
    """Every activation that B may lack where it has nothing."""
    for name, function in list(ACTIVATIONS.items())[1:]:
        yield Alternative(
            f"missing {name}", f"{name} in A, nothing in B", f"add {name}", on_first(function),
            entry=entry_for(name, ""),
        )  # fmt: skip


def wording(step: Step) -> str:
    """An activation as it stands in the model, with the arguments that decide it."""
    stated = [repr(a) for a in step.args[1:] if isinstance(a, (int, float, str))]
    stated += [
        f"{key}={value!r}"
        for key, value in step.kwargs.items()
        if key in ("approximate", "negative_slope", "alpha", "dim", "axis") and value is not None
    ]
    return f"{step.name}({', '.join(stated)})" if stated else step.name


def entry_for(name: str, other: str) -> str:
    """The catalogue's entry about a confusion."""
    if "gelu" in name and "gelu" in other:
        return "gelu_form"
    if "leaky" in name and "leaky" in other:
        return "leaky_relu_slope"
    return ""
