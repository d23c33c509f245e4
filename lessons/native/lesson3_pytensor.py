"""Logistic regression, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data
lesson = load(3)
dtype = pytensor.config.floatX = lesson.x.dtype.name
n = len(lesson.x)
x, y = pt.matrix("x"), pt.lvector("y")

# model
fresh = [np.zeros((784, 10), dtype), np.zeros(10, dtype)]
weights = lesson.weights or fresh
params = W, b = [pytensor.shared(w) for w in weights]
logits = x @ W + b

# loss
log_p = pt.special.log_softmax(logits, axis=1)
loss = -log_p[pt.arange(y.shape[0]), y].mean()
loss += 0.5e-3 * (W**2).sum()

# training
eta, updates = pt.scalar("eta"), []
for p, g in zip(params, pt.grad(loss, params)):
    v = pytensor.shared(np.zeros_like(p.get_value()))
    moved = 0.9 * v + g
    updates += [(v, moved), (p, p - eta * moved)]
step = pytensor.function([eta, x, y], loss, updates=updates)
losses = []
for epoch, order in enumerate(lesson.orders):
    rate = 0.03 if epoch < lesson.epochs * 2 / 3 else 0.003
    for rows in np.split(order, range(100, n, 100)):
        batch = lesson.x[rows], lesson.y[rows]
        losses.append(step(rate, *batch))

# result
predict = pytensor.function([x], logits.argmax(axis=1))
predicted = predict(lesson.x_test)
print("accuracy", (predicted == lesson.y_test).mean())
