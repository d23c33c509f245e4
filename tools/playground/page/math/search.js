// Two ways to turn knobs without knowing what is in the box: by listening, and by the slope.

// ± search: each knob in turn up or down, keeping the better; smaller moves when nothing helps.
// Yields [knobs, loss, how often it has listened] after each listening.
export function* plusMinus(loss, start, { first = 1, least = 0.02, enough = 0.01 } = {}) {
  let knobs = start;
  let best = loss(knobs);
  let listened = 1;
  yield [knobs, best, listened];
  for (let move = first; move >= least && best > enough; ) {
    const before = best;
    for (let k = 0; k < knobs.length; k++) {
      for (const turn of [move, -move]) {
        const trial = knobs.map((knob, i) => (i === k ? knob + turn : knob));
        const heard = loss(trial);
        listened += 1;
        yield [trial, heard, listened];
        if (heard < best) {
          [knobs, best] = [trial, heard];
          break;
        }
      }
    }
    if (best === before) move /= 2;
  }
  yield [knobs, best, listened];
}

// Gradient descent: the slope says which way, for all knobs at once.
export function* descend(valley, start, learning_rate, { enough = 0.01, most = 100 } = {}) {
  let knobs = start;
  for (let steps = 0; steps <= most; steps++) {
    const loss = valley.loss(knobs);
    yield [knobs, loss, steps];
    if (loss <= enough || !Number.isFinite(loss)) return;
    knobs = valley.step(knobs, learning_rate);
  }
}
