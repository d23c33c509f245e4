"""Gradient descent, as pure functions of JAX."""

# pip install . jax
import jax
import jax.numpy as jnp
import numpy as np

from triptych.lesson_data import load

# data: six facts about each house, the log of its price
jax.config.update("jax_enable_x64", True)  # default_float
lesson = load(2)
x, y = lesson.x, lesson.y

# model
params = [jnp.zeros((6, 1), x.dtype), jnp.zeros(1, x.dtype)]


def model(params, x):
    w, b = params
    return x @ w + b


# loss
def loss_fn(params, x, y):
    return ((model(params, x) - y) ** 2).mean()


# training: every step looks at all the rows
@jax.jit
def step(params):
    loss, slopes = jax.value_and_grad(loss_fn)(params, x, y)
    params = [p - 0.3 * g for p, g in zip(params, slopes)]
    return params, loss


losses = []
for _ in range(lesson.epochs):
    params, loss = step(params)
    losses.append(loss)

# result
predicted = model(params, lesson.x_test)
w, b = (np.array(p) for p in params)
print("loss", losses[-1], "weights", w.ravel())
