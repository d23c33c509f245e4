"""Logistic regression, on the core of TensorFlow."""

# pip install . tensorflow
import tensorflow as tf

from triptych.lesson_data import load

# data
lesson = load(3)
x, y = lesson.x, lesson.y

# model
fresh = tf.zeros((784, 10)), tf.zeros(10)
params = [tf.Variable(w) for w in lesson.weights or fresh]
W, b = params


def model(x):
    return x @ W + b


# loss
def loss_fn(logits, y):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=y, logits=logits
    )
    # with the ½ that Keras's L2 lacks: l2_without_half
    penalty = tf.nn.l2_loss(W)
    return tf.reduce_mean(loss) + 1e-3 * penalty


# training
rate = tf.Variable(0.03, dtype=x.dtype)
velocity = [tf.Variable(tf.zeros_like(p)) for p in params]


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(model(x), y)
    grads = tape.gradient(loss, params)
    for p, v, g in zip(params, velocity, grads):
        v.assign(0.9 * v + g)
        p.assign_sub(rate * v)
    return loss


losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch >= lesson.epochs * 2 / 3:
        rate.assign(0.003)
    data = tf.data.Dataset.from_tensor_slices(
        (x[order], y[order])
    ).batch(100)
    for x_batch, y_batch in data:
        losses.append(step(x_batch, y_batch))

# result
predicted = tf.argmax(model(lesson.x_test), axis=1).numpy()
print("accuracy", (predicted == lesson.y_test).mean())
