// Mouse, touch and keyboard on a drawing.

// Calls back with the place of a press, in the plot's units, and while it is dragged. Without a drag
// only a click counts, so that a finger can also scroll the page from here.
export function onPress(canvas, plotOf, press, drag) {
  const place = (event) => {
    const plot = plotOf();
    const box = canvas.getBoundingClientRect();
    const [x0, y0] = plot.at([plot.x[0], plot.y[0]]);
    const [x1, y1] = plot.at([plot.x[1], plot.y[1]]);
    const share = [(event.clientX - box.left - x0) / (x1 - x0), (event.clientY - box.top - y0) / (y1 - y0)];
    return [plot.x[0] + share[0] * (plot.x[1] - plot.x[0]), plot.y[0] + share[1] * (plot.y[1] - plot.y[0])];
  };
  if (!drag) {
    canvas.style.touchAction = "manipulation";
    canvas.addEventListener("click", (event) => press(place(event)));
    return;
  }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    press(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(place(event));
  });
}

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Arrow keys call back with a direction; other keys by their names.
export function onKeys(canvas, move, keys = {}) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = MOVES[event.key] ? () => move(MOVES[event.key]) : keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// So many frames between two steps that one can follow; one for whoever wants no motion.
const still = matchMedia("(prefers-reduced-motion: reduce)");
export const pause = (frames) => (still.matches ? 1 : frames);

// A button that starts and stops something that is done in each frame, until it returns false.
export function toggle(button, start, stop, work) {
  let running = false;
  const set = (on) => {
    running = on;
    button.textContent = on ? stop : start;
    if (on) requestAnimationFrame(frame);
  };
  const frame = () => {
    if (!running) return;
    if (work() === false) set(false);
    else requestAnimationFrame(frame);
  };
  button.addEventListener("click", () => set(!running));
  return () => set(false);
}
