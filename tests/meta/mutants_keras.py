"""Mistakes that a Keras programmer makes, and leaks of precision that Keras has by itself."""

from __future__ import annotations

from tests.meta.loading import Mutant

KERAS = [
    Mutant(
        "constants as plain floats",
        'np.float64(value) if self.dtype == "float64" else float(value)',
        "float(value)", "step",
        "Keras casts Python floats through float32: 0.9 becomes 0.89999998.", "softmax", "float64",
    ),
    Mutant(
        "a loss object of another precision",
        "    return ops.sparse_categorical_crossentropy(y, scores(z), from_logits=True)",
        "    made = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype='float32')\n"
        "    return ops.cast(made.call(y, ops.cast(z, made.dtype)), z.dtype)", "loss",
        "A loss made before set_floatx stays in float32, silently.", "softmax", "float64",
    ),
    Mutant(
        "from probabilities", "(y, scores(z), from_logits=True), axis=1)",
        "(y, 1 * ops.sigmoid(z)), axis=1)", "loss",
        "Keras clips probabilities to [1e-7, 1 − 1e-7], so the loss ends at 16.1. (Without the "
        "product Keras finds the sigmoid in TensorFlow's graph, and takes its scores.)", "logistic",
    ),
    Mutant(
        "stock mean squared error", "return ops.sum(ops.square(z - y), axis=1)",
        "return ops.mean(ops.square(z - y), axis=1)", "loss",
        "Keras averages over the outputs too.", "mixed",
    ),
    Mutant(
        "Keras's own Adam", "return KingmaBaAdam(o, exact)",
        "opt = keras.optimizers.Adam(o.learning_rate, o.beta_1, o.beta_2, o.epsilon)\n"
        "    build = opt.build\n"
        "    def built(v):\n        build(v)\n"
        "        opt.first_moments, opt.second_moments = opt._momentums, opt._velocities\n"
        "    opt.build = built\n    return opt", "step",
        "Keras adds ε to the uncorrected root.", "mixed",
    ),
    Mutant(
        "L2 without the half", "* (self.l2 / 2)", "* self.l2", "loss",
        'Keras\'s "l2" is l2·Σ W².', "softmax", file="keras_parts",
    ),
    Mutant(
        "L2 on biases", "kernel_regularizer=penalty,\n    )\n\n\ndef conv2d",
        "kernel_regularizer=penalty,\n        bias_regularizer=penalty,\n    )\n\n\ndef conv2d",
        "loss", "A bias only shifts; it is not penalised.", "softmax", file="keras_layers",
    ),
    Mutant(
        "rows shuffled", "batched(x, y, order, batch_size)",
        "batched(x, y, np.random.default_rng(0).permutation(order), batch_size)",
        "epoch_equals_steps", "It is fit's default: the order is then no longer ours.", "line",
    ),
    Mutant(
        "order ignored", "batched(x, y, order, batch_size)",
        "batched(x, y, np.arange(len(order)) % len(x), batch_size)",
        "epoch_equals_steps", "The order of the rows is part of the experiment.", "line",
    ),
    Mutant(
        "velocity with Keras's sign", "velocity = -momentum / rate", "velocity = momentum / rate",
        "state_names", "Keras keeps −η·v.", "softmax",
    ),
    Mutant(
        "velocity with the rate inside",
        "ours = rounding - rate * state[f\"velocity_{i}\"]",
        "ours = -state[f\"velocity_{i}\"]", "state_names",
        "With η inside, a lowered learning rate leaves old velocities too large.", "softmax",
    ),
    Mutant(
        "velocity of the old rate", "self.restore(state)  # the velocity has the rate inside",
        "pass", "lower_learning_rate",
        "Keras's velocity has the rate at which it was gathered inside.", "softmax",
    ),
    Mutant(
        "rounding of the velocity dropped", "rounding = rate * state[f\"velocity_{i}_remainder\"]",
        "rounding = 0.0", "state_continues",
        "−η·v ÷ η · η is not always −η·v: the last bit needs a place of its own.", "softmax",
    ),
    Mutant(
        "t not restored", '            self.optim.iterations.assign(int(state["step"]))\n', "",
        "state_continues", "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "softmax as the last activation", "a = layer(a)  # (n, …)",
        "a = layer(a) if layer is not self.model.layers[-1] else ops.softmax(layer(a))", "forward",
        "Scores are before the softmax.", "softmax",
    ),
    Mutant(
        "the probe moves the weights",
        "self.assign(self.gradients[self._get_variable_index(variable)], as_tensor(gradient))",
        "self.assign(self.gradients[self._get_variable_index(variable)], as_tensor(gradient))\n"
        "        self.assign_sub(variable, 0.125 * gradient)",
        "reading_changes_nothing", "A look at the gradients must leave the model as it is.", "line",
        file="keras_parts",
    ),
    Mutant(
        "the probe adds up",
        "self.assign(self.gradients[self._get_variable_index(variable)], as_tensor(gradient))",
        "self.assign_add(self.gradients[self._get_variable_index(variable)], as_tensor(gradient))",
        "nothing_remembered", "Read twice, the second answer is the sum of both.", "line",
        file="keras_parts",
    ),
    Mutant(
        "running means",
        "ops.scatter_update(self.losses, place, ops.reshape(loss, (1,)))",
        "ops.scatter_update(self.losses, place, ops.reshape((loss + self.result() * ops.cast("
        "self.count, loss.dtype)) / ops.cast(self.count + 1, loss.dtype), (1,)))",
        "epoch_equals_steps", "What fit reports is the mean of the epoch so far.", "line",
        file="keras_parts",
    ),
    Mutant(
        "Adam's t off by one", "t = ops.cast(self.iterations + 1, variable.dtype)",
        "t = ops.cast(self.iterations + 2, variable.dtype)", "first_adam_steps",
        "The first step is step one, though Keras counts from zero.", "tanh", file="keras_parts",
    ),
    Mutant(
        "ε before the correction", "(ops.sqrt(v_hat) + self.epsilon)",
        "((ops.sqrt(v) + self.epsilon) / ops.sqrt(-ops.expm1(t * self.log_2)))", "step",
        "Added to the uncorrected root, ε weighs up to 30 times more at the start.", "mixed",
        file="keras_parts",
    ),
    Mutant(
        "1 − β in the run's precision", "exact(1 - o.beta_1), exact(1 - o.beta_2)",
        "exact(1 - float(np.float32(o.beta_1))), exact(1 - float(np.float32(o.beta_2)))",
        "first_adam_steps",
        "1 − 0.999 from a rounded β₂ is wrong in the fifth digit.", "tanh", file="keras_parts",
    ),
]  # fmt: skip

# TensorFlow's own datasets come as they are, but others `fit` shuffles batch by batch; of two
# batches it leaves every second shuffle as it was, of a hundred none.
SHUFFLED = Mutant(
    "fit shuffles", "shuffle=False, verbose=0", "shuffle=True, verbose=0", "long_epoch",
    "It is Keras's default: the order is then no longer ours.",
)  # fmt: skip

# On torch and JAX Keras hands Python floats on as they are.
LEAKS = [mutant for mutant in KERAS if mutant.name == "constants as plain floats"]
