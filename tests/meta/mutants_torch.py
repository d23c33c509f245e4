"""Mistakes that a PyTorch programmer makes."""

from __future__ import annotations

from tests.meta.loading import Mutant

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
        "kernel not transposed", "return tensor.T if tensor.ndim == 2 else tensor",
        "return tensor.reshape(tensor.T.shape) if tensor.ndim == 2 else tensor", "forward",
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
        "L2 on biases", "list(self.layers.parameters())[::2]", "list(self.layers.parameters())",
        "loss_definition", "A bias only shifts; it is not penalised.", "softmax",
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
        "weights handed out as views", "[_array(_transpose_kernel(p)).copy() for p in self.layers",
        "[_array(_transpose_kernel(p)) for p in self.layers", "copies_out",
        ".numpy() shares its memory with the tensor.",
    ),
    Mutant(
        "slots handed out as views", "_array(_transpose_kernel(s[SLOTS[slot]])).copy()",
        "_array(_transpose_kernel(s[SLOTS[slot]]))", "copies_out",
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
        "One wrong line in a table.", "deep",
    ),
]  # fmt: skip
