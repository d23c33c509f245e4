"""The kernel of the notebooks: the environment's Python with this checkout and no user settings.

A normal Jupyter kernel reads ~/.ipython, where a start-up file may change anything, and inherits
every environment variable. This one inherits only allowed variables, as `python -m course` does,
and keeps IPython's files in the course's cache. The kernelspec calls `python -m classroom.kernel`.
`--install FOLDER` writes the kernelspec for another JupyterLab, such as Binder's, into its folder
share/jupyter (without FOLDER: into that of this environment).
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
# Variables of Jupyter: the parent process, with which the kernel ends, and the debugger.
JUPYTER_VARIABLES = ("JPY_PARENT_PID", "JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL")


def kernelspec() -> dict[str, Any]:
    """How Jupyter starts the kernel, for a notebook in any folder."""
    return {
        # -P: do not import a course.py from the notebook's folder.
        "argv": [sys.executable, "-P", "-m", "classroom.kernel", "-f", "{connection_file}"],
        "display_name": "Triptych",
        "language": "python",
        "env": {"PYTHONPATH": str(ROOT), "PYTHONNOUSERSITE": "1"},
        "metadata": {"debugger": False},
    }


def write_kernelspec(folder: Path) -> Path:
    """Write the kernelspec below `folder`, a folder on Jupyter's data path; return its folder."""
    home = folder / "kernels" / NAME
    home.mkdir(parents=True, exist_ok=True)
    (home / "kernel.json").write_text(json.dumps(kernelspec(), indent=1), encoding="utf-8")
    return home


def clean_environment() -> None:
    """Keep only the variables that `python -m course` keeps; called before other imports."""
    allowed = environment.allowed(os.environ)
    for name in set(os.environ) - set(allowed) - set(JUPYTER_VARIABLES):
        del os.environ[name]
    cache = environment.cache_folder()
    os.environ["IPYTHONDIR"] = str(cache / "ipython")
    os.environ["MPLCONFIGDIR"] = str(cache / "matplotlib")  # pyplot is imported before the backend


def main() -> None:
    """Run the kernel until Jupyter ends it."""
    clean_environment()
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    from adapters.contract import TriptychError
    from datasets import DataError

    config = Config()
    config.HistoryManager.enabled = False  # its file would be shared by all kernels
    config.IPKernelApp.ignore_cwd = True
    config.IPKernelApp.exec_PYTHONSTARTUP = False
    app: Any = IPKernelApp.instance(config=config)
    app.initialize()
    app.shell.set_custom_exc((TriptychError, DataError), in_one_line)
    app.start()


def in_one_line(
    shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: Any = None
) -> list[str]:
    """Show a user's error as the command line does: in one line, without a traceback."""
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
