"""Record a model while it runs.

Torch functions are seen through a TorchFunctionMode, Keras layers by their call.

Keras runs on its torch backend here, so that both models' values are tensors of one framework.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_map

from triptych.port.capture.tape import Ref, Step, Tape, tensors

UNSEEN_WRITES = {"batch_norm": (1, 2)}  # arguments written without a new version: the statistics


class Recorder(TorchFunctionMode):
    """Writes a Tape. Calls inside a call that is one step are not seen."""

    def __init__(self, parameters: dict[int, str]) -> None:
        """parameters: the names of the model's tensors, by id."""
        super().__init__()
        self.tape, self.names = Tape(), parameters
        self.value_of: dict[int, int] = {}
        self.alive: list[Any] = []  # an id is only unique while its object lives
        self.paths: list[str] = []
        self.hidden = 0  # how deep inside a step

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run a torch function, and record it unless it belongs to a step or makes no tensor."""
        kwargs = kwargs or {}
        if self.hidden:
            return func(*args, **kwargs)
        name = getattr(func, "__name__", str(func))
        if name == "__get__":
            name = getattr(getattr(func, "__self__", None), "__name__", name)
        return self.step(name, func, args, kwargs)

    def step(
        self, name: str, function: Any, args: Any, kwargs: Any, path: str = "", layer: Any = None
    ) -> Any:
        """Run a call as one step; returns its result."""
        template = tree_map(self.stand_in, (tuple(args), dict(kwargs)))
        versions = [a._version if isinstance(a, torch.Tensor) else None for a in args]
        self.hidden += 1
        try:
            result = function(*args, **kwargs)
        finally:
            self.hidden -= 1
        written = tuple(
            i for i, v in enumerate(versions) if v is not None and args[i]._version != v
        )
        written += UNSEEN_WRITES.get(name, ())
        made = tensors(result) if result is not None or not written else [args[written[0]]]
        if not made:
            return result
        at, place = len(self.tape.steps), path or (self.paths[-1] if self.paths else "")
        outputs = [self.new_value(t, at) for t in made]
        step = Step(at, name, place, function, template[0], template[1], outputs, written, layer)
        self.tape.steps.append(step)
        return result

    def stand_in(self, leaf: Any) -> Any:
        """A Ref for a tensor; a tensor that no step made is given."""
        if not isinstance(leaf, torch.Tensor):
            return leaf
        if id(leaf) not in self.value_of:
            value = self.new_value(leaf, None)
            self.tape.given[value] = leaf if id(leaf) in self.names else leaf.detach()
            if id(leaf) in self.names:
                self.tape.parameters[value] = self.names[id(leaf)]
        return Ref(self.value_of[id(leaf)])

    def new_value(self, tensor: torch.Tensor, maker: int | None) -> int:
        """A number for a tensor; one that was written over gets a new one."""
        value = len(self.alive)
        self.alive.append(tensor)
        self.value_of[id(tensor)] = value
        if maker is not None:
            self.tape.maker[value] = maker
        return value


@contextmanager
def recorded_paths(recorder: Recorder, model: nn.Module) -> Iterator[None]:
    """While this lasts, the recorder knows which module runs."""
    hooks = []
    for name, module in model.named_modules():

        def enter(module: nn.Module, args: Any, name: str = name) -> None:
            recorder.paths.append(name)

        def leave(module: nn.Module, args: Any, output: Any) -> None:
            recorder.paths.pop()

        hooks += [module.register_forward_pre_hook(enter), module.register_forward_hook(leave)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
