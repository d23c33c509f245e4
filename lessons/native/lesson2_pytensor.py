"""Gradient descent, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data: six facts about each house, the log of its price
lesson = load(2)
dtype = pytensor.config.floatX = lesson.x.dtype.name
x, y = pt.matrix("x"), pt.matrix("y")

# model
w = pytensor.shared(np.zeros((6, 1), dtype))
b = pytensor.shared(np.zeros(1, dtype))
model = x @ w + b

# loss
loss = ((model - y) ** 2).mean()

# training: every step looks at all the rows
grad_w, grad_b = pt.grad(loss, [w, b])
updates = [(w, w - 0.3 * grad_w), (b, b - 0.3 * grad_b)]
step = pytensor.function([x, y], loss, updates=updates)
losses = []
for _ in range(lesson.epochs):
    losses.append(step(lesson.x, lesson.y))

# result
predicted = pytensor.function([x], model)(lesson.x_test)
print("loss", losses[-1], "weights", w.get_value().ravel())
