// How a parameter w moves, given its gradient g: → w, and what the optimizer remembers of it.
import { each } from "./matrix.js";

// W ← W − η·g, or by the velocity v ← μ·v + g (Polyak 1964).
function sgd(o, w, g, slots) {
  if (!o.momentum) return [each((w, g) => w - o.learning_rate * g, w, g), slots];
  const v = each((v, g) => o.momentum * v + g, slots[0], g);
  return [each((w, v) => w - o.learning_rate * v, w, v), [v]];
}

// Algorithm 1 of Kingma & Ba (2015); t counts from one.
function adam(o, w, g, slots, t) {
  const m = each((m, g) => o.beta_1 * m + (1 - o.beta_1) * g, slots[0], g);
  const v = each((v, g) => o.beta_2 * v + (1 - o.beta_2) * g * g, slots[1], g);
  const [mRest, vRest] = [1 - o.beta_1 ** t, 1 - o.beta_2 ** t];
  const move = (w, m, v) =>
    w - (o.learning_rate * (m / mRest)) / (Math.sqrt(v / vRest) + o.epsilon);
  return [each(move, w, m, v), [m, v]];
}

export const SGD = (learning_rate, momentum = 0) => ({ name: "SGD", learning_rate, momentum });
export const Adam = (learning_rate) => ({
  name: "Adam", learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8,
});

const slotsOf = (o) => (o.name === "Adam" ? 2 : o.momentum ? 1 : 0);
export const emptySlots = (o, w) =>
  Array.from({ length: slotsOf(o) }, () => each(() => 0, w));
export const OPTIMIZERS = { SGD: sgd, Adam: adam };
