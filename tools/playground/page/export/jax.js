import { dataPart, forward, loop, predicted, scores, wordsOf } from "./python.js";

const LOGISTIC = `def loss_fn(params, x, y):
    logits = model(params, x)
    # log(1 + exp(z)) - y z, without overflow
    return (jnp.logaddexp(0, logits) - y * logits).mean()`;
const SOFTMAX = `def loss_fn(params, x, y):
    log_p = jax.nn.log_softmax(model(params, x))
    return -jnp.take_along_axis(log_p, y[:, None], 1).mean()`;

const EMPTY = ["empty = [jnp.zeros_like(p) for p in params]"];
// What the optimizer remembers, the lines of a step, and what it hands on.
function optimizer(w) {
  if (w.adam) {
    return [
      [...EMPTY, "state = params, empty, empty, 0"],
      [
        "params, first, second, t = state",
        "loss, grads = jax.value_and_grad(loss_fn)(params, x, y)",
        "t = t + 1",
        "first = [0.9 * m + 0.1 * g for m, g in zip(first, grads)]",
        "second = [0.999 * v + 0.001 * g**2 for v, g in zip(second, grads)]",
        "rest_1, rest_2 = 1 - 0.9**t, 1 - 0.999**t",
        "params = [",
        `    p - ${w.learning_rate} * m / rest_1 / (jnp.sqrt(v / rest_2) + 1e-8)`,
        "    for p, m, v in zip(params, first, second)",
        "]",
        "return (params, first, second, t), loss",
      ],
    ];
  }
  if (!w.momentum) {
    return [
      ["state = (params,)"],
      [
        "(params,) = state",
        "loss, grads = jax.value_and_grad(loss_fn)(params, x, y)",
        `params = [p - ${w.learning_rate} * g for p, g in zip(params, grads)]`,
        "return (params,), loss",
      ],
    ];
  }
  return [
    [...EMPTY, "state = params, empty"],
    [
      "params, velocity = state",
      "loss, grads = jax.value_and_grad(loss_fn)(params, x, y)",
      `velocity = [${w.momentum} * v + g for v, g in zip(velocity, grads)]`,
      `params = [p - ${w.learning_rate} * v for p, v in zip(params, velocity)]`,
      "return (params, velocity), loss",
    ],
  ];
}

export function jaxProgram(recipe) {
  const w = wordsOf(recipe);
  const [state, step] = optimizer(w);
  const f = (z, name) => (name === "tanh" ? `jnp.tanh(${z})` : `jax.nn.${name}(${z})`);
  return [
    ...dataPart(recipe, ["import jax", "import jax.numpy as jnp", "import numpy as np"],
      "The network on the screen, as pure functions of JAX.", "numpy jax"),
    "# without it: float64_is_truncated",
    'jax.config.update("jax_enable_x64", True)',
    "",
    "# model",
    "params = [jnp.array(w) for w in weights]",
    "",
    "",
    "def model(params, x):",
    `    ${w.params} = params`,
    ...forward(w, f).map((line) => `    ${line}`),
    `    return ${scores(w)}`,
    "",
    "",
    "# loss",
    w.logistic ? LOGISTIC : SOFTMAX,
    "",
    "",
    "# training",
    "@jax.jit",
    "def step(state, x, y):",
    ...step.map((line) => `    ${line}`),
    "",
    "",
    ...state,
    ...loop(w, ["state, loss = step(state, x_batch, y_batch)", "losses.append(loss)"]),
    "",
    "# result",
    "params = state[0]",
    "logits = np.asarray(model(params, x))",
    `predicted = ${predicted(w)}`,
    'print("loss", loss_fn(params, x, y))',
  ];
}
