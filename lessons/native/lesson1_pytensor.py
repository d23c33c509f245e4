"""The perceptron, as one graph of PyTensor."""

# pip install . pytensor
import numpy as np
import pytensor
import pytensor.tensor as pt

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
dtype = pytensor.config.floatX = lesson.x.dtype.name
x, y = pt.matrix("x"), pt.matrix("y")

# model
w = pytensor.shared(np.zeros((784, 1), dtype))
b = pytensor.shared(np.zeros(1, dtype))
score = x @ w + b

# loss: a wrong answer costs its distance from the fence
is_wrong = y * score <= 0  # and on it: maximum_at_a_tie
loss = pt.switch(is_wrong, -y * score, 0).sum()

# training: one picture after the other
grad_w, grad_b = pt.grad(loss, [w, b])
updates = [(w, w - grad_w), (b, b - grad_b)]
step = pytensor.function([x, y], is_wrong, updates=updates)
mistakes = []
for _ in range(lesson.epochs):
    mistakes.append(0)
    for i in range(len(lesson.x)):
        row = slice(i, i + 1)
        wrong = step(lesson.x[row], lesson.y[row])
        mistakes[-1] += int(wrong.item())
    if mistakes[-1] == 0:
        break

# result
scores = pytensor.function([x], score)(lesson.x_test)
predicted = np.where(scores > 0, 1, -1)
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
