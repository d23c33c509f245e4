"""Mistakes in the reference's layer norm, attention, residual and mean."""

from __future__ import annotations

from tests.meta.loading import Mutant

NUMPY_BLOCKS = [
    Mutant(
        "ε outside the root", "(apart * apart).mean(-1, keepdims=True) + layer.epsilon)",
        "(apart * apart).mean(-1, keepdims=True)) + layer.epsilon", "layer_norm",
        "Under the root, ε bounds the quotient where a place has no variance.",
        file="numpy_layers",
    ),
    Mutant(
        "variance by n − 1", "(apart * apart).mean(-1, keepdims=True)",
        "(apart * apart).sum(-1, keepdims=True) / (x.shape[-1] - 1)", "layer_norm",
        "torch.var's default; a layer norm divides by the width.", file="numpy_layers",
    ),
    Mutant(
        "statistics of all places", "apart = x - x.mean(-1, keepdims=True)",
        "apart = x - x.mean(tuple(range(1, x.ndim)), keepdims=True)", "forward",
        "Each place has its own mean.", "transformer", file="numpy_layers",
    ),
    Mutant(
        "statistics of the batch", "apart = x - x.mean(-1, keepdims=True)",
        "apart = x - x.mean(0, keepdims=True)", "forward",
        "That is batch normalization: a row's result would depend on its neighbours.", "pooled",
        file="numpy_layers",
    ),
    Mutant(
        "constant statistics", "return (h - common - u * along) / root", "return h / root",
        "central_differences", "Mean and variance depend on x, and their gradients count.",
        "transformer", file="numpy_layers",
    ),
    Mutant(
        "constant variance", "return (h - common - u * along) / root",
        "return (h - common) / root", "central_differences",
        "The root depends on x as well as the mean does.", "pooled", file="numpy_layers",
    ),
    Mutant(
        "the scale's gradient from x", "return [in_rows(g * u).sum(0),",
        "return [in_rows(g * x).sum(0),", "central_differences",
        "The scale multiplies what is normalized.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "scores over d", "return float((layer.width // layer.heads) ** 0.5)",
        "return float(layer.width // layer.heads)", "forward",
        "A sum of d random products is as large as √d.", "transformer", file="numpy_layers",
    ),
    Mutant(
        "√ of the whole width", "return float((layer.width // layer.heads) ** 0.5)",
        "return float(layer.width**0.5)", "forward", "A head's scores sum over its own columns.",
        "transformer", file="numpy_layers",
    ),
    Mutant(
        "heads interleaved", "a.reshape(n, length, layer.heads, -1).swapaxes(1, 2)",
        "a.reshape(n, length, -1, layer.heads).transpose(0, 3, 1, 2)", "forward",
        "A head's columns lie side by side.", "transformer", file="numpy_layers",
    ),
    Mutant(
        "heads joined transposed", "return a.swapaxes(1, 2).reshape(n, length, heads * d)",
        "return a.transpose(0, 2, 3, 1).reshape(n, length, heads * d)", "forward",
        "The last kernel's rows are in the order of the heads.", "transformer",
        file="numpy_layers",
    ),
    Mutant(
        "mask upside down", "np.where(np.tri(x.shape[1], dtype=bool), scores, -np.inf)",
        "np.where(np.tri(x.shape[1], dtype=bool).T, scores, -np.inf)", "causal_attention",
        "A word would see those after it.", file="numpy_layers",
    ),
    Mutant(
        "mask forgotten", "    if layer.causal:\n", "    if not layer:\n", "causal_attention",
        "A model that reads its answer learns nothing.", file="numpy_layers",
    ),
    Mutant(
        "mask after the softmax", "odds / odds.sum(-1, keepdims=True)\n",
        "np.tri(x.shape[1]) * odds / np.exp(q @ k.swapaxes(2, 3) / root_of_width(layer) - "
        "scores.max(-1, keepdims=True)).sum(-1, keepdims=True)\n", "forward",
        "The shares of the words that are seen sum to 1.", "transformer", file="numpy_layers",
    ),
    Mutant(
        "shares over the wrong axis", "odds / odds.sum(-1, keepdims=True)\n",
        "odds / odds.sum(-2, keepdims=True)\n", "forward",
        "The shares that one word takes sum to 1, not those that are taken of it.", "sequence",
        file="numpy_layers",
    ),
    Mutant(
        "the softmax's sum is constant", "shares * (h - (h * shares).sum(-1, keepdims=True))",
        "shares * h", "central_differences", "What one share gains the others lose.", "sequence",
        file="numpy_layers",
    ),
    Mutant(
        "query and key swapped", "by_heads = by_scores @ k, by_scores.swapaxes(2, 3) @ q,",
        "by_heads = by_scores @ q, by_scores.swapaxes(2, 3) @ k,", "central_differences",
        "The gradient of a factor is the other one.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "no √d in the gradient", "keepdims=True)) / root_of_width(layer)\n    by_heads",
        "keepdims=True))\n    by_heads", "central_differences", "What divides the scores "
        "divides their gradient.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "no way through the values", "return parts[0] + parts[1] + parts[2]",
        "return parts[0] + parts[1]", "central_differences",
        "A place is read three times, and has three gradients.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "input added twice", "return x + outputs(layer.layers, params, x)[-1]",
        "return 2 * x + outputs(layer.layers, params, x)[-1]", "forward", "x + f(x), once.",
        "transformer", file="numpy_layers",
    ),
    Mutant(
        "input not added", "return x + outputs(layer.layers, params, x)[-1]",
        "return outputs(layer.layers, params, x)[-1]", "forward",
        "Without its own way a deep network does not train.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "own way lost", "return gradients, lambda: g + by_inner()",
        "return gradients, lambda: by_inner()", "central_differences",
        "The gradient passes by unchanged; that is the point of a residual.", "transformer",
        file="numpy_layers",
    ),
    Mutant(
        "inner way lost", "return gradients, lambda: g + by_inner()", "return gradients, lambda: g",
        "central_differences", "f depends on x too.", "sequence", file="numpy_layers",
    ),
    Mutant(
        "sum of the places", "return x.mean(tuple(range(1, x.ndim - 1)))",
        "return x.sum(tuple(range(1, x.ndim - 1)))", "forward",
        "A mean does not grow with the length.", "pooled", file="numpy_layers",
    ),
    Mutant(
        "the last word only", "return x.mean(tuple(range(1, x.ndim - 1)))", "return x[:, -1]",
        "forward", "A mean has all words.", "pooled", file="numpy_layers",
    ),
    Mutant(
        "mean of the batch too", "return x.mean(tuple(range(1, x.ndim - 1)))",
        "return 0 * x[:, 0] + x.mean((0, 1))", "forward", "A row's mean is its own.", "pooled",
        file="numpy_layers",
    ),
    Mutant(
        "a mean's gradient whole, of places", "np.expand_dims(g / places, axes)",
        "np.expand_dims(g, axes)", "central_differences", "Each place has its share.", "pooled",
        file="numpy_layers",
    ),
    Mutant(
        "a mean's gradient over the batch", "places, axes = x[0, ..., 0].size,",
        "places, axes = x[..., 0].size,", "central_differences",
        "The loss divides by the rows already.", "strided", file="numpy_layers",
    ),
]  # fmt: skip
