"""The claims of lesson 8, on the reference backend."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import datasets
from adapters.laws.tolerances import epsilon
from adapters.layers import Attention, LayerNorm, flat
from adapters.numpy_layers import attended
from course.attention_shares import shares_of
from course.lesson import Lesson
from course.lesson_context import LessonContext
from course.ngrams import losses_of
from course.plotting.attention import looking_by_hand, visible
from course.record import read_record
from course.runner import run_lesson
from course.settings import Settings
from tests.lessons.counting_by_hand import check_counts, strokes
from tests.lessons.running import Runner, Tables, check_figures, recorded_tables, runner
from tests.texts import few_letters

pytestmark = pytest.mark.lesson8

RUNS = ["cheating", "attention", "small", "middle", "all parts", "one head", "no way around",
        "no norm", "tanh"]  # fmt: skip
FIGURES = ["bigrams", "by_hand", "root", "mask", "training", "by_place", "sizes", "around", "norm",
           "heads", "where_it_looks"]  # fmt: skip
CARRIED = "The trained network, carried over"


class Finished(NamedTuple):
    """The lesson after its end, its variables, the tables that it printed, and its sentences."""

    lesson: Lesson
    names: dict[str, Any]
    tables: Tables
    messages: list[str]

    def table(self, begin: str) -> Any:
        """The only table whose title begins like this."""
        (found,) = (table for title, table in self.tables.items() if title.startswith(begin))
        return found


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Runner:
    """Lesson 8 on the reference."""
    return runner(request, 8)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    return few_letters(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def finished(
    request: pytest.FixtureRequest, few: str, tmp_path_factory: pytest.TempPathFactory
) -> Finished:
    """One run on few letters, with its figures, tables and sentences."""
    messages: list[str] = []
    settings = Settings(
        "numpy", dtype=request.config.getoption("--dtype"), data=few, epochs=3,
        out=str(tmp_path_factory.mktemp("lesson8")),
    )  # fmt: skip
    context = LessonContext()
    with pytest.MonkeyPatch.context() as patch, recorded_tables() as tables:
        patch.setattr(Lesson, "say", lambda _, text: messages.append(text))
        lesson = run_lesson(8, settings, context)
    return Finished(lesson, context.names, tables, messages)


def test_the_tables_are_those_of_an_independent_count(finished: Finished) -> None:
    book = finished.names["book"]
    check_counts(book, finished.table("Counting"))
    contexts, counts = finished.names["ngrams"].tables[2]
    ours = strokes(book.spelt(book.train), 2)
    for context, row in zip(contexts, counts, strict=True):
        letters = "".join(book.symbols[context // len(book.symbols) ** i % len(book.symbols)]
                          for i in range(2))  # fmt: skip
        assert {book.symbols[k]: n for k, n in enumerate(row) if n} == ours[letters]


@pytest.mark.slow
def test_the_tables_of_the_whole_book_are_those_of_an_independent_count(
    run: Runner, tmp_path: Path
) -> None:
    with recorded_tables() as tables:
        run(tmp_path, epochs=1, draw=False, knobs=(4, 4, 1, 1))
    book = datasets.load("alice")
    assert isinstance(book, datasets.Text)
    (table,) = (table for title, table in tables.items() if title.startswith("Counting"))
    check_counts(book, table)


def test_the_class_plays_on_held_out_text(finished: Finished) -> None:
    """And what it was is the letter that comes there."""
    asked, came = finished.table("What comes next?"), finished.table("And what came")
    held_out = finished.names["book"].spelt(finished.names["test"])
    for question, answer in zip(asked, came, strict=True):
        before = question[1].removesuffix(" ?")
        assert before.endswith(answer[1])
        following = {held_out[i + 30] for i in range(len(held_out) - 30)
                     if held_out[i : i + 30] == before}  # fmt: skip
        assert answer[3] in visible(following)


# Attention.


def test_attention_by_hand_is_the_contracts(finished: Finished) -> None:
    """The shares of the trained network, computed by the lesson's own function."""
    lesson, names = finished.lesson, finished.names
    run = lesson.runs["attention"]
    for at in range(names["blocks"]):
        ours = shares_of(run, names["line"], names["look"], names["heads"], at)
        (layer,) = (a for a in run.net.layers[2 + 2 * at].layers if isinstance(a, Attention))
        norm = LayerNorm(names["width"])
        own = run.params[2 + 12 * at : 8 + 12 * at]
        came = run.model.activations(names["line"][None])[1 + 2 * at]
        apart = came - came.mean(-1, keepdims=True)
        normed = own[0] * apart / np.sqrt(came.var(-1, keepdims=True) + norm.epsilon) + own[1]
        theirs = attended(layer, own[2:], normed)[3][0]
        assert np.abs(ours - theirs).max() <= 100 * epsilon(lesson.Model.dtype)
        assert np.abs(ours.sum(2) - 1).max() <= 100 * epsilon(lesson.Model.dtype)
        assert not np.triu(ours, 1).any()


def test_nobody_looks_ahead_but_the_one_that_cheats(finished: Finished) -> None:
    names, runs = finished.names, finished.lesson.runs
    line = names["x_test"][:1]
    other = line.copy()
    other[0, 20:] = (other[0, 20:] + 1) % names["symbols"]
    for name in RUNS:
        before = [runs[name].model.forward(each)[0, :20] for each in (line, other)]
        assert np.array_equal(*before) == (name != "cheating"), name


def test_each_run_lacks_what_it_says(finished: Finished) -> None:
    runs = finished.lesson.runs
    assert list(runs) == RUNS
    kinds = {name: Counter(type(layer).__name__ for layer in flat(run.net.layers))
             for name, run in runs.items()}  # fmt: skip
    assert kinds["all parts"] == kinds["attention"]
    assert kinds["no way around"]["Residual"] == 0 < kinds["all parts"]["Residual"]
    assert kinds["no norm"]["LayerNorm"] == 1 < kinds["all parts"]["LayerNorm"]
    heads = {name: [a.heads for a in flat(run.net.layers) if isinstance(a, Attention)]
             for name, run in runs.items()}  # fmt: skip
    assert set(heads["one head"]) == {1}
    assert {len(runs[name].losses) for name in RUNS[4:8]} == {len(runs["all parts"].losses)}


def test_the_loss_on_the_held_out_text(finished: Finished) -> None:
    """Once more, letter by letter."""
    lesson, names = finished.lesson, finished.names
    scores = lesson.runs["attention"].model.forward(names["x_test"]).astype(float)
    losses = [np.logaddexp.reduce(z) - z[answer]
              for z, answer in zip(scores.reshape(-1, names["symbols"]), names["y_test"].ravel(),
                                   strict=True)]  # fmt: skip
    stated = lesson.measures["nats on the held-out text"]
    assert stated == pytest.approx(np.mean(losses), rel=1000 * epsilon("float64"))
    last = finished.table("On the held-out tenth")
    assert last[-1][3] == f"{stated:.3f}"
    assert finished.table(CARRIED).column("loss")[0] == f"{stated:.5f}"


def test_lines_follow_each_other_in_the_held_out_text(finished: Finished) -> None:
    names = finished.names
    test = names["test"]
    assert np.array_equal(names["x_test"].ravel(), test[: names["x_test"].size])
    assert np.array_equal(names["y_test"].ravel(), test[1 : 1 + names["y_test"].size])
    assert np.array_equal(names["x"].ravel(), names["train"][: names["x"].size])


def test_each_mix_up_is_another_network(finished: Finished) -> None:
    losses = [float(loss) for loss in finished.table(CARRIED).column("loss")]
    assert len(losses) == 9
    lesson, names = finished.lesson, finished.names
    right = lesson.runs["attention"].model.forward(names["x_test"])
    for injection in ("attention_over_the_batch", "layer_norm_epsilon_of_keras"):
        losses = losses_of(right, names["y_test"])
        assert abs(names["mixed"](injection) - losses.mean()) > 1e-6, injection


def test_what_is_written_is_drawn_by_its_shares(finished: Finished) -> None:
    """From a new model, with sums and a comparison for each draw."""
    lesson, names = finished.lesson, finished.names
    assert lesson.finished_in
    arrays, _ = read_record(lesson.finished_in)
    run = lesson.runs["attention"]
    assert run.model is not None
    model = type(run.model)(run.net, run.params, run.optimizer)
    letters, dice = list(names["x_test"][0]), np.random.default_rng(lesson.seed)
    for drawn in arrays["attention/written"]:
        z = model.forward(np.array([letters[-names["span"] :]]))[0, -1].astype(float)
        shares = np.exp(z - np.logaddexp.reduce(z))
        u = dice.random()
        below = shares[:drawn].sum()
        rounding = 100 * epsilon("float64")
        assert below - rounding <= u <= below + shares[drawn] + rounding
        letters.append(int(drawn))
    text = finished.names["book"].spelt(arrays["attention/written"])
    assert f"and writes:   {text}" in finished.messages


def test_embeddings_pick_a_row(finished: Finished) -> None:
    first, second = (m for m in finished.messages if " the table: " in m)
    assert first.partition("[")[2] == second.partition("[")[2]


def test_the_defaults_are_as_far_apart_as_measured(finished: Finished) -> None:
    found = finished.table("Defaults").column("how far apart")
    assert found[:2] == [f"{4 * finished.names['width']}", "4.7e-04"]
    assert 1e-9 < float(found[2]) < 1e-6


def test_the_last_table_agrees_with_the_record(finished: Finished) -> None:
    assert finished.lesson.finished_in
    arrays, card = read_record(finished.lesson.finished_in)
    assert list(card["runs"]) == RUNS
    assert card["accuracy"] == card["runs"]["attention"]["accuracy"]
    table = finished.table("On the same")
    assert table.column("") == RUNS
    assert table.column("right") == [f"{card['runs'][name]['accuracy']:.2%}" for name in RUNS]
    assert table.column("final loss") == [f"{arrays[f'{name}/losses'][-1]:.4f}" for name in RUNS]


def test_every_figure_is_there_and_described(finished: Finished) -> None:
    assert [figure["file"] for figure in finished.lesson.figures] == [f"{f}.png" for f in FIGURES]
    check_figures(finished.lesson)


def test_a_word_by_hand_shows_its_scores() -> None:
    keys = np.array([[1.0, 0], [0, 1], [2, 2]])
    values, shares = np.array([[3.0, 0], [0, 0], [1, 0]]), np.array([0.5, 0.25, 0.25])
    figure = looking_by_hand("ab ", np.array([1.0, 2]), keys, values, shares)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert all(text in texts for text in ("␣", "1", "2", "6", "50%", "25%", "(1.75, 0)"))
    assert any(text.endswith("= 1.75") for text in texts)


# Other texts, and other sizes.


@pytest.mark.parametrize("knobs", [(5, 6, 3, 1), (16, 4, 2, 3)], ids=str)
def test_one_may_choose_lines_width_heads_and_blocks(
    run: Runner, few: str, tmp_path: Path, knobs: tuple[int, ...]
) -> None:
    span, width, heads, blocks = knobs
    lesson = run(tmp_path, epochs=1, data=few, knobs=knobs)
    net = lesson.runs["attention"].net
    assert net.row_shape == (span,)
    attends = [layer for layer in flat(net.layers) if isinstance(layer, Attention)]
    assert [(look.width, look.heads) for look in attends] == [(width, heads)] * blocks
    check_figures(lesson)


@pytest.mark.parametrize(("knobs", "message"), [
    ((32, 32, 5, 2), "cannot have 5 heads"),
    ((300, 32, 4, 2), "a line of 300 letters: the held-out text has only 260"),
], ids=["heads", "lines"])  # fmt: skip
def test_sizes_that_do_not_fit_are_refused(
    run: Runner, few: str, tmp_path: Path, knobs: tuple[int, ...], message: str
) -> None:
    with pytest.raises(Exception, match=message) as refused:
        run(tmp_path, epochs=1, data=few, knobs=knobs, draw=False)
    assert "\n" not in str(refused.value)


def test_other_letters_than_english_ones(run: Runner, tmp_path: Path) -> None:
    """With a letter in the held-out part that the rest does not have."""
    file = tmp_path / "other.txt"
    file.write_text("Всё смешалось в доме Облонских. " * 45 + "€ дом", encoding="utf-8")
    lesson = run(tmp_path / "out", epochs=1, data=str(file))
    check_figures(lesson)


def test_pictures_are_refused(run: Runner, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="lesson 8 takes a text, and 'fashion10k' holds images"):
        run(tmp_path, data="fashion10k")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_it_is_between_trigram_and_4_gram(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Over three seeds, on the whole book."""
    dtype = request.config.getoption("--dtype")  # the same for the whole process
    for seed in range(3):
        context = LessonContext()
        settings = Settings("numpy", dtype=dtype, seed=seed, out=str(tmp_path), draw=False)
        lesson = run_lesson(8, settings, context)
        counted: dict[str, float] = context.names["by_counting"]
        found = np.array(lesson.measures["nats on the held-out text"])
        assert counted["4-gram"] < found < counted["trigram"], (seed, found, counted)
