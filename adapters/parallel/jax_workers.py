"""JAX on several workers: `shard_map` and `psum` inside the compiled loop, over gloo.

What to know when comparing: there is one program for all workers, and its arrays are global, each
worker holding its rows, so all must hold equally many: shorter shares are filled up with rows that
count 0 times. JAX sends array by array, and for each everybody waits, so loss and gradients travel
as one vector. That takes `check_vma=False`: by itself JAX knows which arrays are the same on all
workers, and would already have summed their gradients.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import jax
import numpy as np
from jax import lax
from jax.flatten_util import ravel_pytree
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from adapters import environment, jax_adapter
from adapters.contract import Array, Device, Net, Optimizer
from adapters.environment import STDOUT
from adapters.jax_adapter import (
    LOSSES,
    JaxModel,
    Memory,
    Tensor,
    layers,
    penalty,
    updated,
)
from adapters.parallel import Workers, World, check_size
from adapters.parallel.jax_mesh import (
    AXIS,
    EACH,
    LOST,
    WHOLE,
    filled,
    meet,
    mesh,
    own,
    total,
    whole,
)
from adapters.validation import as_batch, as_order, in_batches

ROWS = PartitionSpec(None, AXIS)  # of each batch, every worker has some rows
BLOCK = 4096  # rows that workers train on before they look whether all are still there


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Meet the others, which has to come before the first array, then settle the process."""
    JaxWorkers.world = world
    with environment.without_chatter(STDOUT), world.together(LOST):  # gloo tells whom it has met
        meet(world)
        place = jax_adapter.configure_device(dtype, device, threads)
        check_size(JaxWorkers, jax.device_count())
    return place


def part_of_loss(net: Net, params: list[Tensor], x: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """This worker's part of a batch's loss: its rows by what they count."""
    part = (weights * LOSSES[net.loss](layers(net, params, x)[-1], y)).sum()
    return part + weights.sum() * penalty(net, params)


@partial(jax.jit, static_argnums=(0, 1, 2))
def steps(
    place: Mesh, net: Net, optimizer: Optimizer,
    memory: Memory, x: Tensor, y: Tensor, weights: Tensor,
) -> tuple[Memory, Tensor]:  # fmt: skip
    """One step on each batch of x (batches, workers · rows, n_in) and y, as one compiled loop."""

    def loop(memory: Memory, x: Tensor, y: Tensor, weights: Tensor) -> tuple[Memory, Tensor]:
        def step(memory: Memory, batch: tuple[Tensor, Tensor]) -> tuple[Memory, Tensor]:
            part = jax.value_and_grad(part_of_loss, argnums=1)(net, memory.params, *batch, weights)
            vector, apart = ravel_pytree(part)
            loss, gradients = apart(lax.psum(vector, AXIS))
            return updated(optimizer, memory, gradients), loss

        return lax.scan(step, memory, (x, y))

    spread = jax.shard_map(
        loop, mesh=place, in_specs=(WHOLE, ROWS, ROWS, EACH), out_specs=(WHOLE, WHOLE),
        check_vma=False,
    )  # fmt: skip
    return spread(memory, x, y, weights)


def blocks(order: Array, batch_size: int) -> Iterator[Array]:
    """The row numbers of an epoch, each (batches, batch_size), in portions."""
    together = max(1, BLOCK // batch_size)
    for batches in in_batches(order, batch_size):
        for first in range(0, len(batches), together):
            yield batches[first : first + together]


class JaxWorkers(Workers, JaxModel):
    """A network whose memory is the same on every worker, and whose batches are spread."""

    lost = LOST

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        losses = []
        for rows in blocks(order, batch_size):
            mine, weights = filled(self.world, rows.shape[1], self.dtype)
            batches = self._spread(x[rows[:, mine]]), self._spread(y[rows[:, mine]])
            with self.world.together(LOST):
                memory, part = steps(
                    mesh(), self.net, self.optimizer, jax.tree.map(whole, self._memory),
                    *batches, self._spread(weights, EACH),
                )  # fmt: skip
                losses.append(np.array(own(part)))  # waits: XLA runs ahead of Python
            self._memory = jax.tree.map(own, memory)
        return np.concatenate(losses)

    def _spread(self, rows: Array, spec: PartitionSpec = ROWS) -> Tensor:
        """This worker's rows, as its part of everybody's."""
        return jax.make_array_from_process_local_data(NamedSharding(mesh(), spec), rows)

    @staticmethod
    def total(values: Array) -> Array:
        return total(values)


MODEL = JaxWorkers
