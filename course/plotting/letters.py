"""Charts of the lesson on attention: tables of letters, losses beside them, looks of heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adapters.contract import Array
from course.plotting.attention import looks_from, shares_in_numbers, who_looks
from course.plotting.style import COLOURS, LINES


def who_follows(letters: Sequence[str], counts: Array) -> Figure:
    """A table of counts (n, n): which letter follows which."""
    figure, axes = plt.subplots(figsize=(8.4, 8.2))
    who_looks(axes, letters, counts / np.maximum(counts.sum(1, keepdims=True), 1))
    axes.set(ylabel="after this letter")
    axes.set_title("…comes this one: the darker, the more often")
    return figure


def largest_share(lengths: Array, divided: Sequence[float], plain: Sequence[float]) -> Figure:
    """The largest of eight shares, by the length of the lists that are compared."""
    figure, axes = plt.subplots(figsize=(8, 4.2))
    for i, (label, shares) in enumerate((("divided by √d", divided), ("not divided", plain))):
        axes.plot(lengths, shares, LINES[i], marker="os"[i], color=COLOURS[i], label=label,
                  markersize=9)  # fmt: skip
    axes.set(xscale="log", xlabel="numbers in a query", ylabel="the largest of 8 shares")
    axes.set_xticks(lengths, [str(d) for d in lengths])
    axes.minorticks_off()
    axes.set_ylim(0, 1.02)
    axes.legend()
    return figure


def with_and_without(word: str, everything: Array, behind: Array) -> Figure:
    """The shares (n, n) of a word's letters without a mask and with it."""
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.8))
    shares_in_numbers(axes[0], word, everything, "everybody sees everything")
    shares_in_numbers(axes[1], word, behind, "nobody looks ahead")
    return figure


def learning(cheating: Array, honest: Array, tables: Mapping[str, float]) -> Figure:
    """The losses of each step without a mask and with it, and what the tables reach."""
    figure, axes = plt.subplots(figsize=(9, 4.8))
    for i, (label, losses) in enumerate((("without a mask, while it learns", cheating),
                                         ("with the mask, while it learns", honest))):  # fmt: skip
        near = max(1, len(losses) // 40)
        smooth = np.convolve(losses, np.ones(near) / near, "valid")
        axes.plot(smooth, LINES[i], color=COLOURS[i], label=label)
    _beside(axes, tables)
    for name, loss in tables.items():
        axes.annotate(name, (0.45, loss), xycoords=("axes fraction", "data"), va="bottom")
    axes.set(xlabel="step", ylabel="loss in nats", ylim=(0, None))
    axes.legend()
    return figure


def by_place(losses: Array, tables: Mapping[str, float]) -> Figure:
    """The loss at each place of a line (span,), and what the tables reach on all places."""
    figure, axes = plt.subplots(figsize=(9, 4.6))
    axes.plot(np.arange(len(losses)) + 1, losses, "o-", color=COLOURS[0], label="the network")
    _beside(axes, tables)
    for name, loss in tables.items():
        axes.annotate(name, (1, loss), xycoords=("axes fraction", "data"), va="bottom", ha="right")
    axes.set(xlabel="letters that it sees", ylabel="loss in nats, held-out text")
    axes.legend()
    return figure


def by_size(
    networks: Sequence[tuple[int, float]], tables: Mapping[str, tuple[int, float]]
) -> Figure:
    """The loss by how many numbers there are: of networks, and of tables."""
    figure, axes = plt.subplots(figsize=(8, 4.4))
    count, losses = zip(*networks, strict=True)
    axes.plot(count, losses, "o-", color=COLOURS[0], markersize=9, label="networks")
    for i, (name, (size, loss)) in enumerate(tables.items()):
        axes.plot(size, loss, "s^D"[i], color=COLOURS[i + 2], markersize=10, label=name)
    axes.set(xscale="log", xlabel="numbers in it", ylabel="loss in nats, held-out text")
    axes.legend()
    return figure


def before_and_after(before: Array, after: Array) -> Figure:
    """A letter's list (width,) before the norm and after it."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.4), sharex=True)
    titles = (
        f"a letter's list after the last block: spread {before.std():.2f}",
        f"after the norm: spread {after.std():.2f}",
    )
    for panel, values, title in zip(axes, (before, after), titles, strict=True):
        panel.bar(np.arange(len(values)), values, color=COLOURS[0])
        panel.set(title=title, xlabel="number in the list")
    return figure


def heads_on(letters: Sequence[str], shares: Array) -> Figure:
    """Who looks at whom, for each head: shares (heads, n, n)."""
    heads = len(shares)
    figure, axes = plt.subplots(1, heads, figsize=(4.6 * heads, 5.2), squeeze=False)
    for i, panel in enumerate(axes[0]):
        who_looks(panel, letters, shares[i], f"head {i + 1}")
    return figure


def looks_of_last(letters: Sequence[str], shares: Array) -> Figure:
    """Where the last letter looks, for each head: shares (heads, n)."""
    heads = len(shares)
    figure, axes = plt.subplots(heads, 1, figsize=(10, 1.9 * heads), squeeze=False)
    for i, panel in enumerate(axes[:, 0]):
        looks_from(panel, letters, shares[i], f"head {i + 1}")
    return figure


def _beside(axes: Axes, tables: Mapping[str, float]) -> None:
    for i, loss in enumerate(tables.values(), 2):
        axes.axhline(loss, color=COLOURS[i], linestyle=LINES[i % 4], linewidth=1.5)
