"""The locks come from one resolution, have hashes, and satisfy the ranges of pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = REPOSITORY / "locks"
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
WITH_TORCH = ("torch", "keras-torch", "dev")
BACKENDS = (
    "numpy", "torch", "tensorflow", "keras", "keras-torch", "keras-jax", "jax", "pytensor",
)  # fmt: skip
EXTRAS = ("lab", "test", "dev")
PLATFORMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
]
PYTHONS = ("3.11", "3.12", "3.13")


def blocks(name):
    """The lines of a lock, each with its hashes."""
    text = (LOCKS / name).read_text(encoding="utf-8")
    entries = re.findall(r"^[^\s#].*(?:\n\s.*)*", text, re.MULTILINE)
    return {entry.split(" \\")[0]: re.findall(r"--hash=(\S+)", entry) for entry in entries}


def selected(name, platform, python):
    """The versions that pip would install from a lock on this platform, by package."""
    variables = {**platform, "python_version": python, "python_full_version": python + ".0"}
    requirements = [Requirement(line) for line in blocks(name)]
    chosen = [r for r in requirements if r.marker is None or r.marker.evaluate(variables)]
    return {r.name: str(r.specifier).removeprefix("==") for r in chosen}


def test_there_is_a_lock_for_each_backend_and_extra_and_nothing_else():
    expected = {f"{name}.txt" for name in (*BACKENDS, *EXTRAS)}
    expected |= {f"{name}.unhashed.txt" for name in WITH_TORCH} | {"torch.companions.txt"}
    assert {path.name for path in LOCKS.glob("*.txt")} == expected
    assert PYPROJECT["dependency-groups"].keys() == {*BACKENDS, *EXTRAS}


@pytest.mark.parametrize("backend", [*BACKENDS, "lab", "test"])
def test_every_lock_is_part_of_one_resolution(backend):
    whole = blocks("dev.txt")
    for line, hashes in blocks(f"{backend}.txt").items():
        assert whole[line] == hashes


@pytest.mark.parametrize("backend", [*BACKENDS[1:], "lab", "test"])
def test_every_backend_includes_numpy(backend):
    assert blocks("numpy.txt").items() <= blocks(f"{backend}.txt").items()


@pytest.mark.parametrize("name", [f"{name}.txt" for name in (*BACKENDS, *EXTRAS)])
def test_every_line_is_exact_and_hashed(name):
    for line, hashes in blocks(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; .+)?", line)
        assert hashes
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in hashes)


@pytest.mark.parametrize("name", [f"{name}.unhashed.txt" for name in WITH_TORCH])
def test_torch_stands_apart_without_a_local_version(name):
    (line,) = blocks(name)
    assert re.fullmatch(r"torch==2\.\d+\.\d+", line)


def test_companions_are_pinned_and_in_no_hashed_lock():
    companions = blocks("torch.companions.txt")
    exact = r"(nvidia-[a-z0-9-]+|cuda-[a-z]+|triton)==[0-9][0-9.]* ; .+"
    assert all(re.fullmatch(exact, line) for line in companions)
    assert any(line.startswith("nvidia-cudnn") for line in companions)
    assert not companions.keys() & blocks("dev.txt").keys()
    # They belong to the CUDA build on Linux only.
    for platform in PLATFORMS[1:]:
        assert selected("torch.companions.txt", platform, "3.12") == {}


@pytest.mark.parametrize("path", sorted(LOCKS.iterdir()), ids=lambda path: path.name)
def test_no_lock_names_a_host_or_a_folder(path):
    if path.suffix == ".txt":
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|--index|--find-links|file:|/[a-z]", text)
        assert text.startswith("# Made from pyproject.toml by `make lock`; do not edit.\n")


def requirements(group):
    """The requirements of a dependency group and of the groups that it includes."""
    result = []
    for item in PYPROJECT["dependency-groups"][group]:
        included = isinstance(item, dict)
        result += requirements(item["include-group"]) if included else [Requirement(item)]
    return result


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform["sys_platform"])
@pytest.mark.parametrize("backend", [*BACKENDS, *EXTRAS])
def test_the_ranges_hold_everywhere(backend, platform, python):
    chosen = selected(f"{backend}.txt", platform, python)
    if backend in WITH_TORCH:
        chosen |= selected(f"{backend}.unhashed.txt", platform, python)
    for requirement in requirements(backend):
        assert requirement.specifier.contains(chosen[requirement.name], prereleases=True)


def test_one_version_of_a_package_everywhere():
    names = [line.split("==")[0] for line in blocks("dev.txt")]
    assert len(names) == len(set(names))


EXCLUDES = {
    "numpy": "torch tensorflow keras jax pytensor",
    "torch": "tensorflow keras jax pytensor",
    "keras-torch": "tensorflow jax pytensor",
    "keras-jax": "torch tensorflow pytensor",
    "jax": "torch tensorflow keras pytensor",
    "pytensor": "torch tensorflow keras jax",
    "lab": "torch tensorflow keras jax pytensor",
    "test": "torch tensorflow keras jax pytensor",
}


def test_no_backend_installs_another_one():
    for backend, others in EXCLUDES.items():
        for other in others.split():
            assert other not in selected(f"{backend}.txt", PLATFORMS[0], "3.12")


def test_kit_and_pyproject_agree_on_python():
    import kit

    named = [text.rpartition(" ")[2] for text in PYPROJECT["project"]["classifiers"]]
    assert named == [*kit.PYTHONS]
    assert PYPROJECT["project"]["requires-python"] == f">={kit.PYTHONS[0]}"
    assert kit.backends() == sorted(BACKENDS)
