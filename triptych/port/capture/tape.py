"""A recorded forward pass: a flat list of steps, which can be run again with some replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_map

Values = dict[int, torch.Tensor]
Function = Callable[..., Any]


@dataclass(frozen=True)
class Ref:
    """Stands for a tensor in the recorded arguments of a step."""

    value: int


@dataclass
class Step:
    """One call: of a torch function, of a Keras layer without layers inside, or of an operation."""

    index: int
    name: str  # the function's or the layer's class name: conv2d, BatchNormalization
    path: str  # of the module or layer that it belongs to: layer1.0.conv2
    function: Function
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outputs: list[int] = field(default_factory=list)  # values
    written: tuple[int, ...] = ()  # the positions of the arguments that the call overwrites
    layer: Any = None  # the Keras layer, if it is one

    @property
    def inputs(self) -> list[int]:
        """The values it reads, in the order of its arguments."""
        leaves = tree_flatten((self.args, self.kwargs))[0]
        return [leaf.value for leaf in leaves if isinstance(leaf, Ref)]

    @property
    def where(self) -> str:
        """Its place, for a reader."""
        return f"{self.path or 'forward'} ({self.name})"


@dataclass(frozen=True)
class Edits:
    """What to do otherwise in a run of a tape.

    functions: for some steps another function. inputs: for some steps a change of one value that
    the step reads, as (value, change). result: a change of what the model returns. writes: whether
    statistics that a call writes over are really written.
    """

    functions: Mapping[int, Function] = field(default_factory=dict)
    inputs: Mapping[int, tuple[int, Function]] = field(default_factory=dict)
    result: Function | None = None
    writes: bool = False

    def also(self, other: Edits) -> Edits:
        """Both; where both change the same, one after the other."""
        inputs = dict(self.inputs)
        for step, (value, change) in other.inputs.items():
            known = inputs.get(step)
            inputs[step] = (value, change if known is None else chained(known[1], change))
        result = other.result or self.result
        if self.result is not None and other.result is not None:
            result = chained(self.result, other.result)
        functions = {**self.functions, **other.functions}
        return Edits(functions, inputs, result, self.writes or other.writes)


def chained(first: Function, second: Function) -> Function:
    """Both changes, one after the other."""
    return lambda value: second(first(value))


NO_EDITS = Edits()


@dataclass
class Tape:
    """The steps of one forward pass.

    given: the values that no step makes: inputs, parameters, buffers and constants.
    parameters: the names of those among them that belong to the model.
    """

    steps: list[Step] = field(default_factory=list)
    given: Values = field(default_factory=dict)
    inputs: list[int] = field(default_factory=list)
    parameters: dict[int, str] = field(default_factory=dict)
    output: Any = None  # as the model returns it, with Ref for tensors
    maker: dict[int, int] = field(default_factory=dict)  # value -> step
    whole: set[int] = field(default_factory=set)  # products that are one layer on the other side

    def run(
        self,
        edits: Edits = NO_EDITS,
        after: Callable[[Step, Values], None] | None = None,
    ) -> Values:
        """Every value of a run of the whole tape.

        after: called after each step, and may replace what it made.
        """
        values = dict(self.given)
        for step in self.steps:
            execute(step, values, edits)
            if after is not None:
                after(step, values)
        return values

    def result(self, values: Values) -> Any:
        """What the model returned, in these values."""
        return resolve(self.output, values)

    def before(self, targets: Iterable[int], known: Values) -> list[Step]:
        """The steps that lead from the known values to these, in order."""
        wanted, steps = [v for v in targets if v not in known], set()
        while wanted:
            made_by = self.maker.get(wanted.pop())
            if made_by is not None and made_by not in steps:
                steps.add(made_by)
                wanted += [v for v in self.steps[made_by].inputs if v not in known]
        return [self.steps[i] for i in sorted(steps)]


def execute(step: Step, values: Values, edits: Edits = NO_EDITS) -> None:
    """Run one step on these values, and add what it makes."""
    reads = values
    if step.index in edits.inputs:
        value, change = edits.inputs[step.index]
        reads = {**values, value: change(values[value])}
    args, kwargs = resolve(step.args, reads), resolve(step.kwargs, reads)
    if step.written and not (edits.writes and step.name == "batch_norm"):
        # Another step may still need what is written over.
        args = tuple(a.clone() if i in step.written else a for i, a in enumerate(args))
    made = edits.functions.get(step.index, step.function)(*args, **kwargs)
    if step.written and made is None:  # x[0] = y
        made = args[step.written[0]]
    values.update(zip(step.outputs, tensors(made), strict=True))


def resolve(template: Any, values: Values) -> Any:
    """Recorded arguments with tensors in place of their stand-ins."""
    return tree_map(lambda leaf: values[leaf.value] if isinstance(leaf, Ref) else leaf, template)


def tensors(tree: Any) -> list[torch.Tensor]:
    """The tensors among arguments or results, in order."""
    return [leaf for leaf in tree_flatten(tree)[0] if isinstance(leaf, torch.Tensor)]
