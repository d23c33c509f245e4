"""A toy checkout: the real kit.py with toy backends, in a folder with an awkward name."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.kit import stand_in
from tests.waiting import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]

# A lesson of the toy course prints how it was started.
COURSE = """\
import json, os, sys
from importlib.metadata import distributions
names = sorted({d.metadata["Name"] for d in distributions()} - {"pip", "setuptools"})
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "path": os.environ["PYTHONPATH"],
                  "packages": names}))
sys.exit(7 if "--fail" in sys.argv else 0)
"""


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder of wheels for pip, and the lines that lock them."""
    folder = tmp_path_factory.mktemp("wheels")
    hashes = {name: wheel(folder, name) for name in ("toynumpy", "toydep", "toydev", "toycuda")}
    wheel(folder, "toytorch", requires="toycuda")
    lines = {
        name: f"{name}==1.0 \\\n    --hash=sha256:{digest}\n" for name, digest in hashes.items()
    }
    return folder, lines


@pytest.fixture
def tree(tmp_path, wheels):
    """The toy checkout, without an environment."""
    _, lines = wheels
    root = tmp_path / "Schöne Kurse; $(touch pwned) 'x'"
    base = lines["toynumpy"]
    write(
        root,
        {
            "kit.py": (REPOSITORY / "kit.py").read_text(encoding="utf-8"),
            "course/__init__.py": "",
            **{
                name: (REPOSITORY / name).read_text(encoding="utf-8")
                for name in ("spelling.py", *(f"course/{name}.py" for name in stand_in.READ))
            },
            "course/__main__.py": COURSE,
            "lessons/lesson1_toy.py": "",
            "lessons/lesson2_toy.py": "",
            "tests/__main__.py": COURSE,
            "locks/numpy.txt": base,
            "locks/torch.txt": base + lines["toydep"],
            "locks/torch.unhashed.txt": "toytorch==1.0\n",
            "locks/torch.companions.txt": "toycuda==1.0\n",
            "locks/lab.txt": base + lines["toydep"],
            "locks/test.txt": base + lines["toydep"],
            "locks/dev.txt": base + lines["toydep"] + lines["toydev"],
            "locks/dev.unhashed.txt": "toytorch==1.0\n",
        },
    )
    return root


@pytest.fixture(scope="session")
def variables(wheels):
    """An environment in which pip sees the toy wheels and nothing else."""
    others = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "MAKE", "MFLAGS"))}
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels[0].as_uri(), "PIP_CONFIG_FILE": os.devnull}
    return {**others, **pip, "PYTHONUTF8": "1", "TORCH_INDEX": ""}


@pytest.fixture
def run(tree, tmp_path, variables):
    """Run kit.py of the toy checkout from another folder, as a user does."""

    def run(*arguments, root=tree, **more):
        command = [sys.executable, str(root / "kit.py"), *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={**variables, **more},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A copy of the first environment that a test really builds, for other tests."""
    return tmp_path_factory.mktemp("finished") / ".venv"


@pytest.fixture
def built(tree, run, finished):
    """The toy checkout with a real environment for its numpy backend."""
    if not finished.exists():
        done = run("setup", "numpy")
        assert done.returncode == 0, done.stderr
        shutil.copytree(tree / ".venv", finished, symlinks=True)
    else:
        shutil.copytree(finished, tree / ".venv", symlinks=True)
    return tree


@pytest.fixture
def kit(tree, monkeypatch):
    """kit.py of the toy checkout as a module, with fast imitations of its steps.

    pip has no settings and there is no GPU, whatever this machine has.
    """
    module = stand_in.load(tree)
    step, module.steps = stand_in.imitation(module)
    monkeypatch.setattr(module, "step", step)
    monkeypatch.setattr(module.downloads, "pip_settings", lambda *arguments: "")
    monkeypatch.setattr(module.downloads, "has_driver", lambda: False)
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    return module


def wheel(folder, name, requires="", version="1.0"):
    """Write the smallest wheel that pip installs, and return its hash."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {requires}\n" if requires else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()
