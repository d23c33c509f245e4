"""python -m classroom.lab: open the notebooks of one backend in JupyterLab.

Notebooks that a student has changed are kept. All folders of JupyterLab lie in the course's cache,
so no setting, extension or kernel of the user takes part. It makes no request for news or
extensions.
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
from classroom.notebooks import build_all, write_all
from course.cli_errors import check_folder, run
from course.options import OneOf
from datasets.files import LARGEST, Unreadable, content

DIGESTS = ".made.json"  # beside the notebooks: the digest of each as it was written
QUIET = {  # turns off requests to the network and questions to the user
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 30},
    # Put the whole notebook into the page, so that search and screen readers find all of it.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}  # fmt: skip
# Extensions that need packages, shells or language servers which are not installed.
DISABLED = [
    f"@jupyterlab/{name}"
    for name in (
        "extensionmanager-extension", "terminal-extension", "lsp-extension",
        "fileeditor-extension:language-server", "notebook-extension:language-server",
    )
]  # fmt: skip


def digest(written: bytes) -> str:
    """The SHA-256 digest of a notebook's bytes."""
    return hashlib.sha256(written).hexdigest()


def renew(files: dict[str, str], out: Path) -> list[str]:
    """Write all notebooks except those that the user has changed; return the names of these."""
    record = out / DIGESTS
    recorded = _recorded_digests(record)
    changed = [
        name
        for name, text in files.items()
        if os.path.lexists(out / name)
        and _digest_of(out / name) not in (recorded.get(name), digest(text.encode()))
    ]
    unchanged = {name: text for name, text in files.items() if name not in changed}
    digests = recorded | {name: digest(text.encode()) for name, text in unchanged.items()}
    write_all({**unchanged, DIGESTS: json.dumps(digests, indent=1) + "\n"}, out)
    return changed


def _digest_of(file: Path) -> str:
    """The digest of a file; empty if it cannot be read."""
    try:
        return digest(content(file, LARGEST))
    except Unreadable as error:
        click.echo(f"left unchanged: {error}", err=True)
        return ""


def _recorded_digests(record: Path) -> dict[str, str]:
    """The digests that the last call of `renew` wrote; empty if they cannot be read."""
    try:
        digests = json.loads(content(record, LARGEST)) if os.path.lexists(record) else {}
    except Unreadable as error:
        click.echo(f"not used: {error}", err=True)
        return {}
    except (ValueError, RecursionError):
        return {}
    return digests if isinstance(digests, dict) else {}


def lab_environment(home: Path) -> dict[str, str]:
    """The environment of JupyterLab: the variables that a lesson may inherit, and its folders."""
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
    """The command that starts JupyterLab on the folder, with the first lesson open."""
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
    """Write the kernel and the default settings into JupyterLab's folders."""
    kernel.write_kernelspec(home / "kit")
    defaults = home / "app"
    defaults.mkdir(parents=True, exist_ok=True)
    (defaults / "overrides.json").write_text(json.dumps(QUIET, indent=1), encoding="utf-8")
    page = json.dumps({"disabledExtensions": DISABLED})
    (defaults / "page_config.json").write_text(page, encoding="utf-8")


@click.command(
    context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": True}
)
@click.option(
    "--backend",
    type=OneOf(list(BACKENDS), "backend"),
    default="torch",
    show_default=True,
    help="The backend of the notebooks.",
)
@click.option("--out", default="notebooks", show_default=True, help="The folder of the notebooks.")
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="The language, where a lesson is translated.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Write the notebooks, and print the command instead of running it.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(
    backend: str, out: str, language: str, dry_run: bool, arguments: tuple[str, ...]
) -> None:
    """Open the lessons and exercises in JupyterLab; ARGUMENTS (after --) go to JupyterLab."""
    require_installed(backend)
    folder = Path(out).expanduser().absolute()
    check_folder(folder)
    changed = renew(build_all([backend], language, folder), folder)
    if changed:
        click.echo(
            f"kept your changes in: {', '.join(changed)} (delete a notebook to get a new one)"
        )
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
