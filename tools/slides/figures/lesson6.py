"""The figures of the sixth deck: an election, shards, a ring, one curve, and what it all costs."""

from __future__ import annotations

from matplotlib import pyplot as plt
from matplotlib.patches import FancyBboxPatch

from course.plotting.charts import CENTRED
from course.plotting.diagrams import PAPER, sheet
from course.plotting.distributed import draw_ring
from course.plotting.style import COLOURS
from tools.slides.figures.style import WIDE, from_the_lesson, legend_below
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = ("districts", "split", "ring", "sent", "trajectories", "percentages", "wrong_average",
           "two_costs", "scaling")  # fmt: skip
BLUE, ORANGE = COLOURS[:2]


def _districts(report: str, rows: tuple[str, ...], total: str, colour: str) -> Drawing:
    """Three districts that report something to the town hall."""
    figure, axes = sheet(12.8, 4.8)
    for i, row in enumerate(rows):
        y = 4.0 - 1.55 * i
        axes.add_patch(
            FancyBboxPatch((0.3, y - 0.6), 5.6, 1.2, boxstyle="round,pad=0,rounding_size=0.12",
                           facecolor=PAPER, edgecolor="black", linewidth=2.5)
        )  # fmt: skip
        axes.text(3.1, y, row, fontsize=19, **CENTRED)
        axes.annotate("", (8.0, 2.45), (6.0, y), arrowprops={"arrowstyle": "-|>", "lw": 3})
    axes.add_patch(
        FancyBboxPatch((8.1, 1.45), 4.4, 2.0, boxstyle="round,pad=0,rounding_size=0.12",
                       facecolor="white", edgecolor=colour, linewidth=4)
    )  # fmt: skip
    axes.text(10.3, 2.45, total, fontsize=20, linespacing=1.5, **CENTRED)
    axes.text(10.3, 0.85, report, fontsize=18, color=colour, **CENTRED)
    words = "; ".join(row.replace("\n", ": ") for row in rows)
    result = total.replace("\n", ", ")
    return Drawing(figure, f"Three districts report to the town hall. {words}. There: {result}.")


def districts(lesson: LessonRun) -> Drawing:
    """Votes, counted in the districts and added up."""
    return _districts(
        "votes, added up",
        ("North: 10,000 voters\n6,000 for Anna", "South: 5,000 voters\n2,500 for Anna",
         "Island: 10 voters\n0 for Anna"),
        "8,500 of 15,010\nAnna has 57%", BLUE,
    )  # fmt: skip


def percentages(lesson: LessonRun) -> Drawing:
    """The same districts, and the mean of their percentages."""
    return _districts(
        "percentages, averaged",
        ("North: 10,000 voters\n60% for Anna", "South: 5,000 voters\n50% for Anna",
         "Island: 10 voters\n0% for Anna"),
        "(60 + 50 + 0) / 3\nAnna has 37%", ORANGE,
    )  # fmt: skip


def split(lesson: LessonRun) -> Drawing:
    """A batch in three shards, as in the lesson."""
    return from_the_lesson(lesson, "split", None, 1.25)


def ring(lesson: LessonRun) -> Drawing:
    """Four machines in a ring."""
    figure = draw_ring(4)
    for text in figure.axes[0].texts:
        text.set_fontsize(1.2 * float(text.get_fontsize()))
    return Drawing(figure, lesson.figures["ring"].alt)


def sent(lesson: LessonRun) -> Drawing:
    """What the busiest machine has to send, as in the lesson."""
    drawing = from_the_lesson(lesson, "sent", (10, 4.7), 1.3)
    drawing.figure.axes[0].set_title("")
    return drawing


def trajectories(lesson: LessonRun) -> Drawing:
    """Four trainings, one curve, as in the lesson."""
    return from_the_lesson(lesson, "trajectories", (12, 4.9), 1.2)


def wrong_average(lesson: LessonRun) -> Drawing:
    """The mean of the means, as in the lesson."""
    return from_the_lesson(lesson, "wrong_average", (12, 4.9), 1.2)


def two_costs(lesson: LessonRun) -> Drawing:
    """Computing gets less, talking does not: the numbers of exercise 6."""
    figure, axes = plt.subplots(figsize=WIDE)
    machines = (1, 2, 4, 8, 16)
    computing = [8 / n for n in machines]
    talking = [2 * (n - 1) / n for n in machines]
    names = [str(n) for n in machines]
    axes.barh(names, computing, color=BLUE, label="computing")
    axes.barh(names, talking, left=computing, color=ORANGE, hatch="//", edgecolor="white",
              label="talking")  # fmt: skip
    axes.invert_yaxis()
    axes.set(xlabel="milliseconds for a step", ylabel="machines")
    axes.legend(loc="lower right")
    return Drawing(figure, "A bar for 1, 2, 4, 8 and 16 machines, each of two parts. Computing "
                   "takes 8 milliseconds on one machine and half a millisecond on sixteen. Talking "
                   "takes none on one, and nearly 2 milliseconds on sixteen.")  # fmt: skip


def scaling(lesson: LessonRun) -> Drawing:
    """Predicted for 1 to 1,024 machines, as in the lesson."""
    drawing = from_the_lesson(lesson, "scaling", (12, 5.1), 1.15)
    titles = ("8,192 pictures for all together", "100 pictures for each")
    for axes, title in zip(drawing.figure.axes, titles, strict=True):
        axes.set_title(title)
    drawing.figure.axes[0].set_ylabel("times as fast as one")
    legend_below(drawing.figure, 2)
    return drawing
