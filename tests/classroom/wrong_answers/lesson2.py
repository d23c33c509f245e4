"""Typical wrong answers to the exercises of lesson 2, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

WRONG_ANSWERS = [
    WrongAnswer(
        "step", "up and down confused",
        "predicted_knob = 0.5", "predicted_knob = 0.3",
        "What is minus a negative number?",
    ),
    WrongAnswer(
        "step", "a comma in a fraction",
        "predicted_knob = 0.5", "predicted_knob = 0,5",
        "Python has read two numbers",
    ),
    WrongAnswer(
        "step", "uphill",
        "return knobs - learning_rate * gradient", "return knobs + learning_rate * gradient",
        "You went uphill",
    ),
    WrongAnswer(
        "step", "the whole slope",
        "return knobs - learning_rate * gradient", "return knobs - gradient",
        "Who says how far to go?",
    ),
    WrongAnswer(
        "step", "only the move",
        "return knobs - learning_rate * gradient", "return -learning_rate * gradient",
        "where they stand afterwards",
    ),
    WrongAnswer(
        "plus_minus", "one evaluation a knob",
        "predicted_evaluations = 12", "predicted_evaluations = 6",
        "tried in two directions",
    ),
    WrongAnswer(
        "plus_minus", "the loss as well",
        "            move /= 2\n    return w", "            move /= 2\n    return w, best",
        "and nothing else",
    ),
    WrongAnswer(
        "plus_minus", "only up",
        "for turn in (move, -move):", "for turn in (move,):",
        "only ever turned up",
    ),
    WrongAnswer(
        "plus_minus", "never halved",
        "            move /= 2\n    return w", "            pass\n    return w",
        "what was too coarse?",
    ),
    WrongAnswer(
        "plus_minus", "halved in every round",
        "        if best == before:\n            move /= 2", "        move /= 2",
        "The move shrinks too early",
    ),
    WrongAnswer(
        "plus_minus", "not going back",
        "            for turn in (move, -move):\n                trial = w.copy()\n"
        "                trial[k] += turn\n                heard = loss",
        "            trial = w.copy()\n            for turn in (move, -move):\n"
        "                trial = trial.copy()\n                trial[k] += turn\n"
        "                heard = loss",
        "from *where* do you turn down then?",
    ),
    WrongAnswer(
        "gradient", "the sign predicted",
        'predicted_slope = "positive"', 'predicted_slope = "negative"',
        "If everything is too high already",
    ),
    WrongAnswer(
        "gradient", "no two",
        "return (2 * error[:, None] * x).mean(axis=0), 2 * error.mean()",
        "return (error[:, None] * x).mean(axis=0), error.mean()",
        "it is from the square",
    ),
    WrongAnswer(
        "gradient", "the sum",
        "return (2 * error[:, None] * x).mean(axis=0), 2 * error.mean()",
        "return (2 * error[:, None] * x).sum(axis=0), 2 * error.sum()",
        "The more houses, the steeper",
    ),
    WrongAnswer(
        "gradient", "price minus guess",
        "error = (x * w).sum(axis=1) + b - y", "error = y - (x * w).sum(axis=1) - b",
        "The signs are turned around",
    ),
    WrongAnswer(
        "gradient", "the bias not in the guess",
        "error = (x * w).sum(axis=1) + b - y", "error = (x * w).sum(axis=1) - y",
        "so it is a part of the error, too",
    ),
    WrongAnswer(
        "gradient", "no slope for the bias",
        ".mean(axis=0), 2 * error.mean()", ".mean(axis=0), 0.0",
        "What is its input, for every house?",
    ),
    WrongAnswer(
        "largest_rate", "ten times as small",
        "predicted_rate = 0.01", "predicted_rate = 0.1",
        "The input comes in twice",
    ),
    WrongAnswer(
        "largest_rate", "the flattest direction",
        "x / len(x))[-1]", "x / len(x))[0]",
        "Which direction flies out first?",
    ),
    WrongAnswer(
        "largest_rate", "the single jump",
        "return 2 / np.linalg.eigvalsh", "return 1 / np.linalg.eigvalsh",
        "at the bottom in one jump",
    ),
    WrongAnswer(
        "largest_rate", "a square with a half",
        "eigvalsh(2 * x.T @ x", "eigvalsh(x.T @ x",
        "no ½ in front of its square",
    ),
    WrongAnswer(
        "largest_rate", "not averaged",
        "x.T @ x / len(x))", "x.T @ x)",
        "The loss is a mean",
    ),
    WrongAnswer(
        "search", "the loss as well",
        "return w\n    ### END SOLUTION\n\n\nradio =",
        "return w, best\n    ### END SOLUTION\n\n\nradio =",
        "and nothing else",
    ),
    WrongAnswer(
        "search", "stops too early",
        "return w\n    ### END SOLUTION\n\n\nradio =",
        "return np.zeros(n_knobs)\n    ### END SOLUTION\n\n\nradio =",
        "before the loss is low enough",
    ),
    WrongAnswer(
        "search", "timid moves",
        "np.full(n_knobs, 0.35)", "np.full(n_knobs, 0.05)",
        "times as often as the ± search",
    ),
]  # fmt: skip
