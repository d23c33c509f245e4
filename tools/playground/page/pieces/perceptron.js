// Lesson 1: one neuron draws one line, and Rosenblatt's rule turns it. Whole numbers, so that every
// weight is exact.
import { readAddress, writeAddress } from "../drawing/address.js";
import { byId } from "../drawing/elements.js";
import { colour, Plot } from "../drawing/plot.js";
import { onKeys, onPress, pause, toggle } from "../drawing/pointing.js";
import { Dense, Model, Net } from "../math/model.js";
import { SGD } from "../math/optimizers.js";

const END = 8; // the plane reaches from −8 to 8
const LIMIT = 60; // passes after which the neuron gives up for now
const PAUSE = 12; // frames between two mistakes

const el = byId("perceptron");
// Separable, and not at once: 5 passes and 10 mistakes.
const SIDES = [
  [-7, -4, 1], [1, -7, 1], [4, 3, -1], [7, 2, -1], [-2, 4, 1], [-6, 6, 1], [2, -6, 1],
  [7, -7, -1], [4, 6, -1], [0, -1, 1], [5, 4, -1], [7, -6, -1], [5, 5, -1], [-3, -3, 1],
];
const XOR = [[-5, -5, -1], [-5, 5, 1], [5, -5, 1], [5, 5, -1]];

let points, model, row, mistakes, wrong, cursor, passes;

export const perceptron = (n_in) =>
  new Model(Net([Dense(n_in, 1)], "perceptron"), [Array.from({ length: n_in }, () => [0]), [0]], SGD(1));

function reset() {
  model = perceptron(2);
  [row, mistakes, wrong, passes] = [0, [0], undefined, 0];
  el("message").textContent = points.length ? "All knobs are at 0." : "Set some points.";
  draw();
}

function take(next) {
  stop();
  points = next;
  writeAddress("perceptron", { points: points.map((point) => point.join(",")).join(";") });
  reset();
}

// Goes on to the next mistake and steps on it: → whether there was one.
function learn() {
  if (!points.length) return false;
  for (let looked = 0; looked <= 2 * points.length; looked++) {
    if (row === points.length) {
      passes += 1;
      if (mistakes.at(-1) === 0) {
        wrong = undefined;
        const total = mistakes.reduce((a, b) => a + b, 0);
        el("message").textContent =
          `Separated after ${counted(passes, "pass", "passes")} and ${counted(total, "mistake", "mistakes")}.`;
        draw();
        return false;
      }
      row = 0;
      mistakes.push(0);
    }
    const [a, b, side] = points[row++];
    const before = model.params.flat(2).join();
    model.step([[a, b]], [[side]]);
    if (model.params.flat(2).join() === before) continue;
    wrong = row - 1;
    mistakes[mistakes.length - 1] += 1;
    el("message").textContent = `Pass ${passes + 1}: wrong at (${a}, ${b}), so it turns.`;
    draw();
    if (passes < LIMIT) return true;
    el("message").textContent =
      `Still wrong after ${passes} passes. Can any straight line part these points?`;
    return false;
  }
  return false;
}

const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const shown = (value) => String(value).replace("-", "−");
let plot;
export function draw() {
  const ends = [-END - 0.7, END + 0.7];
  plot = new Plot(el("plane"), { x: ends, y: ends });
  const [[[w1], [w2]], [b]] = model.params;
  sides(w1, w2, b);
  for (let i = -END; i <= END; i += 2) {
    plot.line([[i, ends[0]], [i, ends[1]]], "rule", i ? 1 : 2);
    plot.line([[ends[0], i], [ends[1], i]], "rule", i ? 1 : 2);
  }
  points.forEach(([x, y, side]) => plot.mark([x, y], side > 0 ? 1 : 0, 0.5));
  if (wrong !== undefined) plot.ring(points[wrong], "ink");
  if (document.activeElement === el("plane")) plot.ring(cursor, "link", 0.65);
  Object.entries({ w1, w2, b }).forEach(([name, value]) => (el(name).textContent = shown(value)));
  bars();
}

// The two sides of the line, and the line with the direction of its weights.
function sides(w1, w2, b) {
  if (!w1 && !w2) return;
  const size = Math.hypot(w1, w2);
  const [foot, along, far] = [[(-b * w1) / size ** 2, (-b * w2) / size ** 2], [-w2 / size, w1 / size], 60];
  const { pen } = plot;
  for (const [sign, name] of [[1, "blue-side"], [-1, "orange-side"]]) {
    const out = [(sign * far * w1) / size, (sign * far * w2) / size];
    const corner = (a, o) => plot.at([foot[0] + a * far * along[0] + o * out[0], foot[1] + a * far * along[1] + o * out[1]]);
    pen.beginPath();
    [[-1, 0], [1, 0], [1, 1], [-1, 1]].forEach(([a, o]) => pen.lineTo(...corner(a, o)));
    pen.globalAlpha = 0.55;
    pen.fillStyle = colour(name);
    pen.fill();
    pen.globalAlpha = 1;
  }
  plot.line([-far, far].map((a) => [foot[0] + a * along[0], foot[1] + a * along[1]]), "ink", 4);
}

function bars() {
  const most = Math.max(3, ...mistakes);
  const last = Math.max(8, mistakes.length);
  const chart = new Plot(el("mistakes"), { x: [0.5, last + 0.5], y: [0, most], margins: [1.5, 0.3, 1.6, 1.8] });
  chart.axes("", "mistakes in each pass", [1, last], [0, most]);
  mistakes.forEach((count, i) => chart.rectangle([i + 0.6, 0], [i + 1.4, count], "orange"));
  el("mistakes").setAttribute("aria-label", `Mistakes in each pass: ${mistakes.join(", ")}`);
}

// Sets a point, or takes the one away that is there.
function press(place, kind = Number(document.querySelector("[name=perceptron-kind]:checked").value)) {
  const [x, y] = place.map((value) => Math.max(-END, Math.min(END, Math.round(value))));
  cursor = [x, y];
  const there = points.find((point) => point[0] === x && point[1] === y);
  const rest = points.filter((point) => point !== there);
  take(there && (kind === 0 || there[2] === kind) ? rest : kind ? [...rest, [x, y, kind]] : rest);
}

onPress(el("plane"), () => plot, (place) => press(place));
onKeys(
  el("plane"),
  (move) => {
    cursor = cursor.map((value, i) => Math.max(-END, Math.min(END, value + move[i])));
    draw();
  },
  { b: () => press(cursor, 1), o: () => press(cursor, -1), delete: () => press(cursor, 0), " ": () => press(cursor) },
);
["focus", "blur"].forEach((event) => el("plane").addEventListener(event, () => draw()));
let frames = 0;
const stop = toggle(el("run"), "Learn", "Stop", () => (frames++ % pause(PAUSE) ? true : learn()));
el("step").addEventListener("click", () => {
  stop();
  learn();
});
el("reset").addEventListener("click", () => {
  stop();
  reset();
});
el("sides").addEventListener("click", () => take(SIDES));
el("xor").addEventListener("click", () => take(XOR));
el("clear").addEventListener("click", () => take([]));

// Points of an address, as far as they are some.
function read(text) {
  const found = (text ?? "").split(";").map((each) => each.split(",").map(Number));
  const good = found.filter(([x, y, side]) =>
    Number.isInteger(x) && Number.isInteger(y) && Math.abs(x) <= END && Math.abs(y) <= END &&
    Math.abs(side) === 1);
  return text && good.length ? good : SIDES;
}

export function open() {
  cursor = [0, 0];
  points = read(readAddress()[1].points);
  reset();
}
export const close = () => stop();
