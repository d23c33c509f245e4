"""A convolutional network, on the core of TensorFlow."""

# pip install . tensorflow
import tensorflow as tf

from triptych.lesson_data import load

# data
lesson = load(7)
x, y = lesson.x, lesson.y

# model
shapes = (
    (3, 3, 1, 8),
    [8],
    (3, 3, 8, 16),
    [16],
    (400, 10),
    [10],
)
fresh = [tf.random.normal(s, stddev=0.1) for s in shapes]
params = [tf.Variable(w) for w in lesson.weights or fresh]
W1, b1, W2, b2, W3, b3 = params


def block(x, w, b):
    h = tf.nn.relu(tf.nn.conv2d(x, w, 1, "VALID") + b)
    return tf.nn.max_pool2d(h, 2, 2, "VALID")


def model(x):
    h = block(block(x, W1, b1), W2, b2)
    return tf.reshape(h, (-1, 400)) @ W3 + b3


# loss
def loss_fn(logits, y):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=y, logits=logits
    )
    # with the ½ that Keras's L2 lacks: l2_without_half
    penalty = sum(tf.nn.l2_loss(w) for w in (W1, W2, W3))
    return tf.reduce_mean(loss) + 1e-3 * penalty


# training
rate = tf.Variable(0.05, dtype=x.dtype)
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
        rate.assign(0.005)
    data = tf.data.Dataset.from_tensor_slices(
        (x[order], y[order])
    ).batch(100)
    for x_batch, y_batch in data:
        losses.append(step(x_batch, y_batch))

# result
predicted = tf.argmax(model(lesson.x_test), axis=1).numpy()
print("accuracy", (predicted == lesson.y_test).mean())
