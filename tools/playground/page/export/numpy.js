import { dataPart, forward, loop, predicted, range, scores, wordsOf } from "./python.js";

const VALUES = {
  tanh: (z) => `np.tanh(${z})`,
  relu: (z) => `np.maximum(${z}, 0)`,
  sigmoid: (z) => `1 / (1 + np.exp(-(${z})))`,
};
const SLOPES = {
  tanh: (h) => `(1 - ${h}**2)`,
  relu: (h) => `(${h} > 0)`,
  sigmoid: (h) => `${h} * (1 - ${h})`,
};

const LOGISTIC = `def loss_and_grad(logits, y):
    # log(1 + exp(z)) - y z, without overflow
    loss = np.logaddexp(0, logits) - y * logits
    p = 1 / (1 + np.exp(-logits))
    return loss.mean(), (p - y) / len(y)`;
const SOFTMAX = `def loss_and_grad(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(y)`;

// Empty memories, and the lines that move each parameter p by its gradient g.
function optimizer(w) {
  if (w.adam) {
    return [
      ["first = [np.zeros_like(p) for p in params]", "second = [np.zeros_like(p) for p in params]"],
      [
        "t = len(losses)",
        "for p, m, v, g in zip(params, first, second, grads):",
        "    m[:] = 0.9 * m + 0.1 * g",
        "    v[:] = 0.999 * v + 0.001 * g**2",
        "    root = np.sqrt(v / (1 - 0.999**t)) + 1e-8",
        `    p -= ${w.learning_rate} * m / (1 - 0.9**t) / root`,
      ],
    ];
  }
  if (!w.momentum) {
    return [[], ["for p, g in zip(params, grads):", `    p -= ${w.learning_rate} * g`]];
  }
  return [
    ["velocity = [np.zeros_like(p) for p in params]"],
    [
      "for p, v, g in zip(params, velocity, grads):",
      `    v[:] = ${w.momentum} * v + g`,
      `    p -= ${w.learning_rate} * v`,
    ],
  ];
}

export function numpyProgram(recipe) {
  const w = wordsOf(recipe);
  const [memory, move] = optimizer(w);
  const outputs = [...w.hidden, "logits"].join(", ");
  const back = range(w.n - 1, (i) => w.n - i).map(
    (i) => `d${i} = d${i + 1} @ W${i + 1}.T * ${SLOPES[w.layers[i - 1].activation](`h${i}`)}`,
  );
  const input = (i) => (i === 1 ? "x_batch" : `h${i - 1}`);
  const grads = range(w.n, (i) => `    *(${input(i)}.T @ d${i}, d${i}.sum(axis=0)),`);
  const step = [
    `${outputs} = model(x_batch)`.replace(/^logits =/, "(logits,) ="),
    `loss, d${w.n} = loss_and_grad(logits, y_batch)`,
    "losses.append(loss)",
    ...back,
    "grads = [",
    ...grads,
    "]",
    ...move,
  ];
  return [
    ...dataPart(recipe, ["import numpy as np"],
      "The network on the screen, every gradient by hand.", "numpy"),
    "# model",
    "params = [np.array(w) for w in weights]",
    `${w.params} = params`,
    "",
    "",
    "def model(x):",
    ...forward(w, (z, f) => VALUES[f](z)).map((line) => `    ${line}`),
    `    return ${w.n === 1 ? `(${scores(w)},)` : [...w.hidden, scores(w)].join(", ")}`,
    "",
    "",
    "# loss",
    w.logistic ? LOGISTIC : SOFTMAX,
    "",
    "",
    "# training",
    ...memory,
    ...loop(w, step),
    "",
    "# result",
    "logits = model(x)[-1]",
    `predicted = ${predicted(w)}`,
    'print("loss", loss_and_grad(logits, y)[0])',
  ];
}
