import { dataPart, indented, loop, predicted, wordsOf } from "./python.js";

const MODULES = { tanh: "nn.Tanh()", relu: "nn.ReLU()", sigmoid: "nn.Sigmoid()" };

export function torchProgram(recipe) {
  const w = wordsOf(recipe);
  const layers = w.layers.flatMap(({ n_in, n_out, activation }) => [
    `nn.Linear(${n_in}, ${n_out}),`,
    ...(activation === "identity" ? [] : [`${MODULES[activation]},`]),
  ]);
  const rate = `lr=${w.learning_rate}${w.momentum ? `, momentum=${w.momentum}` : ""}`;
  const step = [
    "loss = loss_fn(model(x_batch), y_batch)",
    "optimizer.zero_grad()  # else: gradients_accumulate",
    "loss.backward()",
    "optimizer.step()",
    "losses.append(loss.item())",
  ];
  return [
    ...dataPart(recipe, ["import numpy as np", "import torch", "from torch import nn"],
      "The network on the screen, as PyTorch's tutorials do.", "numpy torch"),
    "x, y = torch.from_numpy(x), torch.from_numpy(y)",
    "",
    "# model",
    "model = nn.Sequential(",
    indented(layers),
    ").to(x.dtype)",
    "with torch.no_grad():  # (out, in) here: dense_kernel_layout",
    "    for p, weight in zip(model.parameters(), weights):",
    "        p.copy_(torch.from_numpy(weight.T))",
    "",
    "# loss",
    "# of logits, not probabilities: crossentropy_input",
    `loss_fn = nn.${w.logistic ? "BCEWithLogitsLoss" : "CrossEntropyLoss"}()`,
    "",
    "# training",
    `optimizer = torch.optim.${w.adam ? "Adam" : "SGD"}(model.parameters(), ${rate})`,
    ...loop(w, step),
    "",
    "# result",
    "with torch.no_grad():",
    "    logits = model(x)",
    `predicted = (${predicted(w, "dim=1")}).numpy()`,
    'print("loss", loss_fn(logits, y).item())',
  ];
}
