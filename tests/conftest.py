"""Options and fixtures: the backend under test, its precision and device, one per process.

    pytest tests/conformance tests/meta --backend torch --dtype float64 --device cpu

tests/conformance and tests/meta/test_mutants.py depend on these three. All other tests run once,
and import no framework into their own process.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.leftovers import Leftovers
from tests.sampling import SEED, leave_to_test_all

os.environ.pop("TRIPTYCH_TARGET", None)  # messages must not depend on `make test`

# Examples for each law and architecture; fewer where a call takes milliseconds.
EXAMPLES = {
    "numpy": 12,
    "torch": 8,
    "tensorflow": 3,
    "keras": 2,
    "keras-torch": 2,
    "keras-jax": 2,
    "jax": 2,
    "pytensor": 2,
}

# Tests that concern some backends only.
ONLY_FOR = {
    "test_compiled_epoch.py": ("tensorflow",),
    "test_drawn_architectures.py": ("numpy", "torch"),
    "test_keras.py": ("keras", "keras-torch", "keras-jax"),
    "test_pytensor.py": ("pytensor",),
    "test_torch.py": ("torch",),
}

ONLY_IN = {"test_long_runs.py": "float64"}  # float32 loses digits with every step


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore tests that do not concern the backend or precision; None decides nothing."""
    name, option = collection_path.name, config.getoption
    other = option("--backend") not in ONLY_FOR.get(name, (option("--backend"),))
    other = other or option("--dtype") != ONLY_IN.get(name, option("--dtype"))
    return True if other else None


@pytest.hookimpl(tryfirst=True)  # before -m is applied
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave lesson 5 on Keras, and cases that are not drawn, to `make test-all`."""
    option = config.getoption
    if str(option("--backend")).startswith("keras"):
        for item in items:  # compiling its fourteen runs takes minutes
            if item.path.name == "test_parity.py" and item.get_closest_marker("lesson5"):
                item.add_marker(pytest.mark.slow)
    leave_to_test_all(items, option("--backend"), option("--dtype"), option("--seed"))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("triptych")
    group.addoption("--backend", default="numpy", help="the backend under test")
    group.addoption("--dtype", default="float64", help="float32 or float64")
    # One thread: several of these processes share the machine, and waiting for each other's threads
    # made PyTorch's laws take five times as long.
    group.addoption("--threads", type=int, default=1, help="threads of the backend under test")
    group.addoption("--device", default=os.environ.get("DEVICE") or "cpu", help="auto, cpu or gpu")
    group.addoption("--seed", type=int, default=SEED, help="of the lessons, and of what is drawn")
    group.addoption("--references", help="a folder of the reference's records, for all backends")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Leftovers(), "leftovers")
    # A framework is a million objects, which the collector would look through after every few
    # models: about 4 % of the time of a block.
    gc.set_threshold(50_000, 20, 50)
    # The same examples every time, so that failures are reproducible. No deadline, because the
    # first example of a compiled backend takes a second; no database, because nothing is carried
    # from run to run; no shrinking, because an example is only a few small numbers.
    settings.register_profile(
        "triptych",
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES.get(config.getoption("--backend"), 5),
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("triptych")


def pytest_report_header(config: pytest.Config) -> str:
    backend = [config.getoption(f"--{name}") for name in ("backend", "dtype", "device")]
    return f"backend under test: {' '.join(backend)}"


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A browser; without one the test is skipped with a warning, or fails if it is required."""
    from tests.browser import chromium

    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session", autouse=True)
def compiled_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let XLA keep what it compiled: mutants and laws compile the same programs again and again.

    And let it optimize less: compiling takes two thirds of the time of these tests, and half of
    that are optimizations. `make test-all` compiles as a lesson does.
    """
    option = request.config.getoption
    if option("--backend") not in ("jax", "keras-jax"):
        return
    request.getfixturevalue("subject")  # its loading prepares what JAX reads at its import
    import jax

    folder = Path(option("--references") or tmp_path_factory.mktemp("xla")) / "xla"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    if request.config.option.markexpr == "not slow":  # `make test` leaves them out
        jax.config.update("jax_disable_most_optimizations", True)


@pytest.fixture(scope="session")
def subject(request: pytest.FixtureRequest) -> object:
    """The backend under test in this process."""
    from adapters import load
    from adapters.laws.subject import Subject

    option = request.config.getoption
    cls = load(
        option("--backend"),
        dtype=option("--dtype"),
        device=option("--device"),
        threads=option("--threads"),
    )
    return Subject(cls)
