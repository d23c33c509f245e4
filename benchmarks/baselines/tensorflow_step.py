"""TensorFlow: its quickstart for experts, a tf.data pipeline and one tf.function step per batch.

After https://www.tensorflow.org/tutorials/quickstart/advanced, which takes layers, loss and
optimizer from tf.keras, and shuffles with a buffer of 10,000.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Script:
    """A Sequential of tf.keras, trained by a custom step."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None:
        n_in, *widths, n_out = problem.widths
        hidden = [tf.keras.layers.Dense(n, activation="relu") for n in widths]
        self.model = tf.keras.Sequential(
            [tf.keras.Input((n_in,)), *hidden, tf.keras.layers.Dense(n_out)]
        )
        self.model.set_weights(problem.params)
        self.loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.optimizer = tf.keras.optimizers.SGD(problem.learning_rate)
        rows = slice(None) if order is None else order
        data = tf.data.Dataset.from_tensor_slices((problem.x[rows], problem.y[rows]))
        data = data.shuffle(10_000) if order is None else data
        self.train_ds = data.batch(problem.batch_size)

    @tf.function
    def train_step(self, images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            predictions = self.model(images, training=True)
            loss = self.loss_object(labels, predictions)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        return loss

    def epoch(self) -> Array:
        losses = [self.train_step(images, labels) for images, labels in self.train_ds]
        return np.array([loss.numpy() for loss in losses])

    def params(self) -> Params:
        return [np.array(w) for w in self.model.get_weights()]
