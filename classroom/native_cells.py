"""The last cells of a notebook: the lesson as its framework's users write it."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from classroom.kernel import ROOT
from course.lessons import LESSONS

TAGS = ["native"]
TITLES = {
    "numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras",
    "jax": "JAX", "pytensor": "PyTensor",
}  # fmt: skip

TEXT = {
    "en": """\
## In its own words: {title}

This notebook is written once, for every framework. Here is its main training as somebody writes
it who uses {title} and has never heard of this course: data, model, loss, training, result. Of
ours it takes nothing but the arrays, so you can copy it into an empty notebook. It starts from
weights and an order of its own, and so its numbers are near, not equal. From equal weights every
number is the same: `make side-by-side LESSON={number}` shows it beside the others.""",
    "nl": """\
## In eigen woorden: {title}

Dit notebook is één keer geschreven, voor elk framework. Zo schrijft iemand die {title} gebruikt
en nooit van deze cursus heeft gehoord de belangrijkste training: gegevens, model, verlies,
training, resultaat. Van ons neemt het programma alleen de getallen, dus je kunt het naar een
leeg notebook kopiëren. Het begint met eigen gewichten en een eigen volgorde; de getallen lijken
daarom op elkaar en zijn niet gelijk. `make side-by-side LESSON={number}` toont het naast de
andere, met gelijke gewichten, en dan is elk getal hetzelfde.""",
}


def framework_of(backend: str) -> str:
    """The framework whose users' words a backend speaks: Keras's are the same on all of them."""
    return backend.partition("-")[0]


def program(number: int, backend: str) -> str:
    """The text of the native program of a lesson for this backend, without its docstring."""
    file = ROOT / "lessons" / "native" / f"lesson{number}_{framework_of(backend)}.py"
    text = file.read_text(encoding="utf-8")
    return text[text.index("# pip install") :].rstrip("\n")


def native_cells(number: int, backend: str, language: str) -> list[NotebookNode]:
    """The last cells of a lesson that has native programs; none for another.

    The program is text: run among the cells of the lesson, its `x` and `model` would take the place
    of theirs, under the sliders too.
    """
    if not LESSONS[number].native:
        return []
    text = TEXT[language].format(title=TITLES[framework_of(backend)], number=number)
    block = f"```python\n{program(number, backend)}\n```"
    cells = [new_markdown_cell(text), new_markdown_cell(block)]
    cells[1].metadata["tags"] = list(TAGS)
    return cells
