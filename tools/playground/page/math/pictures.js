// Pictures of 6 by 6 pixels: a drawing of each class, and variations in which a few pixels differ.
import { permutation, uniform } from "./random.js";

export const SIZE = 6;
export const CLASSES = ["trousers", "shirt", "bag"];
const EACH = 10; // pictures of a class
const CHANGED = 3; // pixels of a variation

const DRAWINGS = [
  ".####. .####. .#..#. .#..#. .#..#. .#..#.",
  "##..## ###### #.##.# ..##.. ..##.. ..##..",
  "..##.. .#..#. .#..#. ###### ###### ######",
];
export const drawing = (kind) =>
  [...DRAWINGS[kind].replaceAll(" ", "")].map((pixel) => (pixel === "#" ? 1 : 0));

// → pictures (30, 36) and their classes, in a random order
export function pictures(seed) {
  const draw = uniform(seed);
  const all = permutation(EACH * CLASSES.length, draw).map((i) => i % CLASSES.length);
  const x = all.map((kind) => {
    const picture = drawing(kind);
    permutation(picture.length, draw).slice(0, CHANGED).forEach((i) => (picture[i] = 1 - picture[i]));
    return picture;
  });
  return { x, kinds: all };
}
