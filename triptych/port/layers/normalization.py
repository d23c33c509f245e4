"""Batch, layer, group and RMS normalisation.

Shared names: weight (Keras: gamma), bias (beta), running_mean and running_var.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.capture.tape import Step, Tape, Values
from triptych.port.layers.alternative import Alternative, with_arguments
from triptych.port.layers.call import ARGUMENTS, Call
from triptych.port.layers.unit import Unit, unit

KINDS = {
    "BatchNormalization": "batch normalization",
    "LayerNormalization": "layer normalization",
    "GroupNormalization": "group normalization",
    "RMSNormalization": "rms normalization",
}

OF_EPSILON = {
    "batch normalization": "batchnorm_epsilon",
    "layer normalization": "layernorm_epsilon",
    "group normalization": "groupnorm_epsilon",
    "rms normalization": "rmsnorm_epsilon",
}
USUAL = (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-12)  # epsilons that libraries have as a default


def from_keras(layer: Any, name: str) -> list[Unit]:
    """Any of the four layers of Keras."""
    settings = {"epsilon": layer.epsilon, "axis": getattr(layer, "axis", -1)}
    if hasattr(layer, "momentum"):
        settings["momentum"] = 1 - layer.momentum  # the share of the new, as PyTorch counts
    if hasattr(layer, "groups"):
        settings["groups"] = layer.groups
    return [
        unit(
            KINDS[type(layer).__name__], name, settings,
            weight=getattr(layer, "gamma", None) if hasattr(layer, "gamma") else layer.scale,
            bias=getattr(layer, "beta", None),
            running_mean=getattr(layer, "moving_mean", None),
            running_var=getattr(layer, "moving_variance", None),
        )
    ]  # fmt: skip


def from_torch(call: Call, tape: Tape, name: str) -> list[Unit]:
    """Any of PyTorch's four functions."""
    defaults = {"batch_norm": 1e-5, "layer_norm": 1e-5, "group_norm": 1e-5, "rms_norm": None}
    settings = {"epsilon": call.get("eps", defaults[call.step.name])}
    if call.step.name == "batch_norm":
        settings |= {"momentum": call.get("momentum", 0.1)}
    if call.step.name == "group_norm":
        settings |= {"groups": call.get("num_groups")}
    kind = {"batch": "batch", "layer": "layer", "group": "group", "rms": "rms"}[
        call.step.name.split("_")[0]
    ]
    names = ("weight", "bias", "running_mean", "running_var")
    found = {key: call.parameter(key, tape) for key in names}
    if all(value is None for value in found.values()):
        return []
    return [unit(f"{kind} normalization", name, settings, **found)]


KERAS = dict.fromkeys(KINDS, from_keras)
TORCH = dict.fromkeys(("batch_norm", "layer_norm", "group_norm", "rms_norm"), from_torch)


def without_weights(step: Step, values: Values) -> Iterator[Alternative]:
    """A layer norm that has no parameters and thus no counterpart: other axes, other epsilons."""
    call = Call.of(step)
    if step.name != "layer_norm" or any(call.get(name) is not None for name in ("weight", "bias")):
        return
    x, own = values[step.inputs[0]], len(call.get("normalized_shape"))
    mine = call.get("eps", 1e-5)
    axes = [tuple(range(first, last)) for first in range(1, x.ndim) for last in
            range(first + 1, x.ndim + 1)]  # fmt: skip
    theirs = tuple(range(x.ndim - own, x.ndim))
    for over, epsilon in [(o, mine) for o in axes if o != theirs] + [(theirs, e) for e in USUAL]:

        def function(
            x: torch.Tensor, *args: Any, over: tuple[int, ...] = over, epsilon: float = epsilon,
            **kwargs: Any,
        ) -> torch.Tensor:  # fmt: skip
            variance, mean = torch.var_mean(x, over, correction=0, keepdim=True)
            return (x - mean) / (variance + epsilon).sqrt()

        is_axes = over != theirs
        text = (
            f"A normalises over the axes {axes_of(over)}, B over {axes_of(theirs)}"
            if is_axes
            else f"epsilon is {epsilon:g} in A, {mine:g} in B"
        )
        edit = f"over the axes {axes_of(over)}" if is_axes else f"eps={epsilon:g}"
        yield Alternative(
            "axes" if is_axes else "epsilon", text, edit, function,
            entry="batchnorm_axis" if is_axes else "layernorm_epsilon",
        )  # fmt: skip


def of_other_kind(call: Call, a: Unit, b: Unit) -> Alternative:
    """A's layer norm for a group norm of B, or its group norm for a layer norm."""
    epsilon, groups = a.settings["epsilon"], a.settings.get("groups")

    def function(x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        given = dict(zip(ARGUMENTS[call.step.name][1:], args, strict=False)) | kwargs
        scale, shift = given.get("weight"), given.get("bias")
        if groups is not None:
            return F.group_norm(x.movedim(-1, 1), groups, scale, shift, epsilon).movedim(1, -1)
        wide = x.movedim(1, -1)
        return F.layer_norm(wide, wide.shape[-1:], scale, shift, epsilon).movedim(-1, 1)

    what = f"over {groups} groups of channels" if groups else "over the channels of each place"
    return Alternative(
        "kind of norm", f"{a.kind} {what} in A, {b.kind} in B",
        f"a {a.kind} {what}", function, entry="groupnorm_axis",
    )  # fmt: skip


def axes_of(axes: tuple[int, ...]) -> str:
    """Axes, for a reader."""
    return ", ".join(map(str, axes))


def alternatives(call: Call, a: Unit, b: Unit) -> Iterator[Alternative]:
    """A's epsilon, the usual ones, and stored statistics in place of the batch's."""
    step, mine = call.step, b.settings.get("epsilon")
    its = a.settings.get("epsilon")
    if a.kind != b.kind:
        yield of_other_kind(call, a, b)
        return
    name = "epsilon" if step.layer is not None else "eps"
    for epsilon in dict.fromkeys([its, *USUAL]):
        if epsilon is None or epsilon == mine:
            continue
        yield Alternative(
            "epsilon",
            f"epsilon is {epsilon:g} in A, {mine:g} in B"
            if mine
            else f"epsilon is {epsilon:g} in A",
            f"{name}={epsilon:g}",
            with_arguments(step, eps=epsilon),
            entry=OF_EPSILON[b.kind],
        )
    if call.get("training", False) is True:
        for epsilon in dict.fromkeys([mine, its]):
            also = "" if epsilon == mine else f", and epsilon is {epsilon:g} in A, {mine:g} in B"
            yield Alternative(
                "training mode",
                f"B takes the batch's statistics, A the stored ones{also}",
                "model.eval()" + ("" if epsilon == mine else f", eps={epsilon:g}"),
                with_arguments(step, training=False, eps=epsilon),
                entry="module_default_mode",
            )
    groups = a.settings.get("groups")
    if groups is not None and groups != b.settings.get("groups"):
        yield Alternative(
            "groups",
            f"{groups} groups in A, {b.settings.get('groups')} in B",
            f"num_groups={groups}",
            with_arguments(step, num_groups=groups, eps=its),
            entry="groupnorm_axis",
        )
