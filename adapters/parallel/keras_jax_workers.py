"""Keras on JAX on several workers: `DataParallel` from `keras.distribution`, over gloo.

What to know when comparing: under a distribution Keras's variables are the same on all workers, and
`fit` gets the rows of one worker. All workers need equally many, so shorter shares are padded with
rows of weight 0; Keras divides by the number of rows, padding included, and the weights make up for
it. `keras.distribution.initialize` takes neither a time-out nor an address to listen on, so JAX's
own function is called. Keras's `cpu` is that of worker 0. Whatever needs no update is computed
outside the distribution: each worker has a local model with the same weights.
"""

from __future__ import annotations

import jax
import keras

from adapters import environment, keras_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params, Shape, State
from adapters.environment import STDOUT
from adapters.keras_adapter import DEVICES, KerasModel
from adapters.keras_parts import Batches
from adapters.parallel import Workers, World, check_size
from adapters.parallel.jax_mesh import LOST, connect, padded_share, total
from adapters.validation import as_batch, as_order


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Connect the workers before the first array is created, then configure the process."""
    KerasJaxWorkers.world = world
    with environment.without_chatter(STDOUT), world.collective(LOST):  # gloo prints its peers
        connect(world)
        place = keras_adapter.configure_device(dtype, device, threads)
        DEVICES["cpu"] = f"cpu:{jax.local_devices()[0].id}"
        KerasJaxWorkers.distribution = keras.distribution.DataParallel(auto_shard_dataset=False)
        check_size(KerasJaxWorkers, KerasJaxWorkers.distribution.num_model_replicas)
    return place


class Shares(Batches):
    """Each batch's rows for this worker, with their weights.

    shape: that of the weights, (n,), or (n, 1) where a row has a loss for each place of a sequence.
    """

    def __init__(
        self, x: Array, y: Array, order: Array, batch_size: int, world: World, shape: Shape
    ) -> None:
        super().__init__(x, y, order, batch_size)
        self.world, self.shape = world, shape

    def __getitem__(self, i: int) -> tuple[Array, ...]:
        with self.world.local():
            mine, weights = padded_share(self.world, len(self.rows[i]), KerasJaxWorkers.dtype)
            rows = self.rows[i][mine]
            weights = weights * (self.world.size * len(rows))
            return self.x[rows], self.y[rows], weights.reshape(self.shape)


class KerasJaxWorkers(Workers, KerasModel):
    """A network whose variables Keras keeps the same on every worker."""

    distribution: keras.distribution.DataParallel
    lost = LOST

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.local: KerasModel | None = None
        with self.distribution.scope(), self.world.collective(LOST):
            super().__init__(net, params, optimizer)

    def assign(self, params: Params) -> None:
        with self.world.collective(LOST):
            super().assign(params)

    def activations(self, x: Array) -> list[Array]:
        return self._local_model().activations(x)

    def loss(self, x: Array, y: Array) -> float:
        return self._local_model().loss(x, y)

    def gradients(self, x: Array, y: Array) -> Params:
        return self._local_model().gradients(x, y)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        steps = -(-len(order) // batch_size)
        shape = (-1, *(1 for _ in self.net.outputs[-1][:-1]))
        shares = Shares(x, y, order, batch_size, self.world, shape)
        device = keras.device(DEVICES[self.device])
        with self.distribution.scope(), self.world.collective(LOST), device:
            self.model.make_room(steps)
            self.model.fit(shares, shuffle=False, verbose=0)
            return self.model.last_losses(steps)

    def restore(self, state: State) -> None:
        with self.world.collective(LOST):
            super().restore(state)

    def _local_model(self) -> KerasModel:
        """This network outside the distribution."""
        if self.local is None:  # `load` has set dtype and device of the subclass only
            KerasModel.dtype, KerasModel.device = self.dtype, self.device
            self.local = KerasModel(self.net, self.params(), self.optimizer)
        self.local.assign(self.params())
        return self.local

    @staticmethod
    def total(values: Array) -> Array:
        return total(values)


MODEL = KerasJaxWorkers
