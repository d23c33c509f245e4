"""Sphinx directives for the decks (`drawn`, `printed-table`, `question`, `quiz`, `notes`).

docs/slides/lesson1.md shows them in use; a translator writes the HTML. A slide is a heading of the
second level; the first one is the title slide. Each slide must have notes.
"""

from __future__ import annotations

import html
import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator
from sphinx_revealjs.writers import RevealjsSlideTranslator

from course.lessons import LESSONS
from course.quiz import questions

log = logging.getLogger(__name__)


class Notes(nodes.container):  # type: ignore[misc]
    """Notes that only the speaker sees."""


class DrawnDirective(SphinxDirective):
    """A figure of tools/slides/figures/, by its name; several, if it is built up in steps."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = Path(self.config.slides_drawn[self.env.docname])
        drawings = json.loads((folder / "drawings.json").read_text(encoding="utf-8"))
        name = self.arguments[0]
        if name not in drawings:
            raise self.error(f"no figure {name!r}; there are {', '.join(sorted(drawings))}")
        target = self.env.slides_figures / self.env.docname  # type: ignore[attr-defined]
        target.mkdir(parents=True, exist_ok=True)
        images = []
        for i, (file, alt) in enumerate(drawings[name]):
            shutil.copyfile(folder / file, target / file)
            kind = ' class="fragment"' if i else ""
            images.append(
                f'<img{kind} src="figures/{self.env.docname}/{file}" alt="{html.escape(alt)}">'
            )
        return [nodes.raw("", f'<div class="drawn">{"".join(images)}</div>', format="html")]


class TableDirective(SphinxDirective):
    """A table that the lesson prints, by its title. columns: the numbers of those to show."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"columns": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        folder = Path(self.config.slides_drawn[self.env.docname])
        tables = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
        title = self.arguments[0]
        if title not in tables:
            raise self.error(f"no table {title!r}; there are {', '.join(map(repr, tables))}")
        header, rows = tables[title]
        chosen = [int(c) for c in self.options.get("columns", "").split()] or range(len(header))

        def row(cells: list[str], tag: str) -> str:
            inside = (f"<{tag}>{html.escape(cells[c])}</{tag}>" for c in chosen)
            return f"<tr>{''.join(inside)}</tr>"

        # An empty corner is no header.
        head = row(header, "th").replace("<th></th>", "<td></td>")
        body = "".join(row(cells, "td") for cells in rows)
        table = f'<table class="numbers"><thead>{head}</thead><tbody>{body}</tbody></table>'
        return [nodes.raw("", table, format="html")]


class QuestionDirective(SphinxDirective):
    """A question to the class; the content is the answer, which a key reveals.

    The content is empty if the answer is elsewhere, such as in the next step of a figure.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["question"])
        text, _ = self.state.inline_text(self.arguments[0], self.lineno)
        box += nodes.paragraph("", "", *text)
        if not self.content:
            return [box]
        answer = nodes.container(classes=["answer", "fragment"])
        self.state.nested_parse(self.content, self.content_offset, answer)
        return [box, answer]


class QuizDirective(SphinxDirective):
    """A quiz question of the lesson, by its number, with its answers; a key reveals the right one.

    The notebooks and the site show the same questions, from lessons/quiz/.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        asked = questions(int(self.env.docname.removeprefix("lesson")))
        if self.arguments[0] not in map(str, range(1, len(asked) + 1)):
            raise self.error(f"no quiz question {self.arguments[0]}; there are {len(asked)}")
        question = asked[int(self.arguments[0]) - 1]
        choices = nodes.enumerated_list(enumtype="upperalpha")
        for answer in question.answers:
            choices += nodes.list_item("", nodes.paragraph("", answer.text))
        letter, right = question.right
        box = nodes.container(
            "", nodes.paragraph("", question.ask), choices, classes=["question", "quiz"]
        )
        why = nodes.paragraph("", "", nodes.strong("", letter), nodes.Text(f" · {right.why}"))
        return [box, nodes.container("", why, classes=["answer", "fragment"])]


class NotesDirective(SphinxDirective):
    """Speaker's notes, with the minutes that this slide takes."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        try:
            minutes = int(self.arguments[0])
        except ValueError:
            raise self.error(f"notes begin with whole minutes, not {self.arguments[0]!r}") from None
        notes = Notes(minutes=minutes)
        self.state.nested_parse(self.content, self.content_offset, notes)
        return [notes]


class Slides(RevealjsSlideTranslator):  # type: ignore[misc]
    """One flat row of slides: the title slide, and one for each section of the second level."""

    def visit_section(self, node: nodes.section) -> None:
        self.section_level += 1
        if self.section_level == 2:
            self.body.append("</section>\n")  # of the slide before, since sections are nested
        if self.section_level <= 2:
            kind = "title" if self.section_level == 1 else "slide"
            self.body.append(f'<section id="{node["ids"][0]}" class="{kind}">\n')

    def depart_section(self, node: nodes.section) -> None:
        self.section_level -= 1
        if self.section_level == 0:
            self.body.append("</section>\n")

    # Colour code here, not by a script of reveal.js in the browser.
    def visit_literal_block(self, node: nodes.literal_block) -> None:
        HTML5Translator.visit_literal_block(self, node)

    def depart_literal_block(self, node: nodes.literal_block) -> None:
        HTML5Translator.depart_literal_block(self, node)


def visit_notes(self: Slides, node: Notes) -> None:
    """Open the notes with the minutes."""
    self.body.append(f'<aside class="notes"><p><strong>{node["minutes"]} min</strong></p>')


def depart_notes(self: Slides, node: Notes) -> None:
    """Close the notes."""
    self.body.append("</aside>\n")


def count_slides(app: Sphinx, doctree: nodes.document) -> None:
    """Count slides and minutes of a deck, and warn of a slide that has no notes."""
    name = app.env.docname
    if name not in app.config.slides_drawn:
        return
    slides = list(doctree.findall(nodes.section))
    minutes = 0
    for slide in slides:
        own = [child for child in slide.children if isinstance(child, Notes)]
        if len(own) != 1:
            title = slide[0].astext()
            log.warning("%r has %d speaker's notes, not one", title, len(own), location=slide)
        minutes += sum(notes["minutes"] for notes in own)
    question = LESSONS[int(name.removeprefix("lesson"))].question
    summary = (slides[0][0].astext(), question, len(slides), minutes)
    app.env.slides_decks[name] = summary  # type: ignore[attr-defined]


def choose_template(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> str | None:
    """The template of a page: the index has its own, and every other page is a deck."""
    if page != "index":
        return None
    context["decks"] = sorted(app.env.slides_decks.items())  # type: ignore[attr-defined]
    context["printed"] = app.config.slides_printed
    return "decks.html"


def prepare(app: Sphinx) -> None:
    """Prepare the folder of the figures and the summaries of the decks."""
    app.env.slides_figures = Path(app.outdir) / "figures"  # type: ignore[attr-defined]
    app.env.slides_decks = {}  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, the translator and the event handlers."""
    app.add_config_value("slides_drawn", {}, "env")
    app.add_config_value("slides_printed", False, "html")
    app.add_directive("drawn", DrawnDirective)
    app.add_directive("printed-table", TableDirective)
    app.add_directive("question", QuestionDirective)
    app.add_directive("quiz", QuizDirective)
    app.add_directive("notes", NotesDirective)
    app.add_node(Notes, revealjs=(visit_notes, depart_notes))
    app.set_translator("revealjs", Slides, override=True)
    app.connect("builder-inited", prepare)
    app.connect("doctree-read", count_slides)
    app.connect("html-page-context", choose_template)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
