"""The table of lessons, from which every command takes what it has to know about one.

Standard library only: kit.py and make read it before there is an environment. Budgets stand in
compare/budgets.py, which judges lessons; a lesson without one is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LessonInfo:
    """What can be known about a lesson without running it.

    file: its name in lessons/. takes: the optional settings it reads, in the order of the options.
    short_epochs: of a run that is short and still passes through every stage, for tests.
    traceable: whether `make diverge` can trace its runs. relayed: the runs that `make relay` passes
    on. workers: whether several processes can share its training (WORKERS=). native: the run that
    the programs of lessons/native train, each in its framework's own words.
    """

    file: str
    title: str
    question: str
    takes: tuple[str, ...] = ("data", "epochs", "learning_rate")
    short_epochs: int = 1
    traceable: bool = False
    relayed: tuple[str, ...] = ()
    workers: bool = False
    native: str = ""


LESSONS = {
    1: LessonInfo(
        "lesson1_perceptron.py", "The perceptron", "What can one neuron do?",
        takes=("data", "epochs", "knobs"), short_epochs=40, traceable=True, native="clothes",
    ),
    2: LessonInfo(
        "lesson2_gradient_descent.py", "Gradient descent", "Which way should I turn the knob?",
        short_epochs=40, traceable=True, native="six",
    ),
    3: LessonInfo(
        "lesson3_logistic_regression.py", "Logistic regression",
        "How does one neuron become a classifier?",
        short_epochs=2, traceable=True, workers=True, native="softmax",
    ),
    4: LessonInfo(
        "lesson4_mlp.py", "A multilayer perceptron", "Why deep?",
        traceable=True, relayed=("momentum", "adam"), workers=True, native="momentum",
    ),
    # Lesson 5 injects differences of its own into the network of lesson 4, whose runs are traced.
    5: LessonInfo(
        "lesson5_same_recipe.py", "Where the frameworks differ", "Same recipe, other numbers?",
    ),
    6: LessonInfo(
        "lesson6_many_machines.py", "Many machines",
        "Does training on two machines change the answer?",
        short_epochs=2,
    ),
    7: LessonInfo(
        "lesson7_convolution.py", "Convolution", "Why look through a small window?",
        takes=("data", "epochs", "learning_rate", "knobs"), traceable=True,
        relayed=("windows",), workers=True, native="windows",
    ),
    8: LessonInfo(
        "lesson8_attention.py", "Attention", "What should I look at?",
        takes=("data", "epochs", "learning_rate", "knobs"), traceable=True, native="attention",
    ),
}  # fmt: skip

TRACEABLE = tuple(number for number, lesson in LESSONS.items() if lesson.traceable)
RELAYED = tuple(number for number, lesson in LESSONS.items() if lesson.relayed)
NATIVE = tuple(number for number, lesson in LESSONS.items() if lesson.native)
WITH_WORKERS = tuple(number for number, lesson in LESSONS.items() if lesson.workers)
