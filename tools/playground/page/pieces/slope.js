// The ski slope of lesson 2: one valley, one start, and the learning rate.
import { readAddress, whole, writeAddress } from "../drawing/address.js";
import { byId } from "../drawing/elements.js";
import { drawLandscape } from "../drawing/landscape.js";
import { Plot } from "../drawing/plot.js";
import { onKeys, onPress, pause, toggle } from "../drawing/pointing.js";
import { valley } from "../math/valley.js";

const END = 3;
const STEPS = 40; // until the lifts close
const PAUSE = 6; // frames between two steps
// Bathrooms and living area do nearly the same work: steep across, nearly flat along. The curvature
// is 2·1.3² = 3.38 across and 2·0.45² = 0.405 along.
const ROWS = [[1.3, 1.3], [-1.3, -1.3], [0.45, -0.45], [-0.45, 0.45]];
const LIMIT = 2 / 3.38; // the largest stable learning rate
const LEVELS = [0.05, 0.3, 1, 2.5, 5, 9, 15, 24];
const PRESETS = { low: 2, right: 55, high: 115 }; // in hundredths of the limit
const ENOUGH = 0.01;
const LINES = [["orange", []], ["blue", [12, 8]], ["green", [3, 8]], ["ink", [18, 6, 3, 6]]];

const el = byId("slope");
const box = valley(ROWS, [0.8, 0.3]);
let start, runs;

const rate = () => (Number(el("rate").value) / 100) * LIMIT;
const share = () => Number(el("rate").value) / 100;

function begin() {
  runs = runs.slice(-(LINES.length - 1));
  const used = runs.map((run) => run.line);
  const line = LINES.find((each) => !used.includes(each));
  runs.push({ path: [start], losses: [box.loss(start)], rate: rate(), share: share(), line });
}

const running = () => {
  const run = runs.at(-1);
  return run && run.rate === rate() && run.path[0] === start && run.losses.length <= STEPS ? run : undefined;
};

// One step down: → whether to go on
function step() {
  if (!running()) begin();
  const run = running();
  run.path.push(box.step(run.path.at(-1), run.rate));
  run.losses.push(box.loss(run.path.at(-1)));
  const [loss, steps] = [run.losses.at(-1), run.losses.length - 1];
  const out = loss > 100 * run.losses[0];
  const arrived = loss < ENOUGH;
  el("message").textContent = out
    ? `Out of the valley after ${steps} steps: too high.`
    : arrived
      ? `At the bottom after ${steps} steps.`
      : steps === STEPS
        ? `${steps} steps, and still at a loss of ${loss.toPrecision(2)}${run.share > 1 ? ", which grows" : ""}.`
        : `Step ${steps}: loss ${loss.toPrecision(2)}`;
  draw();
  return !(out || arrived || steps >= STEPS);
}

let plot;
export function draw() {
  plot = new Plot(el("map"), { x: [-END, END], y: [-END, END], margins: [1.4, 0.4, 1.5, 0.4] });
  drawLandscape(plot, box.loss, LEVELS);
  plot.text("knob: bathrooms →", [END, -END], { name: "muted", align: "right", base: "top", by: [0, 0.3] });
  plot.text("↑ knob: living area", [-END, END], { name: "muted", align: "left", base: "bottom", by: [0, -0.3] });
  const { pen } = plot;
  pen.save();
  pen.beginPath();
  pen.rect(plot.left, plot.top, plot.width - plot.left - plot.right, plot.height - plot.top - plot.bottom);
  pen.clip();
  for (const { path, line: [name, dashes] } of runs) {
    plot.line(path, name, 4, dashes);
    path.forEach((place) => plot.mark(place, 1, 0.22, name));
  }
  plot.text("★", box.bottom, { bold: true });
  plot.mark(start, 1, 0.5, "ink");
  pen.restore();
  el("value").textContent = `${rate().toFixed(3)} · ${el("rate").value}% of the limit`;
  chart();
}

function chart() {
  const y = [-2.6, 2.3]; // powers of ten
  const drawn = new Plot(el("chart"), { x: [0, STEPS], y, margins: [1.5, 1, 1.6, 2.8] });
  drawn.axes("step", "loss", [0, 20, 40], [-2, 0, 2], (power) => String(10 ** power));
  for (const { losses, line: [name, dashes] } of runs) {
    const heights = losses.map((loss, i) => [i, Math.max(y[0], Math.log10(loss))]);
    drawn.line(heights.filter(([, height]) => height <= y[1]), name, 4, dashes);
  }
  const words = runs.map((run) => `rate ${run.rate.toFixed(3)}: loss ${run.losses.at(-1).toPrecision(2)}`);
  el("chart").setAttribute("aria-label", `The loss after each step. ${words.join("; ")}`);
}

const stop = toggle(el("run"), "Ski", "Stop", (() => {
  let frames = 0;
  return () => (frames++ % pause(PAUSE) ? true : step());
})());

function choose(place) {
  stop();
  start = place.map((value) => Math.max(-END, Math.min(END, Number(value.toFixed(1)))));
  draw();
}
onPress(el("map"), () => plot, choose, choose);
onKeys(el("map"), (move) => choose(start.map((value, i) => value + 0.2 * move[i])));
const changed = () => {
  stop();
  writeAddress("slope", { rate: el("rate").value });
  draw();
};
el("rate").addEventListener("input", changed);
Object.entries(PRESETS).forEach(([name, value]) =>
  el(name).addEventListener("click", () => {
    el("rate").value = value;
    changed();
    el("run").click();
  }),
);
el("step").addEventListener("click", () => {
  stop();
  step();
});
el("clear").addEventListener("click", () => {
  stop();
  runs = [];
  el("message").textContent = "";
  draw();
});

export function open() {
  [start, runs] = [[-2.2, 1.6], []];
  el("rate").value = whole(readAddress()[1].rate, 0, 120, PRESETS.low);
  draw();
}
export const close = () => stop();
