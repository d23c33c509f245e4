import { dataPart, forward, loop, predicted, scores, wordsOf } from "./python.js";

const VALUES = {
  tanh: (z) => `pt.tanh(${z})`,
  relu: (z) => `relu(${z})`,
  sigmoid: (z) => `pt.sigmoid(${z})`,
};
const RELU = ["", "", "def relu(z):  # not pt.maximum: maximum_at_a_tie",
  "    return pt.switch(z > 0, z, 0)", "", ""];

const LOGISTIC = [
  "# log(1 + exp(z)) - y z, without overflow",
  "loss = (pt.softplus(logits) - y * logits).mean()",
];
const SOFTMAX = [
  "log_p = pt.special.log_softmax(logits, axis=1)",
  "loss = -log_p[pt.arange(y.shape[0]), y].mean()",
];

// Lines before the function of one step, its other inputs, and what they are in the loop.
function optimizer(w) {
  const each = "for p, g in zip(params, pt.grad(loss, params))";
  const grads = `${each}:`;
  if (w.adam) {
    return [
      [
        't, updates = pt.scalar("t"), []',
        grads,
        "    zeros = np.zeros_like(p.get_value())",
        "    m, v = pytensor.shared(zeros), pytensor.shared(zeros)",
        "    first = 0.9 * m + 0.1 * g",
        "    second = 0.999 * v + 0.001 * g**2",
        "    root = pt.sqrt(second / (1 - 0.999**t)) + 1e-8",
        `    moved = p - ${w.learning_rate} * first / (1 - 0.9**t) / root`,
        "    updates += [(m, first), (v, second), (p, moved)]",
      ],
      ["t, ", "len(losses) + 1, "],
    ];
  }
  if (!w.momentum) {
    return [
      [`updates = [(p, p - ${w.learning_rate} * g) ${each}]`],
      ["", ""],
    ];
  }
  return [
    [
      "updates = []",
      grads,
      "    v = pytensor.shared(np.zeros_like(p.get_value()))",
      `    moved = ${w.momentum} * v + g`,
      `    updates += [(v, moved), (p, p - ${w.learning_rate} * moved)]`,
    ],
    ["", ""],
  ];
}

export function pytensorProgram(recipe) {
  const w = wordsOf(recipe);
  const [updates, [names, values]] = optimizer(w);
  const bent = w.layers.some((layer) => layer.activation === "relu");
  return [
    ...dataPart(recipe,
      ["import numpy as np", "import pytensor", "import pytensor.tensor as pt"],
      "The network on the screen, as one graph of PyTensor.", "numpy pytensor"),
    "data = x, y",
    `x, y = pt.matrix("x"), ${w.logistic ? 'pt.matrix("y")' : 'pt.lvector("y")'}`,
    "",
    "# model",
    "params = [pytensor.shared(w) for w in weights]",
    `${w.params} = params`,
    ...(bent ? RELU : []),
    ...forward(w, (z, f) => VALUES[f](z)),
    `logits = ${scores(w)}`,
    "",
    "# loss",
    ...(w.logistic ? LOGISTIC : SOFTMAX),
    "",
    "# training",
    ...updates,
    `step = pytensor.function([${names}x, y], loss, updates=updates)`,
    "test = pytensor.function([x, y], [logits, loss])",
    "x, y = data",
    ...loop(w, [`losses.append(step(${values}x_batch, y_batch))`]),
    "",
    "# result",
    "logits, loss = test(x, y)",
    `predicted = ${predicted(w)}`,
    'print("loss", loss)',
  ];
}
