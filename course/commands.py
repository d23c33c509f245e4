"""The commands of the kit but for the lessons: what Python runs for each, and what that takes.

Standard library only: kit.py reads this before there is an environment. What a command takes are
names of locks: `dev` has everything. ENGINE is the engine of --backend, torch if none is named;
ANY, where none is named, is whichever is there; BACKENDS are those of --backends, or else dev.
"""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "lab": ("-m classroom.lab", "ENGINE lab"),
    "notebooks": ("-m classroom.notebooks", "lab"),
    "check": ("-m classroom.check", "ENGINE"),
    "grade": ("-m classroom.grade", "ENGINE"),
    "exercises": ("-m classroom.exercises", "ANY"),
    "translations": ("-m course.translation", "dev"),
    "site": ("-m docs.site", "dev"),
    "slides": ("-m docs.slides", "dev"),
    "compare": ("-m compare", "BACKENDS"),
    "compare-records": ("-m compare.between", "ANY"),
    "relay": ("-m course.relay", "dev"),
    "completion": ("-m course completion", "ANY"),
    "bench": ("-m benchmarks", "BACKENDS"),
    "bench-growth": ("-m benchmarks.growth", "BACKENDS"),
    "diverge": ("-m compare.diverge", "dev"),
    "differences": ("-m compare.differences", "ANY"),
    "drift": ("-m compare.drift", "ANY"),
    "check-adapter": ("-m compare.check_adapter", "ANY"),
    "test": ("-m tests", "dev"),
    "test-all": ("-m tests --all", "dev"),
    "mutants": ("-m tests.mutation", "dev"),
    "lint": (".ci/lint.py", "dev"),
    "sbom": ("locks/sbom.py", "dev"),
    "audit": ("locks/audit.py", "dev"),
    "data": ("-m datasets.rebuild", "dev"),
    "lock": ("locks/compile.py", "dev"),
}
