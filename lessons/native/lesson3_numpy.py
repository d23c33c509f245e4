"""Logistic regression, the gradient by hand."""

# pip install . numpy
import numpy as np

from triptych.lesson_data import load

# data
lesson = load(3)
x, y = lesson.x, lesson.y

# model
fresh = [np.zeros((784, 10)), np.zeros(10)]
params = W, b = lesson.weights or fresh


def model(x):
    return x @ W + b


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
    rate = 0.03 if epoch < lesson.epochs * 2 / 3 else 0.003
    for rows in np.split(order, range(100, len(x), 100)):
        logits = model(x[rows])
        loss, delta = loss_and_grad(logits, y[rows])
        losses.append(loss + 0.5e-3 * (W**2).sum())
        gW = x[rows].T @ delta + 1e-3 * W
        gb = delta.sum(axis=0)
        for p, v, g in zip(params, velocity, (gW, gb)):
            v[:] = 0.9 * v + g
            p -= rate * v

# result
predicted = model(lesson.x_test).argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
