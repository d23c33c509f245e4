"""A small transformer, every gradient by hand."""

# pip install . numpy
import numpy as np

from triptych.lesson_data import load

# data
lesson = load(8)
x, y = lesson.x, lesson.y

# model
rng, symbols = np.random.default_rng(), x.max() + 1
block = [32], [32], *[(32, 32)] * 4
block += [32], [32], (32, 128), [128], (128, 32), [32]
shapes = (symbols, 32), (32, 32), *block, *block
shapes += [32], [32], (32, symbols), [symbols]
fresh = [rng.normal(0, 0.1, shape) for shape in shapes]
for i in (2, 8, 14, 20, 26):  # the scale of each norm
    fresh[i] = np.ones(32)
weights = lesson.weights or fresh
params = [w.astype(lesson.dtype) for w in weights]
seen = np.tri(32, dtype=bool)


def product_grads(x, w, d):  # of x @ w, given the slope d
    rows = x.reshape(-1, len(w))
    return rows.T @ d.reshape(-1, w.shape[1]), d @ w.T


def norm(x, scale, bias):
    apart = x - x.mean(2, keepdims=True)
    root = np.sqrt((apart**2).mean(2, keepdims=True) + 1e-5)
    u = apart / root  # layernorm_epsilon
    return scale * u + bias, (u, root)


def norm_grads(memory, scale, d):
    u, root = memory
    h = d * scale
    along = u * (h * u).mean(2, keepdims=True)
    by_x = (h - h.mean(2, keepdims=True) - along) / root
    return (d * u).sum((0, 1)), d.sum((0, 1)), by_x


def split(x):  # (n, 32, 32) -> (n, 2, 32, 16)
    return x.reshape(-1, 32, 2, 16).swapaxes(1, 2)


def join(x):  # attention_heads_axis
    return x.swapaxes(1, 2).reshape(-1, 32, 32)


def attention(x, query, key, value, output):
    q, k, v = (split(x @ w) for w in (query, key, value))
    scores = np.where(
        seen, q @ k.swapaxes(2, 3) / 4, -np.inf
    )
    e = np.exp(scores - scores.max(3, keepdims=True))
    shares = e / e.sum(3, keepdims=True)
    found = join(shares @ v)
    return found @ output, (x, q, k, v, shares, found)


def attention_grads(memory, query, key, value, output, d):
    x, q, k, v, shares, found = memory
    by_output, d = product_grads(found, output, d)
    d = split(d)
    by_shares = d @ v.swapaxes(2, 3)
    mean = (by_shares * shares).sum(3, keepdims=True)
    by_scores = shares * (by_shares - mean) / 4
    by_q, by_k = by_scores @ k, by_scores.swapaxes(2, 3) @ q
    by_v = shares.swapaxes(2, 3) @ d
    grads, by_x = [], 0
    for w, each in (
        (query, by_q),
        (key, by_k),
        (value, by_v),
    ):
        by_w, part = product_grads(x, w, join(each))
        grads, by_x = [*grads, by_w], by_x + part
    return [*grads, by_output], by_x


def model(x):
    table, places, *rest = params
    h, memory = table[x] + places, []
    for p in rest[:12], rest[12:24]:
        normed, of_norm = norm(h, *p[:2])
        looked, of_attention = attention(normed, *p[2:6])
        h = h + looked
        normed, of_second = norm(h, *p[6:8])
        inner = np.maximum(normed @ p[8] + p[9], 0)
        h = h + inner @ p[10] + p[11]
        memory += (
            (
                of_norm,
                of_attention,
                of_second,
                normed,
                inner,
            ),
        )
    last, of_last = norm(h, *rest[24:26])
    return last @ rest[26] + rest[27], memory, of_last, last


# loss
def loss_and_grad(logits, y):
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = e / e.sum(axis=2, keepdims=True)
    picked = np.take_along_axis(p, y[..., None], 2)
    np.put_along_axis(p, y[..., None], picked - 1, 2)
    return -np.log(picked).mean(), p / y.size


# training
def all_grads(x, d, memory, of_last, last):
    rest = params[2:]
    by_w, slope = product_grads(last, rest[26], d)
    by_scale, by_bias, h = norm_grads(
        of_last, rest[24], slope
    )
    grads = [by_scale, by_bias, by_w, d.sum((0, 1))]
    for p, stored in zip(
        (rest[12:24], rest[:12]), memory[::-1]
    ):
        of_norm, of_attention, of_second, normed, inner = (
            stored
        )
        by_w2, slope = product_grads(inner, p[10], h)
        slope = slope * (inner > 0)
        by_w1, back = product_grads(normed, p[8], slope)
        thinks = (
            by_w1,
            slope.sum((0, 1)),
            by_w2,
            h.sum((0, 1)),
        )
        *second, back = norm_grads(of_second, p[6], back)
        h = h + back
        by_look, back = attention_grads(
            of_attention, *p[2:6], h
        )
        *first, back = norm_grads(of_norm, p[0], back)
        h = h + back
        grads = [*first, *by_look, *second, *thinks, *grads]
    by_table = np.zeros_like(params[0])
    np.add.at(by_table, x, h)  # repeated_index_add
    return [by_table, h.sum(0), *grads]


first = [np.zeros_like(p) for p in params]
second = [np.zeros_like(p) for p in params]
losses = []
for epoch, order in enumerate(lesson.orders):
    rate = 0.008 if epoch < lesson.epochs * 2 / 3 else 0.001
    for rows in np.split(order, range(25, len(x), 25)):
        logits, *memory = model(x[rows])
        loss, d = loss_and_grad(logits, y[rows])
        losses.append(loss)
        grads, t = (
            all_grads(x[rows], d, *memory),
            len(losses),
        )
        for p, m, v, g in zip(params, first, second, grads):
            m[:] = 0.9 * m + 0.1 * g
            v[:] = 0.999 * v + 0.001 * g**2
            root = np.sqrt(v / (1 - 0.999**t)) + 1e-8
            p -= rate * m / (1 - 0.9**t) / root

# result
logits = model(lesson.x_test)[0]
held_out = loss_and_grad(logits, lesson.y_test)[0]
predicted = logits.argmax(axis=2)
print("loss on the held-out text", held_out)
