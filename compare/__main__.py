"""python -m compare: run lessons on every backend and check that they agree."""

from compare.cli import cli
from course.cli_errors import run

if __name__ == "__main__":
    run(cli, "compare")
