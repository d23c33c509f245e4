"""Explanations of survivors, and the tests that killed the other mutants."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from tests.mutation.mutants import ROOT, Mutant, Outcome

HERE = Path(__file__).parent
EXPLAINED = HERE / "survivors.toml"
KILLERS = HERE / "killers.json"
Key = tuple[str, str, str, str]


def explained() -> dict[Key, str]:
    """The reason for each survivor, by key; ValueError for a missing reason or a duplicate."""
    entries: dict[Key, str] = {}
    for entry in tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivor"]:
        key = (entry["file"], entry["operator"], entry["text"], entry["changed"])
        if not entry["why"].strip() or key in entries:
            raise ValueError(f"{EXPLAINED.name}: {key} has no reason, or is there twice")
        entries[key] = entry["why"]
    return entries


def as_entry(mutant: Mutant) -> str:
    """The TOML entry for a survivor that no test can kill, without its reason."""
    quoted = {
        name: json.dumps(text, ensure_ascii=False)
        for name, text in zip(("file", "operator", "text", "changed"), mutant.key, strict=True)
    }
    lines = [f"{name} = {text}" for name, text in quoted.items()]
    return "\n".join(["[[survivor]]", *lines, 'why = ""'])


class Killers:
    """The tests that killed the mutants of each line last time; they are tried first."""

    def __init__(self) -> None:
        self.by = self._read()

    def _read(self) -> dict[str, dict[str, str]]:
        entries: dict[str, dict[str, str]] = {}
        return json.loads(KILLERS.read_text(encoding="utf-8")) if KILLERS.exists() else entries

    def first(self, mutant: Mutant) -> list[str]:
        """The tests or laws to begin with: this line's killer, then the file's, deadliest first."""
        lines = self.by.get(mutant.file, {})
        counted = {by: list(lines.values()).count(by) for by in lines.values()}
        return sorted(counted, key=lambda by: (by != lines.get(mutant.text), -counted[by]))

    def keep(self, outcomes: list[Outcome]) -> None:
        """Write down what killed these; lines that are gone from their files go from here too."""
        self.by = self._read()  # another run may have written since
        for outcome in outcomes:
            if outcome.status == "killed" and not outcome.by.startswith(("its ", "signal ")):
                self.by.setdefault(outcome.mutant.file, {})[outcome.mutant.text] = outcome.by
        for file in list(self.by):
            path = ROOT / file
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            there = {line.strip() for line in text.split("\n")}
            self.by[file] = {
                line: by
                for line, by in sorted(self.by[file].items())
                if line in there or line.startswith("@")
            }
        text = json.dumps(dict(sorted(self.by.items())), ensure_ascii=False, indent=0)
        KILLERS.write_text(text + "\n", encoding="utf-8")
