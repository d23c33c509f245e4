// A landscape seen from above, with lines of equal height.
import { between, colour, rgb } from "./plot.js";

const SIDE = 80;

// loss: knobs → loss; levels: the losses at which a line is drawn, rising. Low places are blue.
export function drawLandscape(plot, loss, levels) {
  if (!surveyed.has(loss)) surveyed.set(loss, survey(plot, loss));
  const values = surveyed.get(loss);
  const [low, high] = [rgb("blue-side"), rgb("middle")];
  const share = (value) => Math.min(1, Math.sqrt(value / levels.at(-1)));
  plot.image(values.flat().map((value) => between(low, high, share(value))), SIDE);
  for (const level of levels) drawLine(plot, values, level, "muted", 1.5);
}

// The losses of a landscape, which are asked for once: it does not change while somebody walks.
const surveyed = new WeakMap();
function survey({ x, y }, loss) {
  const [dx, dy] = [x, y].map(([first, last]) => (last - first) / SIDE);
  return Array.from({ length: SIDE }, (_, i) =>
    Array.from({ length: SIDE }, (_, j) => loss([x[0] + (j + 0.5) * dx, y[1] - (i + 0.5) * dy])),
  );
}

// Rows (side², 2) of places in the square from −end to end, the first ones at the top.
export function gridRows(end, side) {
  const at = (i) => -end + ((i + 0.5) * 2 * end) / side;
  return Array.from({ length: side * side }, (_, i) => [at(i % side), -at(Math.floor(i / side))]);
}

// The line on which values (side, side) pass a level: marching squares, cell by cell.
export function drawLine(plot, values, level, name, width) {
  const side = values.length;
  const place = (i, j) => [
    plot.x[0] + ((j + 0.5) * (plot.x[1] - plot.x[0])) / side,
    plot.y[1] - ((i + 0.5) * (plot.y[1] - plot.y[0])) / side,
  ];
  const { pen } = plot;
  pen.beginPath();
  for (let i = 0; i + 1 < side; i++) {
    for (let j = 0; j + 1 < side; j++) {
      const corners = [[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]];
      const crossed = [];
      corners.forEach(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4];
        const [here, there] = [values[a][b] - level, values[c][d] - level];
        if (here > 0 === there > 0) return;
        const share = here / (here - there);
        crossed.push(place(a + share * (c - a), b + share * (d - b)));
      });
      for (let k = 0; k + 1 < crossed.length; k += 2) {
        pen.moveTo(...plot.at(crossed[k]));
        pen.lineTo(...plot.at(crossed[k + 1]));
      }
    }
  }
  pen.strokeStyle = colour(name);
  pen.lineWidth = width;
  pen.stroke();
}
