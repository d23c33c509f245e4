// A landscape of loss seen from above: dark where it is low, with lines of equal loss.
import { between, colour, rgb } from "./plot.js";

const SIDE = 120;

// loss: knobs → loss; levels: the losses at which a line is drawn, rising
export function drawLandscape(plot, loss, levels) {
  const values = grid(plot, loss, SIDE);
  const [low, high] = [rgb("blue-side"), rgb("middle")];
  const share = (value) => Math.min(1, Math.sqrt(value / levels.at(-1)));
  plot.image(values.flat().map((value) => between(low, high, share(value))), SIDE);
  const { pen } = plot;
  pen.fillStyle = colour("muted");
  const dot = (plot.width - plot.left - plot.right) / SIDE;
  // A line of equal loss passes where neighbours lie on different sides of a level.
  const level = (value) => levels.filter((each) => value > each).length;
  values.forEach((row, i) =>
    row.forEach((value, j) => {
      const [right, below] = [row[j + 1] ?? value, values[i + 1]?.[j] ?? value];
      if (level(value) === level(right) && level(value) === level(below)) return;
      pen.globalAlpha = 0.5;
      pen.fillRect(plot.left + j * dot, plot.top + i * dot, dot, dot);
      pen.globalAlpha = 1;
    }),
  );
}

// f at side × side places of the plot, the first row at the top
export function grid(plot, f, side) {
  const [x0, x1] = plot.x;
  const [y0, y1] = plot.y;
  return Array.from({ length: side }, (_, i) =>
    Array.from({ length: side }, (_, j) =>
      f([x0 + ((j + 0.5) * (x1 - x0)) / side, y1 - ((i + 0.5) * (y1 - y0)) / side]),
    ),
  );
}

// The same places as rows (side², 2), for a network.
export function gridRows(end, side) {
  const rows = [];
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      rows.push([-end + ((j + 0.5) * 2 * end) / side, end - ((i + 0.5) * 2 * end) / side]);
    }
  }
  return rows;
}
