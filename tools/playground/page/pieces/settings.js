// What the network's controls can be set to, and the recipe that follows from a setting.
import { oneOf, whole } from "../drawing/address.js";
import { DATA_SETS, kindsOf, points } from "../math/data.js";
import { Dense, Net } from "../math/model.js";
import { Adam, SGD } from "../math/optimizers.js";
import { initialWeights } from "../math/random.js";
import { targets } from "../math/recipe.js";

export const RATES = ["0.1", "0.003", "0.01", "0.03", "0.3", "1"]; // the first one by default
export const BATCHES = ["10", "30", "120"];
export const ACTIVATIONS = ["tanh", "relu", "sigmoid"];
export const OPTIMIZERS = {
  sgd: (rate) => SGD(rate), momentum: (rate) => SGD(rate, 0.9), adam: (rate) => Adam(rate),
};
export const MOST_LAYERS = 3;
export const MOST_NEURONS = 8; // of a layer
export const MOST_EPOCHS = 2000;
export const SEEDS = 9; // draws of initial weights

// The words of an address as a setting; whatever is none of the values gives the first of them.
export function settingOf(words) {
  const data = oneOf(words.data, ["ring", ...Object.keys(DATA_SETS)]);
  const hidden = (words.hidden ?? "4").split(",").map((n) => whole(n, 1, MOST_NEURONS, 0));
  return {
    data,
    hidden: words.hidden === "none" ? [] : hidden.filter(Boolean).slice(0, MOST_LAYERS),
    activation: oneOf(words.activation, ACTIVATIONS),
    optimizer: oneOf(words.optimizer, Object.keys(OPTIMIZERS)),
    rate: oneOf(words.rate, RATES),
    batch: oneOf(words.batch, BATCHES),
    seed: whole(words.seed, 1, SEEDS, 1),
    epochs: whole(words.epochs, 0, MOST_EPOCHS, 0),
    points: pointsIn(words.points, kindsOf(data)) ?? points(data, 1),
    drawn: Boolean(pointsIn(words.points, kindsOf(data))),
  };
}

function pointsIn(text, kinds) {
  const found = (text ?? "").split(";").map((each) => each.split(",").map(Number));
  const good = ([x, y, kind]) =>
    Math.abs(x) <= 2.5 && Math.abs(y) <= 2.5 && Number.isInteger(kind) && kind >= 0 && kind < kinds;
  return text && found.every(good) ? found : undefined;
}

// The words that bring the setting back; points only if somebody has set or removed one.
export const wordsOf = (setting) => ({
  data: setting.data,
  hidden: setting.hidden.join(",") || "none",
  activation: setting.activation,
  optimizer: setting.optimizer,
  rate: setting.rate,
  batch: setting.batch,
  seed: setting.seed,
  epochs: setting.epochs || "",
  points: setting.drawn ? setting.points.map((point) => point.join(",")).join(";") : "",
});

export function recipeOf(setting) {
  const kinds = kindsOf(setting.data);
  const loss = kinds === 2 ? "logistic" : "softmax";
  const widths = [2, ...setting.hidden, kinds === 2 ? 1 : kinds];
  const layers = widths.slice(1).map((n_out, i) =>
    Dense(widths[i], n_out, i < setting.hidden.length ? setting.activation : "identity"),
  );
  const net = Net(layers, loss);
  return {
    net,
    params: initialWeights(net, setting.seed),
    optimizer: OPTIMIZERS[setting.optimizer](Number(setting.rate)),
    x: setting.points.map(([x, y]) => [x, y]),
    y: targets(loss, setting.points.map(([, , kind]) => kind)),
    batch_size: Math.min(Number(setting.batch), setting.points.length),
    epochs: setting.epochs,
  };
}
