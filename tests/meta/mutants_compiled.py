"""Mistakes that programmers of JAX, TensorFlow and PyTensor make, which compile what they run."""

from __future__ import annotations

from tests.meta.loading import Mutant

# Mistakes that a JAX programmer makes.

JAX = [
    Mutant(
        "sum for mean", "row_losses(net, params, x, y).mean()",
        "row_losses(net, params, x, y).sum()", "loss",
        "Under SGD a sum is a learning rate times the size of the batch.", "line",
    ),
    Mutant(
        "relu by maximum", '"relu": jax.nn.relu', '"relu": lambda z: jnp.maximum(z, 0)',
        "relu_at_zero", "The gradient of a maximum at a tie is ½ in JAX; jax.nn.relu's is 0.",
        file="jax_layers",
    ),
    Mutant(
        "perceptron by maximum", "jnp.where(y * z <= 0, -y * z, 0)", "jnp.maximum(-y * z, 0)",
        "perceptron_tie", "At a tie half of the gradient is lost.", "perceptron",
    ),
    Mutant(
        "softmax overflows", "jax.nn.logsumexp(z, axis=1)", "jnp.log(jnp.exp(z).sum(1))",
        "extreme_scores", "exp(1000) is infinite; take the largest score out first.",
    ),
    Mutant(
        "logistic overflows", "jax.nn.softplus(z) - y * z", "jnp.log(1 + jnp.exp(z)) - y * z",
        "extreme_scores", "log(1 + exp(z)) is z, long before exp(z) is infinite.",
    ),
    Mutant(
        "L2 without its half", "return 0.5 * net.l2", "return net.l2", "loss",
        "½·λ·W² has the derivative λ·W.", "softmax",
    ),
    Mutant(
        "L2 on biases", "kernels = (params[i] for i in net.penalized)", "kernels = iter(params)",
        "loss",
        "A bias only shifts; it is not penalised.", "softmax",
    ),
    Mutant(
        "dampening", "v = o.momentum * v + g",
        "v = o.momentum * v + (1 - o.momentum) * g", "step",
        "With (1 − μ)·g the same η is a smaller step.", "softmax",
    ),
    Mutant(
        "Nesterov without μ", "(g + o.momentum * v if", "(g + v if", "step",
        "The look-ahead is as long as the friction allows.", "logistic",
    ),
    Mutant(
        "ε inside the root", "(jnp.sqrt(v_hat) + o.epsilon)", "jnp.sqrt(v_hat + o.epsilon)",
        "step", "Under the root, ε acts as its own square root.", "mixed",
    ),
    Mutant(
        "βᵗ in 32 bits", "t = t.astype(jnp.float64)\n    m_hat",
        "t = t.astype(jnp.float32)\n    m_hat", "first_adam_steps",
        "1 − 0.999 in float32 is wrong in the fifth digit.", "tanh",
    ),
    Mutant(
        "Adam's t off by one", "t, update = memory.t + 1,", "t, update = memory.t + 2,",
        "first_adam_steps", "The first step is step one.", "tanh",
    ),
    Mutant(
        "the new slots forgotten", "[slots for _, slots in pairs], t)",
        "memory.slots, t)", "step",
        "A pure function changes nothing: what it does not return is lost.", "softmax",
    ),
    Mutant(
        "the new memory forgotten",
        "self._memory, loss = step(", "_, loss = step(", "step",
        "Nothing is changed in place: the result must be kept.", "line",
    ),
    Mutant(
        "last batch dropped", "parts = in_batches(order, batch_size)",
        "parts = in_batches(order, batch_size)[:1]", "epoch_equals_steps",
        "Rows that fill no batch are rows too.", "line",
    ),
    Mutant(
        "targets not in the order", "x[rows], y[rows])", "x[rows], y[jnp.sort(rows)])",
        "epoch_equals_steps", "Images and labels must be shuffled together.", "line",
    ),
    Mutant(
        "labels clamped", "y[:, None], axis=1).ravel()",
        "jnp.minimum(y, z.shape[1] - 2)[:, None], axis=1).ravel()", "loss",
        "JAX clamps an index that is out of range, and says nothing.", "softmax",
    ),
    Mutant(
        "slots not restored", 'tuple(state[f"{name}_{i}"] for name in names)',
        'tuple(0 * state[f"{name}_{i}"] for name in names)', "state_continues",
        "Weights alone are half a checkpoint.", "softmax",
    ),
    Mutant(
        "t not restored", 'slots, state["step"])', "slots, np.array(0))", "state_continues",
        "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "64 bits left off", "return [_array(a) for a in layers(",
        "return [_array(a.astype(jnp.float32)) for a in layers(", "dtypes",
        "JAX computes in 32 bits unless told otherwise, whatever comes in.", "line", "float64",
    ),
]  # fmt: skip


# Mistakes that a TensorFlow programmer makes.

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
        "L2 on biases", "kernels = [self._variables[i] for i in self.net.penalized]",
        "kernels = self._variables", "loss",
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


# Mistakes that a PyTensor programmer makes, as Theano's did.

PYTENSOR = [
    Mutant(
        "sum for mean", "LOSSES[self.net.loss](z, y).mean()", "LOSSES[self.net.loss](z, y).sum()",
        "loss", "Under SGD a sum is a learning rate times the size of the batch.", "line",
    ),
    Mutant(
        "relu with a gradient at zero", "pt.switch(z > 0, z, 0)", "pt.switch(z >= 0, z, 0)",
        "relu_at_zero", "At zero the unit is off: its gradient is 0.",
        file="pytensor_layers",
    ),
    Mutant(
        "perceptron without its ties", "pt.switch(y * z <= 0,", "pt.switch(y * z < 0,",
        "perceptron_tie", "A score of zero is a mistake, or nothing is ever learned from zeros.",
        "perceptron",
    ),
    Mutant(
        "softmax over the wrong axis", "pt.special.log_softmax(z, axis=1)",
        "pt.special.log_softmax(z, axis=0)", "loss",
        "The shares of one row's classes sum to 1, not those of one class's rows.", "softmax",
    ),
    Mutant(
        "one label for all rows", "[pt.arange(y.shape[0]), y]", "[pt.arange(y.shape[0]), y[0]]",
        "loss", "Indices broadcast where shapes allow it, and nobody is told.", "softmax",
    ),
    Mutant(
        "L2 without its half", "loss += 0.5 * self.net.l2", "loss += self.net.l2", "loss",
        "½·λ·W² has the derivative λ·W.", "softmax",
    ),
    Mutant(
        "L2 on biases", "[self._shared[i] for i in self.net.penalized]", "self._shared", "loss",
        "A bias only shifts; it is not penalised.", "softmax",
    ),
    Mutant(
        "dampening", "v = o.momentum * old + g",
        "v = o.momentum * old + (1 - o.momentum) * g", "step",
        "With (1 − μ)·g the same η is a smaller step.", "softmax",
    ),
    Mutant(
        "the old velocity moves the weights", "(g + o.momentum * v if o.nesterov else v), [v]",
        "(g + o.momentum * v if o.nesterov else old), [v]", "step",
        "Updates are simultaneous: a shared variable in them is the one of before.", "softmax",
    ),
    Mutant(
        "Nesterov without μ", "(g + o.momentum * v if", "(g + v if", "step",
        "The look-ahead is as long as the friction allows.", "logistic",
    ),
    Mutant(
        "ε inside the root", "(pt.sqrt(v_hat) + o.epsilon)", "pt.sqrt(v_hat + o.epsilon)",
        "step", "Under the root, ε acts as its own square root.", "mixed",
    ),
    Mutant(
        "β in 32 bits", "np.float64(o.beta_2) ** t", "np.float32(o.beta_2) ** t",
        "first_adam_steps", "1 − 0.999 from a rounded β₂ is wrong in the fifth digit.", "tanh",
    ),
    Mutant(
        "Adam's t is the old one", "updates, t = [(self._t, self._t + 1)], self._t + 1",
        "updates, t = [(self._t, self._t + 1)], self._t", "first_adam_steps",
        "In an update a shared variable still has its old value: 1 − β⁰ is 0.", "tanh",
    ),
    Mutant(
        "t never counted", "updates, t = [(self._t, self._t + 1)], self._t + 1",
        "updates, t = [], self._t + 1", "step",
        "A variable changes only where an update says so.", "tanh",
    ),
    Mutant(
        "targets not in the order", "self._step(x[rows], y[rows])",
        "self._step(x[rows], y[np.sort(rows)])", "epoch_equals_steps",
        "Images and labels must be shuffled together.", "line",
    ),
    Mutant(
        "last batch dropped", "range(0, len(order), batch_size)]",
        "range(0, len(order) - batch_size + 1, batch_size)]", "epoch_equals_steps",
        "Rows that fill no batch are rows too.", "line",
    ),
    Mutant(
        "slots not restored", "                v.set_value(array)", "                pass",
        "state_continues", "Weights alone are half a checkpoint.", "softmax",
    ),
    Mutant(
        "t not restored", 'float(state["step"])', "0.0", "state_continues",
        "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "borrowed weights", "return [w.get_value() for w in self._shared]",
        "return [w.get_value(borrow=True) for w in self._shared]", "copies_out",
        "Who borrows the model's own array can change it, and sees it change.", "line",
    ),
]  # fmt: skip
