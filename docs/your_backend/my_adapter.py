"""Your backend: copy this file, give it a name, and fill in one method after another.

    make check-adapter ADAPTER=path/to/my_adapter.py:MyModel

tries all the laws and says which of them wait, which fail and where. Float64 first: there, every
difference is a defect. `--only forward` tries one law. The order of tables and methods is the one
of every adapter, so that two of them can be read side by side; `solution.py` is this file filled
in, and adapters/contract.py has the definitions that everyone shares.

Fill in, in this order, and more of the laws hold with each: update and __init__; params, assign,
state and restore, which every law needs; activations and forward; loss; gradients; step; epoch; and
at any time DEFAULTS and derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

# Your framework is imported here, by its usual name. NumPy arrays come in, and NumPy arrays go out:
# none of the framework's own types may leave this file.
#
# These do the checking, so that a ShapeError says the same in every backend. They hand back arrays
# that are contiguous, writable and in the run's dtype:
#
# from adapters.validation import (
#     as_batch, as_inputs, as_optimizer, as_order, as_params, as_state, named, slots_of,
# )
from adapters.contract import Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device

# What your framework does when nobody tells it anything: its optimizers' constants, initialisers,
# the mean or the sum. Read them from the live framework (adapters.introspection.defaults_of reads a
# function's signature) and never copy them from a page: the next version may differ.
DEFAULTS: dict[str, Any] = {}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Called once, before any model is made: settle precision and threads, choose the device.

    Whatever belongs to the process and not to a model goes here, such as `jax_enable_x64` or the
    number of threads. Say `gpu_found=True` where your framework sees a CUDA GPU.
    """
    return choose_device("mine", device, gpu_found=False)


# The framework's functions under the contract's names: identity, sigmoid, relu, tanh.
ACTIVATIONS: dict[str, Callable[..., Any]] = {}

# perceptron, squared, logistic and softmax, as contract.py defines them, from the scores and never
# from probabilities.
LOSSES: dict[str, Callable[..., Any]] = {}

# SGD and Adam: the framework's optimizers where they compute the contract's equations, else the
# equations. Beware of Adam's ε, of what momentum does when the learning rate changes, and of
# constants that pass through float32 on their way in.
OPTIMIZERS: dict[type, Callable[..., Any]] = {}


class MyModel(Model):
    """A network in your framework."""

    backend = "mine"
    DEFAULTS = DEFAULTS

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """Whose formula moves the weights: "framework", or "ours" where you wrote it yourself."""
        raise NotImplementedError

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        """Keep net and optimizer, and build the network with exactly these weights.

        params is [W0, b0, W1, b1, …] with Wi (n_in, n_out) and bi (n_out,); `as_params` checks and
        copies it, as `as_optimizer` does the optimizer. Nothing is drawn at random. The optimizer
        starts with an empty memory: an array of zeros for each name in optimizer.slots and each
        parameter.
        """
        raise NotImplementedError

    def params(self) -> Params:
        """Copies of the weights, in the order and shapes in which they came."""
        raise NotImplementedError

    def assign(self, params: Params) -> None:
        """Put these weights in place of yours; leave the optimizer's memory as it is."""
        raise NotImplementedError

    def forward(self, x: Array) -> Array:
        """The scores (n, n_out) of the rows x (n, n_in): the last of the activations."""
        raise NotImplementedError

    def activations(self, x: Array) -> list[Array]:
        """Every layer's output, activation(X · W + b); `as_inputs` checks x."""
        raise NotImplementedError

    def loss(self, x: Array, y: Array) -> float:
        """The mean loss of the rows, plus ½ · l2 · ΣW² over the kernels, as a plain float.

        Sum over the outputs, average over the rows; `as_batch` checks x and y.
        """
        raise NotImplementedError

    def gradients(self, x: Array, y: Array) -> Params:
        """The gradient of `loss` by each parameter, penalty included, in the shapes of params.

        Only look: a step after this call must be the step it would have been without it.
        """
        raise NotImplementedError

    def step(self, x: Array, y: Array) -> float:
        """One update on this batch, the framework's own way; return the loss *before* it."""
        raise NotImplementedError

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        """One step for each batch of row numbers, in their order; the losses before each.

        The last batch may be smaller. `as_order` checks the order. Begin with a plain loop over
        `step`; a compiled one may follow, when the laws hold.
        """
        raise NotImplementedError

    def state(self) -> State:
        """Copies of the weights and of the optimizer's memory, under the contract's names.

        `named("param", self.params())`, then one `named(slot, …)` for each of optimizer.slots, and
        for Adam `step`, the number of steps made, int64 of shape ().
        """
        raise NotImplementedError

    def restore(self, state: State) -> None:
        """Take over what `state` gave, your own or another backend's; `as_state` checks it."""
        raise NotImplementedError

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        """f at these knobs, a plain float, and its gradient (k,) in the run's dtype.

        f is plain Python arithmetic: hand it a list of your framework's scalars.
        """
        raise NotImplementedError


MODEL = MyModel
