"""Draw one training run on several backends: a panel for each, and the gap below it.

    python -m compare.loss_panels softmax results/lesson3/torch-… results/lesson3/keras-… \\
        --reference results/lesson3/numpy-… -o panels.png

The gaps are to the record in --reference.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from adapters.contract import TriptychError
from compare.budgets import budget_of_run
from compare.gaps import gaps
from course.overflow import drawable
from course.plotting.style import COLOURS, start_drawing, write
from course.record import read_record


def main() -> None:
    """Read the records and write one PNG with the panels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    args = parser.parse_args()
    try:
        draw(args.run, args.folders, args.reference, args.out)
    except TriptychError as error:
        parser.error(str(error))


def draw(run: str, folders: list[Path], reference: Path, out: Path) -> None:
    """Draw one column per folder: its loss curve, and the gap to the reference's."""
    start_drawing()
    import matplotlib.pyplot as plt

    truth, card = read_record(reference)
    losses = truth[f"{run}/losses"]
    allowed = budget_of_run(card, run).for_losses(losses)
    figure, axes = plt.subplots(
        2, len(folders), figsize=(5.2 * len(folders), 5.6), sharex=True, sharey="row",
        squeeze=False, height_ratios=[3, 2],
    )  # fmt: skip
    names = []
    for column, folder, colour in zip(axes.T, folders, COLOURS, strict=False):
        arrays, own = read_record(folder)
        mine = arrays[f"{run}/losses"]
        names.append(own["engine"])
        column[0].plot(drawable(mine), color=colour, linewidth=1)
        accuracy = own["runs"][run]["accuracy"]
        column[0].set_title(f"{own['engine']}   test accuracy {accuracy:.4f}", fontweight="bold")
        gap = drawable(gaps(mine, losses))
        gap[gap == 0] = np.nan  # zero has no place on a logarithmic axis
        column[1].semilogy(gap, ".", color=colour, markersize=2, label=f"gap to {card['engine']}")
        column[1].semilogy(drawable(allowed), "k--", linewidth=1.2, label="budget")
        column[1].set_xlabel("step")
        column[1].legend(loc="center right", fontsize=9)
    axes[0, 0].set_ylabel("loss of the batch")
    axes[1, 0].set_ylabel("difference")
    alt = (
        f"{len(folders)} panels side by side, {' and '.join(names)}: the same loss curve in each, "
        f"and below it the gap to {card['engine']}, under the dashed line of the budget at every "
        "step."
    )
    write(figure, out, alt)


if __name__ == "__main__":
    main()
