"""Keras on TensorFlow on several workers: TensorFlow's strategy, and a training loop of our own.

What to know when comparing: `fit` fails under MultiWorkerMirroredStrategy, and in its scope even
`test_on_batch` would wait for every worker. So the model is built outside the scope, each worker
has its own variables, and only the loss and the gradients are summed. Keras's optimizer then gets
the same gradients on each worker, so equal weights stay equal, bit for bit.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import tensorflow as tf

from adapters import keras_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params
from adapters.keras_adapter import DEVICES, LOSSES, KerasModel, Tensor
from adapters.keras_parts import as_tensor, over_places
from adapters.parallel import Workers, World, check_size
from adapters.parallel.tensorflow_collectives import LOST, Strategy, connect, summed, total
from adapters.validation import as_batch, as_order


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Connect the workers first, because configuring Keras starts TensorFlow's runtime."""
    KerasWorkers.world = world
    with world.collective(LOST):
        KerasWorkers.strategy = connect(world)
    place = keras_adapter.configure_device(dtype, device, threads)
    with world.collective(LOST):
        check_size(KerasWorkers, KerasWorkers.strategy.num_replicas_in_sync)
    return place


class KerasWorkers(Workers, KerasModel):
    """A `Sequential` whose gradients are summed over the workers."""

    strategy: ClassVar[Strategy]
    lost = LOST

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        self._step = tf.function(self._update, reduce_retracing=True)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        losses = np.empty(-(-len(order) // batch_size), self.dtype)
        for i in range(len(losses)):
            rows, share = self.world.share(order[i * batch_size : (i + 1) * batch_size])
            part = map(tf.constant, (x[rows], y[rows], np.asarray(share, self.dtype)))
            with self.world.collective(LOST):
                losses[i] = self._step(*part)
        return losses

    def _update(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
        """One update by the summed gradients; returns the batch's loss before it."""
        with tf.device(DEVICES[self.device]):
            loss, *gradients = summed(self.strategy, self._part, x, y, share)
            self.optim.apply(gradients, self.model.trainable_variables)
            return loss

    def _part(self, x: Tensor, y: Tensor, share: Tensor) -> list[Tensor]:
        """This worker's part of the loss, with the penalties, and its gradients."""
        weights = [variable.value for variable in self.model.trainable_variables]
        with tf.GradientTape() as tape:
            loss = over_places(self.net, LOSSES[self.net.loss])
            losses = loss(y, self.model(x, training=True))  # (n,), or (n, length)
            part = share * (tf.reduce_mean(losses) + sum(self.model.losses))
        return [part, *map(as_tensor, tape.gradient(part, weights))]

    @staticmethod
    def total(values: Array) -> Array:
        return total(KerasWorkers.strategy, values)


MODEL = KerasWorkers
