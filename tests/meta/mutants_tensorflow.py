"""Mistakes that a TensorFlow programmer makes."""

from __future__ import annotations

from tests.meta.loading import Mutant

TENSORFLOW = [
    Mutant(
        "sum for mean", "loss = tf.reduce_mean(LOSSES", "loss = tf.reduce_sum(LOSSES", "loss",
        "A tape takes the gradient of a sum without asking.", "line",
    ),
    Mutant(
        "perceptron by maximum", "tf.where(y * z <= 0, -y * z, tf.zeros_like(z))",
        "tf.maximum(tf.zeros_like(z), -y * z)", "perceptron_tie",
        "TensorFlow's gradient of a maximum at a tie goes by the order of its arguments.",
        "perceptron",
    ),
    Mutant(
        "logistic labels flipped", "labels=y, logits=z), axis=1", "labels=1 - y, logits=z), axis=1",
        "loss", "It learns as fast, and predicts the opposite.", "logistic",
    ),
    Mutant(
        "L2 without its half", "loss += 0.5 * self.net.l2", "loss += self.net.l2", "loss",
        "½·λ·W² has the derivative λ·W.", "softmax",
    ),
    Mutant(
        "L2 on biases", "for w in self._variables[::2]:", "for w in self._variables:", "loss",
        "A bias only shifts; it is not penalised.", "softmax",
    ),
    Mutant(
        "dampening", "v.assign(o.momentum * v + g)",
        "v.assign(o.momentum * v + (1 - o.momentum) * g)",
        "step", "With (1 − μ)·g the same η is a smaller step.", "softmax",
    ),
    Mutant(
        "learning rate inside the velocity", "v.assign(o.momentum * v + g)",
        "v.assign(o.momentum * v + o.learning_rate * g)", "step",
        "η belongs to the update: inside the velocity it is applied twice.", "softmax",
    ),
    Mutant(
        "Nesterov without μ", "(g + o.momentum * v if", "(g + v if", "step",
        "The look-ahead is as long as the friction allows.", "logistic",
    ),
    Mutant(
        "ε before the correction", "(tf.sqrt(v_hat) + o.epsilon)",
        "((tf.sqrt(v) + o.epsilon) / tf.sqrt(v_hat / v) ** -1)", "step",
        "Added to the uncorrected root, ε weighs up to 30 times more at the start.", "mixed",
    ),
    Mutant(
        "no correction of the second moment", "v_hat = v / tf.cast(", "v_hat = v * tf.cast(",
        "step",
        "A quotient and a product look alike where βᵗ is small.", "mixed",
    ),
    Mutant(
        "Adam's t counted after its use", "t = self._t.assign_add(1)",
        "t = self._t.assign_add(1) - 1", "first_adam_steps",
        "1 − β⁰ is 0, and the first step divides by it.", "tanh",
    ),
    Mutant(
        "βᵗ in 32 bits", "tf.constant(o.beta_2, tf.float64) ** t",
        "tf.cast(tf.constant(o.beta_2, tf.float32), tf.float64) ** t", "first_adam_steps",
        "1 − 0.999 from a rounded β₂ is wrong in the fifth digit.", "tanh",
    ),
    Mutant(
        "loss after the update",
        "self._move(gradients)\n            return loss",
        "self._move(gradients)\n            return self._loss(x, y)",
        "loss_before_update", "The loss belongs to the weights that made the gradient.", "line",
    ),
    Mutant(
        "last batch dropped", "in_batches(order, batch_size))",
        "in_batches(order, batch_size)[:1])", "epoch_equals_steps",
        "Rows that fill no batch are rows too.", "line",
    ),
    Mutant(
        "targets not in the order", "tf.gather(y, rows)", "tf.gather(y, tf.sort(rows))",
        "epoch_equals_steps", "Images and labels must be shuffled together.", "line",
    ),
    Mutant(
        "slots not restored", "                variable.assign(array)", "                pass",
        "state_continues", "Weights alone are half a checkpoint.", "softmax",
    ),
    Mutant(
        "t not restored", '        self._t.assign(int(state["step"]))\n', "",
        "state_continues",
        "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "assign forgets the biases", "            w.assign(array)",
        "            w.assign(array if array.ndim == 2 else 0 * array)", "params_round_trip",
        "What is left out at a hand-over is rarely seen in the loss.", "line",
    ),
]  # fmt: skip
