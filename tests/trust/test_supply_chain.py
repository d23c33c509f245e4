"""The bill of materials and the list of licences say what the locks say, and audits are honest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.settings import ROOT
from tools.locks import audit, sbom

DOCUMENT = ROOT / "docs" / "reports" / "licences.md"
ROW = re.compile(r"^\| ([a-z0-9-]+) \| (\d\S*) \| (.+) \| .+ \|$", re.MULTILINE)


def listed() -> dict[str, tuple[str, str]]:
    """Version and licence by package, as docs/reports/licences.md has them."""
    rows = ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(rows) == len({name for name, _, _ in rows})
    return {name: (version, licence) for name, version, licence in rows}


def test_the_list_of_licences_is_in_step_with_the_locks() -> None:
    lines = [
        re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (ROOT / "locks").glob("*.txt")
    ]
    everything = {name: version for found in lines for name, version in found}
    assert {name: version for name, (version, _) in listed().items()} == everything


def test_the_list_agrees_with_the_packages() -> None:
    """On a machine that has other packages, as with CUDA, for those it has."""
    for package in sbom.locked():
        if sbom.installed(package) or package.name in sbom.KNOWN["stated"]:
            assert listed()[package.name][1] == sbom.licence(package.name).text


def test_every_licence_is_allowed() -> None:
    for name, (_, licence) in listed().items():
        assert sbom.refused(licence) == [], name


@pytest.mark.parametrize(
    "licence",
    ["unknown", "GPL-3.0-or-later", "MIT AND AGPL-3.0", "(MIT OR SSPL-1.0)", "", "MIT License"],
)
def test_another_licence_is_refused(licence: str) -> None:
    assert sbom.refused(licence)


def test_every_odd_licence_has_its_reason_and_its_use() -> None:
    licences = " ".join(licence for _, licence in listed().values())
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, reason in sbom.KNOWN["odd"].items():
        assert name in licences
        assert f"- **{name}**: {reason}." in text


def test_manual_licences_are_of_locked_packages() -> None:
    names = {package.name for package in sbom.locked()}
    assert sbom.KNOWN["stated"].keys() <= names
    assert all(licence and where for licence, where in sbom.KNOWN["stated"].values())


def of(backend: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.locks.sbom", f"--backend={backend}", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_bill_is_the_same_each_time_and_written_whole(tmp_path: Path) -> None:
    first, second = of("numpy"), of("numpy", f"--out={tmp_path / 'sbom.json'}")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == (tmp_path / "sbom.json").read_text(encoding="utf-8")
    assert "timestamp" not in json.loads(first.stdout)["metadata"]
    assert str(Path.home()) not in first.stdout
    when = "2026-01-31T12:00:00Z"
    assert json.loads(of("numpy", f"--timestamp={when}").stdout)["metadata"]["timestamp"] == when


@pytest.mark.parametrize("backend", ["numpy", "torch", "dev"])
def test_the_bill_has_the_form_of_cyclonedx(backend: str) -> None:
    """As bom-1.6.schema.json asks of these keys; it allows no others."""
    bom = sbom.bill(backend)
    keys = {"$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata"}
    assert bom.keys() == keys | {"components"}
    assert (bom["bomFormat"], bom["specVersion"], bom["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bom["serialNumber"])
    references = [entry["bom-ref"] for entry in bom["components"]]
    assert len(references) == len({*references, bom["metadata"]["component"]["bom-ref"]}) - 1
    assert [e["name"] for e in bom["components"]] == sorted(e["name"] for e in bom["components"])
    for entry in bom["components"]:
        needed = {"type", "bom-ref", "name", "version", "purl", "licenses"}
        assert needed <= entry.keys() <= needed | {"externalReferences"}
        assert entry["type"] == "library"
        assert re.fullmatch(r"pkg:pypi/[a-z0-9-]+@[0-9][A-Za-z0-9.%]*", entry["purl"])
        (licence,) = entry["licenses"]
        assert licence.keys() in ({"expression"}, {"license"})
        for reference in entry.get("externalReferences", []):
            assert reference.keys() == {"type", "url", "hashes"}
            assert all(re.fullmatch("[0-9a-f]{64}", h["content"]) for h in reference["hashes"])


def test_the_bill_agrees_with_the_lock() -> None:
    entries = {entry["name"]: entry for entry in sbom.bill("torch")["components"]}
    for package in sbom.locked("torch"):
        if package.applies and package.hashes:
            entry = entries[package.name]
            assert entry["version"] == package.version
            (reference,) = entry["externalReferences"]
            assert {h["content"] for h in reference["hashes"]} == {*package.hashes}
    # PyTorch's own line has no hash: its builds are several files with one version.
    assert "externalReferences" not in entries["torch"]


def test_a_bill_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "installed", lambda package: "0.1" if package.hashes else None)
    with pytest.raises(SystemExit, match=r"^sbom: not as locked: click 0.1 \(locked: .* more; run"):
        sbom.bill("numpy")
    monkeypatch.setattr(sbom, "installed", lambda package: None)
    with pytest.raises(SystemExit, match=r"^sbom: not as locked: click and \d+ more; run"):
        sbom.bill("numpy")


def answer(*packages: dict[str, object]) -> tuple[str, str]:
    return json.dumps({"dependencies": packages, "fixes": []}), "No known vulnerabilities found"


FINE: dict[str, object] = {"name": "numpy", "version": "2.4.6", "vulns": []}
SKIPPED: dict[str, object] = {"name": "zipp", "skip_reason": "Dependency not found on PyPI"}
BAD: dict[str, object] = {
    "name": "pillow", "version": "9.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["9.1"]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("found", "status", "says"),
    [
        (answer(FINE), audit.CLEAN, "1 packages, no known vulnerability"),
        (answer(FINE, BAD), audit.VULNERABLE, "pillow 9.0: PYSEC-1, fixed in 9.1"),
        (answer(BAD, SKIPPED), audit.VULNERABLE, "1 of 2 packages could not be looked up"),
        # What pip-audit takes for a pass: it knew none of the packages, or only some.
        (answer(SKIPPED), audit.NOT_ASKED, "1 of 1 packages could not be looked up"),
        (answer(FINE, SKIPPED), audit.NOT_ASKED, "1 of 2 packages could not be looked up"),
        (answer(), audit.NOT_ASKED, "0 of 0 packages"),
        (("", "a\nno such host"), audit.NOT_ASKED, "a.txt could not be audited (no such host)"),
        (("[]", ""), audit.NOT_ASKED, "a.txt could not be audited (no reason given)"),
    ],
)
def test_an_audit_passes_only_if_every_package_was_looked_up(
    found: tuple[str, str], status: int, says: str
) -> None:
    got, lines = audit.verdict({"a.txt": found})
    assert got == status
    assert says in lines[-1]
