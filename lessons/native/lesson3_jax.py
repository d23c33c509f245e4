"""Logistic regression, as pure functions of JAX."""

# pip install . jax
import jax
import jax.numpy as jnp
import numpy as np

from triptych.lesson_data import load

# data
lesson = load(3)
x, y = lesson.x, lesson.y
# without it: float64_is_truncated
jax.config.update("jax_enable_x64", True)

# model
fresh = np.zeros((784, 10)), np.zeros(10)
weights = lesson.weights or fresh
params = [jnp.array(w, x.dtype) for w in weights]


def model(params, x):
    W, b = params
    return x @ W + b


# loss
def loss_fn(params, x, y):
    log_p = jax.nn.log_softmax(model(params, x))
    loss = -jnp.take_along_axis(log_p, y[:, None], 1).mean()
    return loss + 0.5e-3 * (params[0] ** 2).sum()


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
    rate = 0.03 if epoch < lesson.epochs * 2 / 3 else 0.003
    for rows in np.split(order, range(100, len(x), 100)):
        state, loss = step(state, rate, x[rows], y[rows])
        losses.append(loss)

# result
params, velocity = state
logits = np.asarray(model(params, lesson.x_test))
predicted = logits.argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
