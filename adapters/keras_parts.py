"""The parts that Keras lacks for a comparison, as small subclasses of Keras's own classes.

Batches in a given order for `fit`, losses over the places of a sequence, a model that records the
loss of every batch, an L2 penalty with the factor ½, an optimizer that stores gradients, Adam as
published, and a layer that computes a function of scalar weights. Only batches and a table's
gradient depend on Keras's backend.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from adapters.contract import Adam, Array, Net

Tensor = Any  # of whichever framework Keras runs on


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """The rows of an epoch, batch by batch, gathered when `fit` asks for them."""

    def __init__(self, x: Array, y: Array, order: Array, batch_size: int) -> None:
        super().__init__()
        self.x, self.y = x, y
        self.rows = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, i: int) -> tuple[Array, ...]:
        return self.x[self.rows[i]], self.y[self.rows[i]]


def batched(x: Array, y: Array, order: Array, batch_size: int) -> Any:
    """Batches for `fit`, which would take longer to slice them out of whole arrays."""
    if keras.backend.backend() == "tensorflow":  # its own datasets run inside the compiled epoch
        import tensorflow as tf

        # Gathered by TensorFlow, which would copy arrays gathered by NumPy once more.
        rows = tf.gather(x, order), tf.gather(y, order)
        return tf.data.Dataset.from_tensor_slices(rows).batch(batch_size)
    return Batches(x, y, order, batch_size)


def over_places(
    net: Net, loss: Callable[[Tensor, Tensor], Tensor]
) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of each row (n,), or of each place of a sequence (n, length), for any network."""

    def of_places(y: Tensor, z: Tensor) -> Tensor:
        targets = (-1,) if net.loss == "softmax" else (-1, net.n_out)
        # Keras has dropped the last axis of scores (n, length, 1) where targets have no such axis.
        losses = loss(ops.reshape(y, targets), ops.reshape(z, (-1, net.n_out)))
        return ops.reshape(losses, (-1, *net.outputs[-1][:-1]))

    return of_places if len(net.outputs[-1]) > 1 else loss


class LossHistory(keras.metrics.Metric):  # type: ignore[misc]
    """The loss of every batch since the last reset; Keras itself keeps only a running mean."""

    def __init__(self, room: int) -> None:
        super().__init__(name="loss")
        self.losses = self.add_weight(shape=(room,), initializer="zeros", name="losses")
        self.count = self.add_weight(shape=(), initializer="zeros", dtype="int32", name="count")

    def update_state(self, loss: Tensor) -> None:
        place = ops.reshape(self.count, (1, 1))
        self.losses.assign(ops.scatter_update(self.losses, place, ops.reshape(loss, (1,))))
        self.count.assign_add(1)

    def result(self) -> Tensor:
        return self.losses[self.count - 1]  # the last one


class RecordedModel(keras.Sequential):  # type: ignore[misc]
    """A Sequential that records the loss of each batch in `compute_loss`."""

    def __init__(self, layers: Sequence[Any]) -> None:
        super().__init__(layers)
        self.history_of_losses = LossHistory(room=1)

    @property
    def metrics(self) -> list[Any]:
        return [self.history_of_losses]

    def compute_loss(self, *args: Any, **kwargs: Any) -> Tensor:
        loss = super().compute_loss(*args, **kwargs)  # with the L2 penalties
        self.history_of_losses.update_state(loss)
        return loss

    def make_room(self, batches: int) -> None:
        """Make room for the losses of an epoch; more room needs a new variable and a new trace."""
        (room,) = self.history_of_losses.losses.shape
        if batches > room:
            self.history_of_losses = LossHistory(room=batches)
            self.make_train_function(force=True)
            self.make_test_function(force=True)

    def train_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        self.reset_metrics()  # Keras does so itself only since 3.15
        return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        self.reset_metrics()
        return super().test_on_batch(*args, **kwargs)

    def last_losses(self, batches: int) -> Array:
        """The losses (batches,) of the last call of `fit` or on a batch."""
        return np.array(ops.convert_to_numpy(self.history_of_losses.losses)[:batches])

    def last_loss(self) -> float:
        """The loss of the last call on one batch."""
        return float(self.last_losses(1).item())


class HalfSquares(keras.regularizers.Regularizer):  # type: ignore[misc]
    """The penalty ½ · l2 · Σ W² of a kernel."""

    def __init__(self, l2: float) -> None:
        self.l2 = l2

    def __call__(self, w: Tensor) -> Tensor:
        return ops.sum(ops.square(w)) * (self.l2 / 2)


def as_tensor(gradient: Tensor) -> Tensor:
    """A gradient as a tensor; on TensorFlow a table's is IndexedSlices.

    These list the rows that were taken. One that was taken twice is there twice, to be added.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.convert_to_tensor(gradient)
    return gradient


def slots(optimizer: Any, variables: list[Any], name: str) -> list[Any]:
    """A slot of zeros for each variable, by a call that every Keras 3 has."""
    return [optimizer.add_variable_from_reference(one, name=name) for one in variables]


class GradientProbe(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Stores the gradients and moves nothing, because Keras has no gradient call."""

    def __init__(self) -> None:
        super().__init__(learning_rate=np.nan, name="gradient_probe")  # required, never used

    def build(self, variables: list[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.gradients = slots(self, variables, "gradient")

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        self.assign(self.gradients[self._get_variable_index(variable)], as_tensor(gradient))


class KingmaBaAdam(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Algorithm 1 of Kingma & Ba, with ε outside the corrected root.

    1 − βᵗ is computed as −expm1(t·log β), which is exact enough in float32 even where βᵗ is near 1,
    and runs inside the compiled epoch, where the step count is a tensor.
    """

    def __init__(self, o: Adam, exact: Callable[[float], float]) -> None:
        super().__init__(learning_rate=exact(o.learning_rate), name="kingma_ba_adam")
        self.beta_1, self.beta_2, self.epsilon = exact(o.beta_1), exact(o.beta_2), exact(o.epsilon)
        self.rest_1, self.rest_2 = exact(1 - o.beta_1), exact(1 - o.beta_2)
        with np.errstate(divide="ignore"):  # log 0 is −∞, and e^(−∞) is 0 again
            self.log_1, self.log_2 = exact(np.log(o.beta_1)), exact(np.log(o.beta_2))

    def build(self, variables: list[Any]) -> None:
        if self.built:
            return
        super().build(variables)
        self.first_moments = slots(self, variables, "first_moment")
        self.second_moments = slots(self, variables, "second_moment")

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        i, gradient = self._get_variable_index(variable), as_tensor(gradient)
        m, v = self.first_moments[i], self.second_moments[i]
        t = ops.cast(self.iterations + 1, variable.dtype)
        self.assign(m, m * self.beta_1 + gradient * self.rest_1)
        self.assign(v, v * self.beta_2 + gradient * gradient * self.rest_2)
        m_hat = m / -ops.expm1(t * self.log_1)
        v_hat = v / -ops.expm1(t * self.log_2)
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, rate * m_hat / (ops.sqrt(v_hat) + self.epsilon))


class ScalarFunction(keras.Layer):  # type: ignore[misc]
    """A layer with scalar weights whose output is a function f of them, in its input's shape."""

    def __init__(self, f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> None:
        super().__init__()
        self.f, self.at = f, at

    def build(self, input_shape: Any) -> None:
        # np.float64, because Keras rounds a Python float to float32, even in a float64 run.
        starts = [keras.initializers.Constant(np.float64(value)) for value in self.at]
        self.scalars = [self.add_weight(shape=(), initializer=start) for start in starts]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape  # else Keras would call f on symbols, on which an `if` fails

    def call(self, x: Tensor) -> Tensor:
        scalars = [ops.convert_to_tensor(scalar) for scalar in self.scalars]
        # A weight that f does not use has no gradient in Keras; the sum gives it a gradient of 0.
        return ops.reshape(self.f(scalars) + 0 * sum(scalars), ops.shape(x))


def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
    """A layer has the parameters as weights and f as output; a probe stores the gradients."""
    model = RecordedModel([ScalarFunction(f, at)])
    model.compile(GradientProbe(), lambda y, z: z, run_eagerly=True)
    dummy = np.zeros((1, 1))  # only its shape matters
    model.train_on_batch(dummy, dummy)
    gradients = np.array([np.array(ops.convert_to_numpy(g)) for g in model.optimizer.gradients])
    return model.last_loss(), gradients
