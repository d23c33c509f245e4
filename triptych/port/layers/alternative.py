"""A hypothesis: what a step of B would have to be, for B to give A's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from triptych.port.capture.tape import Function, Step, tensors
from triptych.port.layers.call import ARGUMENTS

OF_KERAS = {"eps": "epsilon", "stride": "strides", "dilation": "dilation_rate"}


@dataclass(frozen=True)
class Alternative:
    """Another function for a step.

    family: what it changes, the same word at every place. cause: what differs, with both values.
    edit: what to write in B instead. entry: the catalogue's, if there is one.
    frameworks_differ: B cannot say it, or says it otherwise: no mistake of the port.
    """

    family: str
    cause: str
    edit: str
    function: Function
    entry: str = ""
    frameworks_differ: bool = False


def with_arguments(step: Step, **changes: Any) -> Function:
    """The step's function with other values for some of its arguments."""
    if step.layer is not None:
        return with_attributes(step, **changes)
    names = ARGUMENTS.get(step.name, [])

    def function(*args: Any, **kwargs: Any) -> Any:
        places = {name: i for i, name in enumerate(names[: len(args)])}
        positional = list(args)
        for name, value in changes.items():
            if name in places:
                positional[places[name]] = value
            else:
                kwargs[name] = value
        return step.function(*positional, **kwargs)

    return function


def with_attributes(step: Step, **changes: Any) -> Function:
    """A Keras layer's call with other attributes, put back after; of PyTorch's names."""
    changes = {OF_KERAS.get(name, name): value for name, value in changes.items()}

    def function(*args: Any, **kwargs: Any) -> Any:
        before = {name: getattr(step.layer, name) for name in changes}
        for name, value in changes.items():
            setattr(step.layer, name, value)
        try:
            return step.function(*args, **kwargs)
        finally:
            for name, value in before.items():
                setattr(step.layer, name, value)

    return function


def on_first(change: Any) -> Function:
    """A function that only needs the first tensor among its arguments."""

    def function(*args: Any, **kwargs: Any) -> Any:
        found = tensors((args, kwargs))
        if not found:
            raise ValueError("the call reads no tensor")
        return change(found[0])

    return function


def followed(step: Step, change: Function) -> Function:
    """The step, and then the change of what it made."""
    return lambda *args, **kwargs: change(step.function(*args, **kwargs))
