// Matrices as arrays of rows. A number of JavaScript has 64 bits: NumPy's float64.

// x (n, m) · w (m, k) → (n, k): every row with every column, multiplied and summed.
export function product(x, w) {
  const columns = w[0].length;
  return x.map((row) => {
    const out = new Array(columns).fill(0);
    for (let j = 0; j < row.length; j++) {
      for (let k = 0; k < columns; k++) out[k] += row[j] * w[j][k];
    }
    return out;
  });
}

// (n, m) → (m, n)
export const transposed = (x) => x[0].map((_, j) => x.map((row) => row[j]));

// (n, m) → (m,): each column's sum
export const columnSums = (x) =>
  x.reduce((sums, row) => sums.map((sum, k) => sum + row[k]), x[0].map(() => 0));

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// f of the numbers that stand at the same place in arrays of one shape.
export function each(f, first, ...others) {
  return first.map((value, i) =>
    Array.isArray(value)
      ? each(f, value, ...others.map((array) => array[i]))
      : f(value, ...others.map((array) => array[i])),
  );
}

export const zeros = (shape) =>
  shape.length === 1
    ? new Array(shape[0]).fill(0)
    : Array.from({ length: shape[0] }, () => zeros(shape.slice(1)));
