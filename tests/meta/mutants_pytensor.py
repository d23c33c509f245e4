"""Mistakes that a PyTensor programmer makes, as Theano's did."""

from __future__ import annotations

from tests.meta.loading import Mutant

PYTENSOR = [
    Mutant(
        "sum for mean", "self._layers[-1], self._y).mean()", "self._layers[-1], self._y).sum()",
        "loss", "Under SGD a sum is a learning rate times the size of the batch.", "line",
    ),
    Mutant(
        "relu with a gradient at zero", "pt.switch(z > 0, z, 0)", "pt.switch(z >= 0, z, 0)",
        "relu_at_zero", "At zero the unit is off: its gradient is 0.",
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
        "L2 on biases", "for w in self._shared[::2])", "for w in self._shared)", "loss",
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
