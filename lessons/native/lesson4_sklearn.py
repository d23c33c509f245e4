"""A multilayer perceptron, an estimator of scikit-learn."""

# pip install . scikit-learn
import numpy as np
from sklearn.neural_network import MLPClassifier

from triptych.lesson_data import load

# data
lesson = load(4)
x, y = lesson.x, lesson.y

# model
model = MLPClassifier(
    hidden_layer_sizes=(128, 64),
    solver="sgd",
    batch_size=100,
    learning_rate_init=0.05,
    nesterovs_momentum=False,
    shuffle=False,
)

# loss: the penalty is divided by the rows of a batch
model.set_params(alpha=1e-3 * 100)

# training
model.partial_fit(x[:100], y[:100], classes=np.arange(10))
sgd = model._optimizer  # no public name leads to it
if lesson.weights:  # in place of those of the first batch
    fixed = lesson.weights[::2] + lesson.weights[1::2]
    arrays = model.coefs_ + model.intercepts_
    for p, w in zip(arrays, fixed):
        p[:] = w
    for v in sgd.velocities:
        v[:] = 0
losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch == np.ceil(lesson.epochs * 2 / 3):
        sgd.learning_rate = sgd.learning_rate_init = 0.005
        for v in sgd.velocities:
            v /= 10  # velocity_holds_learning_rate
    model.partial_fit(x[order], y[order])
    losses.append(model.loss_)  # the mean of the epoch

# result
predicted = model.predict(lesson.x_test)
print("accuracy", (predicted == lesson.y_test).mean())
