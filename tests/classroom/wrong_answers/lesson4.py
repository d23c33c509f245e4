"""Typical wrong answers to the exercises of lesson 4, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

WRONG_ANSWERS = [
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
