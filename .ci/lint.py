"""Run ruff, mypy and import-linter with the settings of pyproject.toml, even if one complains."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# import-linter has no module to run with -m, only a command.
IMPORTS = ["-c", "from importlinter.cli import import_linter; import_linter()"]
LINTERS = (
    ["-m", "ruff", "check"],
    ["-m", "ruff", "format", "--check"],
    ["-m", "mypy"],
    [*IMPORTS, "lint", "--no-logo", "--no-cache"],
)

if __name__ == "__main__":
    if sys.argv[1:]:
        print(f"error: lint takes no {sys.argv[1]!r}: say it alone", file=sys.stderr)
        sys.exit(2)
    runs = [subprocess.run([sys.executable, *linter], cwd=ROOT) for linter in LINTERS]
    sys.exit(any(run.returncode for run in runs))
