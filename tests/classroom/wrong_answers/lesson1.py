"""Typical wrong answers to the exercises of lesson 1, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

WRONG_ANSWERS = [
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
