// Each loss of a row, and its gradient by the scores z: the contract's definitions, line by line.
import { sigmoid } from "./layers.js";

const sum = (values) => values.reduce((a, b) => a + b, 0);

// A mistake costs its score's distance from zero; a score of exactly 0 is a mistake.
function perceptron(z, y) {
  const mistake = z.map((score, k) => y[k] * score <= 0);
  return [
    sum(z.map((score, k) => (mistake[k] ? -y[k] * score : 0))),
    z.map((_, k) => (mistake[k] ? -y[k] : 0)),
  ];
}

// The squared distance from the target, without a half.
function squared(z, y) {
  const error = z.map((score, k) => score - y[k]);
  return [sum(error.map((e) => e * e)), error.map((e) => 2 * e)];
}

// Minus the log-probability of the label: log(1 + exp(z)) − y·z, without overflow.
function logistic(z, y) {
  const cost = (score, k) =>
    Math.max(score, 0) - y[k] * score + Math.log1p(Math.exp(-Math.abs(score)));
  return [sum(z.map(cost)), z.map((score, k) => sigmoid(score) - y[k])];
}

// Scores into shares of 1; the largest score is subtracted first, which changes no share.
export function shares(z) {
  const largest = Math.max(...z);
  const odds = z.map((score) => Math.exp(score - largest));
  const total = sum(odds);
  return odds.map((odd) => odd / total);
}

// Minus the log-probability of the right class, y being its number.
function softmax(z, y) {
  const largest = Math.max(...z);
  const total = sum(z.map((score) => Math.exp(score - largest)));
  const gradient = shares(z);
  gradient[y] -= 1;
  return [Math.log(total) - (z[y] - largest), gradient];
}

export const LOSSES = { perceptron, squared, logistic, softmax };
