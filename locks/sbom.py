"""What is locked and installed, as a bill of materials and as a list of licences.

    python kit.py sbom [--engine torch] [--out sbom.json]        CycloneDX 1.6, for other tools
    python locks/sbom.py --licences docs/reports/licences.md     a page, of all that is locked

The format is JSON of a dozen keys, so it is written here: a library for it would bring twenty
packages, all to be listed. Nothing depends on the day, the user or the folder; a time stands in it
if one is given (`--timestamp`).
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

LOCKS = Path(__file__).resolve().parent
ROOT = LOCKS.parent
sys.path.insert(0, str(ROOT))

# Run as a script, it does not find the checkout before.
from course.cli_errors import Parser, one_of  # noqa: E402
from course.provenance import made_by  # noqa: E402
from triptych import __version__  # noqa: E402

KNOWN: dict[str, Any] = tomllib.loads((LOCKS / "licences.toml").read_text(encoding="utf-8"))
SPDX = {*KNOWN["permissive"], *KNOWN["odd"]}
UNKNOWN = "unknown"
DESCRIPTION = (
    "Six lessons in machine learning, written once, run on every framework, and proven to match."
)


@dataclass(frozen=True)
class Locked:
    """A line of a lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def here(self) -> bool:
        """Whether pip installs it on this machine."""
        return not self.marker or Marker(self.marker).evaluate()


@dataclass(frozen=True)
class Licence:
    """A licence, where that is said, and whether as an expression of SPDX."""

    text: str
    source: str
    spdx: bool


def locked(engine: str = "dev") -> list[Locked]:
    """All that a lock names, sorted; with torch also its own line and its companions."""
    files = [LOCKS / f"{engine}.txt"]
    if (LOCKS / f"{engine}.unhashed.txt").exists():
        files += [LOCKS / f"{engine}.unhashed.txt", LOCKS / "torch.companions.txt"]
    found = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        for block in re.findall(r"^[^\s#].*(?:\n\s.*)*", text, re.MULTILINE):
            line, _, marker = block.split(" \\")[0].partition(" ; ")
            name, version = line.split("==")
            found.append(Locked(name, version, marker, tuple(re.findall(r"sha256:(\w+)", block))))
    return sorted(found, key=lambda package: package.name)


def installed(package: Locked) -> str | None:
    """The version that is there, such as 2.13.0+cpu; None where there is none."""
    try:
        return distribution(package.name).version
    except PackageNotFoundError:
        return None


def licence(name: str) -> Licence:
    """What a person has read, else what the package says, the clearest first."""
    if name in KNOWN["stated"]:
        text, where = KNOWN["stated"][name]
        return Licence(text, where, True)
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return Licence(UNKNOWN, "not installed, and not in locks/licences.toml", False)
    if expressions := metadata.get_all("License-Expression"):
        return Licence(expressions[0], "License-Expression", True)
    lines = "".join(metadata.get_all("License") or []).strip().splitlines()
    said = KNOWN["said"].get(lines[0].strip(), lines[0].strip()) if lines else ""
    if said in SPDX:
        return Licence(said, "License", True)
    prefix = "License :: OSI Approved :: "
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith(prefix)]
    names = [c.removeprefix(prefix) for c in classifiers]
    if len(names) == 1:  # of several nobody says whether all hold, or one of them
        text = KNOWN["said"].get(names[0], names[0])
        return Licence(text, "classifier", text in SPDX)
    return Licence(UNKNOWN, "nothing clear in its metadata", False)


def refused(text: str) -> list[str]:
    """The parts of a licence that are on no list."""
    allowed = SPDX | {*KNOWN["vague"]}
    return [
        part for part in re.split(r" AND | OR ", re.sub(r"[()]", "", text)) if part not in allowed
    ]


def component(package: Locked, version: str) -> dict[str, Any]:
    """A package as CycloneDX has it."""
    found = licence(package.name)
    purl = f"pkg:pypi/{package.name}@{version.replace('+', '%2B')}"
    entry: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": package.name, "version": version, "purl": purl,
    }  # fmt: skip
    if found.spdx:
        entry["licenses"] = [{"expression": found.text}]
    elif found.text != UNKNOWN:
        entry["licenses"] = [{"license": {"name": found.text}}]
    if package.hashes:  # any one of these files is what was installed
        hashes = [{"alg": "SHA-256", "content": digest} for digest in sorted(package.hashes)]
        # Where from is the user's choice of an index; which file it has to be is not.
        entry["externalReferences"] = [{"type": "distribution", "url": purl, "hashes": hashes}]
    return entry


def bill(engine: str, timestamp: str = "") -> dict[str, Any]:
    """The bill of what an engine has here; ends in one line where that is not what is locked."""
    components, amiss = [], []
    for package in locked(engine):
        there = installed(package)
        companion = not package.hashes and package.name != "torch"
        if there is None:  # another build of torch has other companions, or none
            amiss += [package.name] if package.here and not companion else []
        elif there.split("+")[0] != package.version and not companion:
            amiss.append(f"{package.name} {there} (locked: {package.version})")
        else:
            components.append(component(package, there))
    if amiss:
        first = f"{amiss[0]}{f' and {len(amiss) - 1} more' if amiss[1:] else ''}"
        sys.exit(f"sbom: not as locked: {first}; run `python kit.py setup {engine}`")
    kit = f"pkg:generic/triptych@{__version__}"
    metadata: dict[str, Any] = {"timestamp": timestamp} if timestamp else {}
    metadata["component"] = {
        "type": "application", "bom-ref": kit, "name": "triptych",
        "version": __version__, "description": DESCRIPTION, "purl": kit,
        "licenses": [{"expression": "MIT"}],
        "properties": [{"name": "triptych:engine", "value": engine}],
    }  # fmt: skip
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": metadata, "components": components,
    }  # fmt: skip
    # The same bill has the same number, and another one another.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{serial}"}


def table(packages: Iterable[Locked]) -> str:
    """The text of docs/reports/licences.md: every package in the locks, and every odd licence."""
    rows, odd = [], set()
    for package in packages:
        found = licence(package.name)
        rows.append(f"| {package.name} | {package.version} | {found.text} | {found.source} |")
        odd |= {term for term in KNOWN["odd"] if term in found.text}
    reasons = [f"- **{term}**: {KNOWN['odd'][term]}." for term in sorted(odd)]
    return "\n".join([
        "# Licences", "",
        made_by("python locks/sbom.py --licences docs/reports/licences.md"), "",
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
    engines = sorted(path.stem for path in LOCKS.glob("*.txt") if "." not in path.stem)
    parser.add_argument("--engine", "--backend", default="dev", type=one_of("backend", engines))
    parser.add_argument("--out", type=Path, help="a file, instead of what is printed")
    parser.add_argument("--timestamp", default="", help="as in 2026-01-31T12:00:00Z")
    parser.add_argument("--licences", type=Path, metavar="FILE", help="write the list of licences")
    args = parser.parse_args()
    if args.licences:
        text, file = table(locked()), args.licences
    else:
        bom = bill(args.engine, args.timestamp)
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
