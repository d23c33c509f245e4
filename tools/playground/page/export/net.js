import { dataPart, loop, predicted, wordsOf } from "./python.js";

// A network of ours, for every backend: it runs in a checkout of the course.
export function netProgram(recipe) {
  const w = wordsOf(recipe);
  const layers = w.layers.map(({ n_in, n_out, activation }) =>
    activation === "identity"
      ? `    Dense(${n_in}, ${n_out}),`
      : `    Dense(${n_in}, ${n_out}, "${activation}"),`,
  );
  const settings = `${w.learning_rate}${w.momentum ? `, momentum=${w.momentum}` : ""}`;
  return [
    ...dataPart(recipe,
      ["import numpy as np", "", `from adapters import ${w.name === "SGD" ? "SGD, Dense" : "Adam, Dense"}, Net, load`],
      "The network on the screen, for every backend of the course.", "numpy, in a checkout"),
    "# model",
    ...(w.n === 1 ? [`layers = (${layers[0].trim()})`] : ["layers = (", ...layers, ")"]),
    "# loss",
    `net = Net(layers, loss="${w.logistic ? "logistic" : "softmax"}")`,
    'Model = load("numpy", dtype="float64")  # or "torch", "jax", …',
    `model = Model(net, weights, ${w.name}(${settings}))`,
    "",
    "# training",
    ...loop(w, ["losses.append(model.step(x_batch, y_batch))"]),
    "",
    "# result",
    "params, logits = model.params(), model.forward(x)",
    `predicted = ${predicted(w)}`,
    'print("loss", model.loss(x, y))',
  ];
}
