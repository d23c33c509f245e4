"""Are there known vulnerabilities in what is locked? pip-audit asks a service on the network.

    python kit.py audit [--engine torch] [--service osv]

Status 0: none known; 1: some, listed; 2: it could not be asked. pip-audit itself counts a package
that its service does not know as passed, and one that cannot be reached knows none: so here every
package must have been looked up. It runs in an environment of its own, which uv keeps; no test and
no lesson calls it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).resolve().parent
sys.path.insert(0, str(LOCKS.parent))

# Run as a script, it does not find the checkout before.
from course.cli_errors import Parser, one_of  # noqa: E402

TOOL = "pip-audit==2.10.1"
CLEAN, VULNERABLE, NOT_ASKED = 0, 1, 2


def ask(lock: Path, service: str) -> tuple[str, str]:
    """What pip-audit prints and complains of; nothing is installed, and nothing resolved."""
    command = [sys.executable, "-m", "uv", "tool", "run", "--quiet", f"--from={TOOL}", "pip-audit"]
    # Everything a lock names, with pins instead of a resolution; torch's lines have no hashes.
    command += ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json"]
    done = subprocess.run(
        [*command, f"--vulnerability-service={service}", f"--requirement={lock}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout, done.stderr


def verdict(answers: dict[str, tuple[str, str]]) -> tuple[int, list[str]]:
    """The status, and a line for each vulnerability, or one for why there is no answer."""
    looked_up, skipped, bad = 0, list[str](), list[str]()
    for lock, (out, err) in answers.items():
        try:
            packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
        except (ValueError, KeyError, TypeError):
            why = ["no reason given", *err.strip().splitlines()][-1]
            return NOT_ASKED, [f"audit: {lock} could not be audited ({why[:200]})"]
        for package in packages:
            if "skip_reason" in package:
                skipped.append(package["name"])
                continue
            looked_up += 1
            for found in package["vulns"]:
                fixed = ", ".join(found["fix_versions"]) or "no version yet"
                name = f"{package['name']} {package['version']}"
                bad.append(f"audit: {name}: {found['id']}, fixed in {fixed}")
    if skipped or not looked_up:
        total = len(skipped) + looked_up
        bad.append(
            f"audit: {len(skipped)} of {total} packages could not be looked up "
            f"({', '.join(skipped[:3])} …): is the service reachable from here? try --service osv"
        )
        return (VULNERABLE if bad[1:] else NOT_ASKED), bad
    if bad:
        return VULNERABLE, bad
    return CLEAN, [f"audit: {looked_up} packages, no known vulnerability"]


def main() -> int:
    parser = Parser(prog="audit", description=(__doc__ or "").split("\n")[0])
    engines = sorted(path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem)
    parser.add_argument("--engine", "--backend", default="dev", type=one_of("backend", engines))
    parser.add_argument("--service", default="pypi", type=one_of("service", ["pypi", "osv"]))
    args = parser.parse_args()
    locks = [LOCKS / f"{args.engine}.txt"]
    if (LOCKS / f"{args.engine}.unhashed.txt").exists():
        locks += [LOCKS / f"{args.engine}.unhashed.txt", LOCKS / "torch.companions.txt"]
    status, lines = verdict({lock.name: ask(lock, args.service) for lock in locks})
    print("\n".join(lines), file=sys.stdout if status == CLEAN else sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
