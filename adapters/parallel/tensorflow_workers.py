"""TensorFlow on several workers: MultiWorkerMirroredStrategy, and a loop of our own.

What to know when comparing: the strategy mirrors what is created in its scope, the first worker's
values on all; it scales no loss, so each worker's part counts by its share and `ReduceOp.SUM` does
the rest; the loss is summed in the same call as the gradients. The loop over batches is Python's,
not the graph's, for who watches wants to see each batch pass.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import tensorflow as tf

from adapters import tensorflow_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params
from adapters.parallel import Workers, World, check_size
from adapters.parallel.tensorflow_collectives import LOST, Strategy, meet, summed, total
from adapters.tensorflow_adapter import DEVICES, Tensor, TensorFlowModel
from adapters.validation import as_order


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Meet the others before the runtime starts, settled as for one worker."""
    place = tensorflow_adapter.configure_device(dtype, device, threads)
    TensorFlowWorkers.world = world
    with world.together(LOST):
        TensorFlowWorkers.strategy = meet(world)
        check_size(TensorFlowWorkers, TensorFlowWorkers.strategy.num_replicas_in_sync)
    return place


class TensorFlowWorkers(Workers, TensorFlowModel):
    """A network of mirrored variables."""

    strategy: ClassVar[Strategy]
    lost = LOST

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        with self.world.together(LOST), self.strategy.scope():
            super().__init__(net, params, optimizer)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        order, batch_size = as_order(order, len(inputs), batch_size)
        losses = np.empty(-(-len(order) // batch_size), self.dtype)
        for i in range(len(losses)):
            rows, share = self.world.share(order[i * batch_size : (i + 1) * batch_size])
            part = tf.gather(inputs, rows), tf.gather(targets, rows)
            with self.world.together(LOST):
                losses[i] = self._together(*part, tf.constant(share, inputs.dtype))
        return losses

    @tf.function(reduce_retracing=True)
    def _together(self, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
        """One update by everybody's gradients; the batch's loss before it."""
        with tf.device(DEVICES[self.device]):
            loss, *gradients = summed(self.strategy, self._part, x, y, share)
            self._move(gradients)
            return loss

    def _part(self, x: Tensor, y: Tensor, share: Tensor) -> list[Tensor]:
        """This worker's part of the loss, and its gradients."""
        with tf.GradientTape() as tape:
            part = share * self._loss(x, y)
        return [part, *tape.gradient(part, self._variables)]

    @staticmethod
    def total(values: Array) -> Array:
        return total(TensorFlowWorkers.strategy, values)


MODEL = TensorFlowWorkers
