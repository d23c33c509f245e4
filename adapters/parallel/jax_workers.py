"""JAX on several workers: `shard_map` and `psum` inside the compiled loop, over gloo.

What to know when comparing: all workers run one program on global arrays, of which each worker
holds the same number of rows, so shorter shares are padded with rows of weight 0. JAX sends array
by array, and all workers wait for each, so loss and gradients travel as one vector. That takes
`check_vma=False`: by default JAX tracks which arrays are the same on all workers, and would already
have summed their gradients.
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
from adapters.jax_adapter import JaxModel, Memory, Tensor, penalty, row_losses, updated
from adapters.parallel import Workers, World, check_size
from adapters.parallel.jax_mesh import (
    AXIS,
    LOST,
    REPLICATED,
    SHARDED,
    connect,
    local_copy,
    mesh,
    padded_share,
    replicated,
    total,
)
from adapters.validation import as_batch, as_order, in_batches

ROWS = PartitionSpec(None, AXIS)  # every worker has some rows of each batch
BLOCK = 4096  # rows per compiled call; between calls a lost worker is noticed


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Connect the workers before the first array is created, then configure the process."""
    JaxWorkers.world = world
    with environment.without_chatter(STDOUT), world.collective(LOST):  # gloo prints its peers
        connect(world)
        place = jax_adapter.configure_device(dtype, device, threads)
        check_size(JaxWorkers, jax.device_count())
    return place


def part_of_loss(net: Net, params: list[Tensor], x: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """This worker's part of a batch's loss: the weighted sum over its rows."""
    part = (weights * row_losses(net, params, x, y)).sum()
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
            vector, unravel = ravel_pytree(part)
            loss, gradients = unravel(lax.psum(vector, AXIS))
            return updated(optimizer, memory, gradients), loss

        return lax.scan(step, memory, (x, y))

    sharded_loop = jax.shard_map(
        loop, mesh=place, in_specs=(REPLICATED, ROWS, ROWS, SHARDED),
        out_specs=(REPLICATED, REPLICATED), check_vma=False,
    )  # fmt: skip
    return sharded_loop(memory, x, y, weights)


def blocks(order: Array, batch_size: int) -> Iterator[Array]:
    """The row numbers of an epoch in blocks, each (batches, batch_size)."""
    length = max(1, BLOCK // batch_size)
    for batches in in_batches(order, batch_size):
        for first in range(0, len(batches), length):
            yield batches[first : first + length]


class JaxWorkers(Workers, JaxModel):
    """A network whose memory is replicated on every worker, and whose batches are sharded."""

    lost = LOST

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        losses = []
        for rows in blocks(order, batch_size):
            mine, weights = padded_share(self.world, rows.shape[1], self.dtype)
            batches = self._shard(x[rows[:, mine]]), self._shard(y[rows[:, mine]])
            with self.world.collective(LOST):
                memory, part = steps(
                    mesh(), self.net, self.optimizer, jax.tree.map(replicated, self._memory),
                    *batches, self._shard(weights, SHARDED),
                )  # fmt: skip
                losses.append(np.array(local_copy(part)))  # waits: XLA runs ahead of Python
            self._memory = jax.tree.map(local_copy, memory)
        return np.concatenate(losses)

    def _shard(self, rows: Array, spec: PartitionSpec = ROWS) -> Tensor:
        """This worker's rows as its shard of a global array."""
        return jax.make_array_from_process_local_data(NamedSharding(mesh(), spec), rows)

    @staticmethod
    def total(values: Array) -> Array:
        return total(values)


MODEL = JaxWorkers
