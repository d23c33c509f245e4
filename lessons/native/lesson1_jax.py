"""The perceptron, as a scan over the pictures in JAX."""

# pip install . jax
import jax
import jax.numpy as jnp
import numpy as np

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x, y = lesson.x, lesson.y
# without it: float64_is_truncated
jax.config.update("jax_enable_x64", True)

# model
params = [
    jnp.zeros((784, 1), x.dtype),
    jnp.zeros(1, x.dtype),
]


def model(params, x):
    w, b = params
    return x @ w + b


# loss: a wrong answer costs its distance from the fence
def loss_fn(params, x, y):  # and on it: maximum_at_a_tie
    score = model(params, x)
    is_wrong = y * score <= 0
    cost = jnp.where(is_wrong, -y * score, 0).sum()
    return cost, is_wrong


# training: one picture after the other
def step(params, row):
    grads, is_wrong = jax.grad(loss_fn, has_aux=True)(
        params, *row
    )
    return [p - g for p, g in zip(params, grads)], is_wrong


@jax.jit
def one_pass(params, x, y):
    return jax.lax.scan(step, params, (x, y))


mistakes = []
for _ in range(lesson.epochs):
    params, wrong = one_pass(params, x, y)
    mistakes.append(int(wrong.sum()))
    if mistakes[-1] == 0:
        break

# result
scores = np.asarray(model(params, lesson.x_test))
predicted = np.where(scores > 0, 1, -1)
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
