"""Keras on JAX on several workers: `DataParallel` from `keras.distribution`, over gloo.

What to know when comparing: under a distribution Keras's variables are the same on all workers, and
what `fit` is given is one worker's rows, of which all must have equally many: shorter shares are
filled up with rows of weight 0. Keras divides by the rows there are, those included, so the weights
make up for it. `keras.distribution.initialize` takes neither a time-out nor an address to listen
at, so JAX's own is called. Keras's `cpu` is worker 0's. What no update needs is computed outside
the distribution, by a twin with the same weights: each worker does that for itself.
"""

from __future__ import annotations

import jax
import keras

from adapters import environment, keras_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params, State
from adapters.environment import STDOUT
from adapters.keras_adapter import DEVICES, KerasModel
from adapters.keras_parts import Batches
from adapters.parallel import Workers, World, check_size
from adapters.parallel.jax_mesh import LOST, filled, meet, total
from adapters.validation import as_batch, as_order


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Meet the others, which has to come before the first array, then settle the process."""
    KerasJaxWorkers.world = world
    with environment.without_chatter(STDOUT), world.together(LOST):  # gloo tells whom it has met
        meet(world)
        place = keras_adapter.configure_device(dtype, device, threads)
        DEVICES["cpu"] = f"cpu:{jax.local_devices()[0].id}"
        KerasJaxWorkers.spread = keras.distribution.DataParallel(auto_shard_dataset=False)
        check_size(KerasJaxWorkers, KerasJaxWorkers.spread.num_model_replicas)
    return place


class Shares(Batches):
    """Of each batch this worker's rows, and what each counts."""

    def __init__(self, x: Array, y: Array, order: Array, batch_size: int, world: World) -> None:
        super().__init__(x, y, order, batch_size)
        self.world = world

    def __getitem__(self, i: int) -> tuple[Array, ...]:
        with self.world.apart():
            mine, weights = filled(self.world, len(self.rows[i]), self.x.dtype)
            rows = self.rows[i][mine]
            return self.x[rows], self.y[rows], weights * (self.world.size * len(rows))


class KerasJaxWorkers(Workers, KerasModel):
    """A network whose variables Keras keeps the same on every worker."""

    spread: keras.distribution.DataParallel
    lost = LOST

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.twin: KerasModel | None = None
        with self.spread.scope(), self.world.together(LOST):
            super().__init__(net, params, optimizer)

    def assign(self, params: Params) -> None:
        with self.world.together(LOST):
            super().assign(params)

    def activations(self, x: Array) -> list[Array]:
        return self._alone().activations(x)

    def loss(self, x: Array, y: Array) -> float:
        return self._alone().loss(x, y)

    def gradients(self, x: Array, y: Array) -> Params:
        return self._alone().gradients(x, y)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        steps = -(-len(order) // batch_size)
        shares = Shares(x, y, order, batch_size, self.world)
        with self.spread.scope(), self.world.together(LOST), keras.device(DEVICES[self.device]):
            self.model.make_room(steps)
            self.model.fit(shares, shuffle=False, verbose=0)
            return self.model.last_losses(steps)

    def restore(self, state: State) -> None:
        with self.world.together(LOST):
            super().restore(state)

    def _alone(self) -> KerasModel:
        """This network as one worker has it."""
        if self.twin is None:  # of a class that was told nothing, for `load` told ours
            KerasModel.dtype, KerasModel.device = self.dtype, self.device
            self.twin = KerasModel(self.net, self.params(), self.optimizer)
        self.twin.assign(self.params())
        return self.twin

    @staticmethod
    def total(values: Array) -> Array:
        return total(values)


MODEL = KerasJaxWorkers
