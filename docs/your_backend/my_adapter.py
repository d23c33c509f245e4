"""Your backend: copy this file, give it a name, and fill in one method after another.

    make check-adapter ADAPTER=path/to/my_adapter.py:MyModel

tries all the laws and reports which of them wait for a method, which fail, and where. Begin with
float64: there, every difference is a defect. `--only forward` tries one law. All adapters have
their tables and methods in this order, so that two of them can be read side by side. `solution.py`
is this file filled in, and adapters/contract.py has the definitions that all adapters share.

Fill in, in this order, and with each step more laws hold: update and __init__; params, assign,
state and restore, which every law needs; activations and forward; loss; gradients; step; epoch; and
at any time DEFAULTS and derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

# Import your framework here, by its usual name. All inputs and outputs are NumPy arrays: none of
# the framework's own types may leave this file.
#
# These functions check arguments, so that a ShapeError reads the same in every backend. They return
# arrays that are contiguous, writable and in the run's dtype:
#
# from adapters.validation import (
#     as_batch, as_inputs, as_net, as_optimizer, as_order, as_params, as_state, named, slots_of,
# )
from adapters.contract import Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device

# The framework's defaults: its optimizers' constants, initialisers, the mean or the sum. Read them
# from the running framework (adapters.introspection.defaults_of reads a function's signature) and
# never copy them from its documentation: the next version may differ.
DEFAULTS: dict[str, Any] = {}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set precision and threads, and choose the device; called once, before any model is made.

    All settings of the process go here, such as `jax_enable_x64` or the number of threads. Pass
    `gpu_found=True` if your framework sees a CUDA GPU.
    """
    return choose_device("mine", device, gpu_found=False)


# The framework's functions under the contract's names: identity, sigmoid, relu, tanh.
ACTIVATIONS: dict[str, Callable[..., Any]] = {}

# perceptron, squared, logistic and softmax, as contract.py defines them, from the scores and never
# from probabilities.
LOSSES: dict[str, Callable[..., Any]] = {}

# SGD and Adam: the framework's optimizers where they compute the contract's equations, else the
# equations. Check Adam's ε, what momentum does when the learning rate changes, and whether
# constants pass through float32 on their way in.
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
        copies it, and `as_optimizer` the optimizer. `as_net` raises LayerMissing for a layer that
        is not in `supported_layers`: Dense alone, until you list others beside DEFAULTS. Draw
        nothing at random. The optimizer's slots start as zeros: one array for each name in
        optimizer.slots and each parameter.
        """
        raise NotImplementedError

    def params(self) -> Params:
        """Copies of the weights, in the order and shapes of the constructor's params."""
        raise NotImplementedError

    def assign(self, params: Params) -> None:
        """Replace the weights; leave the optimizer's slots as they are."""
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

        Change nothing: a step after this call must be the same as without it.
        """
        raise NotImplementedError

    def step(self, x: Array, y: Array) -> float:
        """One update on this batch, in the framework's own way; returns the loss *before* it."""
        raise NotImplementedError

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        """One step for each batch of row numbers, in their order; returns the loss before each.

        The last batch may be smaller. `as_order` checks the order. Begin with a plain loop over
        `step`, and compile it when the laws hold.
        """
        raise NotImplementedError

    def state(self) -> State:
        """Copies of the weights and of the optimizer's slots, under the contract's names.

        `named("param", self.params())`, then one `named(slot, …)` for each of optimizer.slots, and
        for Adam `step`, the number of steps made, int64 of shape ().
        """
        raise NotImplementedError

    def restore(self, state: State) -> None:
        """Restore what `state` returned, in this backend or another; `as_state` checks it."""
        raise NotImplementedError

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        """f at these knobs, a plain float, and its gradient (k,) in the run's dtype.

        f is plain Python arithmetic: call it with a list of your framework's scalars.
        """
        raise NotImplementedError


MODEL = MyModel
