"""Right answers in other forms than the solution's get all points."""

from __future__ import annotations

import pytest

from classroom.check import exercises
from tests.classroom.handing_in import solution
from tests.classroom.renamed import changed, judged_together
from tests.classroom.wrong_answers.wrong_answer import WrongAnswer

# lesson, exercise, text of the solution, and another right form of it
OTHER_FORMS = [
    (1, "by_hand", "predicted_price = 289", "predicted_price = [289.0]"),
    (1, "by_hand", "predicted_price = 289", 'predicted_price = "289"'),
    (1, "by_hand", "return sum(np.multiply(x, w))", "return sum(x * w)"),
    (1, "by_hand", "return sum(np.multiply(x, w))", "return x @ w"),
    (1, "knobs", "my_knobs = [50, 230, -7]", "my_knobs = np.array([50, 230, -7])"),
    (1, "learn", "return w, b, mistakes", "return [list(w), b, float(mistakes)]"),
    (1, "promise", "predicted_change = False", 'predicted_change = "No"'),
    (1, "promise", "else np.inf", 'else float("inf")'),
    (1, "xor", "predicted_possible = [True, True, True, True]",
     'predicted_possible = ["yes"] * 4'),
    (1, "xor", "lines = [[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]]",
     "lines = np.array([[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]])"),
    (2, "step", "return knobs - learning_rate * gradient",
     "knobs = knobs.copy()\n    knobs -= learning_rate * gradient\n    return list(knobs)"),
    (2, "gradient", 'predicted_slope = "positive"', 'predicted_slope = "Positive"'),
    (2, "gradient", ".mean(axis=0), 2 * error.mean()",
     ".mean(axis=0), (2 * error[:, None]).mean(axis=0)"),
    (2, "search", "predicted_part = 0.6", "predicted_part = np.float32(0.6)"),
    (3, "row_by_column", "    return product\n",
     "    inner = A.shape[1]\n    for i in range(len(A)):\n        for j in range(B.shape[1]):\n"
     "            dot = 0\n            for k in range(inner):\n"
     "                dot += A[i, k] * B[k, j]\n"
     "            product[i, j] = dot\n    return product.tolist()\n"),
    (3, "row_by_column", "    return product\n",
     "    return [[dot(row, column) for column in B.T] for row in A]\n\n\n"
     "def dot(row, column):\n    return sum(row * column)\n"),
    (3, "softmax", "predicted_same = True", 'predicted_same = "yes"'),
    (3, "cross_entropy", "predicted_loss = np.log(4)", "predicted_loss = 1.4"),
    (3, "step", 'predicted_bias = "up"', 'predicted_bias = "Up"'),
    (3, "doubt", "return second - first", "return [1 - row.max() for row in shares]"),
    (4, "corners", '"b2": [-0.5]', '"b2": -0.5'),
    (4, "corners", '"b1": [0, -1], "W2": [[1], [-2]], "b2": [-0.5]',
     '"b1": (0, -1), "W2": np.array([[1.0], [-2]]), "b2": [0]'),
    (4, "hidden_layer", 'Dense(2, n_hidden, "relu")', 'Dense(2, n_hidden, "tanh")'),
    (4, "backwards", 'predicted_bad = ["W1", "b1"]', 'predicted_bad = np.array(["b1", "w1"])'),
    (4, "features", "for layer in (*edges, pictures)], axis=1)",
     "for layer in edges], axis=1).tolist()"),
    (5, "momentum", "predicted_ours = [1, 1.9, 0.271]", "predicted_ours = (1, 1.9, 0.27)"),
    (5, "epsilon", "predicted_before = 0.0307", "predicted_before = 0.031"),
    (5, "cages", 'predicted_suspect = "no half"', 'predicted_suspect = "No half"'),
    (5, "cages", "        room = 1e-4 * np.abs(ours[link]).max()\n"
     "        if np.abs(ours[link] - theirs[link]).max() > room:",
     "        if not np.allclose(ours[link], theirs[link]):"),
    (5, "checkpoint", 'predicted_counts = ["adam"]', 'predicted_counts = "Adam"'),
    (6, "means", "return sum(m * n for m, n in zip(means, counts, strict=True)) / sum(counts)",
     "return np.average(means, weights=counts)"),
    (6, "cut", "[list(range(m, n, machines)) for m in range(machines)]",
     "np.array_split(np.arange(n), machines)"),
    (6, "cut", "predicted_sizes = [3, 3, 2, 2]", "predicted_sizes = (3, 3, 2, 2)"),
    (6, "step", "totals = [sum(n * slopes[i] for n, slopes in reports) for i in range(len(knobs))]",
     "totals = [np.sum([n * s[i] for n, s in reports], axis=0) for i in range(len(knobs))]"),
    (6, "ring", "    return after\n", "    return after.astype(float).tolist()\n"),
    (6, "dice", "default_rng([seed, epoch])", "default_rng(1000 * seed + epoch)"),
    (6, "pays", "predicted_thousand = 2000", "predicted_thousand = 2006"),
    (6, "pays", "return min(range(1, most + 1), key=lambda n: seconds(n, pictures, once, each, "
     "latency, copy))",
     "return 1 + np.argmin([seconds(n + 1, pictures, once, each, latency, copy) "
     "for n in range(most)])"),
]  # fmt: skip


@pytest.mark.parametrize("lesson", [pytest.param(
    n, marks=getattr(pytest.mark, f"lesson{n}")) for n in sorted({form[0] for form in OTHER_FORMS})
])  # fmt: skip
def test_a_right_answer_in_another_form_has_all_points(lesson: int) -> None:
    text = solution(lesson)
    forms = [form[1:] for form in OTHER_FORMS if form[0] == lesson]
    results = judged_together(lesson, [
        (exercise, changed(text, WrongAnswer(exercise, "none", old, new, "").applied(text)))
        for exercise, old, new in forms
    ])  # fmt: skip
    possible = {exercise.name: exercise.points for exercise in exercises(lesson)}
    failed = [
        (*form, points, hint) for form, (points, hint) in zip(forms, results, strict=True)
        if (points, hint) != (possible[form[0]], "")
    ]  # fmt: skip
    assert not failed, "\n".join(map(str, failed))
