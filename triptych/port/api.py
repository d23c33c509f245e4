"""`check`: everything that the command and the pytest plugin do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from inspect import isclass
from typing import Any, cast

import numpy as np
import torch

from triptych.port.capture.models import is_keras
from triptych.port.checking import Check, Progress, silent
from triptych.port.copies import copied
from triptych.port.errors import PortError
from triptych.port.layouts import channels_first
from triptych.port.precision import TOLERANCE, precision
from triptych.port.result import Result
from triptych.port.training import losses
from triptych.port.training.steps import STEPS, Plan

CLIPS = {"clip_norm", "clip_value"}


def check(
    a: Any, b: Any, x: Any, *, x_b: Any = None, y: Any = None, loss: Any = None,
    optimizers: tuple[Any, Any] | None = None, clip: Mapping[str, float] | None = None,
    dtype: str = "float64", pairs: Mapping[str, str] | None = None, steps: int = STEPS,
    seed: int = 0, copy: bool = True, progress: Progress = silent,
) -> Result:  # fmt: skip
    """Compare two models on one batch, forwards and, with y and a loss, over training steps.

    a, b: Keras models on the torch backend, or torch modules. x: A's batch, an array or a list of
    arrays, or a dictionary for keywords. x_b: B's; without it A's, with the channels first where A
    is Keras and B is torch. loss: "crossentropy", "mse", "bce", or (loss of A, loss of B), each as
    its framework calls it. optimizers: (A's, B's): an optimizer, or a function that makes one (of
    the parameters, for torch). clip: what B does before each step: {"clip_norm": 1.0}. pairs: names
    of layers of A and of B that belong together. copy: False if the models were built for this
    check, and may be written to. progress: called with what is being done.

    Raises PortError for a model or an input that cannot be taken. Nothing that is given is changed.
    """
    if dtype not in TOLERANCE:
        raise PortError(f"dtype is {dtype!r}: expected {' or '.join(TOLERANCE)}")
    if loss is not None and y is None:
        raise PortError("a loss needs targets: give y")
    if is_keras(b) and not is_keras(a):  # edits are tried on torch functions
        turned = check(b, a, x_b if x_b is not None else last_channels(x), x_b=x, y=y,
                       loss=swapped(loss), optimizers=swapped(optimizers), clip=clip, dtype=dtype,
                       pairs={v: k for k, v in (pairs or {}).items()}, steps=steps, seed=seed,
                       copy=copy, progress=progress)  # fmt: skip
        return with_letters_exchanged(turned)
    with precision(dtype):
        state = torch.get_rng_state()
        twin_a, twin_b = (copied(m, dtype) if copy else m for m in (a, b))
        if isinstance(twin_b, torch.nn.Module) and not is_keras(twin_b):
            was_training = twin_b.training
            twin_b.eval()
        else:
            was_training = False
        if isinstance(twin_a, torch.nn.Module) and not is_keras(twin_a):
            twin_a.eval()
        inputs_a = as_inputs(x, dtype)
        inputs_b = as_inputs(x_b, dtype) if x_b is not None else inputs_for(a, b, inputs_a)
        plan = plan_of(a, b, y, loss, optimizers, clip, steps, twin_b)
        one = Check(
            twin_a,
            twin_b,
            inputs_a,
            inputs_b,
            dtype,
            seed,
            list((pairs or {}).items()),
            plan,
            progress,
        )
        try:
            result = one.run()
        finally:
            torch.set_rng_state(state)
        if was_training and random_layers(twin_b):
            result.notes.append("B was given in training mode: it was compared in evaluation mode")
        return result


def as_inputs(x: Any, dtype: str) -> list[Any]:
    """Tensors in the check's precision; whole numbers stay what they are."""
    if isinstance(x, Mapping):
        return [{name: as_tensor(value, dtype) for name, value in x.items()}]
    many = isinstance(x, (list, tuple))
    return [as_tensor(value, dtype) for value in (x if many else [x])]


def as_tensor(value: Any, dtype: str) -> torch.Tensor:
    """One input."""
    tensor = (
        value.detach() if isinstance(value, torch.Tensor) else torch.as_tensor(np.asarray(value))
    )
    if tensor.is_floating_point():
        return tensor.to(getattr(torch, dtype))
    return tensor.long() if tensor.dtype != torch.bool else tensor


def inputs_for(a: Any, b: Any, inputs: Sequence[Any]) -> list[Any]:
    """B's inputs where the user gave only A's."""
    if not is_keras(a) or is_keras(b):
        return list(inputs)
    return [
        channels_first(t).contiguous() if isinstance(t, torch.Tensor) and t.ndim > 3 else t
        for t in inputs
    ]


def last_channels(x: Any) -> Any:
    """A torch batch of pictures as Keras reads it."""
    if isinstance(x, (list, tuple)):
        return [last_channels(one) for one in x]
    if isinstance(x, Mapping) or np.ndim(x) <= 3:
        return x
    return np.moveaxis(np.asarray(x), 1, -1)


def plan_of(
    a: Any, b: Any, y: Any, loss: Any, optimizers: Any, clip: Mapping[str, float] | None,
    steps: int, twin_b: Any,
) -> Plan | None:  # fmt: skip
    """What training needs; None without a loss."""
    if loss is None:
        if optimizers is not None:
            raise PortError("optimizers need a loss: give loss and y")
        return None
    if unknown := set(clip or {}) - CLIPS:
        raise PortError(f"clip has no {sorted(unknown)[0]}: expected {' or '.join(sorted(CLIPS))}")
    loss_a, loss_b = (losses.named(loss),) * 2 if isinstance(loss, str) else (
        as_loss(one, model) for one, model in zip(loss, (a, b), strict=True)
    )  # fmt: skip
    optimizer_a, optimizer_b = optimizers or (None, None)
    return Plan(
        torch.as_tensor(np.asarray(y)), loss_a, loss_b,
        None if optimizer_a is None else lambda model: optimizer_for(optimizer_a, model, a),
        None if optimizer_b is None else lambda params: optimizer_for(optimizer_b, twin_b, b),
        dict(clip or {}), steps,
    )  # fmt: skip


def as_loss(loss: Any, model: Any) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """A loss with the result first, whichever order its framework has."""
    if isinstance(loss, str):
        return losses.named(loss)
    if is_keras(model):
        return losses.of_keras(in_precision(loss))
    if isinstance(loss, torch.nn.Module):  # it may hold the weights of classes
        twin: Any = deepcopy(loss).to(torch.get_default_dtype())
        return cast(losses.LossOf, twin)
    return cast(losses.LossOf, loss)


def in_precision(loss: Any) -> Any:
    """A Keras loss that computes in the check's precision, and not in that of its making."""
    if not hasattr(loss, "_dtype_policy"):
        return loss
    import keras

    twin = object.__new__(type(loss))  # Keras's own copies keep what get_config tells, not all
    twin.__dict__.update(vars(loss))
    twin._dtype_policy = keras.DTypePolicy(keras.config.floatx())
    twin._dtype = twin._dtype_policy.compute_dtype
    return twin


def optimizer_for(given: Any, model: Any, original: Any) -> Any:
    """An optimizer for the copy: made by the user's function, or like the user's own."""
    if is_keras(model):
        is_optimizer = hasattr(given, "apply") and not isclass(given)
        made = given if is_optimizer else given()
        config = {name: as_written(value) for name, value in made.get_config().items()}
        twin = type(made).from_config(config)
        if hasattr(made, "_exclude_from_weight_decay_pattern"):  # no part of the configuration
            twin._exclude_from_weight_decay_pattern = made._exclude_from_weight_decay_pattern
        return twin
    if not isinstance(given, torch.optim.Optimizer):
        return given([p for p in model.parameters() if p.requires_grad])
    names = {id(p): name for name, p in original.named_parameters()}
    own = dict(model.named_parameters())
    groups = [
        {**group, "params": [own[names[id(p)]] for p in group["params"]]}
        for group in given.param_groups
    ]
    kind: Any = type(given)
    return kind(groups)


def as_written(value: Any) -> Any:
    """A number of a Keras optimizer as the user wrote it: Keras keeps it in float32."""
    if isinstance(value, float) and value == float(np.float32(value)):
        return float(str(np.float32(value)))
    return value


def swapped(pair: Any) -> Any:
    """A pair in the other order; anything else as it is."""
    return tuple(reversed(pair)) if isinstance(pair, tuple) else pair


def random_layers(model: Any) -> bool:
    """Whether training mode computes something else."""
    return any(
        isinstance(m, torch.nn.modules.batchnorm._BatchNorm) or "Drop" in type(m).__name__
        for m in model.modules()
    )


def with_letters_exchanged(result: Result) -> Result:
    """A result with A and B exchanged, where B was recorded and A edited."""

    def turn(text: str) -> str:
        return re.sub(r"\b[AB]\b", lambda m: "B" if m[0] == "A" else "A", text)

    for cause in result.causes:
        cause.text = turn(cause.text)
        cause.edit = f"in A: {cause.edit}" if cause.edit else ""
        for place in cause.places:
            place.a, place.b = place.b, place.a
    for row in result.rows:
        row.a, row.b = row.b, row.a
    result.unmapped = [turn(name) for name in result.unmapped]
    result.ambiguous = [turn(name) for name in result.ambiguous]
    result.notes = [turn(note) for note in result.notes]
    for stage in result.stages:
        stage.text = turn(stage.text)
    return result
