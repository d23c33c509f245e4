// The loss of two knobs as a landscape. Four rows whose columns sum to 0, so that the bias of the
// layer stays at 0, as that of lesson 2 does.
import { Dense, Model, Net } from "./model.js";
import { SGD } from "./optimizers.js";

const net = Net([Dense(2, 1)], "squared");

// rows (4, 2) and the knobs at the bottom: → a valley, and what one can ask of it
export function valley(x, bottom) {
  const y = x.map((row) => [row[0] * bottom[0] + row[1] * bottom[1]]);
  const at = (knobs, learning_rate = 1) =>
    new Model(net, [[[knobs[0]], [knobs[1]]], [0]], SGD(learning_rate));
  return {
    bottom,
    loss: (knobs) => at(knobs).loss(x, y),
    // The knobs after one step down the slope.
    step(knobs, learning_rate) {
      const model = at(knobs, learning_rate);
      model.step(x, y);
      return model.params[0].map(([knob]) => knob);
    },
  };
}
