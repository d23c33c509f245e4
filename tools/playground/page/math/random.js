// Random numbers from a seed. They need only be the same in every browser: the weights and points
// that they make are exported as numbers, and no other program has to draw them again.
import { each, zeros } from "./matrix.js";
import { shapesOf } from "./model.js";

// mulberry32, of Tommy Ettinger: → a function of uniform numbers in [0, 1)
export function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Box and Muller's way from two uniform numbers to a normal one.
export function normal(draw) {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

// With few digits, so that an export shows the very numbers.
export const rounded = (value, digits) => Number(value.toFixed(digits));

// He's variance for relu, Glorot's for the others; biases of 0.
export function initialWeights(net, seed) {
  const draw = uniform(seed);
  return shapesOf(net).map((shape, i) => {
    const layer = net.layers[i >> 1];
    const { n_in, n_out, activation } = layer;
    const size = Math.sqrt(activation === "relu" ? 2 / n_in : 2 / (n_in + n_out));
    return shape.length === 1
      ? zeros(shape)
      : each(() => rounded(size * normal(draw), 3), zeros(shape));
  });
}

// 0 … n−1 in a random order
export function permutation(n, draw) {
  const order = [...Array(n).keys()];
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
