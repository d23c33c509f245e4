"""Typical wrong answers to the exercises of lesson 3, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

WRONG_ANSWERS = [
    WrongAnswer(
        "row_by_column", "the entry of A · B",
        "predicted_first = 39", "predicted_first = 58",
        "where the first row of B meets the first column of A",
    ),
    WrongAnswer(
        "row_by_column", "rows and columns exchanged",
        "    return product\n", "    return product.T\n",
        "which index counts the rows of the product",
    ),
    WrongAnswer(
        "row_by_column", "NumPy's own product",
        "    return product\n", "    return A @ B\n",
        "NumPy should not do the walking",
    ),
    WrongAnswer(
        "row_by_column", "NumPy's own product in a function beside it",
        "    return product\n",
        "    return [[meet(row, column) for column in B.T] for row in A]\n\n\n"
        "def meet(row, column):\n    return row @ column\n",
        "NumPy should not do the walking",
    ),
    WrongAnswer(
        "softmax", "no exp",
        "np.exp(scores - np.max(scores, axis=-1, keepdims=True))", "scores",
        "Which function makes every number positive?",
    ),
    WrongAnswer(
        "softmax", "one cake for all rows",
        "pieces / pieces.sum(axis=-1, keepdims=True)", "pieces / pieces.sum()",
        "each *row* is a cake of its own",
    ),
    WrongAnswer(
        "softmax", "exp of a thousand",
        "np.exp(scores - np.max(scores, axis=-1, keepdims=True))", "np.exp(scores)",
        "exp is more, or less, than a computer can hold",
    ),
    WrongAnswer(
        "softmax", "one largest score for all rows",
        "np.max(scores, axis=-1, keepdims=True)", "np.max(scores)",
        "Each row has a largest score of its own",
    ),
    WrongAnswer(
        "cross_entropy", "the sum",
        "return np.mean(cake -", "return np.sum(cake -",
        "The loss is an average",
    ),
    WrongAnswer(
        "cross_entropy", "the logarithm's sign",
        "return np.mean(cake - scores[np.arange(len(y)), y])",
        "return np.mean(scores[np.arange(len(y)), y] - cake)",
        "A loss is never below zero",
    ),
    WrongAnswer(
        "cross_entropy", "shares first",
        "return np.mean(cake - scores[np.arange(len(y)), y])",
        "return -np.log(softmax(scores)[np.arange(len(y)), y]).mean()",
        "the log of a quotient is a difference",
    ),
    WrongAnswer(
        "cross_entropy", "no courtesy to the computer",
        "    scores = scores - scores.max(axis=1, keepdims=True)\n", "",
        "A score of 1000 is too much for exp",
    ),
    WrongAnswer(
        "cross_entropy", "a share kept from being small",
        "return np.mean(cake - scores[np.arange(len(y)), y])",
        "return -np.log(np.maximum(softmax(scores)[np.arange(len(y)), y], 1e-12)).mean()",
        "gets away too cheaply",
    ),
    WrongAnswer(
        "epoch", "the defect left in",
        "for i in range(0, len(order), batch_size)]",
        "for i in range(0, len(order) - batch_size + 1, batch_size)]",
        "the pictures that do not fill a batch",
    ),
    WrongAnswer(
        "epoch", "the stored order",
        "batches = [order[i : i + batch_size] for",
        "batches = [np.arange(len(order))[i : i + batch_size] for",
        "in the order that was asked for",
    ),
    WrongAnswer(
        "step", "uphill",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, -learning_rate)",
        "You went uphill",
    ),
    WrongAnswer(
        "step", "the sum of the batch",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, len(x) * learning_rate)",
        "Is the loss a sum or a mean?",
    ),
    WrongAnswer(
        "step", "the bias left where it is",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)[0], bias",
        "the bias is a knob, too",
    ),
    WrongAnswer(
        "step", "only the weights come back",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)[0]",
        "W and bias should come back, two NumPy arrays",
    ),
    WrongAnswer(
        "step", "nothing written back",
        "    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)",
        "    return W, bias",
        "Nothing has moved",
    ),
    WrongAnswer(
        "doubt", "a share in percent",
        "predicted_wrong = 0.6", "predicted_wrong = 60",
        "a number between 0 and 1",
    ),
    WrongAnswer(
        "doubt", "certainty",
        "return second - first", "return first - second",
        "You have measured certainty",
    ),
    WrongAnswer(
        "doubt", "the same doubt about all",
        "return second - first", "return np.ones(len(shares))",
        "cannot put them in an order",
    ),
]  # fmt: skip
