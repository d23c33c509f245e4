"""Bounds on the rounding errors of embeddings, positions, layer norms and attention."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from adapters.laws.rounding import (
    LIBRARY_CALL,
    Passed,
    Rounded,
    Rounding,
    Sum,
    by_kernel,
    by_shift,
    in_rows,
    passed,
    product,
)
from adapters.layers import Attention, Embedding, LayerNorm, Positions

Back = tuple[list[Sum], Rounded]


def embedding(layer: Embedding, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """A row of the table has no error."""
    value = weights[0][a.value]
    return passed(layer, weights, a, Rounded(value, np.zeros(value.shape)), None)


def embedding_backward(layer: Embedding, done: Passed, g: Rounded, r: Rounding) -> Back:
    """By a row of the table, the sum over all places that hold its number."""
    words, delta, err = done.read.value.reshape(-1), in_rows(g.value), in_rows(g.error)
    places = [words == word for word in range(layer.vocabulary)]
    own = [r.summed(int(at.sum())) * np.abs(delta[at]).sum(0) for at in places]
    return [(np.array([r.total(err[at], 0) for at in places]), np.array(own))], g


def positions(layer: Positions, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """One sum of two numbers."""
    value = a.value + weights[0]
    return passed(layer, weights, a, Rounded(value, r.add(a.error, r.eps * np.abs(value))), None)


def positions_backward(layer: Positions, done: Passed, g: Rounded, r: Rounding) -> Back:
    """By a place's vector, the sum over the rows of the batch."""
    return [(r.total(g.error, 0), r.summed(len(g.value)) * np.abs(g.value).sum(0))], g


def layer_norm(layer: LayerNorm, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """u = (x − mean) / s and its error, which 1/s magnifies.

    Backends take the variance as mean((x − mean)²) or as mean(x²) − mean², and the result as
    (x − mean)/s or as x/s − mean/s. The second of each rounds numbers of the size of x, not of
    x − mean, and three such terms cover either way. What x brings along changes u by
    (dx − mean(dx) − u·mean(u·dx)) / s.
    """
    scale, bias = weights
    center = mean(a.value)
    apart = a.value - center
    root = np.sqrt(mean(apart * apart) + layer.epsilon)
    u, size = apart / root, (np.abs(a.value) + np.abs(center)) / root
    brought = r.mean(np.abs(u) * a.error)  # to the root, which is mean(u·dx) longer
    of_mean = r.summed(layer.width + 1) * mean(np.abs(a.value))
    of_root = 3 * r.summed(layer.width + 2) * mean(a.value**2) / (2 * root)
    of_root += LIBRARY_CALL * r.eps * root
    root_err = r.add(brought, of_root)
    err = r.add(a.error, r.mean(a.error), of_mean, np.abs(u) * root_err) / root
    err = r.add(err, r.eps * size)
    out = r.add(np.abs(scale) * err, 4 * r.eps * (np.abs(scale) * size + np.abs(bias)))
    inner = Rounded(u, err), size, Rounded(root, root_err)
    return passed(layer, weights, a, Rounded(scale * u + bias, out), inner)


def layer_norm_backward(layer: LayerNorm, done: Passed, g: Rounded, r: Rounding) -> Back:
    """(h − mean(h) − u·mean(h·u)) / s with h = g·scale, term by term.

    A backend that differentiates its own way through mean and variance adds the same terms, with
    the size of x/s in the place of u.
    """
    u, size, root = done.inner
    delta, scale = np.abs(g.value), np.abs(done.weights[0])
    h, h_err = g.value * done.weights[0], r.add(g.error * scale, r.eps * delta * scale)
    along = mean(h * u.value)
    value = (h - mean(h) - u.value * along) / root.value
    of_h = r.add(h_err, r.mean(h_err), np.abs(u.value) * r.mean(h_err * np.abs(u.value)))
    of_u = r.add(u.error * np.abs(along), np.abs(u.value) * r.mean(np.abs(h) * u.error))
    terms = np.abs(h) + mean(np.abs(h)) + (size + mean(size)) * mean(np.abs(h) * size)
    own = (r.summed(layer.width + 2) + LIBRARY_CALL * r.eps) * terms
    err = r.add(of_h, of_u, own, np.abs(value) * root.error) / root.value
    of_scale = r.add(in_rows(g.error * np.abs(u.value)), in_rows(delta * u.error))
    own_scale = r.summed(len(of_scale) + 2) * in_rows(delta * size).sum(0)
    return [(r.total(of_scale, 0), own_scale), by_shift(g, r)], Rounded(value, err)


def attention(layer: Attention, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """Through the three products, the scores, the softmax, and the two products after it.

    An error of ds in the scores changes a share p by p·(ds − Σ p·ds).
    """
    q, k, v = (heads(layer, product(a, w, r)) for w in weights[:3])
    length, width = a.value.shape[1], layer.width // layer.heads
    scores = np.einsum("nhid,nhjd->nhij", q.value, k.value) / width**0.5
    err = paired("nhid,nhjd->nhij", q, k, width + 2, r) / width**0.5
    if layer.causal:
        later = np.triu(np.ones(scores.shape[2:], bool), 1)
        scores, err = np.where(later, -np.inf, scores), np.where(later, 0, err)
    below = scores - scores.max(-1, keepdims=True)
    odds = np.exp(below)
    p = odds / odds.sum(-1, keepdims=True)
    # exp rounds its argument, which is as large as the distance from the largest score.
    err = r.add(err, r.eps * np.where(p > 0, LIBRARY_CALL - below, 0))
    around = r.total(p * err, -1, keepdims=True)
    shares = Rounded(p, p * r.add(err, around, r.summed(length) + LIBRARY_CALL * r.eps))
    found = np.einsum("nhij,nhjd->nhid", p, v.value)
    joined = Rounded(found, paired("nhij,nhjd->nhid", shares, v, length, r))
    joined = side_by_side(joined)
    gave = product(joined, weights[3], r)
    return passed(layer, weights, a, gave, (q, k, v, shares, joined))


def attention_backward(layer: Attention, done: Passed, g: Rounded, r: Rounding) -> Back:
    """The product rule, from the last product back to the three first ones."""
    q, k, v, shares, joined = done.inner
    p, root = shares.value, (layer.width // layer.heads) ** 0.5
    length, width = p.shape[-1], layer.width // layer.heads
    by_found = heads(layer, product(g, done.weights[3].T, r))
    h = np.einsum("nhid,nhjd->nhij", by_found.value, v.value)
    h_err = paired("nhid,nhjd->nhij", by_found, v, width, r)
    # Some backends sum h·p over the width instead of the places: terms of the same size.
    size = np.einsum("nhid,nhjd->nhij", np.abs(by_found.value), np.abs(v.value))
    around = h - (h * p).sum(-1, keepdims=True)
    brought = r.total(r.add(p * h_err, shares.error * np.abs(h)), -1, keepdims=True)
    own = r.summed(max(length, width) + 3) * (size + (size * p).sum(-1, keepdims=True))
    err = r.add(shares.error * np.abs(around), p * r.add(h_err, brought, own))
    by_scores = Rounded(p * around / root, err / root)

    def back(rule: str, one: Rounded, other: Rounded) -> Rounded:
        value = np.einsum(rule, one.value, other.value)
        return side_by_side(Rounded(value, paired(rule, one, other, length, r)))

    parts = [
        back("nhij,nhjd->nhid", by_scores, k),
        back("nhij,nhid->nhjd", by_scores, q),
        back("nhij,nhid->nhjd", shares, by_found),
    ]
    gradients = [by_kernel(done.read, part, r) for part in parts]
    ways = [product(part, w.T, r) for part, w in zip(parts, done.weights[:3], strict=True)]
    value = ways[0].value + ways[1].value + ways[2].value
    own = 2 * r.eps * sum(np.abs(way.value) for way in ways)
    err = r.add(*(way.error for way in ways), own)
    return [*gradients, by_kernel(joined, g, r)], Rounded(value, err)


def paired(rule: str, one: Rounded, other: Rounded, terms: int, r: Rounding) -> Array:
    """The error of a sum of products of two numbers that both err, by the rule of einsum."""

    def of(x: Array, y: Array) -> Array:
        return np.einsum(rule, x, y)

    carried = r.add(
        r.of_terms(of, one.error, other.value),
        r.of_terms(lambda e, x: of(x, e), other.error, one.value),
    )
    return r.add(carried, r.summed(terms + 1) * of(np.abs(one.value), np.abs(other.value)))


def heads(layer: Attention, a: Rounded) -> Rounded:
    """(n, length, width) as (n, heads, length, width / heads)."""
    shape = (*a.value.shape[:2], layer.heads, -1)
    return Rounded(*(part.reshape(shape).transpose(0, 2, 1, 3) for part in (a.value, a.error)))


def side_by_side(a: Rounded) -> Rounded:
    """The way back from `heads`."""
    n, _, length, _ = a.value.shape
    parts = (part.transpose(0, 2, 1, 3).reshape(n, length, -1) for part in (a.value, a.error))
    return Rounded(*parts)


def mean(a: Array) -> Array:
    """The mean over the last axis, which stays."""
    return a.sum(-1, keepdims=True) / a.shape[-1]
