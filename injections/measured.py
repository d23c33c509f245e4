"""Differences with a number that is measured: `find("gradients_times=33")`.

`make diverge` reads the number off the first quantity that differs (`compare/diverge/measure.py`),
and then injects the difference like any other: it is a cause only if the other backend errs in the
same way to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.contract import Dense, SettingsError
from adapters.layers import LayerNorm
from injections.injection import Injection, has_adam, has_layer, has_softmax, is_sgd
from injections.inside import reading
from injections.measured_changes import (
    clipped,
    constants,
    decayed,
    decaying_rate,
    epsilon_before,
    leaky,
    norm_epsilon,
    other_penalty,
    scaled_gradients,
    scaled_loss,
    scaled_rate,
    scaled_reports,
    scaled_steps,
    smoothed,
    with_output,
)  # fmt: skip
from injections.reference_network import LOSSES
from injections.run_spec import RunSpec


@dataclass(frozen=True)
class Family:
    """Differences that vary in one number or two."""

    cause: str  # "{backend} …" with {value}
    remedy: str
    change: Callable[..., Callable[[RunSpec], RunSpec]]
    fits: Callable[[RunSpec], bool] = lambda spec: True  # whether it can be in this run


def _can_be_computed(spec: RunSpec) -> bool:
    return spec.net.loss in LOSSES


def _ends_dense(spec: RunSpec) -> bool:
    return _can_be_computed(spec) and isinstance(spec.net.layers[-1], Dense)


def _has_norm(spec: RunSpec) -> bool:
    return _can_be_computed(spec) and has_layer(spec, lambda a: isinstance(a, LayerNorm))


def _has_relu(spec: RunSpec) -> bool:
    return _can_be_computed(spec) and has_layer(
        spec, lambda a: getattr(a, "activation", "") == "relu"
    )


def _has_numbers(spec: RunSpec) -> bool:
    return not spec.net.reads_indices


FAMILIES: Mapping[str, Family] = {
    "loss_times": Family(
        "{backend}'s loss, with its gradients, is {value} times the other's",
        "Set the reduction to the same in both, and divide by the same count once.", scaled_loss),
    "reported_loss_times": Family(
        "{backend} reports {value} times its loss, and trains on the right one",
        "Divide what is printed by what was added up.", scaled_reports),
    "gradients_times": Family(
        "{backend}'s gradients are {value} times those of the loss that it reports",
        "Differentiate the loss that is reported, once.", scaled_gradients),
    "optimizer_gets_times": Family(
        "{backend}'s optimizer gets {value} times the gradients",
        "Look at what happens between backward and step: accumulation, scaling, its sign.",
        scaled_steps),
    "model_reads_times": Family(
        "{backend} multiplies its inputs by {value} before the first layer",
        "Scale in one place: some loaders divide by 255 for you, others do not.",
        lambda by, plus=0.0: reading(lambda x: x * by + plus), _has_numbers),
    "rate_times": Family(
        "{backend}'s learning rate is {value} times what was asked for",
        "Print the rate that the optimizer has.", scaled_rate),
    "rate_decays_times": Family(
        "{backend}'s learning rate is multiplied by {value} after each step",
        "Call the scheduler once per epoch.", lambda by: decaying_rate(lambda t: by**t)),
    "rate_decays_by_time": Family(
        "{backend}'s learning rate is divided by 1 + {value}·t in step t",
        "Keras's old `decay` counts steps, not epochs: leave it out, or divide it.",
        lambda decay: decaying_rate(lambda t: 1 / (1 + decay * t))),
    "momentum_is": Family(
        "{backend} runs with a momentum of {value}", "State momentum in both.",
        lambda value: constants(momentum=value), is_sgd),
    "beta_1_is": Family(
        "{backend} runs Adam with β₁ = {value}", "State both βs.",
        lambda value: constants(beta_1=value), has_adam),
    "beta_2_is": Family(
        "{backend} runs Adam with β₂ = {value}", "State both βs.",
        lambda value: constants(beta_2=value), has_adam),
    "adam_epsilon_is": Family(
        "{backend} runs Adam with ε = {value}", "State epsilon in both.",
        lambda value: constants(epsilon=value), has_adam),
    "adam_epsilon_before_is": Family(
        "{backend} runs Adam with ε = {value}, added to the uncorrected root, as Keras does",
        "State epsilon in both, and write ε·√(1 − β₂ᵗ) in one.", epsilon_before, has_adam),
    "penalty_is": Family(
        "{backend}'s penalty is ½·{value}·ΣW²",
        "Compare the penalties alone: some have a ½, some a mean for the sum.", other_penalty),
    "decay_is": Family(
        "{backend} has no penalty, and shrinks its kernels by η·{value} beside each step",
        "Use the same kind in both.", lambda value: decayed(value, False, True)),
    "decay_of_everything_is": Family(
        "{backend} has no penalty, and shrinks all weights by η·{value}, the biases too",
        "Put biases into a parameter group with weight_decay 0.",
        lambda value: decayed(value, True, True)),
    "decay_without_rate_is": Family(
        "{backend} has no penalty, and shrinks its kernels by {value} a step, whatever η is",
        "Multiply the decay by the learning rate in both or in neither.",
        lambda value: decayed(value, False, False)),
    "decay_of_everything_without_rate_is": Family(
        "{backend} has no penalty, and shrinks all weights by {value} a step, whatever η is",
        "Multiply the decay by the learning rate in both or in neither.",
        lambda value: decayed(value, True, False)),
    "slope_is": Family(
        "{backend}'s relu leaks: {value}·z below zero", "State the slope: 0.01, 0.2 or 0.3.",
        leaky, _has_relu),
    "smoothing_is": Family(
        "{backend} smooths the labels by {value}", "Set label_smoothing to the same in both.",
        smoothed, has_softmax),
    "norm_epsilon_is": Family(
        "{backend} normalises with ε = {value}", "State epsilon in both.", norm_epsilon, _has_norm),
    "clipped_entries_to": Family(
        "{backend} clips each gradient entry to ±{value}", "Clip in both, in the same way.",
        lambda limit: clipped(limit, True)),
    "clipped_norm_to": Family(
        "{backend} clips the norm of all gradients together to {value}",
        "Clip in both, in the same way.", lambda limit: clipped(limit, False)),
    "output_is_relu": Family(
        "{backend} has a relu after its last layer", "Leave the scores as they are.",
        lambda value=0.0: with_output("relu"), _ends_dense),
    "output_is_sigmoid": Family(
        "{backend} has a sigmoid after its last layer, and the loss another",
        "Pass scores to a loss that takes logits.",
        lambda value=0.0: with_output("sigmoid"), _ends_dense),
    "output_is_tanh": Family(
        "{backend} has a tanh after its last layer", "Leave the scores as they are.",
        lambda value=0.0: with_output("tanh"), _ends_dense),
}  # fmt: skip


def name_of(family: str, *values: float) -> str:
    """The name of a member of a family."""
    return f"{family}={','.join(f'{value!r}' for value in values)}"


def find(name: str) -> Injection:
    """The injection of that name. Raises SettingsError for an unknown family or no numbers."""
    family, _, numbers = name.partition("=")
    try:
        of = FAMILIES[family]
        values = [float(number) for number in numbers.split(",")]
        change = of.change(*values)
    except (KeyError, ValueError, TypeError):
        raise SettingsError(f"{name!r} is no measured difference") from None
    value = ", ".join(f"{v:.9g}" for v in values)
    cause = of.cause.replace("{value}", value)
    return Injection(name, cause, of.remedy, change, of.fits)
