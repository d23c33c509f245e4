// The dense layer, forward and below it backward, by the chain rule.
import { columnSums, product, transposed } from "./matrix.js";

// 1 / (1 + exp(−z)), without overflow: the exponent is never positive.
export function sigmoid(z) {
  const small = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : small) / (1 + small);
}

// activation: its value, and its derivative as a function of the value a
export const ACTIVATIONS = {
  identity: [(z) => z, () => 1],
  sigmoid: [sigmoid, (a) => a * (1 - a)],
  relu: [(z) => Math.max(z, 0), (a) => (a > 0 ? 1 : 0)],
  tanh: [Math.tanh, (a) => 1 - a * a],
};

// a = f(x·W + b): x (n, n_in) → (n, n_out)
export function dense(layer, [W, b], x) {
  const [f] = ACTIVATIONS[layer.activation];
  return product(x, W).map((row) => row.map((z, k) => f(z + b[k])));
}

// Given g, the gradient by a (n, n_out): by W xᵀ·δ, by b Σ δ, and by x δ·Wᵀ, with δ = g·f′(a).
export function denseBackward(layer, [W], x, a, g) {
  const [, slope] = ACTIVATIONS[layer.activation];
  const delta = g.map((row, i) => row.map((value, k) => value * slope(a[i][k])));
  return [[product(transposed(x), delta), columnSums(delta)], () => product(delta, transposed(W))];
}
