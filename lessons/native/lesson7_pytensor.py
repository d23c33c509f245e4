"""A convolutional network, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data
lesson = load(7)
dtype = pytensor.config.floatX = lesson.x.dtype.name
n = len(lesson.x)
x, y = pt.tensor4("x"), pt.lvector("y")

# model
rng = np.random.default_rng()
shapes = (3, 3, 1, 8), 8, (3, 3, 8, 16), 16, (400, 10), 10
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
weights = [w.astype(dtype) for w in lesson.weights or fresh]
params = [pytensor.shared(w) for w in weights]
W1, b1, W2, b2, W3, b3 = params


def block(x, w, b, side):  # a dense layer on each 3 × 3
    nine = [
        x[:, i : i + side, j : j + side]
        for i in range(3)
        for j in range(3)
    ]
    rows = pt.concatenate(nine, axis=3)
    z = rows.reshape((-1, w[..., 0].size))
    z = z @ w.reshape((-1, w.shape[3])) + b
    # not pt.maximum: maximum_at_a_tie
    h = pt.switch(z > 0, z, 0)
    h = h.reshape((-1, side, side, w.shape[3]))
    half = side // 2 * 2
    best = h[:, :half:2, :half:2]
    for i, j in (0, 1), (1, 0), (1, 1):
        next = h[:, i:half:2, j:half:2]
        best = pt.switch(next > best, next, best)
    return best  # the first of equals: max_pool_ties


h = block(block(x, W1, b1, 26), W2, b2, 11)
logits = h.reshape((-1, 400)) @ W3 + b3

# loss
log_p = pt.special.log_softmax(logits, axis=1)
loss = -log_p[pt.arange(y.shape[0]), y].mean()
loss += 0.5e-3 * sum((w**2).sum() for w in (W1, W2, W3))

# training
eta, updates = pt.scalar("eta"), []
for p, g in zip(params, pt.grad(loss, params)):
    v = pytensor.shared(np.zeros_like(p.get_value()))
    moved = 0.9 * v + g
    updates += [(v, moved), (p, p - eta * moved)]
step = pytensor.function([eta, x, y], loss, updates=updates)
losses = []
for epoch, order in enumerate(lesson.orders):
    rate = 0.05 if epoch < lesson.epochs * 2 / 3 else 0.005
    for rows in np.split(order, range(100, n, 100)):
        batch = lesson.x[rows], lesson.y[rows]
        losses.append(step(rate, *batch))

# result
predict = pytensor.function([x], logits.argmax(axis=1))
predicted = predict(lesson.x_test)
print("accuracy", (predicted == lesson.y_test).mean())
