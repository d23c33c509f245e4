// Lesson 4: a network that one draws, learning points of the plane.
import { readAddress, writeAddress } from "../drawing/address.js";
import { byId, fillSelect } from "../drawing/elements.js";
import { onKeys, onPress, toggle } from "../drawing/pointing.js";
import { showExport } from "../export/panel.js";
import { DATA_SETS, kindsOf, points as drawPoints, SIDE } from "../math/data.js";
import { stored, untrained } from "../math/recipe.js";
import { drawDiagram, drawLosses, drawPlane } from "./network_views.js";
import { MOST_EPOCHS, MOST_LAYERS, MOST_NEURONS, RATES, recipeOf, SEEDS, settingOf, wordsOf } from "./settings.js";

const el = byId("network");
const IN_A_FRAME = 2; // epochs
let setting, recipe, model, losses, cursor;

fillSelect(el("data"), DATA_SETS);
fillSelect(el("rate"), Object.fromEntries([...RATES].sort((a, b) => a - b).map((rate) => [rate, rate])));
fillSelect(el("seed"), Object.fromEntries(Array.from({ length: SEEDS }, (_, i) => [i + 1, `draw ${i + 1}`])));

// Everything follows from the setting: a change of it starts from the initial weights again.
function build() {
  const { epochs } = setting;
  recipe = recipeOf(setting);
  model = untrained(recipe);
  losses = [model.loss(recipe.x, recipe.y)];
  setting.epochs = 0;
  for (let i = 0; i < epochs; i++) train();
}

function train() {
  model.epoch(recipe.x, recipe.y, stored(recipe.x), recipe.batch_size);
  setting.epochs += 1;
  losses.push(model.loss(recipe.x, recipe.y));
}

function remember() {
  recipe = recipeOf(setting);
  writeAddress("network", wordsOf(setting));
  showExport("network", recipe, () => losses.at(-1));
}

function change(next) {
  stop();
  setting = { ...setting, epochs: 0, ...next };
  build();
  controls();
  draw();
  remember();
}

let plot;
export function draw() {
  plot = drawPlane(el("plane"), model, setting.points, document.activeElement === el("plane") ? cursor : undefined);
  drawDiagram(el("diagram"), model);
  drawLosses(el("chart"), losses);
  const scores = model.forward(recipe.x);
  const right = scores.filter((z, i) =>
    model.net.loss === "softmax" ? z.indexOf(Math.max(...z)) === recipe.y[i] : z[0] > 0 === (recipe.y[i][0] === 1),
  ).length;
  const loss = losses.at(-1);
  el("message").textContent = Number.isFinite(loss)
    ? `Epoch ${setting.epochs}: loss ${loss.toFixed(4)}, right for ${right} of ${recipe.x.length} points`
    : `Epoch ${setting.epochs}: the loss is no number any more. Too high a learning rate?`;
}

// The controls as the setting says.
function controls() {
  for (const name of ["data", "activation", "optimizer", "rate", "batch", "seed"]) el(name).value = setting[name];
  el("depth").value = String(setting.hidden.length);
  el("third").hidden = kindsOf(setting.data) < 3;
  el("layers").replaceChildren(...setting.hidden.map(widthControl));
}

function widthControl(width, layer) {
  const group = document.createElement("span");
  group.className = "layer";
  const button = (sign, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.id = `network-${by > 0 ? "more" : "fewer"}-${layer + 1}`;
    made.setAttribute("aria-label", `${by > 0 ? "One neuron more" : "One neuron fewer"} in hidden layer ${layer + 1}`);
    made.disabled = width + by < 1 || width + by > MOST_NEURONS;
    made.addEventListener("click", () => {
      change({ hidden: setting.hidden.map((n, i) => (i === layer ? n + by : n)) });
      document.getElementById(made.id).focus();
    });
    return made;
  };
  const words = document.createElement("span");
  words.textContent = `${width} ${width === 1 ? "neuron" : "neurons"}`;
  group.append(button("−", -1), words, button("+", 1));
  return group;
}

const stop = toggle(el("run"), "Train", "Stop", () => {
  for (let i = 0; i < IN_A_FRAME && setting.epochs < MOST_EPOCHS; i++) train();
  draw();
  const more = setting.epochs < MOST_EPOCHS && Number.isFinite(losses.at(-1));
  if (!more) remember();
  return more;
});
el("run").addEventListener("click", remember);
el("step").addEventListener("click", () => {
  stop();
  if (setting.epochs >= MOST_EPOCHS) return;
  train();
  draw();
  remember();
});
el("reset").addEventListener("click", () => change({}));
for (const name of ["activation", "optimizer", "rate", "batch"]) {
  el(name).addEventListener("change", () => change({ [name]: el(name).value }));
}
el("seed").addEventListener("change", () => change({ seed: Number(el("seed").value) }));
el("data").addEventListener("change", () =>
  change({ data: el("data").value, points: drawPoints(el("data").value, 1), drawn: false }));
el("depth").addEventListener("change", () => {
  const depth = Math.min(MOST_LAYERS, Number(el("depth").value));
  change({ hidden: Array.from({ length: depth }, (_, i) => setting.hidden[i] ?? 4) });
});

// Sets a point, or takes those away that are near.
function press(place, kind = Number(document.querySelector("[name=network-kind]:checked").value)) {
  const [x, y] = place.map((value) => Number(Math.max(-SIDE, Math.min(SIDE, value)).toFixed(2)));
  cursor = [x, y];
  const far = setting.points.filter((point) => Math.hypot(point[0] - x, point[1] - y) > 0.08);
  const near = far.length < setting.points.length;
  if (kind >= kindsOf(setting.data) || (far.length === 0 && (near || kind < 0))) return;
  change({ points: near || kind < 0 ? far : [...setting.points, [x, y, kind]], drawn: true });
}
onPress(el("plane"), () => plot, (place) => press(place));
onKeys(
  el("plane"),
  (move) => {
    cursor = cursor.map((value, i) => Math.max(-SIDE, Math.min(SIDE, value + 0.1 * move[i])));
    draw();
  },
  { 1: () => press(cursor, 1), 2: () => press(cursor, 0), 3: () => press(cursor, 2), delete: () => press(cursor, -1) },
);
["focus", "blur"].forEach((event) => el("plane").addEventListener(event, () => draw()));

export function open() {
  setting = settingOf(readAddress()[1]);
  cursor = [0, 0];
  build();
  controls();
  draw();
  remember();
}
export const close = () => stop();
