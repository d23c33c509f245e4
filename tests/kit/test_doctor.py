"""The doctor only looks at files, reports problems, and knows which prevent lessons."""

import json
import os
import subprocess
import sys

import pytest

import kit
from course import doctor, downloads


@pytest.fixture
def patient(tmp_path, monkeypatch):
    """A checkout with the locks of this one and no environment yet."""
    venv = tmp_path / ".venv"
    packages = venv / "lib" / "site-packages"
    places = {"VENV": venv, "STATE": venv / "kit", "MARKER": venv / "kit" / "installing"}
    for name, path in {**places, "PYTHON": venv / "python", "PACKAGES": packages}.items():
        monkeypatch.setattr(kit, name, path)
    monkeypatch.setenv("PATH", str(tmp_path))  # no nvidia-smi, no make, no git
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    monkeypatch.setattr(downloads, "pip_settings", lambda *arguments: "")
    monkeypatch.setattr(downloads, "has_driver", lambda: False)
    return tmp_path


def install(*folders):
    """Make an environment as a finished set-up of numpy leaves it."""
    kit.STATE.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        (kit.PACKAGES / f"{folder}.dist-info").mkdir(parents=True)
    (kit.VENV / "pyvenv.cfg").write_text(f"version = {kit.RUNNING}.1\n")
    kit.PYTHON.touch()
    (kit.STATE / "numpy.stamp").write_text(
        "\n".join([kit.digest("numpy"), kit.RUNNING, "numpy-2.4.6.dist-info"])
    )


def report(capsys):
    """The last finding of each name, and whether lessons can run."""
    status = doctor.main(["--json"])
    output = json.loads(capsys.readouterr().out)
    assert status == (0 if output["lessons_can_run"] else 1)
    return {finding["name"]: finding for finding in output["findings"]}, output["lessons_can_run"]


def fake_program(folder, name, text):
    """Make a program that prints the text."""
    (folder / name).write_text(f"#!/bin/sh\necho '{text}'\n")
    (folder / name).chmod(0o755)


def test_with_nothing_installed_lessons_can_run(patient, capsys):
    findings, fine = report(capsys)
    assert fine
    assert findings[".venv"]["text"].startswith("none yet")
    assert findings["torch"]["text"].startswith("not installed; a lesson installs 2.")
    assert findings["git"]["remedy"]


def test_a_finished_backend(patient, capsys):
    install("numpy-2.4.6", "click-8.5.1")
    findings, fine = report(capsys)
    assert fine
    assert findings["numpy"]["text"] == "2.4.6, complete"
    assert findings[".venv"]["text"] == "sound, 2 packages"


def test_a_half_finished_environment_is_reported_with_a_remedy(patient, capsys):
    install("numpy-2.4.6")
    kit.MARKER.touch()
    findings, fine = report(capsys)
    assert fine
    assert findings[".venv"]["text"] == "its last set-up did not finish"
    assert "python kit.py setup" in findings[".venv"]["remedy"]


def test_an_outdated_lock_and_a_removed_package(patient, capsys, monkeypatch):
    install("click-8.5.1")
    assert "numpy-2.4.6 was removed" in report(capsys)[0]["numpy"]["text"]
    monkeypatch.setattr(kit, "digest", lambda backend: "another")
    assert "its lock has changed" in report(capsys)[0]["numpy"]["text"]


def test_an_environment_of_another_program_is_an_obstacle(patient, capsys):
    (kit.VENV / "precious").mkdir(parents=True)
    findings, fine = report(capsys)
    assert not fine
    assert findings[".venv"]["remedy"] == "move it away or delete it"


@pytest.mark.parametrize(
    ("system", "chip", "words"),
    [
        ("Darwin", "x86_64", "an Intel Mac"),
        ("Linux", "aarch64", "Linux on aarch64"),
        ("Windows", "ARM64", "Windows on arm64"),
        ("FreeBSD", "amd64", "FreeBSD"),
    ],
)
def test_an_unsupported_machine(patient, capsys, monkeypatch, system, chip, words):
    monkeypatch.setattr(doctor.platform, "system", lambda: system)
    monkeypatch.setattr(doctor.platform, "machine", lambda: chip)
    findings, fine = report(capsys)
    assert not fine
    assert findings["machine"]["text"].startswith(words)
    assert findings["machine"]["text"].endswith("not supported")


@pytest.mark.parametrize(
    ("system", "chip"), [("Darwin", "arm64"), ("Linux", "x86_64"), ("Windows", "AMD64")]
)
def test_a_supported_machine(patient, capsys, monkeypatch, system, chip):
    monkeypatch.setattr(doctor.platform, "system", lambda: system)
    monkeypatch.setattr(doctor.platform, "machine", lambda: chip)
    monkeypatch.setattr(doctor.platform, "mac_ver", lambda: ("14.5", ("", "", ""), chip))
    monkeypatch.setattr(doctor.platform, "libc_ver", lambda: ("glibc", "2.36"))
    findings, fine = report(capsys)
    assert fine
    assert findings["machine"]["text"].endswith(": supported")


def test_a_32_bit_python_and_an_old_macos(patient, capsys, monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(doctor.platform, "machine", lambda: "arm64")
    monkeypatch.setattr(doctor.platform, "mac_ver", lambda: ("13.6", ("", "", ""), "arm64"))
    assert report(capsys)[0]["machine"]["text"] == "macOS 13.6: not supported"
    monkeypatch.setattr(doctor.sys, "maxsize", 2**31 - 1)
    assert report(capsys)[0]["machine"]["text"] == "a 32-bit Python: not supported"


def test_an_unsupported_python(patient, capsys, monkeypatch):
    monkeypatch.setattr(kit, "RUNNING", "3.8")
    findings, fine = report(capsys)
    assert not fine
    assert "install Python 3.11 or 3.12 or 3.13" in findings["Python"]["remedy"]


def test_a_python_without_ensurepip(patient, capsys, monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    findings, fine = report(capsys)
    assert not fine
    assert findings["Python"]["remedy"].endswith(f"python{kit.RUNNING}-venv")


def test_too_little_disk(patient, capsys, monkeypatch):
    usage = doctor.shutil.disk_usage(patient)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage._replace(free=100 * 2**20))
    findings, fine = report(capsys)
    assert not fine
    assert "numpy 832" in findings["disk"]["remedy"]
    install("numpy-2.4.6")
    findings, fine = report(capsys)  # an installed backend needs no more space
    assert fine
    assert "numpy" not in findings["disk"]["remedy"]


@pytest.mark.skipif(os.name == "nt", reason="the fake nvidia-smi is a shell script")
def test_a_gpu_that_the_backends_cannot_use(patient, capsys):
    fake_program(patient, "nvidia-smi", "NVIDIA H100, 81559 MiB")
    install("numpy-2.4.6", "tensorflow-2.21.0", "torch-2.13.0+cpu")
    findings, fine = report(capsys)
    assert fine
    assert findings["GPU"]["text"] == "NVIDIA H100, 81559 MiB"
    command = f"{kit.PYTHON} -m pip install 'tensorflow[and-cuda]==2.21.0'"
    assert findings["tensorflow"]["remedy"] == command
    assert "TORCH_INDEX" in findings["torch"]["remedy"]


@pytest.mark.skipif(os.name == "nt", reason="the fake nvidia-smi is a shell script")
def test_a_gpu_that_the_backends_can_use(patient, capsys):
    fake_program(patient, "nvidia-smi", "NVIDIA H100, 81559 MiB")
    install("numpy-2.4.6", "tensorflow-2.21.0", "torch-2.13.0", "nvidia_cudnn_cu12-9.3.0.75")
    findings, _ = report(capsys)
    assert findings["GPU"]["remedy"] == ""
    assert "no CUDA" not in findings["tensorflow"]["text"]


@pytest.mark.skipif(os.name == "nt", reason="the fake nvidia-smi is a shell script")
def test_a_driver_that_does_not_answer(patient, capsys):
    (patient / "nvidia-smi").write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n")
    (patient / "nvidia-smi").chmod(0o755)
    findings, fine = report(capsys)
    assert fine
    assert findings["GPU"]["text"] == "NVIDIA-SMI has failed"
    assert "DEVICE=cpu" in findings["GPU"]["remedy"]


def test_the_notebooks_are_reported_and_are_no_backend(patient, capsys):
    findings, _ = report(capsys)
    assert "lab" not in kit.backends()
    assert findings["lab"]["text"].startswith("not installed; `make lab` installs it: 138 MB to ")
    install("numpy-2.4.6", "jupyterlab-4.6.3")
    (kit.STATE / "lab.stamp").write_text(
        "\n".join([kit.digest("lab"), kit.RUNNING, "gone-1.dist-info"])
    )
    findings, _ = report(capsys)
    assert findings["lab"]["text"] == "gone-1 was removed"
    assert findings["lab"]["remedy"].endswith("python kit.py setup lab")


def test_it_reports_the_disk_space_of_each_student(patient, capsys, monkeypatch):
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    notebooks = downloads.SIZES["lab"].on_disk - downloads.SIZES["numpy"].on_disk
    expected = f"numpy {416 + notebooks}, torch {1284 + notebooks};"
    assert expected in report(capsys)[0]["a class"]["text"]


def test_without_a_sandbox_grading_has_a_remedy(patient, capsys, monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    findings, fine = report(capsys)
    assert fine
    assert findings["bwrap"]["text"] == "not found"
    assert "install bubblewrap" in findings["bwrap"]["remedy"]
    monkeypatch.setattr(doctor.platform, "system", lambda: "Windows")
    findings, _ = report(capsys)
    assert "refuses here" in findings["bwrap"]["text"]
    assert findings["bwrap"]["remedy"] == ""


@pytest.mark.skipif(os.name == "nt", reason="the fake bwrap is a shell script")
def test_the_sandbox_is_tried_and_not_only_found(patient, capsys, monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    fake_program(patient, "bwrap", "")
    findings, _ = report(capsys)
    assert findings["bwrap"]["text"].endswith("works, for `make grade`")
    (patient / "bwrap").write_text(
        "#!/bin/sh\necho 'No permissions to create namespace' >&2\nexit 1\n"
    )
    findings, fine = report(capsys)
    assert fine
    assert "No permissions to create namespace" in findings["bwrap"]["text"]
    assert "TRUST=yes" in findings["bwrap"]["remedy"]


def test_it_imports_no_framework(request):
    program = (
        "import sys; from course import doctor; status = doctor.main([]);"
        "sys.exit(status or bool({'numpy', 'torch', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=request.config.rootpath,
        env={**os.environ, "PYTHONPATH": str(request.config.rootpath)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "lessons can run"


def test_it_reports_the_build_of_pytorch(patient, capsys, monkeypatch):
    monkeypatch.setattr(downloads.sys, "platform", "linux")
    findings, _ = report(capsys)
    assert findings["PyTorch"]["text"].startswith("a set-up installs PyTorch's CPU build")
    assert findings["torch"]["text"].endswith(": 292 MB to fetch, 1284 MB on disk")
    monkeypatch.setattr(downloads, "has_driver", lambda: True)
    findings, _ = report(capsys)
    assert findings["PyTorch"]["text"].startswith("a set-up installs PyTorch's CUDA build")
    assert findings["torch"]["text"].endswith(": up to 4113 MB to fetch, 5105 MB on disk")
    install("numpy-2.4.6", "torch-2.13.0+cpu")
    assert report(capsys)[0]["PyTorch"]["text"] == "2.13.0+cpu, its CPU build"
    install("nvidia_cublas-13.1.1.3")
    (kit.PACKAGES / "torch-2.13.0+cpu.dist-info").rename(kit.PACKAGES / "torch-2.13.0.dist-info")
    assert report(capsys)[0]["PyTorch"]["text"] == "2.13.0, its CUDA build"


def test_it_names_the_folder_that_is_in_use(patient, capsys, monkeypatch):
    monkeypatch.setattr(kit, "VENV", patient / ".venv-3.12")
    assert report(capsys)[0][".venv-3.12"]["text"].startswith("none yet")
    kit.VENV.symlink_to("/nowhere")
    findings, fine = report(capsys)
    assert not fine
    assert findings[".venv-3.12"]["text"] == "a link to /nowhere, which does not exist"
