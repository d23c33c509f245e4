"""The style of all figures: readable from the back of a classroom, and without colours."""

from __future__ import annotations

import sys
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.atomic_files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe & Ito (2008): distinguishable with all common forms of colour blindness, and in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINES = ("-", "--", "-.", ":")

STYLE: dict[Any, Any] = {
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "figure.figsize": (8, 4.5),
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.1,
    "figure.constrained_layout.w_pad": 0.1,
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "image.cmap": "gray",
    "lines.linewidth": 2,
}


def start_drawing() -> None:
    """Set the style, and the backend for drawing to files unless this is a notebook."""
    import matplotlib
    from cycler import cycler

    if not in_notebook():
        matplotlib.use("Agg")
    matplotlib.rcdefaults()  # the user's matplotlibrc would change the figures
    matplotlib.rcParams.update(STYLE | {"axes.prop_cycle": cycler(color=COLOURS)})


def write(figure: Figure, file: Path, alt: str) -> None:
    """Write a PNG atomically, with its alternative text as metadata."""
    # `savefig` would lay the figure out twice and draw it twice.
    layout_engine = figure.get_layout_engine()
    if layout_engine is not None:
        layout_engine.execute(figure)
        figure.set_layout_engine("none")
    picture = BytesIO()
    figure.savefig(
        picture,
        format="png",
        metadata={"Description": alt, "Software": None},
        pil_kwargs={"compress_level": 3},  # a tenth larger than 6, and twice as fast
    )
    write_whole(file, picture.getvalue())


def display(file: Path, alt: str) -> None:
    """Show an image under the cell of a notebook, with its alternative text."""
    from IPython.display import Image
    from IPython.display import display as show

    data, metadata = Image(data=file.read_bytes(), alt=alt)._repr_mimebundle_()
    # JupyterLab shows a PNG without its alternative text, but an HTML element with it.
    source = f"data:image/png;base64,{data['image/png'].replace(chr(10), '')}"
    style = "max-width: 100%; height: auto"
    data["text/html"] = f'<img src="{source}" alt="{escape(alt)}" style="{style}">'
    data["text/plain"] = alt
    show(data, metadata=metadata, raw=True)


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, and not in a process that only starts kernels."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
