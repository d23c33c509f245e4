"""python -m compare: one lesson on every engine, and whether they agree."""

from compare.cli import cli, main

if __name__ == "__main__":
    main(cli)
