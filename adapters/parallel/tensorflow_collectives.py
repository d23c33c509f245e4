"""Connecting and summing over TensorFlow's workers, for TensorFlow and for Keras on it.

What to know when comparing: the strategy reads its workers from TF_CONFIG in the environment, and
must be created before the runtime starts; its gRPC server listens on every network interface,
whatever address it is given; and without TF_CONFIG a strategy silently trains alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from adapters.contract import Array
from adapters.parallel import GRACE, World

Tensor = Any  # TensorFlow ships no types
Strategy = Any
LOST = (tf.errors.OpError, RuntimeError)


def connect(world: World) -> Strategy:
    """Connect the workers and return their strategy."""
    task = {"type": "worker", "index": world.rank}
    cluster = {"worker": list(world.addresses)}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    experimental = tf.distribute.experimental
    return tf.distribute.MultiWorkerMirroredStrategy(
        communication_options=experimental.CommunicationOptions(
            implementation=experimental.CommunicationImplementation.RING,
            timeout_seconds=world.timeout + GRACE,
        )
    )


def summed(
    strategy: Strategy, part: Callable[..., Sequence[Tensor]], *args: Tensor
) -> list[Tensor]:
    """The tensors that `part` returns, summed over the workers, on each worker."""

    def run(*local: Tensor) -> Any:
        replica = tf.distribute.get_replica_context()
        return replica.all_reduce(tf.distribute.ReduceOp.SUM, list(part(*local)))

    return list(strategy.run(run, args))


def total(strategy: Strategy, values: Array) -> Array:
    """The sum of every worker's values (n,), on each worker."""
    (result,) = summed(strategy, lambda local: [local], tf.constant(values))
    return result.numpy().copy()
