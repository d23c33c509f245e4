"""A multilayer perceptron, every gradient by hand."""

# pip install . numpy
import numpy as np

from triptych.lesson_data import load

# data
lesson = load(4)
x, y = lesson.x, lesson.y

# model
rng = np.random.default_rng()
shapes = (784, 128), 128, (128, 64), 64, (64, 10), 10
fresh = [rng.normal(0, 0.05, shape) for shape in shapes]
params = lesson.weights or fresh
W1, b1, W2, b2, W3, b3 = params


def model(x):
    h1 = np.maximum(x @ W1 + b1, 0)
    h2 = np.maximum(h1 @ W2 + b2, 0)
    return h1, h2, h2 @ W3 + b3


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
        h1, h2, logits = model(x[rows])
        loss, d3 = loss_and_grad(logits, y[rows])
        squares = sum((w**2).sum() for w in (W1, W2, W3))
        losses.append(loss + 0.5e-3 * squares)
        d2 = d3 @ W3.T * (h2 > 0)
        d1 = d2 @ W2.T * (h1 > 0)
        g1 = [x[rows].T @ d1 + 1e-3 * W1, d1.sum(axis=0)]
        g2 = [h1.T @ d2 + 1e-3 * W2, d2.sum(axis=0)]
        g3 = [h2.T @ d3 + 1e-3 * W3, d3.sum(axis=0)]
        for p, v, g in zip(params, velocity, g1 + g2 + g3):
            v[:] = 0.9 * v + g
            p -= rate * v

# result
predicted = model(lesson.x_test)[-1].argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
