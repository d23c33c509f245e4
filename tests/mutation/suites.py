"""The mutated files and the tests that judge them; the other files, with the reason."""

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
        _under("adapters", "__init__ validation contract environment errors introspection")
        + _under("adapters", "optimizers")
        + _under("adapters/layers", "dense layer pictures residual sequences shapes"),
        ("tests/adapters", "tests/conformance/test_laws.py"),
    ),
    Suite(
        "datasets",
        _under(
            "datasets",
            "__init__ committed fashion files houses idx images npz plausible rebuild signatures "
            "texts"),
        ("tests/datasets",),
    ),
    Suite(
        "compare",
        _under("compare", "budgets comparison equivalence gaps noise findings chaotic_runs summary")
        + _under("adapters/laws", "optimizer_bounds"),
        ("tests/judging", "tests/compare/test_reports.py",
         "tests/adapters/test_optimizer_bounds.py"),
    ),
    Suite(
        "differences",
        _under("triptych/differences", "judge values")
        + _under("compare/drift", "comparison defaults requirements"),
        ("tests/differences/test_judging.py", "tests/differences/test_entries.py",
         "tests/drift/test_requirements.py", "tests/drift/test_report.py", "tests/judging"),
    ),
    Suite(
        "training",
        _under("course", "randomness training probes card")
        + _under("adapters/laws", "error_bounds rounding layer_bounds")
        + _under("adapters/laws", "picture_bounds sequence_bounds"),
        ("tests/course/test_training.py", "tests/course/test_card_and_probes.py",
         "tests/adapters/test_error_bounds.py", "tests/adapters/test_layer_bounds.py",
         "tests/adapters/test_layer_bounds_by_hand.py",
         "tests/judging/test_stages.py", "tests/trust/test_resume.py"),
    ),
    Suite(
        "kept",
        _under("course", "checkpoint_format checkpointing record lock")
        + _under("datasets", "atomic_files"),
        ("tests/course/test_identity.py", "tests/course/test_files.py",
         "tests/course/test_record.py",
         "tests/trust/test_checkpoint.py", "tests/trust/test_resume.py",
         "tests/trust/test_resumed_lessons.py"),
    ),
    Suite(
        "asked",
        _under("course", "settings_validation optimum runner settings"),
        ("tests/course/test_settings.py", "tests/course/test_optimum.py",
         "tests/course/test_running.py"),
    ),
    Suite(
        "marks",
        _under("classroom", "scores gradebook exercise wire_format solution_markers submissions"),
        ("tests/classroom/test_scores.py", "tests/classroom/test_scores.py",
         "tests/classroom/test_wire_format.py", "tests/classroom/test_solution_markers.py",
         "tests/classroom/test_submissions.py"),
    ),
    Suite(
        "checks",
        _under("classroom/checks", "answers equations one_step own_backend perceptron reference "
               "all_reduce lesson1 lesson2 lesson3 lesson4 lesson5 lesson6 lesson7 lesson8 "
               "sliding carried_over looking better_search handmade")
        + _under("classroom", "check student worker judging"),
        ("tests/classroom/test_exercises.py", "tests/classroom/test_answers.py"),
    ),
    Suite(
        "hints",
        _under("classroom", "crashes error_hints error_place notebook_check returned shapes"),
        ("tests/classroom/test_error_hints.py", "tests/classroom/test_notebook_check.py",
         "tests/classroom/test_survival.py"),
    ),
    Suite(
        "class",
        _under("classroom", "class_summary roster spreadsheets")
        + _under("classroom/exports", "canvas gradescope lessons_graded moodle nbgrader"),
        ("tests/classroom/test_scores.py", "tests/classroom/test_exports.py",
         "tests/classroom/test_graded_class.py"),
    ),
)  # fmt: skip

# An adapter is judged by the laws, in a process of a backend and a precision; what outlives one
# meets the next. Keras's files begin on the backend that does not compile.
KERAS = (("keras-torch", "float64"), ("keras", "float64"))
BACKENDS = {
    "adapters/numpy_adapter.py": (("numpy", "float64"), ("numpy", "float32")),
    "adapters/numpy_layers.py": (("numpy", "float64"), ("numpy", "float32")),
    "adapters/numpy_windows.py": (("numpy", "float64"), ("numpy", "float32")),
    "adapters/torch_layers.py": (("torch", "float64"), ("torch", "float32")),
    "adapters/pytensor_layers.py": (("pytensor", "float64"), ("pytensor", "float32")),
    "adapters/pytensor_rewriting.py": (("pytensor", "float64"), ("pytensor", "float32")),
    "adapters/jax_layers.py": (("jax", "float64"), ("jax", "float32")),
    "adapters/tensorflow_layers.py": (("tensorflow", "float64"), ("tensorflow", "float32")),
    "adapters/keras_layers.py": KERAS,
    "adapters/torch_adapter.py": (("torch", "float64"), ("torch", "float32")),
    "adapters/pytensor_adapter.py": (("pytensor", "float64"), ("pytensor", "float32")),
    "adapters/jax_adapter.py": (("jax", "float64"), ("jax", "float32")),
    "adapters/tensorflow_adapter.py": (("tensorflow", "float64"), ("tensorflow", "float32")),
    "adapters/keras_parts.py": KERAS,
    "adapters/keras_adapter.py": KERAS,
}
# Of these folders what is not mutated: the page says so, with the reason.
OUTSIDE = {
    "`adapters/parallel/`": """its tests start several processes that train together, for
  seconds a time, and a mutant that stops one leaves the others waiting.""",
    "`adapters/laws/`, but for the two files of bounds": """a law is a test, and the mutants of the
  adapters are its own test.""",
    "pages, charts, text and command lines of `compare/`": """their mistakes are visible, and no
  verdict depends on it.""",
    "the entries of the catalogue of differences": """each is a user's program for each framework,
  and is run against its claim by the tests.""",
    "`compare/diverge/`, the injections that it tries and `single_steps.py`": """their tests
  train lessons, for seconds or minutes a time. `make test-all` injects every defect into a backend,
  and its name must be found ([divergence.md](divergence.md)); of single mutants of its budget and
  its sketches, half survive the fast tests.""",
    "the plotting, output and input of `course/`, and `relay/` and `workers/`": """no number
  comes from the former, and tests of the latter start processes that wait for each other.""",
    "the sandbox, the notebooks and the lab of `classroom/`": """the sandbox is tested by
  hostile submissions in real sandboxes, for seconds a time.""",
}
FILES = [*(file for suite in SUITES for file in suite.files), *BACKENDS]
