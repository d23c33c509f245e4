"""A small transformer, as pure functions of JAX."""

# pip install . jax
import jax
import jax.numpy as jnp
import numpy as np

from triptych.lesson_data import load

# data
lesson = load(8)
x, y = lesson.x, lesson.y
# without it: float64_is_truncated
jax.config.update("jax_enable_x64", True)

# model
rng, symbols = np.random.default_rng(), x.max() + 1
block = [32], [32], *[(32, 32)] * 4
block += [32], [32], (32, 128), [128], (128, 32), [32]
shapes = (symbols, 32), (32, 32), *block, *block
shapes += [32], [32], (32, symbols), [symbols]
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
for i in (2, 8, 14, 20, 26):  # the scale of each norm
    fresh[i] = np.ones(32)
weights = lesson.weights or fresh
params = [jnp.array(w, lesson.dtype) for w in weights]


def norm(x, scale, bias):
    root = jnp.sqrt(x.var(2, keepdims=True) + 1e-5)
    apart = x - x.mean(2, keepdims=True)
    return scale * apart / root + bias  # layernorm_epsilon


def attention(x, query, key, value, output):
    q, k, v = (
        (x @ w).reshape(-1, 32, 2, 16).swapaxes(1, 2)
        for w in (query, key, value)
    )  # attention_heads_axis
    scores = q @ k.swapaxes(2, 3) / 4
    seen = jnp.tri(32, dtype=bool)
    scores = jnp.where(seen, scores, -jnp.inf)
    # written out: attention_softmax_precision
    found = (jax.nn.softmax(scores) @ v).swapaxes(1, 2)
    return found.reshape(-1, 32, 32) @ output


def model(params, x):
    table, places, *rest = params
    h = table[x] + places
    for p in rest[:12], rest[12:24]:
        h += attention(norm(h, *p[:2]), *p[2:6])
        inner = jax.nn.relu(norm(h, *p[6:8]) @ p[8] + p[9])
        h += inner @ p[10] + p[11]
    return norm(h, *rest[24:26]) @ rest[26] + rest[27]


# loss
def loss_fn(params, x, y):
    log_p = jax.nn.log_softmax(model(params, x))
    return -jnp.take_along_axis(
        log_p, y[..., None], 2
    ).mean()


# training
@jax.jit
def step(state, t, rate, x, y):
    params, first, second = state
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    first = [
        0.9 * m + 0.1 * g for m, g in zip(first, grads)
    ]
    second = [
        0.999 * v + 0.001 * g**2
        for v, g in zip(second, grads)
    ]
    params = [
        p - rate * m / (1 - 0.9**t)
        / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
        for p, m, v in zip(params, first, second)
    ]  # fmt: skip
    return (params, first, second), loss


empty = [jnp.zeros_like(p) for p in params]
state, losses = (params, empty, empty), []
for epoch, order in enumerate(lesson.orders):
    rate = 0.008 if epoch < lesson.epochs * 2 / 3 else 0.001
    for rows in np.split(order, range(25, len(x), 25)):
        t = float(len(losses) + 1)
        state, loss = step(state, t, rate, x[rows], y[rows])
        losses.append(loss)

# result
params, first, second = state
held_out = loss_fn(params, lesson.x_test, lesson.y_test)
predicted = np.asarray(model(params, lesson.x_test)).argmax(
    2
)
print("loss on the held-out text", held_out)
