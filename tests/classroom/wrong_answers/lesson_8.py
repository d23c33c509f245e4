"""Typical wrong answers to the exercises of lesson 8, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

SCORES = "scores = queries @ keys.T / np.sqrt(keys.shape[1])"
EACH_ROW = (
    "odds = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
    "    shares = odds / odds.sum(axis=1, keepdims=True)"
)
SEEN = "np.arange(n)[None, :] <= np.arange(n)[:, None]"
MASKED = "masked = np.where(seen, scores, -np.inf)"
APART = "apart = lists - lists.mean(axis=-1, keepdims=True)"
VARIANCE = "variance = (apart**2).mean(axis=-1, keepdims=True)"
NORMED = "return scale * apart / np.sqrt(variance + epsilon) + bias"
DRAW = 'return int(np.searchsorted(np.cumsum(odds / odds.sum()), u, side="right"))'
KERNELS = "return query.T, key.T, value.T, out.T"

LESSON_8 = [
    WrongAnswer(
        "strokes", "rows added up",
        "predicted_rows = 64000", "predicted_rows = 120",
        "any of the forty",
    ),
    WrongAnswer(
        "strokes", "as many strokes as rows",
        "predicted_strokes = 140000", "predicted_strokes = 64000",
        "makes one stroke",
    ),
    WrongAnswer(
        "strokes", "row and column exchanged",
        "table[letters[i], letters[i + 1]] += 1", "table[letters[i + 1], letters[i]] += 1",
        "the letter that was there *first*",
    ),
    WrongAnswer(
        "strokes", "each pair once",
        "table[letters[i], letters[i + 1]] += 1", "table[letters[i], letters[i + 1]] = 1",
        "has two strokes",
    ),
    WrongAnswer(
        "strokes", "in a ring",
        "range(len(letters) - 1)", "range(-1, len(letters) - 1)",
        "let the first one follow it",
    ),
    WrongAnswer(
        "strokes", "shares",
        "    return table\n",
        "    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)\n",
        "Strokes were asked for",
    ),
    WrongAnswer(
        "attend", "scores not divided on paper",
        "predicted_scores = [1, 1, 0, 0]", "predicted_scores = [2, 2, 0, 0]",
        "the root of four is two",
    ),
    WrongAnswer(
        "attend", "shares of sevens",
        "predicted_shares = [0.25, 0.25, 0.25, 0.25]", "predicted_shares = [1, 1, 1, 1]",
        "Who are equal get equal shares",
    ),
    WrongAnswer(
        "attend", "no root",
        SCORES, "scores = queries @ keys.T",
        "not divided by √d",
    ),
    WrongAnswer(
        "attend", "divided by d",
        SCORES, "scores = queries @ keys.T / keys.shape[1]",
        "It is its root",
    ),
    WrongAnswer(
        "attend", "the root of how many keys there are",
        SCORES, "scores = queries @ keys.T / np.sqrt(len(keys))",
        "and not how many keys there are",
    ),
    WrongAnswer(
        "attend", "softmax over the queries",
        EACH_ROW, EACH_ROW.replace("axis=1", "axis=0"),
        "Yours sum to 1 for each key",
    ),
    WrongAnswer(
        "attend", "one softmax of everything",
        EACH_ROW, "odds = np.exp(scores - scores.max())\n    shares = odds / odds.sum()",
        "Each query has its own 1",
    ),
    WrongAnswer(
        "attend", "no softmax",
        "    return shares @ values", "    return scores @ values",
        "There is no softmax",
    ),
    WrongAnswer(
        "attend", "only the best",
        "    return shares @ values", "    return values[scores.argmax(axis=1)]",
        "Only the best key",
    ),
    WrongAnswer(
        "attend", "an overflow",
        "odds = np.exp(scores - scores.max(axis=1, keepdims=True))\n    shares",
        "odds = np.exp(scores)\n    shares",
        "it overflows",
    ),
    WrongAnswer(
        "behind", "a whole square",
        "predicted_seen = 15", "predicted_seen = 10",
        "The first letter sees one, itself",
    ),
    WrongAnswer(
        "behind", "an equal share",
        "predicted_first = 1.0", "predicted_first = 0.2",
        "nobody else to look at",
    ),
    WrongAnswer(
        "behind", "upside down",
        SEEN, "np.arange(n)[None, :] >= np.arange(n)[:, None]",
        "upside down",
    ),
    WrongAnswer(
        "behind", "one too far",
        SEEN, "np.arange(n)[None, :] <= np.arange(n)[:, None] + 1",
        "where the mask ends",
    ),
    WrongAnswer(
        "behind", "zeros before the softmax",
        MASKED, "masked = np.where(seen, scores, 0.0)",
        "e⁰ is 1",
    ),
    WrongAnswer(
        "behind", "zeros after the softmax",
        MASKED + "\n    odds = np.exp(masked - masked.max(axis=1, keepdims=True))\n"
        "    return odds / odds.sum(axis=1, keepdims=True)",
        "odds = np.exp(scores)\n"
        "    return np.where(seen, odds / odds.sum(axis=1, keepdims=True), 0)",
        "do not sum to 1 any more",
    ),
    WrongAnswer(
        "behind", "down the columns",
        "odds = np.exp(masked - masked.max(axis=1, keepdims=True))\n"
        "    return odds / odds.sum(axis=1, keepdims=True)",
        "odds = np.exp(masked)\n    return odds / odds.sum(axis=0, keepdims=True)",
        "down the columns",
    ),
    WrongAnswer(
        "heads", "the second row",
        "predicted_row = [3, 4, 5]", "predicted_row = [9, 10, 11]",
        "What do they hold in the first row",
    ),
    WrongAnswer(
        "heads", "as if reshape moved numbers",
        "predicted_by_reshape = [9, 10, 11]", "predicted_by_reshape = [3, 4, 5]",
        "reads all numbers row by row",
    ),
    WrongAnswer(
        "heads", "reshape alone",
        "return lists.reshape(n, heads, width // heads).transpose(1, 0, 2)",
        "return lists.reshape(heads, n, width // heads)",
        "gives each head some *letters*",
    ),
    WrongAnswer(
        "heads", "dealt out like cards",
        "return lists.reshape(n, heads, width // heads).transpose(1, 0, 2)",
        "return lists.reshape(n, width // heads, heads).transpose(2, 0, 1)",
        "dealt out in turn",
    ),
    WrongAnswer(
        "heads", "together by reshape alone",
        "return parts.transpose(1, 0, 2).reshape(n, heads * d)",
        "return parts.reshape(n, heads * d)",
        "First the axes",
    ),
    WrongAnswer(
        "norm", "only shifted",
        "predicted_small = [-1, 1]", "predicted_small = [-2, 2]",
        "the root of the mean of the squares",
    ),
    WrongAnswer(
        "norm", "a hundred times as large",
        "predicted_large = [-1, 1]", "predicted_large = [-100, 100]",
        "so is the spread",
    ),
    WrongAnswer(
        "norm", "over the letters",
        APART + "\n    " + VARIANCE, (APART + "\n    " + VARIANCE).replace("axis=-1", "axis=0"),
        "mean and variance over the letters",
    ),
    WrongAnswer(
        "norm", "one less",
        VARIANCE, "variance = lists.var(axis=-1, keepdims=True, ddof=1)",
        "one less than there are",
    ),
    WrongAnswer(
        "norm", "epsilon outside",
        NORMED, "return scale * apart / (np.sqrt(variance) + epsilon) + bias",
        "added it afterwards",
    ),
    WrongAnswer(
        "norm", "no epsilon",
        NORMED, "return scale * apart / np.sqrt(variance) + bias",
        "Where is ε",
    ),
    WrongAnswer(
        "norm", "no root",
        NORMED, "return scale * apart / (variance + epsilon) + bias",
        "and not by its root",
    ),
    WrongAnswer(
        "norm", "no scale and no bias",
        NORMED, "return apart / np.sqrt(variance + epsilon)",
        "have been forgotten",
    ),
    WrongAnswer(
        "norm", "the bias is scaled",
        NORMED, "return scale * (apart / np.sqrt(variance + epsilon) + bias)",
        "added at the very end",
    ),
    WrongAnswer(
        "write", "a piece too early",
        "predicted_65 = 1", "predicted_65 = 2",
        "Where does the piece of the second end",
    ),
    WrongAnswer(
        "write", "a piece too late",
        "predicted_75 = 2", "predicted_75 = 1",
        "begins the piece of the last one",
    ),
    WrongAnswer(
        "write", "multiplied by the warmth",
        "np.asarray(scores) / warmth", "np.asarray(scores) * warmth",
        "divided by the warmth",
    ),
    WrongAnswer(
        "write", "always the likeliest",
        DRAW, "return int(odds.argmax())",
        "The die decides",
    ),
    WrongAnswer(
        "write", "one too high",
        DRAW, DRAW.replace('side="right"))', 'side="right")) + 1'),
        "one too high",
    ),
    WrongAnswer(
        "carry", "the third of the key, from one",
        "predicted_line = 10", "predicted_line = 11",
        "its third output",
    ),
    WrongAnswer(
        "carry", "biases of three parts",
        "predicted_biases = 32", "predicted_biases = 24",
        "four parts",
    ),
    WrongAnswer(
        "carry", "not turned",
        KERNELS, "return query, key, value, out",
        "the outputs as rows, and ours the inputs",
    ),
    WrongAnswer(
        "carry", "the output not turned",
        KERNELS, "return query.T, key.T, value.T, out",
        "a dense layer of hers as well",
    ),
    WrongAnswer(
        "carry", "key first",
        "query, key, value = np.split(fused, 3)", "key, query, value = np.split(fused, 3)",
        "The query comes first",
    ),
    WrongAnswer(
        "carry", "dealt out like cards",
        "query, key, value = np.split(fused, 3)",
        "query, key, value = (fused[i::3] for i in range(3))",
        "dealt out the rows in turn",
    ),
    WrongAnswer(
        "carry", "reshape in place of a turn",
        "query, key, value = np.split(fused, 3)\n    " + KERNELS,
        "width = len(out)\n    return (*fused.T.reshape(3, width, width), out.T)",
        "`reshape` moves no number",
    ),
]  # fmt: skip
