"""TensorFlow on several workers: MultiWorkerMirroredStrategy, and a training loop of our own.

What to know when comparing: the strategy mirrors variables created in its scope, with the first
worker's values on all; it does not scale losses, so each worker multiplies its part by its share,
and `ReduceOp.SUM` adds the parts; the loss is summed in the same call as the gradients. The loop
over batches is in Python, not in the graph, so that the launcher sees the progress of each batch.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import tensorflow as tf

from adapters import tensorflow_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params
from adapters.parallel import Workers, World, check_size
from adapters.parallel.tensorflow_collectives import LOST, Strategy, connect, summed, total
from adapters.tensorflow_adapter import DEVICES, Tensor, TensorFlowModel
from adapters.validation import as_order


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Configure the process as for one worker, then connect before the runtime starts."""
    place = tensorflow_adapter.configure_device(dtype, device, threads)
    TensorFlowWorkers.world = world
    with world.collective(LOST):
        TensorFlowWorkers.strategy = connect(world)
        check_size(TensorFlowWorkers, TensorFlowWorkers.strategy.num_replicas_in_sync)
    return place


class TensorFlowWorkers(Workers, TensorFlowModel):
    """A network of mirrored variables."""

    strategy: ClassVar[Strategy]
    lost = LOST

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        with self.world.collective(LOST), self.strategy.scope():
            super().__init__(net, params, optimizer)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        order, batch_size = as_order(order, len(inputs), batch_size)
        losses = np.empty(-(-len(order) // batch_size), self.dtype)
        for i in range(len(losses)):
            rows, share = self.world.share(order[i * batch_size : (i + 1) * batch_size])
            part = tf.gather(inputs, rows), tf.gather(targets, rows)
            with self.world.collective(LOST):
                losses[i] = self._shared_step(*part, tf.constant(share, self.dtype))
        return losses

    @tf.function(reduce_retracing=True)
    def _shared_step(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
        """One update by the summed gradients; returns the batch's loss before it."""
        with tf.device(DEVICES[self.device]):
            loss, *gradients = summed(self.strategy, self._part, x, y, share)
            self._move(gradients)
            return loss

    def _part(self, x: Tensor, y: Tensor, share: Tensor) -> list[Tensor]:
        """This worker's part of the loss, and its gradients."""
        with tf.GradientTape() as tape:
            part = share * self._loss(x, y)
        return [part, *self._gradients(tape, part)]

    @staticmethod
    def total(values: Array) -> Array:
        return total(TensorFlowWorkers.strategy, values)


MODEL = TensorFlowWorkers
