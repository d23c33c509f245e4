// A network with its weights and its optimizer: the contract of the adapters, in JavaScript.
import { dense, denseBackward } from "./layers.js";
import { LOSSES } from "./losses.js";
import { mean } from "./matrix.js";
import { emptySlots, OPTIMIZERS } from "./optimizers.js";

export const Dense = (n_in, n_out, activation = "identity") => ({ n_in, n_out, activation });
export const Net = (layers, loss) => ({ layers, loss });
// Of W0, b0, W1, b1, …
export const shapesOf = (net) => net.layers.flatMap((l) => [[l.n_in, l.n_out], [l.n_out]]);

export class Model {
  constructor(net, params, optimizer) {
    Object.assign(this, { net, optimizer, params: structuredClone(params), t: 0 });
    this.slots = params.map((w) => emptySlots(optimizer, w));
  }

  // Every layer's output for rows x (n, n_in); the last one is the scores.
  activations(x) {
    const found = [];
    this.net.layers.forEach((layer, i) => found.push(dense(layer, this.of(i), found.at(-1) ?? x)));
    return found;
  }

  // The scores (n, n_out), before the loss.
  forward(x) {
    return this.activations(x).at(-1);
  }

  // The mean loss of these rows.
  loss(x, y) {
    return mean(this.forward(x).map((z, i) => LOSSES[this.net.loss](z, y[i])[0]));
  }

  // The chain rule, from the scores back to the first layer: → loss, gradients by all parameters.
  lossAndGradients(x, y) {
    const found = this.activations(x);
    const rows = found.at(-1).map((z, i) => LOSSES[this.net.loss](z, y[i]));
    let g = rows.map(([, gradient]) => gradient.map((value) => value / x.length)); // (n, n_out)
    const gradients = [];
    for (let i = this.net.layers.length - 1; i >= 0; i--) {
      const input = i ? found[i - 1] : x;
      const [own, byInput] = denseBackward(this.net.layers[i], this.of(i), input, found[i], g);
      gradients.unshift(...own);
      if (i) g = byInput();
    }
    return [mean(rows.map(([loss]) => loss)), gradients];
  }

  // One update on this batch; the loss before it.
  step(x, y) {
    const [loss, gradients] = this.lossAndGradients(x, y);
    this.t += 1;
    const move = OPTIMIZERS[this.optimizer.name];
    this.params.forEach((w, i) => {
      [this.params[i], this.slots[i]] =
        move(this.optimizer, w, gradients[i], this.slots[i], this.t);
    });
    return loss;
  }

  // One update for each batch of rows in this order; the losses before them.
  epoch(x, y, order, batchSize) {
    const losses = [];
    for (let i = 0; i < order.length; i += batchSize) {
      const rows = order.slice(i, i + batchSize);
      losses.push(this.step(rows.map((row) => x[row]), rows.map((row) => y[row])));
    }
    return losses;
  }

  // Kernel and bias of layer i.
  of(i) {
    return [this.params[2 * i], this.params[2 * i + 1]];
  }
}
