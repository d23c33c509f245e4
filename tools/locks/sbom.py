"""Write a bill of materials of the installed packages, or a list of all licences.

    python kit.py sbom [--backend torch] [--out sbom.json]        CycloneDX 1.6, for other tools
    python -m tools.locks.sbom --licences docs/reports/licences.md     a page, of all that is locked

CycloneDX is JSON with a dozen keys, so it is written here: a library for it would need twenty more
packages. The result does not depend on the day, the user or the folder; it contains a time only if
one is given (`--timestamp`).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.markers import Marker  # every lock has it

from course.cli_errors import Parser, one_of
from course.provenance import made_by
from course.settings import ROOT
from triptych import __version__

LOCKS = ROOT / "locks"
KNOWN: dict[str, Any] = tomllib.loads((LOCKS / "licences.toml").read_text(encoding="utf-8"))
SPDX = {*KNOWN["permissive"], *KNOWN["odd"]}
UNKNOWN = "unknown"
DESCRIPTION = (
    "Eight lessons in machine learning, written once, run on every framework, and proven to match."
)


@dataclass(frozen=True)
class Locked:
    """A package in a lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """Whether pip installs it on this machine."""
        return not self.marker or Marker(self.marker).evaluate()


@dataclass(frozen=True)
class Licence:
    """A licence, the source of this information, and whether `text` is an SPDX expression."""

    text: str
    source: str
    spdx: bool


def locked(backend: str = "dev") -> list[Locked]:
    """The packages of a lock, sorted; with torch also its unhashed line and its companions."""
    files = [LOCKS / f"{backend}.txt"]
    if (LOCKS / f"{backend}.unhashed.txt").exists():
        files += [LOCKS / f"{backend}.unhashed.txt", LOCKS / "torch.companions.txt"]
    packages = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        for block in re.findall(r"^[^\s#].*(?:\n\s.*)*", text, re.MULTILINE):
            line, _, marker = block.split(" \\")[0].partition(" ; ")
            name, version = line.split("==")
            hashes = tuple(re.findall(r"sha256:(\w+)", block))
            packages.append(Locked(name, version, marker, hashes))
    return sorted(packages, key=lambda package: package.name)


def installed(package: Locked) -> str | None:
    """The installed version, such as 2.13.0+cpu; None if it is not installed."""
    try:
        return distribution(package.name).version
    except PackageNotFoundError:
        return None


def licence(name: str) -> Licence:
    """The licence that a person has read, or else the clearest statement of the package."""
    if name in KNOWN["stated"]:
        text, source = KNOWN["stated"][name]
        return Licence(text, source, True)
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return Licence(UNKNOWN, "not installed, and not in locks/licences.toml", False)
    if expressions := metadata.get_all("License-Expression"):
        return Licence(expressions[0], "License-Expression", True)
    lines = "".join(metadata.get_all("License") or []).strip().splitlines()
    text = KNOWN["aliases"].get(lines[0].strip(), lines[0].strip()) if lines else ""
    if text in SPDX:
        return Licence(text, "License", True)
    prefix = "License :: OSI Approved :: "
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith(prefix)]
    names = [c.removeprefix(prefix) for c in classifiers]
    if len(names) == 1:  # with several it is unclear whether all of them apply
        text = KNOWN["aliases"].get(names[0], names[0])
        return Licence(text, "classifier", text in SPDX)
    return Licence(UNKNOWN, "nothing clear in its metadata", False)


def refused(text: str) -> list[str]:
    """The parts of a licence that are on none of the lists of licences.toml."""
    allowed = SPDX | {*KNOWN["vague"]}
    return [
        part for part in re.split(r" AND | OR ", re.sub(r"[()]", "", text)) if part not in allowed
    ]


def component(package: Locked, version: str) -> dict[str, Any]:
    """A package as a component of CycloneDX."""
    terms = licence(package.name)
    purl = f"pkg:pypi/{package.name}@{version.replace('+', '%2B')}"
    entry: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": package.name, "version": version, "purl": purl,
    }  # fmt: skip
    if terms.spdx:
        entry["licenses"] = [{"expression": terms.text}]
    elif terms.text != UNKNOWN:
        entry["licenses"] = [{"license": {"name": terms.text}}]
    if package.hashes:  # one of these files was installed
        hashes = [{"alg": "SHA-256", "content": digest} for digest in sorted(package.hashes)]
        # The index is the user's choice, the file is not.
        entry["externalReferences"] = [{"type": "distribution", "url": purl, "hashes": hashes}]
    return entry


def bill(backend: str, timestamp: str = "") -> dict[str, Any]:
    """The bill of materials of a backend; exits with one line if it is not installed as locked."""
    components, wrong = [], []
    for package in locked(backend):
        version = installed(package)
        companion = not package.hashes and package.name != "torch"
        if version is None:  # another build of torch has other companions, or none
            wrong += [package.name] if package.applies and not companion else []
        elif version.split("+")[0] != package.version and not companion:
            wrong.append(f"{package.name} {version} (locked: {package.version})")
        else:
            components.append(component(package, version))
    if wrong:
        first = f"{wrong[0]}{f' and {len(wrong) - 1} more' if wrong[1:] else ''}"
        sys.exit(f"sbom: not as locked: {first}; run `python kit.py setup {backend}`")
    kit = f"pkg:generic/triptych@{__version__}"
    metadata: dict[str, Any] = {"timestamp": timestamp} if timestamp else {}
    metadata["component"] = {
        "type": "application", "bom-ref": kit, "name": "triptych",
        "version": __version__, "description": DESCRIPTION, "purl": kit,
        "licenses": [{"expression": "MIT"}],
        "properties": [{"name": "triptych:backend", "value": backend}],
    }  # fmt: skip
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": metadata, "components": components,
    }  # fmt: skip
    # The serial number depends on the content only.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{serial}"}


def table(packages: Iterable[Locked]) -> str:
    """The text of docs/reports/licences.md: every package in the locks, and every odd licence."""
    rows, odd = [], set()
    for package in packages:
        terms = licence(package.name)
        rows.append(f"| {package.name} | {package.version} | {terms.text} | {terms.source} |")
        odd |= {name for name in KNOWN["odd"] if name in terms.text}
    reasons = [f"- **{term}**: {KNOWN['odd'][term]}." for term in sorted(odd)]
    return "\n".join([
        "# Licences", "",
        made_by("python -m tools.locks.sbom --licences docs/reports/licences.md"), "",
        "Every package that `make setup` may install, on any machine, and its licence. A test "
        "fails if this page lags behind the locks, or if a licence is missing from "
        "`locks/licences.toml`. pip itself (MIT) comes with Python. For the data see "
        "[SOURCES.md](../../datasets/SOURCES.md).", "",
        f"{len(rows)} packages. A name that is not an SPDX identifier is all that the package "
        "states.", "",
        "All licences only ask to keep a notice, except:", "", *reasons, "",
        "| package | version | licence | where it says so |", "|---|---|---|---|", *rows, "",
    ])  # fmt: skip


def main() -> None:
    parser = Parser(prog="sbom", description=(__doc__ or "").split("\n")[0])
    backends = sorted(path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem)
    parser.add_argument("--backend", default="dev", type=one_of("backend", backends))
    parser.add_argument("--out", type=Path, help="write to this file instead of printing")
    parser.add_argument("--timestamp", default="", help="as in 2026-01-31T12:00:00Z")
    parser.add_argument("--licences", type=Path, metavar="FILE", help="write the list of licences")
    args = parser.parse_args()
    if args.licences:
        text, file = table(locked()), args.licences
    else:
        bom = bill(args.backend, args.timestamp)
        text, file = json.dumps(bom, indent=2, ensure_ascii=False) + "\n", args.out
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        parser.error(f"cannot write {str(file)!r} ({error.strerror}): choose another --out")
    print(f"sbom: {file}")


if __name__ == "__main__":
    main()
