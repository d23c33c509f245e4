"""The mutants of every backend, by its name; those of NumPy and PyTorch are here."""

from __future__ import annotations

from tests.meta.loading import Mutant
from tests.meta.mutants_compiled import JAX, PYTENSOR, TENSORFLOW
from tests.meta.mutants_keras import KERAS, LEAKS, SHUFFLED
from tests.meta.mutants_of_layers import OF_LAYERS

# Mistakes in gradients by hand and in the equations of the optimizers.

NUMPY = [
    Mutant(
        "sum for mean", "losses.mean() + self._penalty()), gradients",
        "losses.sum() + self._penalty()), gradients", "loss_before_update",
        "A summed loss grows with the batch, and its learning rate with it.",
    ),
    Mutant(
        "gradient of the sum", "(gradient / len(losses))", "(gradient * 1)",
        "central_differences", "The mean belongs to the gradient as well as to the loss.",
    ),
    Mutant(
        "relu'(0) = 1", "lambda a: a > 0)", "lambda a: a >= 0)", "relu_at_zero",
        "At its kink relu has no derivative; all backends take 0.", file="numpy_layers",
    ),
    Mutant(
        "a tie is right", "mistake = y * z <= 0", "mistake = y * z < 0", "perceptron_tie",
        "Started at zero, such a perceptron never learns.", "perceptron",
    ),
    Mutant(
        "L2 dropped from the gradient", "gradients[i] += self.net.l2 * self._params[i]", "pass",
        "central_differences", "A penalty must be in loss, gradient and step.", "softmax",
    ),
    Mutant(
        "L2 without its half", "return 0.5 * self.net.l2", "return self.net.l2", "loss_definition",
        "½·λ·W² has the derivative λ·W.", "softmax",
    ),
    Mutant(
        "L2 on biases", "kernels = (self._params[i] for i in self.net.penalized)",
        "kernels = iter(self._params)", "loss_definition",
        "A bias only shifts; it is not penalised.", "softmax",
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
        "kernel not transposed", "lambda: delta @ w.T", "lambda: delta @ w.reshape(w.T.shape)",
        "central_differences",
        "Backwards through X·W goes Wᵀ; a reshape fits as well, and is wrong.", file="numpy_layers",
    ),
    Mutant(
        "stale activations", "1 - a * a)", "1 - a)", "central_differences",
        "The derivative of tanh from its value is 1 − a².", "tanh", file="numpy_layers",
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


# Mistakes that a PyTorch programmer makes.

TORCH = [
    Mutant(
        "zero_grad forgotten", "        self.optim.zero_grad()\n", "", "state_continues",
        "backward adds to the gradients that are there.",
    ),
    Mutant(
        "gradients left in .grad",
        "gradients = torch.autograd.grad(loss, list(self.layers.parameters()))",
        "loss.backward()\n        gradients = [p.grad for p in self.layers.parameters()]",
        "nothing_remembered", "Read twice, the second answer is the sum of both.",
    ),
    Mutant(
        "stale gradient", "        loss.backward()\n        self.optim.step()\n",
        "        self.optim.step()\n        loss.backward()\n", "step",
        "The update must follow the backward pass it uses.",
    ),
    Mutant(
        "kernel not transposed", "self._tensor(array).permute(order)",
        "self._tensor(array).reshape([array.shape[axis] for axis in order])", "forward",
        "nn.Linear keeps (n_out, n_in); a reshape fits as well, and is wrong.",
    ),
    Mutant(
        "loss after the update", "        return loss.detach()",
        "        return self._loss(x, y).detach()",
        "loss_before_update", "The loss belongs to the weights that made the gradient.",
    ),
    Mutant(
        "dampening", "nesterov=o.nesterov)", "dampening=0.0 if o.nesterov else 0.1)", "step",
        "torch.optim.SGD scales the gradient by 1 − dampening from its second step on.",
    ),
    Mutant(
        "Nesterov ignored", "nesterov=o.nesterov)", "nesterov=False)", "step",
        "Momentum and Nesterov agree in velocity and part in the weights.", "logistic",
    ),
    Mutant(
        "weight_decay for L2", "momentum=o.momentum, nesterov",
        "momentum=o.momentum, weight_decay=0.1, nesterov",
        "step", "weight_decay also pulls at the biases.", "softmax",
    ),
    Mutant(
        "L2 on biases", "kernels = (parameters[i] for i in self.net.penalized)",
        "kernels = iter(parameters)", "loss_definition",
        "A bias only shifts; it is not penalised.", "softmax",
    ),
    Mutant(
        "Adam's default ε", "betas=(o.beta_1, o.beta_2), eps=o.epsilon",
        "betas=(o.beta_1, o.beta_2)",
        "step", "A default is not what was asked for.", "mixed",
    ),
    Mutant(
        "β through float32", "betas=(o.beta_1, o.beta_2)",
        "betas=(float(np.float32(o.beta_1)), float(np.float32(o.beta_2)))", "step",
        "0.999 as float32 is 0.99900001: seen only by a run in float64.", "tanh", "float64",
    ),
    Mutant(
        "softmax twice", '"softmax": F.cross_entropy',
        '"softmax": lambda z, y: F.cross_entropy(torch.softmax(z, 1), y)', "loss",
        "cross_entropy takes scores, and makes the probabilities itself.",
    ),
    Mutant(
        "mean over the outputs too", 'F.mse_loss(z, y, reduction="sum") / len(z)',
        "F.mse_loss(z, y)",
        "loss", "The default reduction also averages over the outputs.", "mixed",
    ),
    Mutant(
        "perceptron by maximum", "torch.where(y * z <= 0, -y * z, 0.0)",
        "torch.maximum(-y * z, torch.zeros_like(z))", "perceptron_tie",
        "torch splits the gradient of a maximum at a tie in halves.", "perceptron",
    ),
    Mutant(
        "weights handed out as views", "return self._arrays(self.layers.parameters())",
        "return [_array(p).T for p in self.layers.parameters()]", "copies_out",
        ".numpy() shares its memory with the tensor.",
    ),
    Mutant(
        "slots handed out as views", "self._arrays(s[SLOTS[slot]] for s in self._slots())",
        "[_array(s[SLOTS[slot]]).T for s in self._slots()]", "copies_out",
        "A state that changes while training goes on is no checkpoint.",
    ),
    Mutant(
        "t not restored", 'float(state["step"]), dtype', "0.0, dtype", "state_continues",
        "Adam without its step count corrects as if it began anew.", "tanh",
    ),
    Mutant(
        "order ignored", "targets.index_select(0, rows))",
        "targets[: len(rows)])", "epoch_equals_steps",
        "The order of the rows is part of the experiment.",
    ),
    Mutant(
        "activation swapped", '"sigmoid": nn.Sigmoid,', '"sigmoid": nn.Tanh,', "forward",
        "One wrong line in a table.", "deep", file="torch_layers",
    ),
]  # fmt: skip


# The mutants of every backend, by its name.

OF_DENSE: dict[str, list[Mutant]] = {
    "numpy": NUMPY,
    "torch": TORCH,
    "tensorflow": TENSORFLOW,
    "keras": KERAS,
    "keras-torch": [SHUFFLED, *(m for m in KERAS if m not in LEAKS)],
    "keras-jax": [SHUFFLED, *(m for m in KERAS if m not in LEAKS)],
    "jax": JAX,
    "pytensor": PYTENSOR,
}
MUTANTS = {name: [*mutants, *OF_LAYERS.get(name, [])] for name, mutants in OF_DENSE.items()}
