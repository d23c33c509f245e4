// What every exported program begins with: the numbers as text, and the words for its parts.

const WIDTH = 60; // characters of a line: two programs stand side by side on a projector

// Rows of numbers, as many as fit on a line; a row is broken only where it is longer than a line.
// JavaScript and Python read the shortest form of a number alike.
function wrapped(rows) {
  const fits = Math.max(...rows.map((row) => row.join(" ").length)) <= WIDTH;
  const words = fits ? rows.map((row) => row.join(" ")) : rows.flat().map(String);
  const gap = fits ? "  " : " ";
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1);
    if (line && line.length + gap.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line ? line + gap + word : word;
  }
  return lines.join("\n");
}

export const text = (name, rows) => `${name} = """\n${wrapped(rows)}\n"""`;
export const range = (n, f) => Array.from({ length: n }, (_, i) => f(i + 1));
export const indented = (lines, by = 4) =>
  lines.map((line) => (line ? " ".repeat(by) + line : line)).join("\n");
const tuple = (words) => (words.length === 1 ? `(${words[0]},)` : `(${words.join(", ")})`);

// Layers, their names in a program, and what the other modules ask for.
export function wordsOf(recipe) {
  const { layers, loss } = recipe.net;
  const n = layers.length;
  return {
    ...recipe.optimizer,
    layers,
    n,
    logistic: loss === "logistic",
    n_in: layers[0].n_in,
    batch: recipe.batch_size,
    epochs: recipe.epochs,
    params: range(n, (i) => `W${i}, b${i}`).join(", "),
    kernels: range(n, (i) => `W${i}`),
    hidden: range(n - 1, (i) => `h${i}`),
    input: (i) => (i === 1 ? "x" : `h${i - 1}`), // of layer i, counted from 1
    adam: recipe.optimizer.name === "Adam",
  };
}

// Imports, then data: the rows, their kinds, and the weights to begin with.
export function dataPart(recipe, imports, about, packages) {
  const w = wordsOf(recipe);
  const rows = recipe.x.map((row, i) => [...row, [recipe.y[i]].flat()[0]]);
  const kernels = recipe.params.filter((_, i) => i % 2 === 0);
  const drawn = kernels.map((kernel) => kernel.flat().some((value) => value !== 0));
  const weights = w.layers.flatMap(({ n_in, n_out }, i) => [
    drawn[i] ? `table(KERNEL_${i + 1}, ${n_out})` : `np.zeros(${tuple([n_in, n_out])})`,
    `np.zeros(${n_out})`,
  ]);
  const y = w.logistic ? "y = rows[:, -1:]" : "y = rows[:, -1].astype(int)";
  return [
    `"""${about}"""`,
    "",
    `# pip install ${packages}`,
    ...imports,
    "",
    `# data: ${w.n_in} numbers of each row, and its kind`,
    text("ROWS", rows),
    ...kernels.flatMap((kernel, i) => (drawn[i] ? [text(`KERNEL_${i + 1}`, kernel)] : [])),
    "",
    "",
    "def table(text, columns):",
    "    return np.array(text.split(), float).reshape(-1, columns)",
    "",
    "",
    `rows = table(ROWS, ${w.n_in + 1})`,
    `x = rows[:, :${w.n_in}]`,
    y,
    "weights = [",
    ...weights.map((each) => `    ${each},`),
    "]",
    "",
  ];
}

// The loop over epochs and batches around some lines.
export const loop = (w, lines) => [
  "losses = []",
  `for _ in range(${w.epochs}):`,
  `    for i in range(0, len(x), ${w.batch}):`,
  `        x_batch, y_batch = x[i : i + ${w.batch}], y[i : i + ${w.batch}]`,
  indented(lines, 8),
];

// The hidden layers of a model as functions write them: h1 = f(x @ W1 + b1)
export const forward = (w, f) =>
  range(w.n - 1, (i) => `h${i} = ${f(`${w.input(i)} @ W${i} + b${i}`, w.layers[i - 1].activation)}`);
export const scores = (w) => `${w.input(w.n)} @ W${w.n} + b${w.n}`;

export const predicted = (w, axis = "axis=1") =>
  w.logistic ? "logits > 0" : `logits.argmax(${axis})`;
