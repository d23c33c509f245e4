"""Which files are mutated, and what judges them; which stay outside, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Suite:
    """Files that the same tests judge."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    always: tuple[str, ...] = ()  # tests that run ours in processes of their own, which none sees


def _under(folder: str, names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}.py" for name in names.split())


SUITES = (
    Suite(
        "shared",
        _under("adapters", "__init__ checks contract environment settled"),
        ("tests/adapters", "tests/conformance/test_laws.py"),
    ),
    Suite(
        "datasets",
        _under("datasets", "__init__ committed fashion files houses idx images npz rebuild"),
        ("tests/datasets",),
    ),
    Suite(
        "compare",
        _under("compare", "budgets comparison equivalence gaps noise records the_end update "
               "verdict"),
        ("tests/judging", "tests/compare/test_equivalence.py", "tests/compare/test_reports.py"),
    ),
    Suite(
        "differences",
        _under("compare/differences", "judge values")
        + _under("compare/drift", "judging defaults requirements"),
        ("tests/differences/test_judging.py", "tests/differences/test_entries.py",
         "tests/drift/test_requirements.py", "tests/drift/test_report.py", "tests/judging"),
    ),
)  # fmt: skip

# An adapter is judged by the laws, in a process of an engine and a precision; what outlives one
# meets the next. Keras's files begin on the backend that does not compile.
KERAS = (("keras-torch", "float64"), ("keras", "float64"))
ENGINES = {
    "adapters/numpy_adapter.py": (("numpy", "float64"), ("numpy", "float32")),
    "adapters/torch_adapter.py": (("torch", "float64"), ("torch", "float32")),
    "adapters/pytensor_adapter.py": (("pytensor", "float64"), ("pytensor", "float32")),
    "adapters/jax_adapter.py": (("jax", "float64"), ("jax", "float32")),
    "adapters/tensorflow_adapter.py": (("tensorflow", "float64"), ("tensorflow", "float32")),
    "adapters/keras_parts.py": KERAS,
    "adapters/keras_adapter.py": KERAS,
}
# Of the three folders what is not mutated: the page says so, with the reason.
OUTSIDE = {
    "`adapters/parallel/`": """what judges it starts several processes that train together, for
  seconds a time, and a mutant that stops one leaves the others waiting.""",
    "pages, charts, words and command lines of `compare/`": """what they get wrong is seen, and no
  verdict depends on it.""",
    "the snippets of the catalogue of differences": """each is a user's program, and is run against
  its claim by the tests.""",
    "`compare/diverge/`, the plants that it tries and `single_steps.py`": """what judges them
  trains lessons, for seconds or minutes a time. `make test-all` plants every defect in an engine,
  and its name must be found ([divergence.md](divergence.md)); of single mutants of its budget and
  its sketches, half outlive the tests that are fast.""",
}
FILES = [*(file for suite in SUITES for file in suite.files), *ENGINES]
