"""python -m compare: one lesson on every engine, and whether they agree."""

from compare.cli import cli
from course.command import run

if __name__ == "__main__":
    run(cli, "compare")
