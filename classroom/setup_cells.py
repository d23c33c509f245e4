"""The first cells of a notebook: how to run it, the choice of the backend, fetching the course."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from adapters import BACKENDS
from classroom.kernel import ROOT
from course.settings import relative_to_root

# myst-nb omits cells with the second tag from the site, where nothing has to be set up.
TAGS = ["set-up", "remove-cell"]

HOW_TO_RUN = {
    "en": """\
---

**How to use this notebook.** It is a page of text with pieces of Python in it, called *cells*.
Click on a grey cell and press **Shift + Enter**: it runs, its answer appears beneath it, and you
are at the next one. While it works, a star stands beside it, `[*]`; the first time a backend is
loaded that takes some seconds. Go from top to bottom, for a cell may need what an earlier one has
made. You need not understand a cell to run it: read the text, look at the pictures, and come back
to the code when you are curious. The code that only draws a figure is folded: click on the bar, or
on its three dots, to see it. You cannot break anything. Lost? Choose *Kernel → Restart Kernel…* and
begin again at the top.

The first cell chooses the **backend**, the library that does the arithmetic. Leave it as it is, or
put one of the other names between the quotation marks: the lesson stays the same. If a backend is
loaded already, restart the kernel first. Where a text says `make lesson1 EPOCHS=5`, which is for a
terminal, write `open_lesson(1, backend=BACKEND, epochs=5)` below, and run everything once more. The
same goes for each word in capitals: `SEED=1` is `seed=1`, `LEARNING_RATE=0.5` is
`learning_rate=0.5`, `DTYPE=float64` is `dtype="float64"`, and `KNOBS="30 250 -8"` is
`knobs=(30, 250, -8)`.""",
    "nl": """\
---

**Zo gebruik je dit notebook.** Het is een bladzijde tekst met stukjes Python erin, *cellen*
genaamd. Klik op een grijze cel en druk op **Shift + Enter**: ze draait, haar antwoord verschijnt
eronder, en je bent bij de volgende. Zolang ze bezig is staat er een ster naast, `[*]`; de eerste
keer dat een backend wordt geladen duurt dat enkele seconden. Ga van boven naar beneden, want een
cel kan nodig hebben wat een eerdere heeft gemaakt. Je hoeft een cel niet te begrijpen om haar te
draaien: lees de tekst, bekijk de plaatjes, en kom terug naar de code als je nieuwsgierig bent. Code
die alleen een figuur tekent is dichtgevouwen: klik op de balk, of op de drie puntjes, en je ziet
ze. Je kunt niets kapotmaken. De weg kwijt? Kies *Kernel → Restart Kernel…* en begin weer bovenaan.

De eerste cel kiest de **backend**, de bibliotheek die het rekenwerk doet. Laat haar zoals ze is, of
zet een van de andere namen tussen de aanhalingstekens: de les blijft dezelfde. Is er al een backend
geladen, start dan eerst de kernel opnieuw. Waar een tekst `make lesson1 EPOCHS=5` zegt, wat voor
een terminal is, schrijf je hieronder `epochs=5` erbij in de haakjes van `open_lesson(…)`, en draai
je alles nog eens. Dat geldt voor elk woord in hoofdletters: `SEED=1` is `seed=1`,
`LEARNING_RATE=0.5` is `learning_rate=0.5`, `DTYPE=float64` is `dtype="float64"`, en
`KNOBS="30 250 -8"` is `knobs=(30, 250, -8)`.""",
}

HOW_TO_CHECK = {
    "en": """\


**How to count your points.** Run the cell `check(1)` after the first exercise, and so on: it shows
points and a hint, and judges each function as you have last run it. `check()` at the end takes all
exercises.

A terminal can check the saved notebook, too. Write this line there, in the folder of the course;
`make check{number}` alone means another file, and not this one.

```
{line}
```""",
    "nl": """\


**Zo tel je je punten.** Draai de cel `check(1)` na de eerste oefening, en zo verder: ze toont je
punten en een hint, en beoordeelt elke functie zoals je die het laatst hebt gedraaid. `check()` aan
het einde neemt alle oefeningen.

Ook in een terminal kun je het bewaarde notebook nakijken. Schrijf daar, in de map van de cursus,
deze regel; `make check{number}` alleen bedoelt een ander bestand, en niet dit.

```
{line}
```""",
}

BACKEND = 'BACKEND = "{backend}"  # or {others}'

FETCH = """\
# @title On a computer that has the course this cell does nothing. In Colab it fetches the course.
import importlib.util

if importlib.util.find_spec("course") is None:
    import subprocess
    import sys

    subprocess.run(["git", "clone", "--quiet", "--depth=1", "{repository}", "triptych"], check=True)
    subprocess.run([sys.executable, "triptych/classroom/install_colab.py", BACKEND], check=True)
    sys.path.insert(0, "triptych")"""


def repository() -> str:
    """The address of the published repository, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["urls"]["repository"])


def check_line(number: int, backend: str, file: Path) -> str:
    """The command that checks this notebook."""
    return f"make check{number} BACKEND={backend} FILE={shlex.quote(relative_to_root(file))}"


def how_to_check(number: int, backend: str, file: Path, language: str) -> str:
    """Text for a student: how to count the points of this notebook."""
    text = HOW_TO_CHECK.get(language, HOW_TO_CHECK["en"])
    return text.format(number=number, line=check_line(number, backend, file))


def fold(cell: NotebookNode) -> None:
    """Fold the code of a cell; a click shows it again."""
    cell.metadata.jupyter = {"source_hidden": True}  # in JupyterLab,
    cell.metadata.cellView = "form"  # and in Colab


def set_up_cells(backend: str, language: str, check_help: str = "") -> list[NotebookNode]:
    """The cells between the title and the text; check_help: of exercises, see how_to_check."""
    others = ", ".join(name for name in BACKENDS if name != backend)
    introduction = new_markdown_cell(HOW_TO_RUN.get(language, HOW_TO_RUN["en"]) + check_help)
    choice = new_code_cell(BACKEND.format(backend=backend, others=others))
    fetch = new_code_cell(FETCH.format(repository=repository()))
    fold(fetch)
    for cell in (introduction, choice, fetch):
        cell.metadata.tags = [*TAGS]
    return [introduction, choice, fetch]
