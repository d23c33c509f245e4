import { dataPart, forward, loop, predicted, scores, wordsOf } from "./python.js";

const LOGISTIC = `def loss_fn(logits, y):
    loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
    return tf.reduce_mean(loss)`;
const SOFTMAX = `def loss_fn(logits, y):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=y, logits=logits
    )
    return tf.reduce_mean(loss)`;
const empty = (name) => `${name} = [tf.Variable(tf.zeros_like(p)) for p in params]`;

function optimizer(w) {
  if (w.adam) {
    return [
      ["t = tf.Variable(0.0, dtype=x.dtype)", empty("first"), empty("second")],
      [
        "t.assign_add(1)",
        "for p, m, v, g in zip(params, first, second, grads):",
        "    m.assign(0.9 * m + 0.1 * g)",
        "    v.assign(0.999 * v + 0.001 * g**2)",
        "    root = tf.sqrt(v / (1 - 0.999**t)) + 1e-8",
        `    p.assign_sub(${w.learning_rate} * m / (1 - 0.9**t) / root)`,
      ],
    ];
  }
  if (!w.momentum) {
    return [[], ["for p, g in zip(params, grads):", `    p.assign_sub(${w.learning_rate} * g)`]];
  }
  return [
    [empty("velocity")],
    [
      "for p, v, g in zip(params, velocity, grads):",
      `    v.assign(${w.momentum} * v + g)`,
      `    p.assign_sub(${w.learning_rate} * v)`,
    ],
  ];
}

export function tensorflowProgram(recipe) {
  const w = wordsOf(recipe);
  const [memory, move] = optimizer(w);
  return [
    ...dataPart(recipe, ["import numpy as np", "import tensorflow as tf"],
      "The network on the screen, on the core of TensorFlow.", "numpy tensorflow"),
    "# model",
    "params = [tf.Variable(w) for w in weights]",
    `${w.params} = params`,
    "",
    "",
    "def model(x):",
    ...forward(w, (z, f) => `tf.nn.${f}(${z})`).map((line) => `    ${line}`),
    `    return ${scores(w)}`,
    "",
    "",
    "# loss",
    w.logistic ? LOGISTIC : SOFTMAX,
    "",
    "",
    "# training",
    ...memory,
    "",
    "",
    "@tf.function",
    "def step(x, y):",
    "    with tf.GradientTape() as tape:",
    "        loss = loss_fn(model(x), y)",
    "    grads = tape.gradient(loss, params)",
    ...move.map((line) => `    ${line}`),
    "    return loss",
    "",
    "",
    ...loop(w, ["losses.append(step(x_batch, y_batch))"]),
    "",
    "# result",
    "logits = model(x)",
    `predicted = ${w.logistic ? "logits.numpy() > 0" : predicted(w).replace("logits", "logits.numpy()")}`,
    'print("loss", float(loss_fn(logits, y)))',
  ];
}
