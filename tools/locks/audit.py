"""Look up known vulnerabilities of the locked packages, with pip-audit and its network service.

    python kit.py audit [--backend torch] [--service osv]

The exit status is 0 if none is known, 1 if some are (they are listed), and 2 if the lookup failed.
pip-audit lets a package pass that its service does not know, also if the service cannot be reached
at all. So here every package must have been found. pip-audit runs in a separate environment, which
uv caches. No test and no lesson calls it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from course.cli_errors import Parser, one_of
from course.settings import ROOT

LOCKS = ROOT / "locks"
TOOL = "pip-audit==2.10.1"
CLEAN, VULNERABLE, NOT_ASKED = 0, 1, 2


def ask(lock: Path, service: str) -> tuple[str, str]:
    """The output and errors of pip-audit, which installs and resolves nothing."""
    command = [sys.executable, "-m", "uv", "tool", "run", "--quiet", f"--from={TOOL}", "pip-audit"]
    # All lines of a lock are pins, so there is nothing to resolve; those of torch have no hashes.
    command += ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json"]
    done = subprocess.run(
        [*command, f"--vulnerability-service={service}", f"--requirement={lock}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout, done.stderr


def verdict(answers: dict[str, tuple[str, str]]) -> tuple[int, list[str]]:
    """The status, and a line for each vulnerability, or one line on why the lookup failed.

    answers: output and errors of pip-audit, by lock.
    """
    looked_up, skipped, lines = 0, list[str](), list[str]()
    for lock, (out, err) in answers.items():
        try:
            packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
        except (ValueError, KeyError, TypeError):
            reason = ["no reason given", *err.strip().splitlines()][-1]
            return NOT_ASKED, [f"audit: {lock} could not be audited ({reason[:200]})"]
        for package in packages:
            if "skip_reason" in package:
                skipped.append(package["name"])
                continue
            looked_up += 1
            for vulnerability in package["vulns"]:
                fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
                name = f"{package['name']} {package['version']}"
                lines.append(f"audit: {name}: {vulnerability['id']}, fixed in {fixed}")
    if skipped or not looked_up:
        total = len(skipped) + looked_up
        lines.append(
            f"audit: {len(skipped)} of {total} packages could not be looked up "
            f"({', '.join(skipped[:3])} …): is the service reachable? try --service osv"
        )
        return (VULNERABLE if lines[1:] else NOT_ASKED), lines
    if lines:
        return VULNERABLE, lines
    return CLEAN, [f"audit: {looked_up} packages, no known vulnerability"]


def main() -> int:
    parser = Parser(prog="audit", description=(__doc__ or "").split("\n")[0])
    backends = sorted(path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem)
    parser.add_argument("--backend", default="dev", type=one_of("backend", backends))
    parser.add_argument("--service", default="pypi", type=one_of("service", ["pypi", "osv"]))
    args = parser.parse_args()
    locks = [LOCKS / f"{args.backend}.txt"]
    if (LOCKS / f"{args.backend}.unhashed.txt").exists():
        locks += [LOCKS / f"{args.backend}.unhashed.txt", LOCKS / "torch.companions.txt"]
    status, lines = verdict({lock.name: ask(lock, args.service) for lock in locks})
    print("\n".join(lines), file=sys.stdout if status == CLEAN else sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
