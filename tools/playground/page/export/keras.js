import { dataPart, indented, predicted, wordsOf } from "./python.js";

const ADAM = `class Adam(keras.optimizers.Adam):  # adam_epsilon
    def update_step(self, g, p, rate):
        i = self._get_variable_index(p)
        m, v = self._momentums[i], self._velocities[i]
        m.assign(m * number(0.9) + g * number(0.1))
        v.assign(v * number(0.999) + g * g * number(0.001))
        t = ops.cast(self.iterations + 1, p.dtype)
        m_hat = m / (1 - ops.power(number(0.9), t))
        v_hat = v / (1 - ops.power(number(0.999), t))
        root = ops.sqrt(v_hat) + number(1e-8)
        p.assign_sub(rate * m_hat / root)


optimizer = Adam(number(RATE))`;

function optimizer(w) {
  if (w.adam) return [ADAM.replace("RATE", w.learning_rate)];
  const momentum = w.momentum ? `, momentum=number(${w.momentum})` : "";
  return [`optimizer = keras.optimizers.SGD(number(${w.learning_rate})${momentum})`];
}

export function kerasProgram(recipe) {
  const w = wordsOf(recipe);
  const layers = w.layers.map(({ n_out, activation }) =>
    activation === "identity" ? `layers.Dense(${n_out}),` : `layers.Dense(${n_out}, "${activation}"),`,
  );
  const loss = w.logistic ? "BinaryCrossentropy" : "SparseCategoricalCrossentropy";
  return [
    ...dataPart(recipe,
      ["import keras", "import numpy as np", `from keras import layers${w.adam ? ", ops" : ""}`],
      "The network on the screen, as Keras's guides do.", "numpy keras tensorflow"),
    "# model",
    'keras.config.set_floatx("float64")  # default_float',
    "number = np.float64  # constants_through_float32",
    "model = keras.Sequential(",
    "    [",
    indented([`keras.Input(shape=(${w.n_in},)),`, ...layers], 8),
    "    ]",
    ")",
    "model.set_weights(weights)",
    "",
    "# loss",
    `loss_fn = keras.losses.${loss}(`,
    "    from_logits=True  # not the default: crossentropy_input",
    ")",
    "",
    ...(w.adam ? ["", "# training", ...optimizer(w)] : ["# training", ...optimizer(w)]),
    "model.compile(optimizer=optimizer, loss=loss_fn)",
    `history = model.fit(x, y, batch_size=${w.batch}, epochs=${w.epochs}, shuffle=False, verbose=0)`,
    'losses = history.history["loss"]  # mean of each epoch',
    "",
    "# result",
    "logits = model.predict(x, verbose=0)",
    `predicted = ${predicted(w)}`,
    'print("loss", model.evaluate(x, y, verbose=0))',
  ];
}
