"""A convolutional network, as pure functions of JAX."""

# pip install . jax
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from triptych.lesson_data import load

# data
lesson = load(7)
x, y = lesson.x, lesson.y
# without it: float64_is_truncated
jax.config.update("jax_enable_x64", True)

# model
rng = np.random.default_rng()
shapes = (3, 3, 1, 8), 8, (3, 3, 8, 16), 16, (400, 10), 10
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
weights = lesson.weights or fresh
params = [jnp.array(w, x.dtype) for w in weights]
layout = ("NHWC", "HWIO", "NHWC")  # else: channels_first


def block(x, w, b):
    z = lax.conv_general_dilated(
        x, w, (1, 1), "VALID", dimension_numbers=layout
    )
    h, two = jax.nn.relu(z + b), (1, 2, 2, 1)
    return lax.reduce_window(
        h, -jnp.inf, lax.max, two, two, "VALID"
    )


def model(params, x):
    W1, b1, W2, b2, W3, b3 = params
    h = block(block(x, W1, b1), W2, b2)
    return h.reshape(len(h), -1) @ W3 + b3


# loss
def loss_fn(params, x, y):
    log_p = jax.nn.log_softmax(model(params, x))
    loss = -jnp.take_along_axis(log_p, y[:, None], 1).mean()
    squares = sum((w**2).sum() for w in params[::2])
    return loss + 0.5e-3 * squares


# training
@jax.jit
def step(state, rate, x, y):
    params, velocity = state
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    moved = [0.9 * v + g for v, g in zip(velocity, grads)]
    params = [p - rate * v for p, v in zip(params, moved)]
    return (params, moved), loss


velocity = [jnp.zeros_like(p) for p in params]
state, losses = (params, velocity), []
for epoch, order in enumerate(lesson.orders):
    rate = 0.05 if epoch < lesson.epochs * 2 / 3 else 0.005
    for rows in np.split(order, range(100, len(x), 100)):
        state, loss = step(state, rate, x[rows], y[rows])
        losses.append(loss)

# result
params, velocity = state
logits = np.asarray(model(params, lesson.x_test))
predicted = logits.argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
