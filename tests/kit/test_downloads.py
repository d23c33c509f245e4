"""Which build of PyTorch a set-up takes, and the sizes: a table in code and one in the README."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kit
from course import downloads
from course.command_table import WrongInput

REPOSITORY = Path(__file__).resolve().parents[2]
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
    assert f"adds\nup to {downloads.CUDA_MEGABYTES:,}" in text


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
