"""Mistakes in gradients by hand and in the equations of the optimizers."""

from __future__ import annotations

from tests.meta.loading import Mutant

NUMPY = [
    Mutant(
        "sum for mean", "losses.mean() + self._penalty()), gradients",
        "losses.sum() + self._penalty()), gradients", "loss_before_update",
        "A summed loss grows with the batch, and its learning rate with it.",
    ),
    Mutant(
        "gradient of the sum", "gradient = gradient / len(x)", "gradient = gradient * 1",
        "central_differences", "The mean belongs to the gradient as well as to the loss.",
    ),
    Mutant(
        "relu'(0) = 1", "lambda a: a > 0)", "lambda a: a >= 0)", "relu_at_zero",
        "At its kink relu has no derivative; all backends take 0.",
    ),
    Mutant(
        "a tie is right", "mistake = y * z <= 0", "mistake = y * z < 0", "perceptron_tie",
        "Started at zero, such a perceptron never learns.", "perceptron",
    ),
    Mutant(
        "L2 dropped from the gradient", "kernel_gradient += self.net.l2 * w", "pass",
        "central_differences", "A penalty must be in loss, gradient and step.", "softmax",
    ),
    Mutant(
        "L2 without its half", "return 0.5 * self.net.l2", "return self.net.l2", "loss_definition",
        "½·λ·W² has the derivative λ·W.", "softmax",
    ),
    Mutant(
        "L2 on biases", "for w in self._params[::2] if", "for w in self._params if",
        "loss_definition", "A bias only shifts; it is not penalised.", "softmax",
    ),
    Mutant(
        "dampening", "    v += g\n", "    v += (1 - o.momentum) * g\n", "step",
        "With v ← μ·v + (1 − μ)·g the same η is a smaller step.",
    ),
    Mutant(
        "Nesterov without the gradient", "(g + o.momentum * v if", "(o.momentum * v if", "step",
        "Nesterov looks ahead from the gradient, not instead of it.", "logistic",
    ),
    Mutant(
        "ε inside the root", "(np.sqrt(v_hat) + o.epsilon)", "np.sqrt(v_hat + o.epsilon)", "step",
        "√(v + ε) is RMSprop's habit in some books; it is another algorithm.", "mixed",
    ),
    Mutant(
        "Adam's t starts at zero", "self.optimizer, w, g, slots, self._t)",
        "self.optimizer, w, g, slots, self._t - 1)", "first_adam_steps",
        "1 − β⁰ is 0, and the first step divides by it.", "tanh",
    ),
    Mutant(
        "no bias correction", "m / (1 - o.beta_1**t), v / (1 - o.beta_2**t)", "m, v",
        "first_adam_steps", "Moments that start at zero are too small at first.", "tanh",
    ),
    Mutant(
        "β through float32", "v *= o.beta_2", "v *= float(np.float32(o.beta_2))", "step",
        "0.999 as float32 is 0.99900001: seen only by a run in float64.", "tanh", "float64",
    ),
    Mutant(
        "kernel not transposed", "gradient = gradient @ w.T",
        "gradient = gradient @ w.reshape(w.T.shape)", "central_differences",
        "Backwards through X·W goes Wᵀ; a reshape fits as well, and is wrong.",
    ),
    Mutant(
        "stale activations", "1 - a * a)", "1 - a)", "central_differences",
        "The derivative of tanh from its value is 1 − a².", "tanh",
    ),
    Mutant(
        "last batch dropped", "range(0, len(order), batch_size)]",
        "range(0, len(order) - batch_size + 1, batch_size)]", "epoch_equals_steps",
        "Rows that fill no batch are rows too.",
    ),
    Mutant(
        "order ignored", "self._step(x[rows], y[rows]) for rows in batches",
        "self._step(x[i : i + batch_size], y[i : i + batch_size]) "
        "for i in range(0, len(order), batch_size) if i < len(x)",
        "epoch_equals_steps", "The order of the rows is part of the experiment.",
    ),
    Mutant(
        "params not copied", "[w.copy() for w in self._params]", "list(self._params)", "copies_out",
        "Who holds the model's own array can change it, and sees it change.",
    ),
    Mutant(
        "slots not restored",
        "self._slots = [slots_of(state, name, count) for name in self.optimizer.slots]", "pass",
        "state_continues", "Weights alone are half a checkpoint.",
    ),
    Mutant(
        "t not restored", 'self._t = int(state["step"])', "pass", "state_continues",
        "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "softmax overflows", "z = z - z.max(1, keepdims=True)", "z = z * 1", "extreme_scores",
        "exp(1000) is infinite; take the largest score out first.",
    ),
    Mutant(
        "softmax over the wrong axis", "total = odds.sum(1, keepdims=True)",
        "total = odds.sum(0, keepdims=True)", "loss_definition",
        "The shares of one picture's classes sum to 1, not those of one class's pictures.",
    ),
]  # fmt: skip
