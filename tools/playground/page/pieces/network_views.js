// How a network looks: what it says in the plane, and what each neuron sees.
import { drawLine, gridRows } from "../drawing/landscape.js";
import { between, colour, KINDS, paint, Plot, rgb, ticks } from "../drawing/plot.js";
import { SIDE } from "../math/data.js";
import { sigmoid } from "../math/layers.js";
import { shares } from "../math/losses.js";

const [FINE, COARSE] = [64, 20]; // places along a side: of the plane, and of a neuron's picture
const FINE_ROWS = gridRows(SIDE, FINE);
const COARSE_ROWS = gridRows(SIDE, COARSE);

// The colours of the sides, mixed by the shares of the kinds.
const mixed = (sides, parts) =>
  parts.reduce((sum, part, k) => sum.map((value, i) => value + part * sides[k][i]), [0, 0, 0]);

const sharesOf = (net, z) => (net.loss === "softmax" ? shares(z) : [1 - sigmoid(z[0]), sigmoid(z[0])]);

export function drawPlane(canvas, model, points, cursor) {
  const plot = new Plot(canvas, { x: [-SIDE, SIDE], y: [-SIDE, SIDE] });
  const parts = model.forward(FINE_ROWS).map((z) => sharesOf(model.net, z));
  const sides = KINDS.map((name) => rgb(`${name}-side`));
  plot.image(parts.map((part) => mixed(sides, part)), FINE);
  // The boundary of a kind: where its share is as large as the largest of the others.
  parts[0].forEach((_, kind) => {
    const lead = parts.map((part) => part[kind] - Math.max(...part.filter((_, k) => k !== kind)));
    const square = Array.from({ length: FINE }, (_, i) => lead.slice(i * FINE, (i + 1) * FINE));
    drawLine(plot, square, 0, "ink", 3);
  });
  points.forEach(([x, y, kind]) => plot.mark([x, y], kind, 0.26));
  if (cursor) plot.ring(cursor, "ink", 0.5);
  return plot;
}

// The neurons as little pictures of the plane, and the weights between them as lines.
export function drawDiagram(canvas, model) {
  const { net } = model;
  const widths = [net.layers[0].n_in, ...net.layers.map((layer) => layer.n_out)];
  const plot = new Plot(canvas, { x: [-0.5, widths.length - 0.5], y: [0, 1], margins: [1.5, 0, 0.1, 0] });
  const seen = [COARSE_ROWS, ...model.activations(COARSE_ROWS)];
  const inner = plot.height - plot.top - plot.bottom;
  const side = Math.min(4.2 * plot.letter, (plot.width / widths.length) * 0.55, inner / Math.max(3, ...widths) - 4);
  const place = (layer, k) => [layer, 1 - (k + 0.5) / widths[layer]];
  net.layers.forEach((_, layer) => {
    const [kernel] = model.of(layer);
    kernel.forEach((row, j) => row.forEach((weight, k) => {
      plot.pen.globalAlpha = Math.min(1, 0.15 + Math.abs(weight) / 2);
      plot.line([place(layer, j), place(layer + 1, k)], weight > 0 ? "blue" : "orange",
        Math.min(8, 0.7 + 2.5 * Math.abs(weight)), weight > 0 ? [] : [7, 7]);
      plot.pen.globalAlpha = 1;
    }));
  });
  const [middle, high, low] = ["middle", "blue", "orange"].map(rgb);
  widths.forEach((width, layer) => {
    for (let k = 0; k < width; k++) {
      const values = seen[layer].map((row) => row[k]);
      const most = Math.max(1e-9, ...values.map(Math.abs));
      const colours = values.map((value) => between(middle, value > 0 ? high : low, Math.abs(value) / most));
      const [x, y] = plot.at(place(layer, k));
      const box = [x - side / 2, y - side / 2, side, side];
      paint(plot.pen, colours, COARSE, box, true);
      plot.pen.strokeStyle = colour("ink");
      plot.pen.lineWidth = 1.5;
      plot.pen.strokeRect(...box);
    }
    const hidden = plot.width / widths.length > 5 * plot.letter ? `hidden ${layer}` : `h${layer}`;
    const answer = width === 1 ? "score" : "scores";
    const words = layer === 0 ? "inputs" : layer === widths.length - 1 ? answer : hidden;
    plot.text(words, [layer, 1], { name: "muted", base: "bottom", by: [0, -0.3] });
  });
  canvas.setAttribute("aria-label",
    `The network: ${widths.join(", ")} neurons. Each picture shows where in the plane a neuron answers high (blue) or low (orange); lines are weights.`);
}

export function drawLosses(canvas, losses) {
  const last = Math.max(50, losses.length - 1);
  const top = Math.max(0.8, ...losses.filter(Number.isFinite).slice(0, 3000));
  const high = Math.min(top, 3);
  const plot = new Plot(canvas, { x: [0, last], y: [0, high], margins: [1.5, 1.2, 1.6, 2.4] });
  plot.axes("", "loss", ticks(last), ticks(high));
  plot.text("epoch", [last, 0], { name: "muted", align: "right", base: "bottom", by: [0, -0.2] });
  plot.line(losses.map((loss, i) => [i, Math.min(high, loss)]), "blue", 4);
  canvas.setAttribute("aria-label",
    `The loss after each epoch: from ${losses[0].toFixed(3)} to ${losses.at(-1).toFixed(3)} after ${losses.length - 1}.`);
}
