// All that a training run needs: network, start, optimizer, rows, batches and epochs. Whoever has
// it repeats the run to the last digits: this page, an export, an adapter.
import { Model } from "./model.js";

// The targets of the contract: class numbers for softmax, otherwise a row of numbers.
export const targets = (loss, kinds) => (loss === "softmax" ? kinds : kinds.map((kind) => [kind]));

// Rows are visited as they are stored: the points already stand in a random order.
export const stored = (x) => [...x.keys()];

export const untrained = (recipe) => new Model(recipe.net, recipe.params, recipe.optimizer);

// → the model after the recipe's epochs, and every step's loss
export function trained(recipe) {
  const model = untrained(recipe);
  const losses = [];
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    losses.push(...model.epoch(recipe.x, recipe.y, stored(recipe.x), recipe.batch_size));
  }
  return { model, losses };
}
