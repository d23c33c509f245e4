"""How TensorFlow's processes meet and sum, for TensorFlow itself and for Keras on it.

What to know when comparing: the strategy takes its workers from TF_CONFIG, in the environment, and
refuses to begin after the runtime has; its gRPC server listens on every network interface, whatever
address it is given; and a strategy without TF_CONFIG trains alone, in silence.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from adapters.contract import Array
from adapters.parallel import LATER, World

Tensor = Any  # TensorFlow ships no types
Strategy = Any
LOST = (tf.errors.OpError, RuntimeError)


def meet(world: World) -> Strategy:
    """The strategy of all workers, once they have met."""
    task = {"type": "worker", "index": world.rank}
    cluster = {"worker": list(world.addresses)}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    experimental = tf.distribute.experimental
    return tf.distribute.MultiWorkerMirroredStrategy(
        communication_options=experimental.CommunicationOptions(
            implementation=experimental.CommunicationImplementation.RING,
            timeout_seconds=world.timeout + LATER,
        )
    )


def summed(
    strategy: Strategy, part: Callable[..., Sequence[Tensor]], *args: Tensor
) -> list[Tensor]:
    """What `part` returns, summed over the workers: ReduceOp.SUM, and the same on each of them."""

    def run(*mine: Tensor) -> Any:
        replica = tf.distribute.get_replica_context()
        return replica.all_reduce(tf.distribute.ReduceOp.SUM, list(part(*mine)))

    return list(strategy.run(run, args))


def total(strategy: Strategy, values: Array) -> Array:
    """The sum of every worker's values (n,)."""
    (found,) = summed(strategy, lambda mine: [mine], tf.constant(values))
    return found.numpy().copy()
