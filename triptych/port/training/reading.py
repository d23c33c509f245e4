"""Read an optimizer of either framework into a rule for each parameter."""

from __future__ import annotations

from typing import Any

import torch

from triptych.port.training.rules import Rule

CLIP_EPSILON = 1e-6  # what torch.nn.utils.clip_grad_norm_ adds to the norm


KINDS = {
    "SGD": "sgd", "Adam": "adam", "AdamW": "adam", "RMSprop": "rmsprop", "Adagrad": "adagrad",
}  # fmt: skip


def from_keras(optimizer: Any, steps: int, variables: list[Any]) -> list[Rule] | None:
    """Keras's SGD, Adam, AdamW, RMSprop and Adagrad; None for another.

    Variables that the user excluded from the decay have none.
    """
    rule = one_of_keras(optimizer, steps)
    if rule is None:
        return None
    return [
        rule if v is None or optimizer._use_weight_decay(v) else rule.changed({"weight_decay": 0.0})
        for v in variables
    ]


def one_of_keras(optimizer: Any, steps: int) -> Rule | None:
    """What holds for every variable."""
    kind = KINDS.get(type(optimizer).__name__)
    if kind is None or optimizer.use_ema or optimizer.gradient_accumulation_steps:
        return None
    schedule = optimizer._learning_rate
    rates = tuple(float(schedule(t)) for t in range(steps)) if callable_schedule(schedule) else ()
    stated: dict[str, Any] = {
        "learning_rate": rates[0] if rates else float(optimizer.learning_rate),
        "weight_decay": float(optimizer.weight_decay or 0.0),
        "decoupled": True,
        "clip_norm": optimizer.global_clipnorm,
        "clip_each": optimizer.clipnorm,
        "clip_value": optimizer.clipvalue,
        "rates": rates,
    }
    if kind == "sgd":
        stated |= {"momentum": float(optimizer.momentum), "nesterov": bool(optimizer.nesterov)}
    if kind == "adam":
        stated |= {
            "beta_1": float(optimizer.beta_1), "beta_2": float(optimizer.beta_2),
            "epsilon": float(optimizer.epsilon), "epsilon_inside": True,
            "amsgrad": bool(optimizer.amsgrad),
        }  # fmt: skip
    if kind == "rmsprop":
        stated |= {
            "rho": float(optimizer.rho), "epsilon": float(optimizer.epsilon),
            "epsilon_inside": True, "momentum": float(optimizer.momentum),
            "centered": bool(optimizer.centered),
        }  # fmt: skip
    if kind == "adagrad":
        stated |= {
            "epsilon": float(optimizer.epsilon), "epsilon_inside": True,
            "start": float(optimizer.initial_accumulator_value),
        }  # fmt: skip
    return Rule(kind, **stated)


def callable_schedule(rate: Any) -> bool:
    """Whether a learning rate depends on the step."""
    return callable(rate) and not hasattr(rate, "assign")


def from_torch(
    optimizer: torch.optim.Optimizer, clip: dict[str, float], tensors: list[torch.Tensor]
) -> list[Rule] | None:
    """PyTorch's SGD, Adam, AdamW, RMSprop and Adagrad; None for another.

    clip: what is done to the gradients before each step, in a rule's words. Each tensor has the
    settings of its group.
    """
    kind = KINDS.get(type(optimizer).__name__)
    if kind is None or any(group.get("maximize") for group in optimizer.param_groups):
        return None
    by_tensor = {
        id(p): one_of_torch(kind, type(optimizer).__name__, group, clip)
        for group in optimizer.param_groups
        for p in group["params"]
    }
    first = next(iter(by_tensor.values()))
    return [by_tensor.get(id(t), first) for t in tensors]


def one_of_torch(kind: str, name: str, group: dict[str, Any], clip: dict[str, float]) -> Rule:
    """What holds for one group of parameters."""
    stated: dict[str, Any] = {
        "learning_rate": float(group["lr"]),
        "weight_decay": float(group.get("weight_decay", 0.0)),
        "decoupled": name == "AdamW" or bool(group.get("decoupled_weight_decay")),
        **clip,
        "clip_epsilon": CLIP_EPSILON if "clip_norm" in clip else 0.0,
    }
    if kind == "sgd":
        stated |= {name: group[name] for name in ("momentum", "nesterov", "dampening")}
    if kind == "adam":
        beta_1, beta_2 = group["betas"]
        stated |= {
            "beta_1": beta_1, "beta_2": beta_2, "epsilon": group["eps"],
            "amsgrad": group["amsgrad"],
        }  # fmt: skip
    if kind == "rmsprop":
        stated |= {
            "rho": group["alpha"], "epsilon": group["eps"], "momentum": group["momentum"],
            "centered": group["centered"],
        }  # fmt: skip
    if kind == "adagrad":
        stated |= {"epsilon": group["eps"], "start": float(group["initial_accumulator_value"])}
    return Rule(kind, **stated)
