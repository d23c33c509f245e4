// The radio of lesson 2: two knobs, a loss, and two ways to turn the knobs by machine.
import { readAddress, whole, writeAddress } from "../drawing/address.js";
import { byId } from "../drawing/elements.js";
import { drawLandscape } from "../drawing/landscape.js";
import { Plot } from "../drawing/plot.js";
import { onKeys, onPress, pause, toggle } from "../drawing/pointing.js";
import { uniform } from "../math/random.js";
import { descend, plusMinus } from "../math/search.js";
import { valley } from "../math/valley.js";
import { Sound } from "./sound.js";

const END = 10; // of both knobs
const ENOUGH = 0.02; // a loss at which one hears no noise
// How much each knob matters: the loss rises with 0.06 of the volume's distance squared, and with
// 0.1 of the frequency's.
const ROWS = [[0.35, 0], [-0.35, 0], [0, 0.45], [0, -0.45]];
const LEARNING_RATE = 3; // below 2 / 0.2, the limit of the steeper knob
const LEVELS = [0.02, 0.1, 0.3, 0.7, 1.3, 2.1, 3.2, 4.5];
const PAUSE = 7; // frames between two turns, so that one can follow

const el = byId("radio");
const sound = new Sound();
let box, knobs, turns, heard, way, seed;

const tidy = (value) => Number(value.toFixed(1));
const limited = (value) => Math.max(0, Math.min(END, value));

function station(number) {
  seed = number;
  const draw = uniform(seed);
  box = valley(ROWS, [tidy(4 + 4 * draw()), tidy(3 + 6 * draw())]);
  knobs = [2, 1];
  turns = 0;
  heard = [];
  way = undefined;
  el("listened").textContent = el("slopes").textContent = "–";
  el("message").textContent = "";
  listen();
}

// Whatever the knobs say now is heard, and remembered on the map.
function listen() {
  const loss = box.loss(knobs);
  heard.push([...knobs, loss]);
  sound.play(knobs[0], knobs[1] - box.bottom[1]);
  if (loss <= ENOUGH && !way) el("message").textContent = "♪ That is the station.";
  draw();
}

function turn(next) {
  way = undefined;
  knobs = next.map((value) => tidy(limited(value)));
  turns += 1;
  el("message").textContent = "";
  listen();
}

// By machine: a turn every few frames, until the way ends.
function machine(button, name, counter, walk) {
  let rest, frames;
  const work = () => {
    if (!rest) {
      [rest, frames] = [walk(), 0];
      way = [];
    }
    if (frames++ % pause(PAUSE)) return true;
    const { value, done } = rest.next();
    if (done) {
      rest = undefined;
      const loss = box.loss(knobs);
      el("message").textContent = `${name} has arrived at a loss of ${loss.toFixed(3)}.`;
      return false;
    }
    knobs = value[0].map(limited);
    way?.push(knobs);
    el(counter).textContent = String(value[2]);
    listen();
    return true;
  };
  return toggle(el(button), el(button).textContent, "Stop", work);
}

const stops = [
  machine("search", "± search", "listened", () => plusMinus(box.loss, knobs, { enough: ENOUGH })),
  machine("descend", "The slope", "slopes", () =>
    descend(box, knobs, LEARNING_RATE, { enough: ENOUGH })),
];

let plot;
export function draw() {
  plot = new Plot(el("map"), { x: [0, END], y: [0, END], margins: [1.4, 0.6, 1.6, 1.6] });
  plot.rectangle([0, 0], [END, END], "middle");
  if (el("fog").checked) drawLandscape(plot, box.loss, LEVELS);
  plot.axes("", "frequency", [0, 5, 10], [0, 5, 10]);
  plot.text("volume", [END, 0], { name: "muted", align: "right", base: "top", by: [-1.2, 0.3] });
  // In the fog one knows only what one has heard: a large dot sounds bad.
  heard.slice(-400).forEach(([a, b, loss]) => plot.mark([a, b], 1, 0.15 + 0.35 * Math.min(1, Math.sqrt(loss / 3)), "muted"));
  if (way) plot.line(way, "orange", 4);
  plot.mark(knobs, 1, 0.55, "blue");
  const loss = box.loss(knobs);
  ["volume", "frequency"].forEach((name, k) => {
    el(name).value = tidy(knobs[k]);
    el(`${name}-value`).textContent = knobs[k].toFixed(1);
    const dial = el(name).parentElement.querySelector("path");
    dial.setAttribute("transform", `rotate(${-135 + 27 * knobs[k]})`);
  });
  el("loss").textContent = loss.toFixed(2);
  el("bar").style.width = `${Math.min(100, 100 * Math.sqrt(loss / 8))}%`;
  el("turns").textContent = String(turns);
}

["volume", "frequency"].forEach((name, k) => {
  el(name).addEventListener("input", () => {
    stops.forEach((stop) => stop());
    turn(knobs.map((knob, i) => (i === k ? Number(el(name).value) : knob)));
  });
});
onPress(el("map"), () => plot, turn, turn);
onKeys(el("map"), (move) => turn(knobs.map((knob, i) => knob + 0.5 * move[i])));
el("fog").addEventListener("change", draw);
el("new").addEventListener("click", () => {
  stops.forEach((stop) => stop());
  station(seed + 1);
  writeAddress("radio", { seed });
});
el("sound").addEventListener("click", () => {
  const on = el("sound").getAttribute("aria-pressed") === "false";
  el("sound").setAttribute("aria-pressed", String(on));
  el("sound").textContent = on ? "Sound off" : "Sound on";
  if (on) sound.start();
  else sound.stop();
  sound.play(knobs[0], knobs[1] - box.bottom[1]);
});

export function open() {
  station(whole(readAddress()[1].seed, 1, 1e6, 1));
}
export function close() {
  stops.forEach((stop) => stop());
  if (el("sound").getAttribute("aria-pressed") === "true") el("sound").click();
}
