"""Answers are judged by what they do: right ones in any form, cheats, and repaired defects."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from adapters.contract import SGD, Dense, Model, Net
from adapters.laws.subject import reference
from adapters.numpy_adapter import LOSSES
from adapters.numpy_layers import ACTIVATIONS
from classroom.check import exercises
from tests.classroom.cheats import CHEATS
from tests.classroom.handing_in import changed, judged_together, solution
from tests.classroom.hints import WrongAnswer
from tests.classroom.honest import HONEST
from tests.meta.loading import ADAPTERS, load_changed, mutate
from tests.meta.mutants import NUMPY

# Right answers in other forms than the solution's get all points.

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
    (7, "knobs", "predicted_windows = 2432", "predicted_windows = 2432.0"),
    (7, "knobs", "(height - 2) // 2, (width - 2) // 2, n",
     "height // 2 - 1, int(width / 2) - 1, n"),
    (7, "slide", "predicted_places = [3, 4]", "predicted_places = (3, 4)"),
    (7, "slide", "    down = range(0, h - k + 1, stride)\n",
     "    down = [i for i in range(h) if i + k <= h and i % stride == 0]\n"),
    (7, "pool", "predicted_shares = [0, 5, 0, 0]", "predicted_shares = np.array([0.0, 5, 0, 0])"),
    (7, "pool", "return picture[: 2 * h, : 2 * w].reshape(h, 2, w, 2).max(axis=(1, 3))",
     "return [[max(picture[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].ravel()) for j in range(w)]\n"
     "            for i in range(h)]"),
    (7, "field", "predicted_field = 7", "predicted_field = [7]"),
    (7, "zeros", "predicted_by_two = [0, 1]", "predicted_by_two = (0, 1)"),
    (7, "zeros", "return zeros // 2, zeros - zeros // 2, places",
     "return np.array([zeros // 2, (zeros + 1) // 2, places])"),
    (7, "carry", "return kernel.transpose(2, 3, 1, 0)",
     "return np.moveaxis(kernel, (0, 1), (3, 2))"),
    (7, "way_back", 'predicted_right = ["bias", "pictures"]', 'predicted_right = "pictures, bias"'),
    (8, "strokes", "predicted_strokes = 140000", "predicted_strokes = 139_997"),
    (8, "strokes", "    return table\n", "    return table.astype(int).tolist()\n"),
    (8, "attend", "predicted_scores = [1, 1, 0, 0]", "predicted_scores = (1.0, 1.0, 0, 0)"),
    (8, "behind", "seen = np.arange(n)[None, :] <= np.arange(n)[:, None]",
     "seen = np.tril(np.ones((n, n))) == 1"),
    (8, "heads", "return parts.transpose(1, 0, 2).reshape(n, heads * d)",
     "return np.concatenate([parts[h] for h in range(heads)], axis=1)"),
    (8, "norm", "predicted_small = [-1, 1]", "predicted_small = np.array([-0.99999, 0.99999])"),
    (8, "write", 'return int(np.searchsorted(np.cumsum(odds / odds.sum()), u, side="right"))',
     "return np.argmax(np.cumsum(odds) > u * odds.sum())"),
    (8, "carry", "return query.T, key.T, value.T, out.T",
     "return np.stack([query.T, key.T, value.T, out.T]).tolist()"),
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


# Cheats get no points; honest work that looks similar gets all of them.

CHEATED = [
    pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}"))
    for n in sorted({cheat.lesson for cheat in CHEATS})
]


def possible_points(lesson: int) -> dict[str, float]:
    return {exercise.name: exercise.points for exercise in exercises(lesson)}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lesson", CHEATED)
def test_a_cheat_has_no_points_and_a_hint(lesson: int) -> None:
    cheats = [each for each in CHEATS if each.lesson == lesson and each.possible]
    results = judged_together(lesson, [(cheat.exercise, cheat.code) for cheat in cheats])
    most = dict.fromkeys(possible_points(lesson), 0.0)
    if "cages" in most:  # the rest of the answer is right
        most["cages"] = possible_points(lesson)["cages"] - 2
    wrong = [
        (cheat.exercise, cheat.idea, points, hint)
        for cheat, (points, hint) in zip(cheats, results, strict=True)
        if cheat.hint not in hint or points > most[cheat.exercise]
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("lesson", [pytest.param(
    n, marks=getattr(pytest.mark, f"lesson{n}")) for n in sorted({each.lesson for each in HONEST})
])  # fmt: skip
def test_honest_work_has_all_points(lesson: int) -> None:
    answers = [each for each in HONEST if each.lesson == lesson]
    results = judged_together(lesson, [(each.exercise, each.code) for each in answers])
    possible = possible_points(lesson)
    wrong = [
        (each.exercise, each.idea, points, hint)
        for each, (points, hint) in zip(answers, results, strict=True)
        if (points, hint) != (possible[each.exercise], "")
    ]
    assert not wrong, "\n".join(map(str, wrong))


# The defects that students repair are mutants of the adapter that the laws detect. In lessons 3 and
# 5 the code is the adapter's, to the letter; lesson 4 writes out for dense layers what the adapter
# has for all, and is the same in every number.

FILES = Path(__file__).parents[2] / "lessons"
MUTANTS = {mutant.name: mutant for mutant in NUMPY}
DEFECTS = [
    pytest.param(3, "epoch", "last batch dropped", marks=pytest.mark.lesson3),
    pytest.param(5, "restore", "t not restored", marks=pytest.mark.lesson5),
]


class Untyped(ast.NodeTransformer):
    """Remove type annotations and decorators, which the student's file does not have."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.decorator_list = None, []
        for argument in node.args.args:
            argument.annotation = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return ast.Assign([node.target], node.value, lineno=node.lineno)


def method(text: str, owner: str, name: str) -> str:
    """The code of a method in a normal form, without comments and types."""
    (owning,) = (n for n in ast.parse(text).body if isinstance(n, ast.ClassDef) and n.name == owner)
    (function,) = (n for n in owning.body if isinstance(n, ast.FunctionDef) and n.name == name)
    return ast.unparse(Untyped().visit(function))


@pytest.mark.parametrize(("lesson", "name", "mutant"), DEFECTS)
def test_the_defect_is_the_mutant(lesson: int, name: str, mutant: str) -> None:
    adapter = (ADAPTERS / "numpy_adapter.py").read_text(encoding="utf-8")
    changed = mutate(adapter, MUTANTS[mutant].old, MUTANTS[mutant].new)
    handed_out = (FILES / "exercises" / f"lesson{lesson}.py").read_text(encoding="utf-8")
    assert method(handed_out, "Backend", name) == method(changed, "NumpyModel", name)
    assert method(handed_out, "Backend", name) != method(adapter, "NumpyModel", name)


@pytest.mark.parametrize(("lesson", "name", "mutant"), DEFECTS)
def test_the_repair_is_the_adapter(lesson: int, name: str, mutant: str) -> None:
    adapter = (ADAPTERS / "numpy_adapter.py").read_text(encoding="utf-8")
    solution = (FILES / "solutions" / f"lesson{lesson}.py").read_text(encoding="utf-8")
    assert method(solution, "Backend", name) == method(adapter, "NumpyModel", name)


def gradients_of(cls: type[Model]) -> list[np.ndarray]:
    """Of a network of lesson 4, whose penalty and both activations count."""
    rng = np.random.default_rng(0)
    net = Net((Dense(3, 4, "tanh"), Dense(4, 5, "relu"), Dense(5, 2)), "softmax", l2=0.1)
    x, y = rng.normal(size=(20, 3)), rng.integers(2, size=20)
    return cls(net, [rng.normal(size=shape) for shape in net.shapes], SGD(0.1)).gradients(x, y)


@pytest.mark.lesson4
@pytest.mark.parametrize(("folder", "mutant"), [("exercises", "kernel not transposed"),
                                                ("solutions", "")])  # fmt: skip
def test_lesson_4_hands_out_the_mutant_and_its_repair_is_the_adapter(
    folder: str, mutant: str, tmp_path: Path
) -> None:
    text = (FILES / folder / "lesson4.py").read_text(encoding="utf-8")
    (owning,) = (n for n in ast.parse(text).body if isinstance(n, ast.ClassDef))
    real = reference("float64")
    real.threads = 1
    names = {"exercises": SimpleNamespace(Model=real), "NumpyModel": real, "LOSSES": LOSSES,
             "ACTIVATIONS": ACTIVATIONS}  # fmt: skip
    exec(ast.unparse(owning), names)
    adapter: type[Model] = real
    if mutant:
        change = MUTANTS[mutant]
        adapter = load_changed(real, tmp_path, change.old, change.new, change.file)
    ours, theirs = gradients_of(names["Backend"]), gradients_of(adapter)
    assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert np.array_equal(ours[0], gradients_of(real)[0]) == (not mutant)
