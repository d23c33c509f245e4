"""How JAX's workers meet, for JAX and for Keras on it: one mesh, over gloo.

What to know: the coordinator listens on every network interface unless it is given an address, and
gloo at whatever address the machine's name has; both get the worker's own. Gloo takes it as an
argument that no setting of JAX reaches, so the client of the CPU is made here. Whoever loses the
coordinator is aborted from C++.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np
from jax._src import distributed, xla_bridge
from jax.extend.backend import register_backend_factory
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxlib import _jax

from adapters.contract import Array
from adapters.parallel import LATER, World

LOST = (RuntimeError, ValueError)  # JAX's own errors derive from the first, its time-outs not
AXIS = "workers"
EACH, WHOLE = PartitionSpec(AXIS), PartitionSpec()  # a row for each worker; the same on all


def meet(world: World) -> None:
    """Find the others, which has to come before the first array."""
    patience = int(world.timeout + LATER)
    jax.distributed.initialize(
        world.addresses[0], world.size, world.rank,
        coordinator_bind_address=world.addresses[0] if world.rank == 0 else None,
        cluster_detection_method="deactivate",
        initialization_timeout=patience, heartbeat_timeout_seconds=patience,
        shutdown_timeout_seconds=patience,
    )  # fmt: skip
    host = world.addresses[world.rank].rsplit(":", 1)[0]
    gloo = _jax.make_gloo_tcp_collectives(distributed.global_state.client, hostname=host)
    register_backend_factory(
        "cpu", partial(xla_bridge.make_cpu_client, gloo), priority=0, fail_quietly=False
    )


def mesh() -> Mesh:
    """All workers, in a row."""
    return Mesh(np.array(jax.devices()), (AXIS,))


def whole(array: Any) -> Any:
    """An array of this worker, as one that is the same on all."""
    place = NamedSharding(mesh(), WHOLE)
    return jax.make_array_from_single_device_arrays(array.shape, place, [array])


def own(array: Any) -> Any:
    """This worker's copy of an array that is the same on all."""
    return array.addressable_data(0)


def filled(world: World, n: int, dtype: Any) -> tuple[Array, Array]:
    """Which of a batch's n rows are this worker's, and what each counts; filled up with 0.

    Both are as long on every worker; what all rows of all workers count sums to 1.
    """
    mine, share = world.share(np.arange(n))
    room = -(-n // world.size)
    weights = np.zeros(room, dtype)
    weights[: len(mine)] = share / len(mine)
    return np.resize(mine, room), weights


def total(values: Array) -> Array:
    """The sum of every worker's values (n,), the same on each."""
    mine = jax.make_array_from_process_local_data(NamedSharding(mesh(), EACH), values[None])
    summed = jax.jit(lambda each: each.sum(0), out_shardings=NamedSharding(mesh(), WHOLE))(mine)
    return np.array(own(summed))
