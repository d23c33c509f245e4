"""Resolve the dependency groups of pyproject.toml once, and write a lock for each group.

    python kit.py lock             keep the versions locked now where the ranges allow it
    python kit.py lock --upgrade   take the newest versions
    python kit.py lock --upgrade-package=keras

There is a single resolution for every supported platform and Python, so that all backends share
one NumPy. dev.txt contains all of it, and NAME.txt what the group NAME needs.

pip requires a hash for all lines of a file or for none. torch has none here, because its CPU build
(another file, with the local version 2.13.0+cpu) satisfies the same line. So that line has its own
file, NAME.unhashed.txt. The packages that the CUDA build on Linux needs are only pinned, as
constraints in torch.companions.txt: a CPU build must not install them.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from course.cli_errors import Parser

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "locks"
COMPANIONS = ("nvidia-", "cuda-", "triton")
NOTE = "# Made from pyproject.toml by `make lock`; do not edit.\n"


def resolve(answer: Path, group: str, *options: str) -> list[str]:
    """Let uv resolve a group into the file `answer`; return a block for each package.

    A block is the line of a package and its hashes.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet"]
    command += ["--universal", "--python-version=3.11", "--generate-hashes"]
    # One version for every Python and platform, so that results do not depend on them.
    command += ["--fork-strategy=fewest", "--no-header", "--no-annotate"]
    command += [f"--group={group}", f"--output-file={answer}", *options]
    run = subprocess.run(command, cwd=ROOT)
    if run.returncode:
        sys.exit("locks: uv found no solution, see above; the locks are unchanged")
    return re.findall(r"^\S.*(?:\n\s.*)*", answer.read_text(encoding="utf-8"), re.MULTILINE)


def line(block: str) -> str:
    """A block without its hashes."""
    return block.split(" \\", 1)[0]


def write(name: str, blocks: list[str]) -> None:
    text = NOTE + "\n".join(blocks) + "\n"
    (LOCKS / name).write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = Parser(prog="python kit.py lock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    parser.add_argument(
        "--upgrade-package", action="append", default=[], metavar="NAME", help="of one package"
    )
    args = parser.parse_args()
    options = [f"--upgrade-package={name}" for name in args.upgrade_package]
    options += ["--upgrade"] if args.upgrade else []
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    with tempfile.TemporaryDirectory() as folder:
        answer, part = Path(folder) / "dev.txt", Path(folder) / "part.txt"
        # uv prefers the versions in its output file.
        answer.write_text("".join(p.read_text(encoding="utf-8") for p in LOCKS.glob("*.txt")))
        parts = {"dev": resolve(answer, "dev", *options)}
        for name in [name for name in groups if name != "dev"]:
            part.unlink(missing_ok=True)
            parts[name] = resolve(part, name, f"--constraints={answer}")
    for name, blocks in parts.items():
        torch = [line(block) for block in blocks if block.startswith("torch==")]
        companions = [line(block) for block in blocks if block.startswith(COMPANIONS)]
        separate = {*torch, *companions}
        write(f"{name}.txt", [block for block in blocks if line(block) not in separate])
        print(f"locks: {name}, {len(blocks)} packages")
        if torch:
            write(f"{name}.unhashed.txt", torch)
        if name == "torch":
            write("torch.companions.txt", companions)


if __name__ == "__main__":
    main()
