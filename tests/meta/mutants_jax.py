"""Mistakes that a JAX programmer makes."""

from __future__ import annotations

from tests.meta.loading import Mutant

JAX = [
    Mutant(
        "sum for mean", "layers(net, params, x)[-1], y).mean()",
        "layers(net, params, x)[-1], y).sum()", "loss",
        "Under SGD a sum is a learning rate times the size of the batch.", "line",
    ),
    Mutant(
        "relu by maximum", '"relu": jax.nn.relu', '"relu": lambda z: jnp.maximum(z, 0)',
        "relu_at_zero", "The gradient of a maximum at a tie is ½ in JAX; jax.nn.relu's is 0.",
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
        "L2 on biases", "for w in params[::2])", "for w in params)", "loss",
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
        "last batch dropped", "in_batches(order, batch_size))",
        "in_batches(order, batch_size)[:1])", "epoch_equals_steps",
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
