"""Typical wrong answers to the exercises of lessons 1 and 2, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

LESSON_1 = [
    WrongAnswer(
        "by_hand", "the minus lost",
        "predicted_price = 289", "predicted_price = 481",
        "One of the products is negative",
    ),
    WrongAnswer(
        "by_hand", "not summed",
        "return sum(np.multiply(x, w))", "return np.multiply(x, w)",
        "How does one number become of them?",
    ),
    WrongAnswer(
        "by_hand", "summed first",
        "return sum(np.multiply(x, w))", "return sum(x) * sum(w)",
        "Every input has a weight *of its own*",
    ),
    WrongAnswer(
        "by_hand", "the number of the text",
        "return sum(np.multiply(x, w))", "return 289.0",
        "Multiply each input by its own weight",
    ),
    WrongAnswer(
        "knobs", "a guess in percent",
        "predicted_error = 0.24", "predicted_error = 24",
        "as a part of the price",
    ),
    WrongAnswer(
        "knobs", "the lesson's knobs",
        "my_knobs = [50, 230, -7]", "my_knobs = [50, 200, -10]",
        "still off by more than 29.9%",
    ),
    WrongAnswer(
        "knobs", "far is dear",
        "my_knobs = [50, 230, -7]", "my_knobs = [50, 230, 7]",
        "the sign of the third knob",
    ),
    WrongAnswer(
        "learn", "the fence is right",
        "if answer * (sum(row * w) + b) <= 0:", "if answer * (sum(row * w) + b) < 0:",
        "sitting on the fence",
    ),
    WrongAnswer(
        "learn", "a score of 0 taken for a no",
        "if answer * (sum(row * w) + b) <= 0:",
        "if answer != (1 if sum(row * w) + b > 0 else -1):",
        "whichever of the two answers is the right one",
    ),
    WrongAnswer(
        "learn", "the bias forgotten",
        "w, b = w + answer * row, b + answer\n                mistakes",
        "w, b = w + answer * row, b\n                mistakes",
        "The bias never moves",
    ),
    WrongAnswer(
        "learn", "a single pass",
        "for _ in range(passes):", "for _ in range(1):",
        "after a single pass",
    ),
    WrongAnswer(
        "learn", "the wrong way",
        "w, b = w + answer * row, b + answer\n                mistakes",
        "w, b = w - answer * row, b - answer\n                mistakes",
        "Which way does a mistake push the knobs",
    ),
    WrongAnswer(
        "learn", "the prediction's sign",
        "predicted_knobs = [-2, 1, -1]", "predicted_knobs = [2, -1, 1]",
        "Mind the signs",
    ),
    WrongAnswer(
        "promise", "not squared",
        "return (R / gamma) ** 2 if", "return (R / gamma) if",
        "makes the promise a good deal larger",
    ),
    WrongAnswer(
        "promise", "not divided by the knobs' length",
        ".min() / np.linalg.norm(knobs)", ".min()",
        "By what is the room divided?",
    ),
    WrongAnswer(
        "promise", "the bias is no input",
        ".min() / np.linalg.norm(knobs)", ".min() / np.linalg.norm(w)",
        "one more input that is always 1",
    ),
    WrongAnswer(
        "promise", "a promise of a line that parts nothing",
        "return (R / gamma) ** 2 if gamma > 0 else np.inf", "return (R / gamma) ** 2",
        "when is the room no room at all".capitalize(),
    ),
    WrongAnswer(
        "promise", "more points, larger promise",
        "predicted_change = False", 'predicted_change = "yes"',
        "What stands in it: how far, how near, or how many?",
    ),
    WrongAnswer(
        "xor", "one answer for four corners",
        "predicted_possible = [True, True, True, True]", "predicted_possible = True",
        "one for each corner that may be missing",
    ),
    WrongAnswer(
        "xor", "one corner thought to be special",
        "predicted_possible = [True, True, True, True]",
        'predicted_possible = ["yes", "no", "yes", "yes"]',
        "but for turning the paper",
    ),
    WrongAnswer(
        "xor", "given up",
        "lines = [[-1, -1, 1],", "lines = [None,",
        "where could a ruler pass",
    ),
    WrongAnswer(
        "xor", "through a point",
        "[1, 1, 1]]", "[1, 1, 0]]",
        "On the fence counts as a mistake",
    ),
    WrongAnswer(
        "xor", "turned around",
        "[1, 1, 1]]", "[-1, -1, -1]]",
        "on both its sides",
    ),
    WrongAnswer(
        "wide_road", "Rosenblatt's rule again",
        "enough = 10 * (1 + (x**2).sum(axis=1).max())", "enough = 0",
        "With what should you not be content?",
    ),
    WrongAnswer(
        "wide_road", "a line through the middle of all",
        "w, b = np.zeros(x.shape[1]), 0.0\n    enough", "return np.ones(2), 0.0\n    enough",
        "First of all it has to part them",
    ),
]  # fmt: skip


LESSON_2 = [
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
