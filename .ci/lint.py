"""Run ruff and mypy with the settings of pyproject.toml, all of them even if one complains."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINTERS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"])

if __name__ == "__main__":
    if sys.argv[1:]:
        print(f"error: lint takes no {sys.argv[1]!r}: say it alone", file=sys.stderr)
        sys.exit(2)
    runs = [subprocess.run([sys.executable, "-m", *linter], cwd=ROOT) for linter in LINTERS]
    sys.exit(any(run.returncode for run in runs))
