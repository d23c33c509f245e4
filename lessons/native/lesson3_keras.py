"""Logistic regression, as Keras's guides do."""

# pip install . keras tensorflow
import keras
import numpy as np
from keras import layers, ops

from triptych.lesson_data import load

# data
lesson = load(3)
x, y = lesson.x, lesson.y

# model
keras.config.set_floatx(str(x.dtype))
# Plain numbers lose digits here: constants_through_float32
number = np.float64 if x.dtype == np.float64 else float


def l2(kernel):  # regularizers.L2 has no ½: l2_without_half
    return number(0.5e-3) * ops.sum(ops.square(kernel))


model = keras.Sequential([
    keras.Input((784,)),
    layers.Dense(10, kernel_regularizer=l2),
])  # fmt: skip
if lesson.weights:
    model.set_weights(lesson.weights)

# loss
loss = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True  # not the default: crossentropy_input
)

# training
sgd = keras.optimizers.SGD(number(0.03), number(0.9))
model.compile(sgd, loss)
losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch == -(-lesson.epochs * 2 // 3):  # the last 1/3
        sgd.learning_rate = number(0.003)
        for v in sgd.momentums:
            v.assign(v / 10)  # velocity_holds_learning_rate
    fitted = model.fit(
        x[order], y[order], batch_size=100, shuffle=False
    )
    losses += fitted.history["loss"]  # mean of the epoch

# result
predicted = model.predict(lesson.x_test).argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
