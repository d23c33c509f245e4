"""Gradient descent, as pure functions of JAX."""

# pip install . jax
import jax
import jax.numpy as jnp

from triptych.lesson_data import load

# data: six facts about each house, the log of its price
lesson = load(2)
x, y = lesson.x, lesson.y
# without it: float64_is_truncated
jax.config.update("jax_enable_x64", True)

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
def step(params, x, y):
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    params = [p - 0.3 * g for p, g in zip(params, grads)]
    return params, loss


losses = []
for _ in range(lesson.epochs):
    params, loss = step(params, x, y)
    losses.append(loss)

# result
predicted = model(params, lesson.x_test)
w, b = params
print("loss", losses[-1], "weights", w.ravel())
