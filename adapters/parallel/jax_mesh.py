"""JAX's workers as one mesh, over gloo; for JAX and for Keras on JAX.

What to know: the coordinator listens on every network interface unless it is given an address, and
gloo on the address of the machine's name; both get the worker's own address here. Gloo takes it as
an argument that no setting of JAX reaches, so the CPU client is created here. A worker that loses
the coordinator is aborted from C++.
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
from adapters.parallel import GRACE, World

LOST = (RuntimeError, ValueError)  # JAX's own errors are RuntimeErrors, but its time-outs are not
AXIS = "workers"
SHARDED, REPLICATED = PartitionSpec(AXIS), PartitionSpec()  # a row per worker; the same on all


def connect(world: World) -> None:
    """Connect the workers; must be called before the first array is created."""
    patience = int(world.timeout + GRACE)
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
    """All workers along one axis."""
    return Mesh(np.array(jax.devices()), (AXIS,))


def replicated(array: Any) -> Any:
    """This worker's array as a global array that is the same on all workers."""
    place = NamedSharding(mesh(), REPLICATED)
    return jax.make_array_from_single_device_arrays(array.shape, place, [array])


def local_copy(array: Any) -> Any:
    """This worker's copy of a replicated array."""
    return array.addressable_data(0)


def padded_share(world: World, n: int, dtype: Any) -> tuple[Array, Array]:
    """This worker's row numbers of a batch of n rows, and their weights; padded with weight 0.

    Both have the same length on every worker; the weights of all workers sum to 1.
    """
    rows, share = world.share(np.arange(n))
    length = -(-n // world.size)
    weights = np.zeros(length, dtype)
    weights[: len(rows)] = share / len(rows)
    return np.resize(rows, length), weights


def total(values: Array) -> Array:
    """The sum of every worker's values (n,), on each worker."""
    local = jax.make_array_from_process_local_data(NamedSharding(mesh(), SHARDED), values[None])
    add = jax.jit(lambda rows: rows.sum(0), out_shardings=NamedSharding(mesh(), REPLICATED))
    return np.array(local_copy(add(local)))
