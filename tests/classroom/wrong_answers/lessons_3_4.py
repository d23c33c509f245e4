"""Typical wrong answers to the exercises of lessons 3 and 4, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

LESSON_3 = [
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


LESSON_4 = [
    WrongAnswer(
        "corners", "a bias forgotten",
        "predicted_hidden = [2, 1]", "predicted_hidden = [2, 2]",
        "adds them up and then its bias",
    ),
    WrongAnswer(
        "corners", "a column written as a row",
        '"W2": [[1], [-2]]', '"W2": [1, -2]',
        "A matrix is a list of rows",
    ),
    WrongAnswer(
        "corners", "AND that is OR",
        "and_knobs = [1, 1, -1.5]", "and_knobs = [1, 1, -0.5]",
        "AND is wrong at (0, 1)",
    ),
    WrongAnswer(
        "corners", "a score of exactly 0",
        "or_knobs = [1, 1, -0.5]", "or_knobs = [1, 1, -1]",
        "A score of exactly 0 is a no",
    ),
    WrongAnswer(
        "corners", "XOR that is OR",
        '"W2": [[1], [-2]]', '"W2": [[1], [-0.5]]',
        "its voice has to weigh more",
    ),
    WrongAnswer(
        "one_layer", "the first bias lost",
        "return W1 @ W2, b1 @ W2 + b2", "return W1 @ W2, b2",
        "it passes through the second kernel",
    ),
    WrongAnswer(
        "one_layer", "the hidden neurons counted",
        "predicted_knobs = 7850", "predicted_knobs = 101632",
        "straight to the scores",
    ),
    WrongAnswer(
        "one_layer", "a comma between the thousands",
        "predicted_knobs = 7850", "predicted_knobs = 7,850",
        "nothing between the thousands",
    ),
    WrongAnswer(
        "hidden_layer", "no bend",
        'Dense(2, n_hidden, "relu")', "Dense(2, n_hidden)",
        "Your two layers are one",
    ),
    WrongAnswer(
        "hidden_layer", "all start at zero",
        "W1, W2 = rng.normal(size=(2, n_hidden)), rng.normal(size=(n_hidden, 1))",
        "W1, W2 = np.zeros((2, n_hidden)), np.zeros((n_hidden, 1))",
        "All hidden neurons start alike",
    ),
    WrongAnswer(
        "hidden_layer", "the same draw for every seed",
        "    rng = np.random.default_rng(seed)\n", "    rng = np.random.default_rng(0)\n",
        "Is the generator made from the seed",
    ),
    WrongAnswer(
        "backwards", "the defect left in",
        "gradient = gradient @ w.T  #", "gradient = gradient @ w.reshape(w.T.shape)  #",
        "Rows become columns",
    ),
    WrongAnswer(
        "backwards", "all four expected to be wrong",
        'predicted_bad = ["W1", "b1"]', 'predicted_bad = ["W1", "b1", "W2", "b2"]',
        "cannot have been spoilt on the way",
    ),
    WrongAnswer(
        "backwards", "a set of names",
        'predicted_bad = ["W1", "b1"]', 'predicted_bad = {"W1", "b1"}',
        "in square brackets",
    ),
    WrongAnswer(
        "features", "the pixels",
        "return np.concatenate([pooled(layer) for layer in (*edges, pictures)], axis=1)",
        "return pictures.reshape(len(pictures), -1)",
        "they know as much as before",
    ),
    WrongAnswer(
        "features", "what was handed out",
        "return np.concatenate([pooled(layer) for layer in (*edges, pictures)], axis=1)",
        "return pooled(pictures)",
        "Where dark turns into bright matters more",
    ),
    WrongAnswer(
        "features", "compared with its neighbours",
        "return np.concatenate([pooled(layer) for layer in (*edges, pictures)], axis=1)",
        "return pooled(pictures) - pooled(pictures).mean(0)",
        "must not depend on its neighbours",
    ),
    WrongAnswer(
        "features", "more than anybody can hold",
        "return np.concatenate([pooled(layer) for layer in (*edges, pictures)], axis=1)",
        "return np.repeat(pictures.reshape(len(pictures), -1), 11, axis=1)",
        "More than 8000 features",
    ),
]  # fmt: skip
