"""A small transformer, as Keras's guides do."""

# pip install . keras tensorflow
import keras
import numpy as np
from keras import layers, ops

from triptych.lesson_data import load

# data
lesson = load(8)
x, y = lesson.x, lesson.y

# model
keras.config.set_floatx(lesson.dtype)  # default_float
# Plain numbers lose digits here: constants_through_float32
number = np.float64 if lesson.dtype == "float64" else float


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:])

    def call(self, x):
        return x + self.table


def norm(x):  # not the default: layernorm_epsilon
    return layers.LayerNormalization(epsilon=number(1e-5))(
        x
    )


def block(x):
    h = norm(x)
    attention = layers.MultiHeadAttention(
        2, 16, use_bias=False
    )
    x = x + attention(h, h, use_causal_mask=True)
    h = layers.Dense(128, activation="relu")(norm(x))
    return x + layers.Dense(32)(h)


symbols = int(x.max()) + 1
inputs = keras.Input(shape=(32,), dtype="int64")
h = layers.Embedding(symbols, 32)(inputs)  # embedding_init
h = block(block(Positions()(h)))
model = keras.Model(inputs, layers.Dense(symbols)(norm(h)))
if lesson.weights:  # attention_kernel_layout
    pairs = zip(lesson.weights, model.get_weights())
    model.set_weights(
        [w.reshape(p.shape) for w, p in pairs]
    )

# loss
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True  # not the default: crossentropy_input
)


# training
class Adam(keras.optimizers.Adam):  # adam_epsilon
    def update_step(self, g, p, rate):
        i = self._get_variable_index(p)
        g = ops.reshape(
            g, p.shape
        )  # embedding_gradient_form
        m, v = self._momentums[i], self._velocities[i]
        m.assign(m * number(0.9) + g * number(0.1))
        v.assign(v * number(0.999) + g * g * number(0.001))
        t = ops.cast(self.iterations + 1, p.dtype)
        m_hat = m / (1 - ops.power(number(0.9), t))
        v_hat = v / (1 - ops.power(number(0.999), t))
        root = ops.sqrt(v_hat) + number(1e-8)
        p.assign_sub(rate * m_hat / root)


optimizer = Adam(number(0.008))
model.compile(optimizer=optimizer, loss=loss_fn)
losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch >= lesson.epochs * 2 / 3:
        optimizer.learning_rate = number(0.001)
    history = model.fit(
        x[order], y[order], batch_size=25, shuffle=False
    )
    losses += history.history["loss"]  # mean of the epoch

# result
logits = model.predict(lesson.x_test)
held_out = float(loss_fn(lesson.y_test, logits))
predicted = logits.argmax(axis=2)
print("loss on the held-out text", held_out)
