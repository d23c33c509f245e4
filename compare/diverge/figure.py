"""Draw the gaps of each run, stage by stage: points above the line are over their budget."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from compare.diverge.diagnose import Diagnosis
from compare.diverge.sketch import STAGES
from course.plotting.style import COLOURS

LEAST, MOST = 1e-7, 1e12  # shares of a budget; values outside are drawn at the edge
MARKERS = "osD^vP*Xp"


def figure(ours: str, theirs: str, diagnosis: Diagnosis) -> Figure:
    """One panel for each run; a point for each quantity, at its share of the budget."""
    runs = diagnosis.gaps
    drawn = Figure(figsize=(11, 1.2 + 2.1 * len(runs)), layout="constrained")
    panels = drawn.subplots(len(runs), 1, sharex=True, squeeze=False)[:, 0]
    for panel, (run, gaps) in zip(panels, runs.items(), strict=True):
        for i, stage in enumerate(STAGES):
            of_stage = (gap for gap in gaps if gap.stage == stage and gap.compared)
            points = [(gap.step, gap.share) for gap in of_stage]
            if points:
                steps, shares = np.array(points).T
                panel.scatter(
                    steps + i / len(STAGES) - 0.5, np.clip(shares, LEAST, MOST), s=14,
                    marker=MARKERS[i], color=COLOURS[i % len(COLOURS)], label=stage,
                )  # fmt: skip
        panel.axhline(1, color="0.3", linewidth=1)
        over = next((gap for gap in gaps if not gap.holds), None)
        if over is not None:
            what = over.stage if over.stage == over.tensor else f"{over.stage}, {over.tensor}"
            panel.text(
                0.99, 0.56, f"first over in step {over.step}: {what}", ha="right",
                transform=panel.transAxes, fontsize=11,
            )  # fmt: skip
        panel.set(yscale="log", ylim=(LEAST / 2, MOST * 9), ylabel=run)
    panels[-1].set_xlabel("step (−1: before the first)")
    names: dict[str, Any] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            names.setdefault(label, handle)
    handles = [names[stage] for stage in STAGES if stage in names]
    drawn.legend(handles, [s for s in STAGES if s in names], loc="outside lower center", ncols=5)
    drawn.suptitle(f"{ours} against {theirs}: each gap as a share of its budget")
    return drawn
