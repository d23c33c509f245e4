// A drawing in the colours of the style sheet, sharp on every screen, in the units of its data.

// The colours by which kinds are told apart, and the sides of the plane that a network gives them.
export const KINDS = ["orange", "blue", "green"];

const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
// A colour of the style sheet as the browser shows it now, light or dark.
export function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
export const rgb = (name) => colour(name).match(/[\d.]+/g).slice(0, 3).map(Number);

export class Plot {
  // x, y: [first, last] of the data that fill the canvas, without its margins in units of a letter
  constructor(canvas, { x = [0, 1], y = [0, 1], margins = [0, 0, 0, 0] } = {}) {
    Object.assign(this, { canvas, x, y });
    const ratio = window.devicePixelRatio || 1;
    const box = canvas.getBoundingClientRect();
    this.width = box.width || 300;
    this.height = box.height || 150;
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    this.pen = canvas.getContext("2d");
    this.pen.scale(ratio, ratio);
    this.letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    [this.top, this.right, this.bottom, this.left] = margins.map((m) => m * this.letter);
    this.pen.font = `${this.letter}px system-ui, "Liberation Sans", sans-serif`;
    this.pen.lineJoin = this.pen.lineCap = "round";
  }

  at([x, y]) {
    const inner = [this.width - this.left - this.right, this.height - this.top - this.bottom];
    return [
      this.left + (inner[0] * (x - this.x[0])) / (this.x[1] - this.x[0]),
      this.height - this.bottom - (inner[1] * (y - this.y[0])) / (this.y[1] - this.y[0]),
    ];
  }

  line(points, name, width = 3, dashes = []) {
    this.pen.beginPath();
    points.forEach((point) => this.pen.lineTo(...this.at(point)));
    this.pen.strokeStyle = colour(name);
    this.pen.lineWidth = width;
    this.pen.setLineDash(dashes);
    this.pen.lineCap = dashes.length ? "butt" : "round";
    this.pen.stroke();
    this.pen.setLineDash([]);
  }

  // A circle, a square or a triangle, so that kinds differ without colours.
  mark(point, kind, size = 0.32, name = KINDS[kind]) {
    const [x, y] = this.at(point);
    const r = size * this.letter;
    const { pen } = this;
    pen.beginPath();
    if (kind === 1) pen.arc(x, y, r, 0, 2 * Math.PI);
    else if (kind === 0) pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    else [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]].forEach(([a, b]) => pen.lineTo(x + a * r, y + b * r));
    pen.closePath();
    pen.fillStyle = colour(name);
    pen.fill();
    if (size < 0.25) return; // a rim would hide what is below it
    pen.strokeStyle = colour("paper");
    pen.lineWidth = 2;
    pen.stroke();
  }

  ring(point, name, size = 0.8) {
    this.pen.beginPath();
    this.pen.arc(...this.at(point), size * this.letter, 0, 2 * Math.PI);
    this.pen.strokeStyle = colour(name);
    this.pen.lineWidth = 4;
    this.pen.stroke();
  }

  rectangle([x0, y0], [x1, y1], name) {
    const [a, b] = [this.at([x0, y0]), this.at([x1, y1])];
    this.pen.fillStyle = colour(name);
    this.pen.fillRect(a[0], b[1], b[0] - a[0], a[1] - b[1]);
  }

  text(words, point, { name = "ink", align = "center", base = "middle", bold = false, by = [0, 0] } = {}) {
    const [x, y] = this.at(point);
    const { pen } = this;
    pen.save();
    if (bold) pen.font = `bold ${pen.font}`;
    pen.fillStyle = colour(name);
    pen.textAlign = align;
    pen.textBaseline = base;
    pen.fillText(words, x + by[0] * this.letter, y + by[1] * this.letter);
    pen.restore();
  }

  // An image of side × side colours [r, g, b], the first row at the top, over the inner part.
  image(colours, side, smooth = true) {
    const [x0, y0] = this.at([this.x[0], this.y[1]]);
    const [x1, y1] = this.at([this.x[1], this.y[0]]);
    paint(this.pen, colours, side, [x0, y0, x1 - x0, y1 - y0], smooth);
  }

  // Axes with their names, and a few numbers.
  axes(xName, yName, xTicks = [], yTicks = [], words = (value) => String(value)) {
    const [x0, x1] = this.x;
    const [y0, y1] = this.y;
    for (const tick of yTicks) {
      this.line([[x0, tick], [x1, tick]], "rule", 1);
      this.text(words(tick), [x0, tick], { name: "muted", align: "right", by: [-0.3, 0] });
    }
    for (const tick of xTicks) {
      this.text(String(tick), [tick, y0], { name: "muted", base: "top", by: [0, 0.3] });
    }
    this.line([[x0, y1], [x0, y0], [x1, y0]], "muted", 1.5);
    this.text(xName, [x1, y0], { name: "muted", align: "right", base: "bottom", by: [0, -0.2] });
    this.text(yName, [x0, y1], { name: "muted", align: "left", base: "bottom", by: [0, -0.25] });
  }
}

const small = document.createElement("canvas");
export function paint(pen, colours, side, box, smooth) {
  small.width = small.height = side;
  const image = small.getContext("2d").createImageData(side, side);
  colours.forEach(([r, g, b], i) => image.data.set([r, g, b, 255], 4 * i));
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = smooth;
  pen.drawImage(small, ...box);
}

// From one colour to another, 0 to 1.
export const between = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);

// Ticks at 0, and at one or two round numbers below the end.
export function ticks(end) {
  const power = 10 ** Math.floor(Math.log10(end));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => end / n < 3) ?? power;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(3)));
}
