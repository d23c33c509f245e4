"""Answers to the exercises of lesson 8: honest ones in other forms, and cheats with their hints."""

from __future__ import annotations

from tests.classroom.hints import COURSE, LIBRARY, REFUSED, Cheat

HONEST_WITH_LETTERS = [
    Cheat(8, "strokes", "all at once", """
def strokes(letters, symbols):
    pairs = letters[:-1] * symbols + letters[1:]
    return np.bincount(pairs, minlength=symbols**2).reshape(symbols, symbols)
""", ""),
    Cheat(8, "attend", "query by query", """
def attend(queries, keys, values):
    found = []
    for query in queries:
        scores = np.array([np.dot(query, key) for key in keys]) / keys.shape[1] ** 0.5
        odds = np.exp(scores - scores.max())
        found.append(sum(share * value for share, value in zip(odds / odds.sum(), values)))
    return np.array(found)
""", ""),
    Cheat(8, "behind", "row by row", """
def shares_behind(scores):
    shares = np.zeros(scores.shape)
    for i, row in enumerate(scores):
        odds = np.exp(row[: i + 1] - row[: i + 1].max())
        shares[i, : i + 1] = odds / odds.sum()
    return shares
""", ""),
    Cheat(8, "heads", "slices", """
def cut(lists, heads):
    return np.stack(np.split(lists, heads, axis=1))
def together(parts):
    return np.concatenate(list(parts), axis=1)
""", ""),
    Cheat(8, "norm", "list by list", """
def norm(lists, scale, bias, epsilon):
    found = []
    for numbers in lists:
        spread = (numbers.var() + epsilon) ** 0.5
        found.append((numbers - numbers.mean()) / spread * scale + bias)
    return np.array(found)
""", ""),
    Cheat(8, "write", "piece by piece", """
def drawn(scores, u, warmth):
    odds = np.exp((scores - max(scores)) / warmth)
    total = 0
    for letter, share in enumerate(odds / sum(odds)):
        total += share
        if u < total:
            return letter
    return len(scores) - 1
""", ""),
    Cheat(8, "carry", "one turn", """
def carried(fused, out):
    width = out.shape[0]
    turned = fused.T
    return [turned[:, :width], turned[:, width : 2 * width], turned[:, 2 * width :], out.T]
""", ""),
]  # fmt: skip

READY_MADE_LETTERS = [
    Cheat(8, "attend", "PyTorch has it", """
def attend(queries, keys, values):
    import torch
    three = [torch.tensor(a)[None] for a in (queries, keys, values)]
    return torch.nn.functional.scaled_dot_product_attention(*three)[0].numpy()
""", LIBRARY),
    Cheat(8, "behind", "the reference's", """
from adapters.numpy_layers import attended
def shares_behind(scores):
    n = len(scores)
    layer = Attention(n, 1, causal=True)
    kernels = [np.eye(n), scores.T * n**0.5, np.eye(n), np.eye(n)]
    return attended(layer, kernels, np.eye(n)[None])[3][0, 0]
""", COURSE),
    Cheat(8, "heads", "the reference's", """
from adapters import numpy_layers
def cut(lists, heads):
    return numpy_layers.in_heads(Attention(lists.shape[1], heads), lists[None])[0]
""", COURSE),
    Cheat(8, "norm", "the reference's", """
from adapters.layers import LayerNorm
from adapters.numpy_layers import layer_norm
def norm(lists, scale, bias, epsilon):
    return layer_norm(LayerNorm(lists.shape[1], epsilon), [scale, bias], lists)
""", COURSE),
    Cheat(8, "attend", "the check's own", """
def attend(queries, keys, values):
    from classroom.checks.looking import _attended
    return _attended(queries, keys, values)
""", REFUSED),
    Cheat(8, "attend", "the check's own, loaded by the course", """
def attend(queries, keys, values):
    import sys
    from classroom.judging import exercises
    exercises(8)
    return sys.modules["classroom.checks.looking"]._attended(queries, keys, values)
""", REFUSED),
    Cheat(8, "attend", "the check's own, loaded by a check in a thread of its own", """
def attend(queries, keys, values):
    import sys, threading
    thread = threading.Thread(target=exercises.check, args=(2,))
    thread.start()
    thread.join()
    return sys.modules["classroom.checks.looking"]._attended(queries, keys, values)
""", "KeyError"),
    Cheat(8, "attend", "SciPy's softmax", """
def attend(queries, keys, values):
    from scipy.special import softmax
    return softmax(queries @ keys.T / keys.shape[1] ** 0.5, axis=1) @ values
""", LIBRARY),
]  # fmt: skip
