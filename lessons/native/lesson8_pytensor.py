"""A small transformer, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data
lesson = load(8)
dtype = pytensor.config.floatX = lesson.dtype
n, symbols = len(lesson.x), int(lesson.x.max()) + 1
x, y = pt.lmatrix("x"), pt.lmatrix("y")

# model
rng = np.random.default_rng()
block = [32], [32], *[(32, 32)] * 4
block += [32], [32], (32, 128), [128], (128, 32), [32]
shapes = (symbols, 32), (32, 32), *block, *block
shapes += [32], [32], (32, symbols), [symbols]
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
for i in (2, 8, 14, 20, 26):  # the scale of each norm
    fresh[i] = np.ones(32)
weights = [w.astype(dtype) for w in lesson.weights or fresh]
params = [pytensor.shared(w) for w in weights]


def norm(x, scale, bias):
    apart = x - x.mean(axis=2, keepdims=True)
    variance = pt.sqr(apart).mean(axis=2, keepdims=True)
    root = pt.sqrt(variance + 1e-5)  # layernorm_epsilon
    return scale * apart / root + bias


def dense(x, w):  # one product of matrices, and not many
    z = x.reshape((-1, w.shape[0])) @ w
    return z.reshape((-1, 32, w.shape[1]))


def attention(x, query, key, value, output):
    q, k, v = (
        dense(x, w).reshape((-1, 32, 2, 16)).swapaxes(1, 2)
        for w in (query, key, value)
    )  # attention_heads_axis
    scores = q @ k.swapaxes(2, 3) / 4
    seen = np.tri(32, dtype=bool)
    scores = pt.switch(seen, scores, -np.inf)
    shares = pt.special.softmax(scores, axis=3)
    found = (shares @ v).swapaxes(1, 2)
    return dense(found.reshape((-1, 32, 32)), output)


table, places, *rest = params
h = table[x] + places
for p in rest[:12], rest[12:24]:
    h = h + attention(norm(h, *p[:2]), *p[2:6])
    z = dense(norm(h, *p[6:8]), p[8]) + p[9]
    z = pt.switch(
        z > 0, z, 0
    )  # not pt.maximum: maximum_at_a_tie
    h = h + dense(z, p[10]) + p[11]
logits = dense(norm(h, *rest[24:26]), rest[26]) + rest[27]

# loss
log_p = pt.special.log_softmax(logits, axis=2)
log_p = log_p.reshape((-1, symbols))
loss = -log_p[pt.arange(y.size), y.ravel()].mean()

# training
rate, t, updates = pt.scalar("rate"), pt.scalar("t"), []
for p, g in zip(params, pt.grad(loss, params)):
    zeros = np.zeros_like(p.get_value())
    m, v = pytensor.shared(zeros), pytensor.shared(zeros)
    first, second = (
        0.9 * m + 0.1 * g,
        0.999 * v + 0.001 * g**2,
    )
    root = pt.sqrt(second / (1 - 0.999**t)) + 1e-8
    moved = p - rate * first / (1 - 0.9**t) / root
    updates += [(m, first), (v, second), (p, moved)]
step = pytensor.function(
    [rate, t, x, y], loss, updates=updates
)
losses = []
for epoch, order in enumerate(lesson.orders):
    rate = 0.008 if epoch < lesson.epochs * 2 / 3 else 0.001
    for rows in np.split(order, range(25, n, 25)):
        batch = lesson.x[rows], lesson.y[rows]
        losses.append(step(rate, len(losses) + 1, *batch))

# result
results = [loss, logits.argmax(axis=2)]
test = pytensor.function([x, y], results)
held_out, predicted = test(lesson.x_test, lesson.y_test)
print("loss on the held-out text", held_out)
