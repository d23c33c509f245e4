"""python -m compare: one lesson on every backend, and whether they agree."""

from compare.cli import cli
from course.cli_errors import run

if __name__ == "__main__":
    run(cli, "compare")
