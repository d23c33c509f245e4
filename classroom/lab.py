"""python -m classroom.lab: the notebooks of one backend in JupyterLab, a student's own work kept.

JupyterLab runs with homes in our cache: no setting, extension or kernel of the user's takes part,
and it asks nobody on the network for news or extensions.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import click

from adapters import BACKENDS, environment, require_installed
from classroom import kernel
from classroom.notebooks import made, write_all
from course.cli_errors import check_folder, run
from course.options import OneOf
from datasets.files import LARGEST, Unreadable, content

MADE = ".made.json"  # beside the notebooks: the digest of each as we made it
QUIET = {  # what JupyterLab would otherwise ask the network, or a beginner, about
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 30},
    # All of a notebook is in the page, so that searching it and reading it aloud find all of it.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}  # fmt: skip
# What would look for packages, shells and language servers that are not there.
ABSENT = [
    f"@jupyterlab/{name}"
    for name in (
        "extensionmanager-extension", "terminal-extension", "lsp-extension",
        "fileeditor-extension:language-server", "notebook-extension:language-server",
    )
]  # fmt: skip


def digest(written: bytes) -> str:
    """What tells a notebook from every other."""
    return hashlib.sha256(written).hexdigest()


def renew(files: dict[str, str], out: Path) -> list[str]:
    """Write the notebooks but those that somebody has changed, whose names are returned."""
    record = out / MADE
    before = _made_before(record)
    theirs = [
        name
        for name, text in files.items()
        if os.path.lexists(out / name)
        and _digest_of(out / name) not in (before.get(name), digest(text.encode()))
    ]
    ours = {name: text for name, text in files.items() if name not in theirs}
    known = before | {name: digest(text.encode()) for name, text in ours.items()}
    write_all({**ours, MADE: json.dumps(known, indent=1) + "\n"}, out)
    return theirs


def _digest_of(file: Path) -> str:
    """The digest of what somebody may have changed; empty where that is no notebook at all."""
    try:
        return digest(content(file, LARGEST))
    except Unreadable as error:
        click.echo(f"left as it is: {error}", err=True)
        return ""


def _made_before(record: Path) -> dict[str, str]:
    """The digest of each notebook as we made it; none where the file is not as we wrote it."""
    try:
        found = json.loads(content(record, LARGEST)) if os.path.lexists(record) else {}
    except Unreadable as error:
        click.echo(f"not used: {error}", err=True)
        return {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def lab_environment(home: Path) -> dict[str, str]:
    """The environment of JupyterLab: what a lesson may inherit, and homes of our own."""
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    return environment.allowed(os.environ) | {
        **{f"JUPYTER_{name}_DIR": str(home / folder) for name, folder in folders.items()},
        "JUPYTER_PATH": str(home / "kit"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_NO_CONFIG": "1",
        "PYTHONPATH": str(kernel.ROOT),
    }


def lab_command(home: Path, folder: Path, first: str, arguments: tuple[str, ...]) -> list[str]:
    """Start JupyterLab on the folder, with the first lesson open."""
    return [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{first}", f"--LabApp.app_settings_dir={home / 'app'}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly", "--KernelSpecManager.ensure_native_kernel=False",
        "--KernelSpecManager.allowed_kernelspecs=" + kernel.NAME,
        f"--MultiKernelManager.default_kernel_name={kernel.NAME}",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *arguments,
    ]  # fmt: skip


def prepare(home: Path) -> None:
    """Lay out JupyterLab's homes: our kernel, and defaults that ask nobody anything."""
    kernel.write_kernelspec(home / "kit")
    defaults = home / "app"
    defaults.mkdir(parents=True, exist_ok=True)
    (defaults / "overrides.json").write_text(json.dumps(QUIET, indent=1), encoding="utf-8")
    page = json.dumps({"disabledExtensions": ABSENT})
    (defaults / "page_config.json").write_text(page, encoding="utf-8")


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": True}
)
@click.option(
    "--backend",
    type=OneOf(list(BACKENDS), "backend"),
    default="torch",
    show_default=True,
    help="The backend that the notebooks choose.",
)
@click.option("--out", default="notebooks", show_default=True, help="The folder of the notebooks.")
@click.option("--language", default="en", show_default=True, help="Of the lessons that have it.")
@click.option("--dry-run", is_flag=True, help="Make the notebooks, and print what would be run.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(
    backend: str, out: str, language: str, dry_run: bool, arguments: tuple[str, ...]
) -> None:
    """Open the lessons and exercises in JupyterLab; ARGUMENTS (after --) go to JupyterLab."""
    require_installed(backend)
    folder = Path(out).expanduser().absolute()
    check_folder(folder)
    theirs = renew(made([backend], language, folder), folder)
    if theirs:
        click.echo(f"kept as you changed them: {', '.join(theirs)} (delete one to get it anew)")
    home = environment.cache_folder() / "jupyter" / digest(str(kernel.ROOT).encode())[:12]
    prepare(home)
    call = lab_command(home, folder, f"{backend}/lesson1.ipynb", arguments)
    if dry_run:
        click.echo(" ".join(call))
        return
    click.echo(f"JupyterLab on {folder}; to end it press Ctrl-C twice")
    sys.stdout.flush()
    os.chdir(folder)
    environ = lab_environment(home)
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.run(call, env=environ, check=False).returncode)
    os.execve(sys.executable, call, environ)


if __name__ == "__main__":
    run(command, "python -m classroom.lab")
