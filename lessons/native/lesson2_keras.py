"""Gradient descent, as Keras's guides do."""

# pip install . keras tensorflow
import keras
import numpy as np
from keras import layers

from triptych.lesson_data import load

# data: six facts about each house, the log of its price
lesson = load(2)
x, y = lesson.x, lesson.y

# model
keras.config.set_floatx(str(x.dtype))  # default_float
model = keras.Sequential(
    [
        keras.Input(shape=(6,)),
        layers.Dense(1, kernel_initializer="zeros"),
    ]
)

# loss
loss_fn = keras.losses.MeanSquaredError()

# training: every step looks at all the rows
# Plain numbers lose digits here: constants_through_float32
number = np.float64 if x.dtype == np.float64 else float
optimizer = keras.optimizers.SGD(learning_rate=number(0.3))
model.compile(optimizer=optimizer, loss=loss_fn)
history = model.fit(
    x, y, batch_size=len(x), epochs=lesson.epochs, verbose=0
)
losses = history.history["loss"]

# result
predicted = model.predict(lesson.x_test)
w, b = model.get_weights()
print("loss", losses[-1], "weights", w.ravel())
