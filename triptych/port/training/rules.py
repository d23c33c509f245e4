"""Update rules in words that both frameworks share, and what each does to a parameter.

A rule reproduces a real optimizer of either framework, which is checked before it is believed. The
causes of different updates are then the words in which two rules differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

Gradients = list[torch.Tensor | None]


@dataclass(frozen=True)
class Rule:
    """One optimizer.

    kind: sgd, adam, rmsprop or adagrad. epsilon_inside: Adam adds epsilon before the bias
    correction; RMSprop and Adagrad inside the root. start: of Adagrad's sum. decoupled: whether the
    decay shrinks the weight itself, or is added to the gradient. clip_norm: over all gradients
    together; clip_each: of each tensor alone; clip_value: of each entry. clip_epsilon: is added to
    the norm that is divided by. rates: of each step, if a schedule decides them.
    """

    kind: str
    learning_rate: float
    momentum: float = 0.0
    nesterov: bool = False
    dampening: float = 0.0
    beta_1: float = 0.9
    beta_2: float = 0.999
    rho: float = 0.99
    epsilon: float = 1e-8
    epsilon_inside: bool = False
    weight_decay: float = 0.0
    decoupled: bool = False
    clip_norm: float | None = None
    clip_each: float | None = None
    clip_value: float | None = None
    clip_epsilon: float = 0.0
    start: float = 0.0
    amsgrad: bool = False
    centered: bool = False
    rates: tuple[float, ...] = ()

    def clipped(self, gradients: Gradients) -> Gradients:
        """The gradients as the rule takes them."""
        present = [g for g in gradients if g is not None]
        if self.clip_value is not None:
            bound = self.clip_value
            return [None if g is None else g.clamp(-bound, bound) for g in gradients]
        if self.clip_each is not None:
            return [
                None if g is None else g * factor(g.norm(), self.clip_each, 0.0) for g in gradients
            ]
        if self.clip_norm is not None:
            norm = torch.stack([g.norm() for g in present]).norm()
            by = factor(norm, self.clip_norm, self.clip_epsilon)
            return [None if g is None else g * by for g in gradients]
        return gradients

    def step(
        self, w: torch.Tensor, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, rate: float
    ) -> torch.Tensor:
        """One parameter after one step."""
        if self.decoupled:
            w = w * (1 - rate * self.weight_decay)
        elif self.weight_decay:
            g = g + self.weight_decay * w
        update = {
            "sgd": self.sgd, "adam": self.adam, "rmsprop": self.rmsprop, "adagrad": self.adagrad,
        }[self.kind]  # fmt: skip
        return w - update(g, state, t, rate)

    def sgd(
        self, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, rate: float
    ) -> torch.Tensor:
        """Momentum: Sutskever, Martens, Dahl and Hinton (ICML 2013); Nesterov's variant."""
        if not self.momentum:
            return rate * g
        share = 1.0 if t == 1 else 1 - self.dampening
        v = self.momentum * state.get("v", torch.zeros_like(g)) + share * g
        state["v"] = v
        return rate * (g + self.momentum * v if self.nesterov else v)

    def adam(
        self, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, rate: float
    ) -> torch.Tensor:
        """Kingma and Ba, *Adam* (ICLR 2015), algorithm 1; if inside, section 2's."""
        m = self.beta_1 * state.get("m", torch.zeros_like(g)) + (1 - self.beta_1) * g
        v = self.beta_2 * state.get("v", torch.zeros_like(g)) + (1 - self.beta_2) * g * g
        state |= {"m": m, "v": v}
        if self.amsgrad:
            v = state["most"] = torch.maximum(state.get("most", v), v)
        first, second = 1 - self.beta_1**t, 1 - self.beta_2**t
        if self.epsilon_inside:
            return rate * second**0.5 / first * m / (v.sqrt() + self.epsilon)
        return rate / first * m / (v.sqrt() / second**0.5 + self.epsilon)

    def rmsprop(
        self, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, rate: float
    ) -> torch.Tensor:
        """Hinton's lecture 6e; with momentum on the scaled gradient."""
        v = state["v"] = self.rho * state.get("v", torch.zeros_like(g)) + (1 - self.rho) * g * g
        if self.centered:
            mean = self.rho * state.get("mean", torch.zeros_like(g)) + (1 - self.rho) * g
            state["mean"] = mean
            v = v - mean * mean
        scaled = g / ((v + self.epsilon).sqrt() if self.epsilon_inside else v.sqrt() + self.epsilon)
        if not self.momentum:
            return rate * scaled
        velocity = self.momentum * state.get("velocity", torch.zeros_like(g)) + scaled
        state["velocity"] = velocity
        return rate * velocity

    def adagrad(
        self, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, rate: float
    ) -> torch.Tensor:
        """Duchi, Hazan and Singer (JMLR 12, 2011), diagonal form."""
        total = state.get("total", torch.full_like(g, self.start)) + g * g
        state["total"] = total
        if self.epsilon_inside:
            return rate * g / (total + self.epsilon).sqrt()
        return rate * g / (total.sqrt() + self.epsilon)

    def differs_from(self, other: Rule) -> dict[str, Any]:
        """The words in which the two differ, with the other's values, where they have an effect."""
        return {
            name: value
            for name, value in vars(other).items()
            if value != getattr(self, name) and not self.same_effect(other, name)
        }

    def same_effect(self, other: Rule, name: str) -> bool:
        """Whether a word changes nothing under both rules."""
        unused = {
            "epsilon": "sgd", "epsilon_inside": "sgd", "beta_1": "sgd rmsprop adagrad",
            "beta_2": "sgd rmsprop adagrad", "rho": "sgd adam adagrad",
            "amsgrad": "sgd rmsprop adagrad", "centered": "sgd adam adagrad",
            "momentum": "adam adagrad", "nesterov": "adam rmsprop adagrad",
            "dampening": "adam rmsprop adagrad", "start": "sgd adam rmsprop",
        }  # fmt: skip
        if {self.kind, other.kind} <= set(unused.get(name, "").split()):
            return True
        if name == "decoupled":
            return not (self.weight_decay or other.weight_decay)
        if name == "nesterov" or name == "dampening":
            return not (self.momentum and other.momentum)
        if name == "clip_epsilon":
            return self.clip_norm is None or other.clip_norm is None
        return False

    def changed(self, values: Mapping[str, Any]) -> Rule:
        """The rule with some words changed."""
        return replace(self, **dict(values))


def run(
    rules: Sequence[Rule], start: list[torch.Tensor], gradients: list[Gradients]
) -> list[list[torch.Tensor]]:
    """The parameters after each step, from these gradients; each parameter has its rule.

    Clipping looks at all of them together, by the first one's words.
    """
    weights, made = [w.clone() for w in start], []
    states: list[dict[str, torch.Tensor]] = [{} for _ in start]
    for t, given in enumerate(gradients, 1):
        for i, g in enumerate(rules[0].clipped(given)):
            rule = rules[i]
            rate = rule.rates[t - 1] if rule.rates else rule.learning_rate
            if g is not None:
                weights[i] = rule.step(weights[i], g, states[i], t, rate)
        made.append([w.clone() for w in weights])
    return made


def factor(norm: torch.Tensor, most: float, epsilon: float) -> torch.Tensor:
    """What gradients of this norm are multiplied by."""
    return (most / (norm + epsilon)).clamp(max=1.0)
