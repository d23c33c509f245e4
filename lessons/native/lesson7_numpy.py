"""A convolutional network, every gradient by hand."""

# pip install . numpy
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from triptych.lesson_data import load

# data
lesson = load(7)
x, y = lesson.x, lesson.y

# model
rng = np.random.default_rng()
shapes = (3, 3, 1, 8), 8, (3, 3, 8, 16), 16, (400, 10), 10
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
params = lesson.weights or fresh
W1, b1, W2, b2, W3, b3 = params


def windows(
    x,
):  # (n, h, w, c) -> (n, h - 2, w - 2, c, 3, 3)
    return sliding_window_view(x, (3, 3), axis=(1, 2))


def conv(x, w):  # not flipped: convolution_is_correlation
    axes = (4, 5, 3), (0, 1, 2)
    return np.tensordot(windows(x), w, axes)


def conv_grads(x, w, d):
    by_w = np.tensordot(windows(x), d, ((0, 1, 2),) * 2)
    d = np.pad(d, ((0, 0), (2, 2), (2, 2), (0, 0)))
    by_x = conv(d, w[::-1, ::-1].swapaxes(2, 3))
    return by_w.transpose(1, 2, 0, 3), by_x


def pool(h):  # the first of equals: max_pool_ties
    n, s, _, c = h.shape
    fours = h[:, : s // 2 * 2, : s // 2 * 2]
    fours = fours.reshape(n, s // 2, 2, s // 2, 2, c)
    fours = fours.transpose(0, 1, 3, 5, 2, 4)
    fours = fours.reshape(*fours.shape[:4], 4)
    first = fours.argmax(axis=4)[..., None] == np.arange(4)
    return fours.max(axis=4), first


def unpool(d, first, side):
    fours = d[..., None] * first
    fours = fours.reshape(*fours.shape[:4], 2, 2)
    fours = fours.transpose(0, 1, 4, 2, 5, 3)
    n, s, c = len(d), 2 * d.shape[1], d.shape[3]
    edge = (0, side - s)  # which pooling has dropped
    fours = fours.reshape(n, s, s, c)
    return np.pad(fours, ((0, 0), edge, edge, (0, 0)))


def model(x):
    h1 = np.maximum(conv(x, W1) + b1, 0)
    p1, first1 = pool(h1)
    h2 = np.maximum(conv(p1, W2) + b2, 0)
    p2, first2 = pool(h2)
    return (
        h1,
        p1,
        first1,
        h2,
        first2,
        p2.reshape(len(x), -1),
    )


# loss
def loss_and_grad(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(y)


# training
velocity = [np.zeros_like(p) for p in params]
losses = []
for epoch, order in enumerate(lesson.orders):
    rate = 0.05 if epoch < lesson.epochs * 2 / 3 else 0.005
    for rows in np.split(order, range(100, len(x), 100)):
        h1, p1, first1, h2, first2, flat = model(x[rows])
        loss, d3 = loss_and_grad(flat @ W3 + b3, y[rows])
        squares = sum((w**2).sum() for w in (W1, W2, W3))
        losses.append(loss + 0.5e-3 * squares)
        d = (d3 @ W3.T).reshape(-1, 5, 5, 16)
        d2 = unpool(d, first2, 11) * (h2 > 0)
        g2, d = conv_grads(p1, W2, d2)
        d1 = unpool(d, first1, 26) * (h1 > 0)
        g1, _ = conv_grads(x[rows], W1, d1)
        grads = [g1 + 1e-3 * W1, d1.sum(axis=(0, 1, 2))]
        grads += [g2 + 1e-3 * W2, d2.sum(axis=(0, 1, 2))]
        grads += [flat.T @ d3 + 1e-3 * W3, d3.sum(axis=0)]
        for p, v, g in zip(params, velocity, grads):
            v[:] = 0.9 * v + g
            p -= rate * v

# result
predicted = (model(lesson.x_test)[-1] @ W3 + b3).argmax(1)
print("accuracy", (predicted == lesson.y_test).mean())
