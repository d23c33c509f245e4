"""Read an optimizer of either framework into a rule; None for one that no rule describes."""

from __future__ import annotations

from typing import Any

import torch

from triptych.port.training.rules import Rule

CLIP_EPSILON = 1e-6  # what torch.nn.utils.clip_grad_norm_ adds to the norm


def from_keras(optimizer: Any, steps: int) -> Rule | None:
    """Keras's SGD, Adam, AdamW and RMSprop."""
    kind = {"SGD": "sgd", "Adam": "adam", "AdamW": "adam", "RMSprop": "rmsprop"}.get(
        type(optimizer).__name__
    )
    if kind is None or optimizer.use_ema or optimizer.gradient_accumulation_steps:
        return None
    schedule = optimizer._learning_rate
    rates = tuple(float(schedule(t)) for t in range(steps)) if callable_schedule(schedule) else ()
    told: dict[str, Any] = {
        "learning_rate": rates[0] if rates else float(optimizer.learning_rate),
        "weight_decay": float(optimizer.weight_decay or 0.0),
        "decoupled": True,
        "clip_norm": optimizer.global_clipnorm,
        "clip_each": optimizer.clipnorm,
        "clip_value": optimizer.clipvalue,
        "rates": rates,
    }
    if kind == "sgd":
        told |= {"momentum": float(optimizer.momentum), "nesterov": bool(optimizer.nesterov)}
    if kind == "adam":
        told |= {
            "beta_1": float(optimizer.beta_1), "beta_2": float(optimizer.beta_2),
            "epsilon": float(optimizer.epsilon), "epsilon_inside": True,
            "amsgrad": bool(optimizer.amsgrad),
        }  # fmt: skip
    if kind == "rmsprop":
        told |= {
            "rho": float(optimizer.rho), "epsilon": float(optimizer.epsilon),
            "epsilon_inside": True, "momentum": float(optimizer.momentum),
            "centered": bool(optimizer.centered),
        }  # fmt: skip
    return Rule(kind, **told)


def callable_schedule(rate: Any) -> bool:
    """Whether a learning rate depends on the step."""
    return callable(rate) and not hasattr(rate, "assign")


def from_torch(optimizer: torch.optim.Optimizer, clip: dict[str, float]) -> Rule | None:
    """PyTorch's SGD, Adam, AdamW and RMSprop; one group of parameters, or groups alike.

    clip: what is done to the gradients before each step, in a rule's words.
    """
    kind = {"SGD": "sgd", "Adam": "adam", "AdamW": "adam", "RMSprop": "rmsprop"}.get(
        type(optimizer).__name__
    )
    groups = [{k: v for k, v in g.items() if k != "params"} for g in optimizer.param_groups]
    if kind is None or any(group != groups[0] for group in groups) or groups[0].get("maximize"):
        return None
    group = groups[0]
    told: dict[str, Any] = {
        "learning_rate": float(group["lr"]),
        "weight_decay": float(group.get("weight_decay", 0.0)),
        "decoupled": type(optimizer).__name__ == "AdamW"
        or bool(group.get("decoupled_weight_decay")),
        **clip,
        "clip_epsilon": CLIP_EPSILON if "clip_norm" in clip else 0.0,
    }
    if kind == "sgd":
        told |= {name: group[name] for name in ("momentum", "nesterov", "dampening")}
    if kind == "adam":
        beta_1, beta_2 = group["betas"]
        told |= {
            "beta_1": beta_1, "beta_2": beta_2, "epsilon": group["eps"],
            "amsgrad": group["amsgrad"],
        }  # fmt: skip
    if kind == "rmsprop":
        told |= {
            "rho": group["alpha"], "epsilon": group["eps"], "momentum": group["momentum"],
            "centered": group["centered"],
        }  # fmt: skip
    return Rule(kind, **told)
