"""The process behind a notebook: this kit's Python, the kit to import, and nothing of a user's.

A kernel of Jupyter's own reads ~/.ipython, where a start-up file may change anything, and inherits
every environment variable. Ours starts as `python -m course` does, from what is allowed, and keeps
IPython's home in our cache. `python -m classroom.kernel` is what the kernelspec calls;
`--install FOLDER` writes the kernelspec for a JupyterLab that is not ours, as in Binder, into its
folder share/jupyter (without FOLDER: of this environment).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from adapters import environment

NAME = "triptych"
ROOT = Path(__file__).resolve().parent.parent
# Who started the kernel, which then ends with it; and how to debug, which JupyterLab asks for.
JUPYTER_S = ("JPY_PARENT_PID", "JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL")


def kernelspec() -> dict[str, Any]:
    """How Jupyter starts the kernel, wherever a notebook lies."""
    return {
        # -P: a course.py in the notebook's folder is not ours.
        "argv": [sys.executable, "-P", "-m", "classroom.kernel", "-f", "{connection_file}"],
        "display_name": "Triptych",
        "language": "python",
        "env": {"PYTHONPATH": str(ROOT), "PYTHONNOUSERSITE": "1"},
        "metadata": {"debugger": False},
    }


def write_kernelspec(folder: Path) -> Path:
    """Write the kernelspec where Jupyter finds it if `folder` is on its path for data."""
    home = folder / "kernels" / NAME
    home.mkdir(parents=True, exist_ok=True)
    (home / "kernel.json").write_text(json.dumps(kernelspec(), indent=1), encoding="utf-8")
    return home


def settle() -> None:
    """Leave the kernel what `python -m course` leaves a lesson, before anything is imported."""
    kept = environment.allowed(os.environ)
    for name in set(os.environ) - set(kept) - set(JUPYTER_S):
        del os.environ[name]
    cache = environment.cache_folder()
    os.environ["IPYTHONDIR"] = str(cache / "ipython")
    os.environ["MPLCONFIGDIR"] = str(cache / "matplotlib")  # pyplot comes before the backend


def main() -> None:
    """Be the kernel, until Jupyter ends it."""
    settle()
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    from adapters.contract import TriptychError
    from datasets import DataError

    config = Config()
    config.HistoryManager.enabled = False  # a file that all kernels would share
    config.IPKernelApp.ignore_cwd = True
    config.IPKernelApp.exec_PYTHONSTARTUP = False
    app: Any = IPKernelApp.instance(config=config)
    app.initialize()
    app.shell.set_custom_exc((TriptychError, DataError), in_one_line)
    app.start()


def in_one_line(
    shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: Any = None
) -> list[str]:
    """Show an error that a user can mend as the command line does: no traceback, one line."""
    line = f"{kind.__name__}: {' '.join(str(error).split())}"
    if "start a new one" in line:
        line += " (in a notebook: Kernel → Restart Kernel)"
    shell._showtraceback(kind, error, [line])
    return [line]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--install"]:
        prefix = Path(sys.argv[2]) if sys.argv[2:] else Path(sys.prefix, "share", "jupyter")
        print(write_kernelspec(prefix))
    else:
        main()
