"""What a set-up installs: the locks, the build of PyTorch, and the sizes that it announces."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import kit
from course import downloads
from course.command_table import WrongInput

# The locks come from one resolution, have hashes, and satisfy the ranges of pyproject.toml.

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


# Which build of PyTorch a set-up takes, and the sizes: a table in code and one in the README.

CPU = downloads.Build("PyTorch's CPU build", downloads.CPU_BUILDS)
CUDA = downloads.Build("PyTorch's CUDA build", cuda=True)


def test_every_backend_has_its_sizes():
    assert sorted(downloads.SIZES) == sorted([*kit.backends(), *kit.EXTRAS])
    for size in downloads.SIZES.values():
        assert downloads.SIZES["numpy"].fetched <= size.fetched < size.on_disk


def test_the_table_of_the_readme_is_the_same():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| MB, once \| torch \|.*\n\|[-|]+\n(?:\|.*\n)+", text, re.MULTILINE)
    head, _, *rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in
                      table.splitlines()]  # fmt: skip
    numbers = {row[0]: [int(cell.replace(",", "")) for cell in row[1:]] for row in rows}
    in_readme = {}
    for column, cell in enumerate(head[1:]):
        for name in ["dev"] if cell.startswith("everything") else cell.split(", "):
            in_readme[name] = (numbers["fetched"][column], numbers["on disk"][column])
    assert in_readme == {
        n: (*size,) for n, size in downloads.SIZES.items() if n not in ("lab", "test")
    }
    assert f"adds up to {downloads.CUDA_MEGABYTES:,}" in text


@pytest.mark.parametrize(
    ("backend", "complete", "torch", "words"),
    [
        ("numpy", [], None, "numpy; 90 MB to fetch, 416 MB on disk"),
        ("torch", [], CPU, "torch: PyTorch's CPU build; 292 MB to fetch, 1284 MB on disk"),
        ("torch", [], CUDA, "torch: PyTorch's CUDA build; up to 4113 MB to fetch, 5105 MB more"),
        ("torch", ["numpy"], CPU, "build; up to 202 MB to fetch, 868 MB more on disk"),
        ("keras-torch", ["numpy", "torch"], CPU, "build; up to 8 MB to fetch, 50 MB more on disk"),
        ("keras-torch", ["torch"], CUDA, "build; up to 8 MB to fetch, 50 MB more on disk"),
        ("jax", ["tensorflow"], None, "jax; up to 179 MB to fetch"),  # no part of tensorflow
    ],
)
def test_the_first_line(backend, complete, torch, words):
    line = downloads.announcement(backend, complete, torch, REPOSITORY / "locks")
    assert line.startswith("setting up ")
    assert words in line


def test_a_backend_without_a_known_size_has_a_first_line(tmp_path):
    assert downloads.announcement("mine", [], None, tmp_path) == "setting up mine"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", False),
        ("global.cert='/etc/ssl/ca.crt'\n:env:.disable-pip-version-check='1'", False),
        ("global.index-url='https://pypi.org/simple/'", False),
        (":env:.extra-index-url=''", False),
        ("global.index-url='https://example.org/simple'", True),
        ("install.extra-index-url='file:///a/b https://example.org'", True),
        ("global.proxy='x'\n:env:.find-links='/wheels'", True),
        ("site.index-url='https://example.org'", False),  # `install` does not read this section
        ("global.no-index='true'", True),
    ],
)
def test_another_index_is_recognized(settings, expected):
    assert downloads.has_other_index(settings) == expected


def test_configuration_files_of_pip_count(tmp_path):
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nextra-index-url = https://example.org/simple\n")
    bare = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    variables = {**bare, "PIP_CONFIG_FILE": str(file)}
    assert downloads.has_other_index(downloads.pip_settings(sys.executable, variables))


def test_without_pip_its_variables_count(tmp_path):
    """The Python may be gone, or lack pip."""
    none = str(tmp_path / "none")
    assert downloads.has_other_index(downloads.pip_settings(none, {"PIP_FIND_LINKS": "/wheels"}))
    assert not downloads.has_other_index(downloads.pip_settings(none, {"PIP_CERT": "/x"}))


@pytest.mark.parametrize("index", ["cpu", "download.pytorch.org/whl/cpu"])
def test_a_value_that_is_no_index_is_an_error(index):
    with pytest.raises(WrongInput, match="expected the address of an index, as in TORCH_INDEX="):
        downloads.build(sys.executable, {"TORCH_INDEX": index})


def test_the_announced_build_is_the_one_that_pip_installs(monkeypatch, tmp_path):
    monkeypatch.setattr(downloads, "pip_settings", lambda *arguments: "")
    monkeypatch.setattr(downloads.sys, "platform", "linux")
    monkeypatch.setattr(downloads, "has_driver", lambda: False)
    build = downloads.build("python", {"TORCH_INDEX": ""})
    assert (build.source, build.cuda) == (downloads.CPU_BUILDS, False)
    assert "CPU build" in build.name
    monkeypatch.setattr(downloads, "has_driver", lambda: True)
    build = downloads.build("python", {})
    assert (build.source, build.cuda) == ("", True)
    for system in ("darwin", "win32"):
        monkeypatch.setattr(downloads.sys, "platform", system)
        assert downloads.build("python", {}).source == ""
    assert downloads.build("python", {"TORCH_INDEX": str(tmp_path)}).source == str(tmp_path)
    assert downloads.build("python", {"TORCH_INDEX": "https://x.org/cu130"}).cuda


def test_kit_imports_only_the_standard_library_and_course():
    """It runs before there is an environment."""
    program = "import sys, kit; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = [{str(REPOSITORY)!r}];"
         f"{program}"], capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    foreign = {name for name in run.stdout.split() if name not in sys.stdlib_module_names}
    assert foreign - {"kit", "course", "spelling", "__main__"} == set()
