"""The perceptron, as a custom loss in Keras."""

# pip install . keras tensorflow
import keras
from keras import layers, ops

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x, y = lesson.x, lesson.y

# model
keras.config.set_floatx(str(x.dtype))  # default_float
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(1, kernel_initializer="zeros"),
    ]
)


# loss: a wrong answer costs its distance from the fence
def loss_fn(answer, score):  # and on it: maximum_at_a_tie
    is_wrong = answer * score <= 0
    return ops.where(is_wrong, -answer * score, 0)


def wrong(answer, score):
    return ops.cast(answer * score <= 0, "float32")


# training: one picture after the other
optimizer = keras.optimizers.SGD(learning_rate=1.0)
model.compile(
    optimizer=optimizer,
    loss=loss_fn,
    metrics=[wrong],
    steps_per_execution=100,
)
mistakes = []
for _ in range(lesson.epochs):
    history = model.fit(x, y, batch_size=1, shuffle=False)
    share = history.history["wrong"][0]
    mistakes.append(round(share * len(x)))
    if mistakes[-1] == 0:
        break

# result
predicted = (model.predict(lesson.x_test) > 0) * 2 - 1
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
