// Points in the plane, with their kinds. Two decimals, so that an export can list them.
import { normal, permutation, rounded, uniform } from "./random.js";

export const SIDE = 2.5; // the plane reaches from −SIDE to SIDE
const COUNT = 120;
const TURN = 2 * Math.PI;

// kind of the point, draw → its place
const PLACES = {
  clouds: (kind, draw) => {
    const side = kind ? 0.9 : -0.9;
    return [side + 0.5 * normal(draw), side + 0.5 * normal(draw)];
  },
  xor: (kind, draw) => {
    const [a, b] = [0.25 + 1.7 * draw(), 0.25 + 1.7 * draw()];
    const left = draw() < 0.5 ? -1 : 1;
    return [left * a, (kind ? -left : left) * b];
  },
  ring: (kind, draw) => {
    const [radius, angle] = [kind ? 1.5 + 0.5 * draw() : 0.9 * Math.sqrt(draw()), TURN * draw()];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  spiral: (kind, draw) => {
    const along = draw();
    const angle = 0.95 * TURN * along + kind * Math.PI + 0.12 * normal(draw);
    const radius = 0.25 + 1.95 * along;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  arms: (kind, draw) => {
    const along = draw();
    const angle = 0.45 * TURN * along + (kind * TURN) / 3 + 0.16 * normal(draw);
    const radius = 0.3 + 1.9 * along;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
};

export const DATA_SETS = {
  clouds: "two clouds", xor: "XOR", ring: "a ring", spiral: "a spiral", arms: "three arms",
};
export const kindsOf = (name) => (name === "arms" ? 3 : 2);

// → points [x, y, kind], in a random order
export function points(name, seed) {
  const draw = uniform(seed);
  const kinds = kindsOf(name);
  const found = Array.from({ length: COUNT }, (_, i) => {
    const inside = (value) => rounded(Math.max(-2.4, Math.min(2.4, value)), 2);
    return [...PLACES[name](i % kinds, draw).map(inside), i % kinds];
  });
  return permutation(COUNT, draw).map((i) => found[i]);
}
