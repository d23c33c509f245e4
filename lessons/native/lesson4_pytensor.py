"""A multilayer perceptron, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data
lesson = load(4)
dtype = pytensor.config.floatX = lesson.x.dtype.name
n = len(lesson.x)
x, y = pt.matrix("x"), pt.lvector("y")

# model
rng = np.random.default_rng()
shapes = (784, 128), 128, (128, 64), 64, (64, 10), 10
fresh = [rng.normal(0, 0.05, shape) for shape in shapes]
weights = [w.astype(dtype) for w in lesson.weights or fresh]
params = [pytensor.shared(w) for w in weights]
W1, b1, W2, b2, W3, b3 = params


def relu(z):  # not pt.maximum: maximum_at_a_tie
    return pt.switch(z > 0, z, 0)


h1 = relu(x @ W1 + b1)
h2 = relu(h1 @ W2 + b2)
logits = h2 @ W3 + b3

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
