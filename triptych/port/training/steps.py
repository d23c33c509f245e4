"""Replay training steps: A's run decides weights and gradients, and B is held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._pytree import tree_leaves

from triptych.port.capture.models import as_tree, model_tensors, record
from triptych.port.capture.tape import NO_EDITS, Edits
from triptych.port.causes.cause import Cause, Place
from triptych.port.forward import Comparison
from triptych.port.layouts import gap
from triptych.port.side import Side, call_arguments
from triptych.port.training import updates
from triptych.port.training.gradients import compare_gradients
from triptych.port.training.loss_causes import compare as compare_losses
from triptych.port.training.losses import LossOf
from triptych.port.training.moved_edits import carried_over
from triptych.port.training.reading import from_keras, from_torch
from triptych.port.training.rules import Rule
from triptych.port.training.slot import Slot, alone, gradient, is_statistic
from triptych.port.training.statistics import compare_statistics
from triptych.port.training.still import held_still, is_random
from triptych.port.transfer import matched

STEPS = 3  # momentum shows from the second step on


@dataclass(frozen=True)
class Plan:
    """What training needs beside the models.

    loss_a, loss_b: of a model's result and the targets. optimizer_a, optimizer_b: each makes one
    for a model's parameters. clip: what B does to its gradients before each step, and its words.
    """

    targets: torch.Tensor
    loss_a: LossOf
    loss_b: LossOf
    optimizer_a: Callable[[Any], Any] | None = None
    optimizer_b: Callable[[list[torch.nn.Parameter]], torch.optim.Optimizer] | None = None
    clip: dict[str, float] = field(default_factory=dict)
    steps: int = STEPS


class Training:
    """The training stages of one check."""

    def __init__(self, comparison: Comparison, pairs: Any, inputs: Any, plan: Plan) -> None:
        self.a, self.b, self.plan = comparison.a, comparison.b, plan
        self.inputs_a, self.inputs_b = inputs
        self.causes: list[Cause] = []
        self.not_run: dict[str, str] = {}
        self.slots = [
            Slot(f"{self.b.units[p.b].name}.{name}", x, y, p.a, p.b, comparison.flattened.get(p.a))
            for p in pairs
            for name, x, y in matched(self.a.units[p.a], self.b.units[p.b])
            if x is not None and y is not None
        ]
        self.weights = [s for s in self.slots if not is_statistic(s)]
        self.statistics = [s for s in self.slots if is_statistic(s)]

    def run(self, edits: Edits) -> list[str]:
        """Every stage; returns what was held still. edits: the remedies of the forward pass."""
        start = [(t, t.detach().clone()) for side in (self.a, self.b) for t in all_tensors(side)]
        with held_still(self.a.model) as in_a, held_still(self.b.model) as in_b:
            self.losses_and_gradients(edits)
            if self.plan.optimizer_a is not None and self.plan.optimizer_b is not None:
                self.restore(start)
                self.updates()
        self.restore(start)
        return [*in_a, *in_b]

    def restore(self, start: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        """Put every tensor back."""
        with torch.no_grad():
            for tensor, value in start:
                tensor.copy_(value)
                tensor.grad = None

    def forward(self, side: Side, inputs: Any, edits: Edits = NO_EDITS) -> torch.Tensor:
        """A model's result in training mode, with what autograd needs.

        Raises NotTheSameCalls if edits are to be made and training runs other calls.
        """
        args, kwargs = call_arguments(side.model, inputs)
        if side.is_keras:
            kwargs = {**kwargs, "training": True}
        else:
            side.model.train()
            hold(side.model)
        if not edits.functions and not edits.inputs:
            output = as_tree(side.model(*args, **kwargs))
            result = next(t for t in tree_leaves(output) if isinstance(t, torch.Tensor))
        else:
            result = self.edited(side, args, kwargs, edits)
        return result if edits.result is None else edits.result(result)

    def edited(self, side: Side, args: Any, kwargs: Any, edits: Edits) -> torch.Tensor:
        """The result with the forward pass's remedies, which belong to the calls of evaluation."""
        before = [(t, t.detach().clone()) for t in all_tensors(side)]
        tape = record(side.model, args, kwargs)
        with torch.no_grad():
            for tensor, value in before:
                tensor.copy_(value)
        moved = carried_over(edits, side.tape, tape)
        values = tape.run(moved.also(Edits(writes=True)))
        return next(t for t in tree_leaves(tape.result(values)) if isinstance(t, torch.Tensor))

    def losses_and_gradients(self, edits: Edits) -> None:
        """The first step's loss, gradients and statistics."""
        old = [s.read_a() for s in self.statistics]
        result_a = self.forward(self.a, self.inputs_a)
        result_b = self.forward(self.b, self.inputs_b, edits)
        y = self.plan.targets
        found, loss_b = compare_losses(result_b, y, self.plan.loss_a, self.plan.loss_b)
        self.causes += [*found, *self.penalty(result_a)]
        if loss_b is None:
            self.not_run["gradients"] = "not run: the losses differ in an unknown way"
        else:
            self.plan.loss_a(result_a, y).backward()
            loss_b(result_b, y).backward()
            found = compare_gradients(self.weights, self.b)
            self.causes += [self.reattached(cause, loss_b) for cause in found]
        self.causes += compare_statistics(self.statistics, old, self.a, self.b)

    def reattached(self, cause: Cause, loss: LossOf) -> Cause:
        """The cause, proved if B's gradients are right once nothing is detached.

        A tape runs with gradients throughout, so that no_grad() has no effect on it either.
        """
        if cause.proved or "no gradient reaches" not in cause.text:
            return cause
        args, kwargs = call_arguments(self.b.model, self.inputs_b)
        for parameter in self.b.model.parameters():
            parameter.grad = None
        before = [(t, t.detach().clone()) for t in all_tensors(self.b)]
        tape = record(self.b.model, args, kwargs)
        with torch.no_grad():
            for tensor, value in before:
                tensor.copy_(value)
        cut = [step for step in tape.steps if step.name in ("detach", "detach_")]
        values = tape.run(Edits({step.index: lambda x: x for step in cut}))
        result = next(t for t in tree_leaves(tape.result(values)) if isinstance(t, torch.Tensor))
        loss(result, self.plan.targets).backward()
        if not compare_gradients(self.weights, self.b):
            cause.proved, cause.edit = True, "without detach(), and outside of no_grad()"
            cause.text += "".join(f", at {step.where}" for step in cut[:2])
            cause.places = [Place(p.a, p.b, p.before, 0.0) for p in cause.places]
        return cause

    def penalty(self, result: torch.Tensor) -> list[Cause]:
        """What A's layers add to its loss; B's loss is a function of its result alone."""
        extra = getattr(self.a.model, "losses", []) if self.a.is_keras else []
        total = float(sum(extra).detach()) if extra else 0.0
        if not total:
            return []
        size = total / max(abs(float(self.plan.loss_a(result, self.plan.targets).detach())), 1e-300)
        names = [
            layer.name
            for layer in self.a.model._flatten_layers()
            if getattr(layer, "kernel_regularizer", None) is not None
        ]
        layers = ", ".join(names) or "add_loss"
        return [
            Cause(
                "loss", f"A adds a penalty of {total:.6g} to its loss ({layers}), B none",
                "weight_decay, or the penalty added to the loss", "l2_without_half",
                places=[Place(layers, f"the loss, for {layers}", size, 0.0)],
            )
        ]  # fmt: skip

    def updates(self) -> None:
        """Several steps of both optimizers, from the same weights and A's gradients."""
        plan = self.plan
        assert plan.optimizer_a is not None
        penalties = [cause for cause in self.causes if "penalty" in cause.text]
        if penalties and self.update_gap_with_penalty() <= updates.SAME_UPDATE:
            self.causes.remove(penalties[0])  # B's weight decay is the gradient of A's penalty
            return
        optimizer_a = plan.optimizer_a(self.a.model)
        start = [s.read_a() for s in self.weights]
        gradients, a = self.run_a(optimizer_a)
        b, both, optimizer_b = self.run_b(start, gradients)
        self.two_biases(start, a, b, both)
        rules = (
            self.rules_of_a(optimizer_a),
            from_torch(optimizer_b, plan.clip, [s.b.tensor for s in self.weights]),
        )
        names = [s.name for s in self.weights]
        self.causes += updates.compare(start, gradients, a, b, *rules, names)

    def update_gap_with_penalty(self) -> float:
        """The gap of the updates if A's penalty is in its gradients, and not in those of B."""
        assert self.plan.optimizer_a is not None
        before = [(t, t.detach().clone()) for t in all_tensors(self.a)]
        start = [s.read_a() for s in self.weights]
        gradients, a = self.run_a(self.plan.optimizer_a(self.a.model), with_penalty=True)
        self.restore(before)
        b, _, _ = self.run_b(start, gradients)
        return updates.update_gap(start, a, b)

    def run_b(self, start: Any, gradients: Any) -> tuple[list[Any], list[Any], Any]:
        """B's weights after each step from these gradients; with the second biases, and without."""
        plan = self.plan
        assert plan.optimizer_b is not None
        for slot, value in zip(self.weights, start, strict=True):
            slot.b.write(value)
        trained = [p for p in self.b.model.parameters() if p.requires_grad]
        optimizer_b = plan.optimizer_b(trained)
        b, both = [], []
        for step in gradients:
            for p in self.b.model.parameters():
                p.grad = None
            for slot, g in zip(self.weights, step, strict=True):
                if g is not None and slot.b.tensor.requires_grad:
                    slot.b.write_gradient(g)
            clip_gradients(trained, plan.clip)
            optimizer_b.step()
            b.append([s.b.read(alone).clone() for s in self.weights])
            both.append([s.b.read().clone() for s in self.weights])
        return b, both, optimizer_b

    def rules_of_a(self, optimizer: Any) -> list[Rule] | None:
        """A's rules, one for each parameter."""
        tensors = [s.a.tensor for s in self.weights]
        if isinstance(optimizer, torch.optim.Optimizer):
            return from_torch(optimizer, {}, tensors)
        variables = {id(v.value): v for v in self.a.model.trainable_variables}
        return from_keras(optimizer, self.plan.steps, [variables.get(id(t)) for t in tensors])

    def run_a(self, optimizer: Any, with_penalty: bool = False) -> tuple[list[Any], list[Any]]:
        """A's gradients without a penalty, and its weights, at each step of its own training."""
        gradients, weights = [], []
        for _ in range(self.plan.steps):
            for tensor in all_tensors(self.a):
                tensor.grad = None
            result = self.forward(self.a, self.inputs_a)
            self.plan.loss_a(result, self.plan.targets).backward()
            gradients.append(
                [None if s.a.tensor.grad is None else s.read_a(gradient) for s in self.weights]
            )
            if with_penalty:
                sum(self.a.model.losses).backward()
            step_of(optimizer, self.a.model)
            weights.append([s.read_a() for s in self.weights])
        return gradients, weights

    def two_biases(self, start: Any, a: Any, b: Any, both: Any) -> None:
        """PyTorch's LSTM has two biases that are added, and moves both."""
        which = [i for i, s in enumerate(self.weights) if s.b.shadow is not None]
        if not which:
            return
        i = which[0]
        moved = [w[-1][i] - start[i] for w in (a, b, both)]
        before, after = gap(moved[0], moved[2]), gap(moved[0], moved[1])
        self.causes.append(
            Cause(
                "update",
                "B's LSTM has two biases and moves both: their sum moves twice as far as A's",
                "freeze bias_hh", "lstm_two_biases", proved=True, frameworks_differ=True,
                places=[Place(self.weights[i].name, self.weights[i].name, before, after)],
            )
        )  # fmt: skip


def hold(model: torch.nn.Module) -> None:
    """After train(): random layers stay in evaluation mode."""
    for module in model.modules():
        if is_random(module):
            module.eval()


def all_tensors(side: Side) -> list[torch.Tensor]:
    """Every tensor of a side's model."""
    return [tensor for _, tensor in model_tensors(side.model)]


def step_of(optimizer: Any, model: Any) -> None:
    """One step of A's optimizer, of either framework."""
    if isinstance(optimizer, torch.optim.Optimizer):
        optimizer.step()
        return
    variables = [v for v in model.trainable_variables if v.value.grad is not None]
    with torch.no_grad():
        optimizer.apply([v.value.grad for v in variables], variables)


def clip_gradients(parameters: list[torch.nn.Parameter], clip: dict[str, float]) -> None:
    """What PyTorch's users call before a step."""
    if "clip_norm" in clip:
        torch.nn.utils.clip_grad_norm_(parameters, clip["clip_norm"])
    if "clip_value" in clip:
        torch.nn.utils.clip_grad_value_(parameters, clip["clip_value"])
