"""A convolutional network, as Keras's guides do."""

# pip install . keras tensorflow
import keras
import numpy as np
from keras import layers, ops

from triptych.lesson_data import load

# data
lesson = load(7)
x, y = lesson.x, lesson.y

# model
keras.config.set_floatx(str(x.dtype))  # default_float
# Plain numbers lose digits here: constants_through_float32
number = np.float64 if x.dtype == np.float64 else float


def l2(kernel):  # regularizers.L2 has no ½: l2_without_half
    return number(0.5e-3) * ops.sum(ops.square(kernel))


model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(
            8, 3, activation="relu", kernel_regularizer=l2
        ),
        layers.MaxPooling2D(),
        layers.Conv2D(
            16, 3, activation="relu", kernel_regularizer=l2
        ),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, kernel_regularizer=l2),
    ]
)
if lesson.weights:
    model.set_weights(lesson.weights)

# loss
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True  # not the default: crossentropy_input
)

# training
optimizer = keras.optimizers.SGD(
    learning_rate=number(0.05), momentum=number(0.9)
)
model.compile(optimizer=optimizer, loss=loss_fn)
losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch == np.ceil(lesson.epochs * 2 / 3):
        optimizer.learning_rate = number(0.005)
        for v in optimizer.momentums:
            v.assign(v / 10)  # velocity_holds_learning_rate
    history = model.fit(
        x[order], y[order], batch_size=100, shuffle=False
    )
    losses += history.history["loss"]  # mean of the epoch

# result
predicted = model.predict(lesson.x_test).argmax(axis=1)
print("accuracy", (predicted == lesson.y_test).mean())
