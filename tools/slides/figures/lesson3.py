"""The figures of the third deck: row by column, the dense layer, softmax, weights as pictures."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course.plotting.charts import CENTRED, signed
from course.plotting.diagrams import PAPER, network, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "one_class", "ten_classes", "dot_product", "dot_product_rest", "shapes", "dense", "softmax",
    "cross_entropy", "training", "weights", "confusion", "optimum",
)  # fmt: skip
BLUE, ORANGE = COLOURS[:2]
TROUSER = 1


def one_class(lesson: LessonRun) -> Drawing:
    """A picture times a weight vector, summed up, is a score."""
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.9), width_ratios=(1, 1, 0.9))
    picture = lesson.x_test[np.flatnonzero(lesson.y_test == TROUSER)[0]]
    weights = lesson.run.params[0][:, TROUSER]
    panels[0].imshow(picture.reshape(lesson.shape), interpolation="none")
    panels[0].set_title("a picture: 784 numbers")
    signed(panels[1], weights.reshape(lesson.shape), lesson.limit)
    panels[1].set_title("weights of “Trouser”: 784")
    score = float(picture @ weights)
    panels[2].text(0.5, 0.62, "multiply pairwise,\nsum up", **CENTRED, fontsize=19)
    panels[2].text(0.5, 0.3, f"score {score:+.1f}", **CENTRED, fontsize=30, color=BLUE)
    for axes in panels:
        axes.axis("off")
    return Drawing(figure, "A picture of trousers, and the weights of the class trouser as a "
                   "picture: bright where the legs are, dark between them. Multiplied pairwise "
                   f"and summed up they give the score {score:+.1f}.")  # fmt: skip


def ten_classes(lesson: LessonRun) -> Drawing:
    """One picture, ten scores."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.4), width_ratios=(1, 2))
    picture = lesson.x_test[np.flatnonzero(lesson.y_test == TROUSER)[0]]
    kernel, bias = lesson.run.params
    scores = picture @ kernel + bias
    left.imshow(picture.reshape(lesson.shape), interpolation="none")
    left.axis("off")
    colours = [ORANGE if i == scores.argmax() else BLUE for i in range(len(scores))]
    right.barh(range(len(scores)), scores, color=colours)
    right.set_yticks(range(len(scores)), lesson.data.class_names)
    right.axvline(0, color="black", linewidth=1.5)
    right.text(scores.max() - 0.1, scores.argmax(), "the largest wins", va="center", ha="right",
               color="black", fontweight="bold", fontsize=15)  # fmt: skip
    right.invert_yaxis()
    right.set(xlabel="score")
    return Drawing(figure, "A picture of trousers, and beside it a bar for the score of each of "
                   "ten classes. The score of trouser is the largest.")  # fmt: skip


def _matrices(axes: Axes, row: int, column: int, known: int) -> None:
    """A on the left, B above, and so many entries of A · B where they meet; one pair framed."""
    a, b = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[7, 8], [9, 10], [11, 12]])

    def draw(values: np.ndarray, x: float, y: float, lit: np.ndarray, shown: np.ndarray) -> None:
        for (i, j), value in np.ndenumerate(values):
            bold = bool(lit[i, j])
            axes.add_patch(
                Rectangle((x + j, y - i - 1), 1, 1, facecolor=PAPER if bold else "white",
                          edgecolor=BLUE if bold else "0.6", linewidth=4 if bold else 1.5,
                          zorder=2 if bold else 1)
            )  # fmt: skip
            if shown[i, j]:
                axes.text(x + j + 0.5, y - i - 0.5, str(value), fontsize=21, zorder=3,
                          fontweight="bold" if bold else "normal", **CENTRED)  # fmt: skip

    rows, columns = np.arange(2)[:, None] == row, np.arange(2)[None] == column
    everything = np.ones((3, 3), bool)
    draw(a, 0.3, 2.3, np.broadcast_to(rows, a.shape), everything[:2])
    draw(b, 3.9, 5.7, np.broadcast_to(columns, b.shape), everything[:, :2])
    draw(a @ b, 3.9, 2.3, rows & columns, (np.arange(4) < known).reshape(2, 2))


def dot_product(lesson: LessonRun) -> list[Drawing]:
    """The first row meets the first column, product by product, until there are 58."""
    assert lesson.first == 58
    products, drawings = ((1, 7), (2, 9), (3, 11)), []
    for step in range(1, 5):
        figure, axes = sheet(12.4, 6)
        _matrices(axes, 0, 0, known=int(step == 4))
        total = 0
        for i, (p, q) in enumerate(products[:step]):
            total += p * q
            axes.text(7.2, 4.9 - 1.1 * i, f"{p} · {q} = {p * q}", fontsize=26, va="center",
                      color=BLUE)  # fmt: skip
            axes.text(10.6, 4.9 - 1.1 * i, f"→ {total}", fontsize=26, va="center",
                      fontweight="bold" if i == step - 1 else "normal")  # fmt: skip
        if step < 4:  # the pair that is multiplied now
            axes.add_patch(Rectangle((0.3 + step - 1, 1.3), 1, 1, fill=False, edgecolor=ORANGE,
                                     linewidth=7, zorder=4))  # fmt: skip
            axes.add_patch(Rectangle((3.9, 5.7 - step), 1, 1, fill=False, edgecolor=ORANGE,
                                     linewidth=7, zorder=4))  # fmt: skip
        else:
            axes.text(7.2, 1.2, "7 + 18 + 33 = 58", fontsize=30, va="center", fontweight="bold")
        p, q = products[min(step, 3) - 1]
        caption = f"{p} times {q} is {p * q}, together {total}." if step < 4 else ""
        caption = caption or "7 and 18 and 33 is 58."
        drawings.append(Drawing(figure, "The matrix 1 2 3, 4 5 6 on the left and the matrix 7 8, "
                                "9 10, 11 12 above. First row and first column are walked "
                                f"together: {caption}"))  # fmt: skip
    return drawings


def dot_product_rest(lesson: LessonRun) -> list[Drawing]:
    """The same row with the next column, and then the second row."""
    sums = ("1·7 + 2·9 + 3·11 = 58", "1·8 + 2·10 + 3·12 = 64", "4·7 + 5·9 + 6·11 = 139",
            "4·8 + 5·10 + 6·12 = 154")  # fmt: skip
    drawings = []
    for step in range(4):
        figure, axes = sheet(13.4, 6)
        _matrices(axes, step // 2, step % 2, known=step + 1)
        for i, line in enumerate(sums[: step + 1]):
            axes.text(6.8, 4.6 - 1.1 * i, line, fontsize=24, va="center",
                      color=BLUE if i == step else "black")  # fmt: skip
        drawings.append(Drawing(figure, f"The product of the two matrices with {step + 1} of its "
                                f"four numbers: {', '.join(sums[: step + 1])}."))  # fmt: skip
    return drawings


def shapes(lesson: LessonRun) -> Drawing:
    """X (n, 784) · W (784, 10) + bias (10,) = scores (n, 10)."""
    figure, axes = sheet(12.4, 4.6)
    blocks = (
        (0.3, 3.4, 2.2, "X", "n", "784", PAPER), (4.6, 1.1, 3.4, "W", "784", "10", "#FDF1E4"),
        (7.6, 1.1, 0.5, "bias", "", "10", "#FDF1E4"), (10.2, 1.1, 2.2, "scores", "n", "10", PAPER),
    )  # fmt: skip
    for x, width, height, name, rows, columns, face in blocks:
        y = 2.2 - height / 2
        axes.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor="black", lw=2.5))
        axes.text(x + width / 2, 2.2, name, fontsize=19 if len(name) > 1 else 26, **CENTRED)
        axes.text(x + width / 2, y + height + 0.3, columns, fontsize=19, color=BLUE, **CENTRED)
        if rows:
            axes.text(x - 0.12, 2.2, rows, fontsize=19, color=BLUE, ha="right", va="center",
                      rotation=90)  # fmt: skip
    for x, sign in ((3.95, "·"), (6.6, "+"), (9.2, "=")):
        axes.text(x, 2.2, sign, fontsize=30, **CENTRED)
    return Drawing(figure, "Blocks for the shapes: X with n rows and 784 columns, times W with 784 "
                   "rows and 10 columns, plus a bias of 10, is scores with n rows and 10 "
                   "columns.")  # fmt: skip


def dense(lesson: LessonRun) -> Drawing:
    """Every input is connected with every output."""
    figure, axes = sheet(8, 2.9)
    network(axes, [7, 4], ["inputs", "outputs"])
    return Drawing(figure, "Two columns of units: each of seven inputs is connected with each of "
                   "four outputs, by lines of different thickness.")  # fmt: skip


def softmax(lesson: LessonRun) -> Drawing:
    """Scores, exp, shares, as in the lesson."""
    return from_the_lesson(lesson, "softmax", (11, 4.2), 1.25)


def cross_entropy(lesson: LessonRun) -> Drawing:
    """What a probability for the right class costs."""
    figure, axes = plt.subplots(figsize=(10, 4.3))
    p = np.linspace(0.015, 1, 400)
    axes.plot(p, -np.log(p), color=BLUE)
    marked = ((1.0, "sure and right: 0"), (0.5, "one half: 0.69"), (0.1, "one of ten: 2.30"),
              (0.02, "sure and wrong: 3.91"))  # fmt: skip
    for at, text in marked:
        axes.plot(at, -np.log(at), "o", color=ORANGE)
        right = at == 1
        axes.annotate(text, (at, -np.log(at)), xytext=(-8 if right else 16, 34 if right else 14),
                      textcoords="offset points", ha="right" if right else "left")  # fmt: skip
    axes.set(xlabel="probability that the model gave to the right class", ylabel="loss: −log(p)")
    axes.set(xlim=(0, 1.02), ylim=(0, 4.6))
    return Drawing(figure, "A curve that falls from almost 4 to 0: the loss over the probability "
                   "of the right class. Marked: 1 costs 0, one half 0.69, one tenth 2.30, 0.02 "
                   "costs 3.91.")  # fmt: skip


def training(lesson: LessonRun) -> Drawing:
    """The loss over the epochs, as in the lesson."""
    return from_the_lesson(lesson, "training", (10, 4.5), 1.3)


def weights(lesson: LessonRun) -> Drawing:
    """Ten weight vectors as pictures, in one look."""
    figure, grid = plt.subplots(2, 5, figsize=(11, 4.9))
    kernel = lesson.run.params[0]
    for axes, w, name in zip(grid.flat, kernel.T, lesson.data.class_names, strict=True):
        signed(axes, w.reshape(lesson.shape), lesson.limit)
        axes.set_title(name, fontsize=16)
        axes.axis("off")
    return Drawing(figure, lesson.figures["weights"].alt)


def confusion(lesson: LessonRun) -> Drawing:
    """The confusion matrix, as in the lesson."""
    drawing = from_the_lesson(lesson, "confusion", (11, 5.9), 1.2)
    drawing.figure.axes[0].set_title("")
    return drawing


def optimum(lesson: LessonRun) -> Drawing:
    """The bowl with one lowest point, as in the lesson."""
    drawing = from_the_lesson(lesson, "optimum", (10, 4.2), 1.3)
    drawing.figure.axes[0].set_title("")
    return drawing
