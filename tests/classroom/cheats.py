"""Cheats: answers of inventive students, and the hints that they must get.

Each replaces the answer to one exercise in a file that is otherwise the solution.
"""

from __future__ import annotations

from tests.classroom.hints import CHANGED, REFUSED, Cheat
from tests.classroom.letters import READY_MADE_LETTERS
from tests.classroom.past_the_watch import PAST_THE_WATCH
from tests.classroom.ready_made import READY_MADE
from tests.classroom.windows import READY_MADE_WINDOWS

CHANGES = [
    Cheat(2, "step", "in place", """
def step(knobs, gradient, learning_rate):
    knobs -= learning_rate * gradient
    return knobs
""", CHANGED),
    Cheat(2, "step", "in place, returning a copy", """
def step(knobs, gradient, learning_rate):
    knobs -= learning_rate * gradient
    return list(knobs)
""", CHANGED),
    Cheat(2, "step", "in place, through a view", """
def step(knobs, gradient, learning_rate):
    np.subtract(knobs, learning_rate * gradient, out=knobs.reshape(-1)[:])
    return knobs.copy()
""", CHANGED),
    Cheat(2, "step", "the gradient as scratch space", """
def step(knobs, gradient, learning_rate):
    gradient *= -learning_rate
    return np.add(gradient, knobs)
""", CHANGED),
    Cheat(2, "step", "in place by a ufunc's at", """
def step(knobs, gradient, learning_rate):
    np.subtract.at(knobs, np.arange(len(knobs)), learning_rate * gradient)
    return knobs + 0
""", CHANGED),
    Cheat(6, "step", "in place", """
def step(knobs, rate, reports):
    count = sum(n for n, _ in reports)
    for i, knob in enumerate(knobs):
        knob -= rate * sum(n * slopes[i] for n, slopes in reports) / count
    return knobs
""", CHANGED),
    Cheat(6, "step", "new arrays in the old list", """
def step(knobs, rate, reports):
    count = sum(n for n, _ in reports)
    for i, knob in enumerate(knobs):
        knobs[i] = knob - rate * sum(n * slopes[i] for n, slopes in reports) / count
    return list(knobs)
""", CHANGED),
    Cheat(6, "step", "the machines' gradients summed in place", """
def step(knobs, rate, reports):
    count = sum(n for n, _ in reports)
    total = [np.multiply(g, reports[0][0], out=g) for g in reports[0][1]]
    for n, slopes in reports[1:]:
        for t, g in zip(total, slopes):
            t += n * g
    return [k - rate * t / count for k, t in zip(knobs, total)]
""", CHANGED),
    Cheat(6, "ring", "in place", """
def turn(numbers, t):
    machines = len(numbers)
    sent = [numbers[m, (m - t) % machines] for m in range(machines)]
    for m in range(machines):
        numbers[(m + 1) % machines, (m - t) % machines] += sent[m]
    return numbers
""", CHANGED),
    Cheat(6, "ring", "in place, by np.asarray", """
def turn(numbers, t):
    after, machines = np.asarray(numbers), len(numbers)
    sent = [int(after[m, (m - t) % machines]) for m in range(machines)]
    for m in range(machines):
        after[(m + 1) % machines, (m - t) % machines] += sent[m]
    return after.tolist()
""", CHANGED),
    Cheat(8, "norm", "the lists as scratch space", """
def norm(lists, scale, bias, epsilon):
    lists -= lists.mean(axis=1, keepdims=True)
    return scale * lists / np.sqrt((lists**2).mean(axis=1, keepdims=True) + epsilon) + bias
""", CHANGED),
    Cheat(7, "pool", "the picture as scratch space", """
def back(picture, slope):
    shares = np.zeros(picture.shape)
    for i, j in np.ndindex(slope.shape):
        square = picture[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        a, b = divmod(int(square.argmax()), 2)
        square[:] = 0
        shares[2 * i + a, 2 * j + b] = slope[i, j]
    return shares
""", CHANGED),
]  # fmt: skip

RADIO = [
    Cheat(2, "search", "the radio opened", """
def search(radio, n_knobs, good_enough):
    return np.linalg.lstsq(radio.x, radio.y)[0]
""", "all that one can do is listen"),
    Cheat(2, "search", "the radio opened, and listened to twice", """
def search(radio, n_knobs, good_enough):
    w = np.linalg.lstsq(vars(radio)["x"], vars(radio)["y"])[0]
    radio.listen(w), radio.listen(w)
    return w
""", "KeyError"),
    Cheat(2, "search", "the counter reset", """
_honest = search
def search(radio, n_knobs, good_enough):
    for _ in range(100):
        radio.listen(np.zeros(n_knobs))
    w = _honest(radio, n_knobs, good_enough)
    radio.times = 2
    radio.heard = lambda: 2
    return w
""".replace("_honest = search", "_honest = globals()['search']"), "times as often as the ± search"),
    Cheat(2, "search", "a radio that does not count", """
class Radio:
    def __init__(self, x, y): self.x, self.y = x, y
    def listen(self, w): return loss(self.x, self.y, w)
    def heard(self): return 2
def search(radio, n_knobs, good_enough):
    mine = Radio(radio.x, radio.y)
    return globals()['search'](mine, n_knobs, good_enough)
""", "all that one can do is listen"),
]  # fmt: skip

FILES = [
    Cheat(3, "softmax", "the solution imported", """
def softmax(scores):
    from lessons.solutions.lesson3 import softmax as theirs
    return theirs(scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution by importlib", """
def softmax(scores):
    import importlib
    return importlib.import_module("lessons.solutions.lesson3").softmax(scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution by a path", """
def softmax(scores):
    import sys, pathlib, datasets
    sys.path.insert(0, str(pathlib.Path(datasets.__file__).parents[1] / "lessons" / "solutions"))
    return __import__("lesson3").softmax(scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution read and run", """
def softmax(scores):
    import pathlib, datasets
    text = (pathlib.Path(datasets.__file__).parents[1] / "lessons/solutions/lesson3.py").read_text()
    space = {}
    exec(text, space)
    return space["softmax"](scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution by os.open", """
def softmax(scores):
    import os, datasets
    os.chdir(os.path.dirname(datasets.__file__))
    with os.fdopen(os.open("../lessons/solutions/lesson3.py", os.O_RDONLY)) as file:
        space = {}
        exec(file.read(), space)
    return space["softmax"](scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution through a link", """
def softmax(scores):
    import os, tempfile, datasets
    link = os.path.join(tempfile.mkdtemp(), "mine.py")
    os.symlink(os.path.dirname(datasets.__file__) + "/../lessons/solutions/lesson3.py", link)
    exec(open(link).read(), globals())
    return globals()["softmax"](scores)
""", REFUSED),
    Cheat(3, "softmax", "the solution by another program", """
def softmax(scores):
    import subprocess, sys
    done = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True)
    return scores / float(done.stdout)
""", REFUSED),
    Cheat(3, "softmax", "the check's own equations", """
def softmax(scores):
    from classroom.checks.equations import shares
    return shares(scores)
""", REFUSED),
    Cheat(2, "plus_minus", "the lesson's own", """
def plus_minus(x, y, start, move, rounds):
    from lessons import lesson2_gradient_descent as lesson
    return lesson.plus_minus(x, y, start, move, rounds)
""", REFUSED),
    Cheat(1, "learn", "the check's own", """
def learn(x, y, passes):
    from classroom.checks.perceptron import rosenblatt
    return rosenblatt(x, y, passes)
""", REFUSED),
    Cheat(5, "backend", "the worked example", """
class PebbleBackend:
    def __init__(self, *given):
        from docs.your_backend.solution import PebbleModel
        self.inner = PebbleModel(*given)
""", REFUSED),
    Cheat(6, "dice", "the tests' right answers", """
def my_pictures(seed, epoch, machine, machines, n):
    from tests.classroom import test_answers
    return test_answers
""", REFUSED),
]  # fmt: skip

CHEATS = [
    *READY_MADE, *READY_MADE_WINDOWS, *READY_MADE_LETTERS, *CHANGES, *RADIO, *FILES,
    *PAST_THE_WATCH,
]  # fmt: skip
