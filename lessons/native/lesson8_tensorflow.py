"""A small transformer, on the core of TensorFlow."""

# pip install . tensorflow
import tensorflow as tf

from triptych.lesson_data import load

# data
lesson = load(8)
x, y = lesson.x, lesson.y

# model
symbols = int(x.max()) + 1
block = [32], [32], *[(32, 32)] * 4
block += [32], [32], (32, 128), [128], (128, 32), [32]
shapes = (symbols, 32), (32, 32), *block, *block
shapes += [32], [32], (32, symbols), [symbols]
fresh = [tf.random.normal(s, stddev=0.1) for s in shapes]
params = [tf.Variable(w) for w in lesson.weights or fresh]
if not lesson.weights:
    for i in (2, 8, 14, 20, 26):  # the scale of each norm
        params[i].assign(tf.ones(32))


def norm(x, scale, bias):
    mean, variance = tf.nn.moments(x, 2, keepdims=True)
    root = tf.sqrt(variance + 1e-5)  # layernorm_epsilon
    return scale * (x - mean) / root + bias


def attention(x, query, key, value, output):
    q, k, v = (
        tf.transpose(
            tf.reshape(x @ w, (-1, 32, 2, 16)), (0, 2, 1, 3)
        )  # attention_heads_axis
        for w in (query, key, value)
    )
    scores = tf.matmul(q, k, transpose_b=True) / 4
    ahead = 1 - tf.linalg.band_part(
        tf.ones((32, 32)), -1, 0
    )
    scores += tf.cast(-1e30 * ahead, scores.dtype)
    found = tf.transpose(
        tf.nn.softmax(scores) @ v, (0, 2, 1, 3)
    )
    return tf.reshape(found, (-1, 32, 32)) @ output


def model(x):
    table, places, *rest = params
    h = tf.nn.embedding_lookup(table, x) + places
    for p in rest[:12], rest[12:24]:
        h += attention(norm(h, *p[:2]), *p[2:6])
        inner = tf.nn.relu(norm(h, *p[6:8]) @ p[8] + p[9])
        h += inner @ p[10] + p[11]
    return norm(h, *rest[24:26]) @ rest[26] + rest[27]


# loss
def loss_fn(logits, y):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=y, logits=logits
    )
    return tf.reduce_mean(loss)


# training
number = params[0].dtype
rate, t = (tf.Variable(n, dtype=number) for n in (0.008, 0))
first = [tf.Variable(tf.zeros_like(p)) for p in params]
second = [tf.Variable(tf.zeros_like(p)) for p in params]


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(model(x), y)
    t.assign_add(1)
    grads = tape.gradient(loss, params)
    for p, m, v, g in zip(params, first, second, grads):
        g = tf.convert_to_tensor(
            g
        )  # embedding_gradient_form
        m.assign(0.9 * m + 0.1 * g)
        v.assign(0.999 * v + 0.001 * g**2)
        root = tf.sqrt(v / (1 - 0.999**t))
        p.assign_sub(
            rate * m / (1 - 0.9**t) / (root + 1e-8)
        )
    return loss


losses = []
for epoch, order in enumerate(lesson.orders):
    if epoch >= lesson.epochs * 2 / 3:
        rate.assign(0.001)
    data = tf.data.Dataset.from_tensor_slices(
        (x[order], y[order])
    ).batch(25)
    for x_batch, y_batch in data:
        losses.append(step(x_batch, y_batch))

# result
logits = model(lesson.x_test)
held_out = loss_fn(logits, lesson.y_test)
predicted = tf.argmax(logits, axis=2).numpy()
print("loss on the held-out text", float(held_out))
