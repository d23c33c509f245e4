// Lesson 3 on 36 pixels: scores, shares, and the weights of each class as a picture.
import { readAddress, whole, writeAddress } from "../drawing/address.js";
import { byId } from "../drawing/elements.js";
import { between, KINDS, paint, Plot, rgb } from "../drawing/plot.js";
import { onKeys, onPress, toggle } from "../drawing/pointing.js";
import { showExport } from "../export/panel.js";
import { shares } from "../math/losses.js";
import { zeros } from "../math/matrix.js";
import { Dense, Net, shapesOf } from "../math/model.js";
import { SGD } from "../math/optimizers.js";
import { CLASSES, drawing, pictures, SIZE } from "../math/pictures.js";
import { targets, trained } from "../math/recipe.js";

const NET = Net([Dense(SIZE * SIZE, CLASSES.length)], "softmax");
const MOST = 300; // steps

const el = byId("softmax");
let data, taught, model, epochs, picture, cursor;

// All pictures in one batch, so an epoch is one step; all weights begin at 0.
const recipe = () => ({
  net: NET, optimizer: SGD(0.5), params: shapesOf(NET).map(zeros), epochs,
  x: data.x, y: targets("softmax", data.kinds), batch_size: data.x.length,
});

const asText = ([pixels, kind]) => `${kind}${parseInt(pixels.join(""), 2).toString(36)}`;
function fromText(text) {
  const bits = parseInt(text.slice(1), 36).toString(2).padStart(SIZE * SIZE, "0");
  return [[...bits].map(Number), Number(text[0])];
}
// As far as an address has some.
const taughtIn = (text) =>
  (text ?? "").split(",").filter((each) => /^[0-2][0-9a-z]{1,7}$/.test(each)).map(fromText)
    .filter(([pixels]) => pixels.length === SIZE * SIZE);

// Data and steps as they are: the model follows from them, to the last digit.
function build() {
  const given = pictures(1);
  data = {
    x: [...given.x, ...taught.map(([pixels]) => pixels)],
    kinds: [...given.kinds, ...taught.map(([, kind]) => kind)],
  };
  ({ model } = trained(recipe()));
}

function remember() {
  writeAddress("softmax", { epochs: epochs || "", taught: taught.map(asText).join(",") });
  showExport("softmax", recipe(), () => model.loss(recipe().x, recipe().y));
}

function step() {
  const { x, y } = recipe();
  model.step(x, y);
  epochs += 1;
  draw();
  return epochs % MOST !== 0;
}

let plot;
export function draw() {
  plot = new Plot(el("picture"), { x: [0, SIZE], y: [SIZE, 0] }); // y points down, as rows do
  const [empty, full] = [rgb("middle"), rgb("ink")];
  plot.image(picture.map((pixel) => between(empty, full, pixel)), SIZE, false);
  for (let i = 0; i <= SIZE; i++) {
    plot.line([[i, 0], [i, SIZE]], "rule", 1);
    plot.line([[0, i], [SIZE, i]], "rule", 1);
  }
  if (document.activeElement === el("picture")) {
    plot.ring([(cursor % SIZE) + 0.5, Math.floor(cursor / SIZE) + 0.5], "link");
  }
  drawShares(model.forward([picture])[0]);
  drawWeights(model.params[0]);
  const { x, y } = recipe();
  const right = model.forward(x).filter((z, i) => z.indexOf(Math.max(...z)) === y[i]).length;
  el("message").textContent =
    `${epochs} steps: loss ${model.loss(x, y).toFixed(3)}, right for ${right} of ${x.length} pictures`;
}

function drawShares(scores) {
  const cake = shares(scores);
  const chart = new Plot(el("shares"), { x: [0, 1], y: [CLASSES.length, -0.6], margins: [0.2, 4, 0.2, 10] });
  chart.text("score", [0, -0.3], { name: "muted", align: "right", by: [-0.6, 0] });
  chart.text("share of the cake", [0, -0.3], { name: "muted", align: "left" });
  CLASSES.forEach((name, k) => {
    const best = cake[k] === Math.max(...cake) && scores.some((score) => score !== scores[0]);
    chart.rectangle([0, k + 0.85], [Math.max(cake[k], 0.004), k + 0.15], KINDS[k]);
    chart.text(name, [0, k + 0.5], { align: "left", by: [-9.8, 0], bold: best });
    chart.text(scores[k].toFixed(2).replace("-", "−"), [0, k + 0.5], { align: "right", by: [-0.6, 0] });
    chart.text(`${(100 * cake[k]).toFixed(0)}%`, [cake[k], k + 0.5], { align: "left", by: [0.4, 0], bold: best });
  });
  const words = CLASSES.map((name, k) => `${name}: score ${scores[k].toFixed(2)}, share ${(100 * cake[k]).toFixed(0)}%`);
  el("shares").setAttribute("aria-label", words.join("; "));
}

// Blue pixels speak for a class and orange ones against it.
function drawWeights(kernel) {
  const gap = 1;
  const width = CLASSES.length * (SIZE + gap) - gap;
  const chart = new Plot(el("weights"), { x: [0, width], y: [SIZE, 0], margins: [1.5, 0.2, 0.2, 0.2] });
  const most = Math.max(0.3, ...kernel.flat().map(Math.abs));
  const [middle, forIt, against] = ["middle", "blue", "orange"].map(rgb);
  CLASSES.forEach((name, k) => {
    const colours = kernel.map((row) => between(middle, row[k] > 0 ? forIt : against, Math.abs(row[k]) / most));
    const [x0, y0] = chart.at([k * (SIZE + gap), 0]);
    const [x1, y1] = chart.at([k * (SIZE + gap) + SIZE, SIZE]);
    const side = Math.min(x1 - x0, y1 - y0);
    const left = (x0 + x1 - side) / 2;
    paint(chart.pen, colours, SIZE, [left, y0, side, side], false);
    chart.pen.strokeStyle = getComputedStyle(el("weights")).color;
    chart.pen.globalAlpha = 0.4;
    chart.pen.strokeRect(left, y0, side, side);
    chart.pen.globalAlpha = 1;
    chart.text(name, [k * (SIZE + gap) + SIZE / 2, 0], { base: "bottom", by: [0, -0.25] });
  });
}

const stop = toggle(el("run"), "Train", "Stop", () => {
  const more = step();
  if (!more) remember();
  return more;
});
el("run").addEventListener("click", remember);
function change(action) {
  return () => {
    stop();
    action();
    draw();
    remember();
  };
}
el("step").addEventListener("click", change(step));
el("reset").addEventListener("click", change(() => {
  epochs = 0;
  build();
}));
CLASSES.forEach((_, kind) => {
  el(String(kind)).addEventListener("click", change(() => (picture = drawing(kind))));
  // The new picture takes part from the first step on: the training is done again with it.
  el(`teach-${kind}`).addEventListener("click", change(() => {
    taught.push([picture, kind]);
    build();
  }));
});
el("clear").addEventListener("click", change(() => (picture = new Array(SIZE * SIZE).fill(0))));

let paintWith = 1;
const pixelAt = ([x, y]) => {
  const [column, line] = [x, y].map((value) => Math.max(0, Math.min(SIZE - 1, Math.floor(value))));
  return line * SIZE + column;
};
function set(i, value) {
  cursor = i;
  picture = picture.map((pixel, j) => (j === i ? value : pixel));
  draw();
}
onPress(
  el("picture"),
  () => plot,
  (place) => {
    paintWith = 1 - picture[pixelAt(place)];
    set(pixelAt(place), paintWith);
  },
  (place) => set(pixelAt(place), paintWith),
);
onKeys(
  el("picture"),
  ([right, up]) => {
    const next = [(cursor % SIZE) + right, Math.floor(cursor / SIZE) - up];
    if (next.every((value) => value >= 0 && value < SIZE)) cursor = next[1] * SIZE + next[0];
    draw();
  },
  { " ": () => set(cursor, 1 - picture[cursor]) },
);
["focus", "blur"].forEach((event) => el("picture").addEventListener(event, () => draw()));

export function open() {
  const state = readAddress()[1];
  taught = taughtIn(state.taught);
  epochs = whole(state.epochs, 0, 10 * MOST, 0);
  [picture, cursor] = [drawing(1), 0];
  build();
  draw();
  remember();
}
export const close = () => stop();
