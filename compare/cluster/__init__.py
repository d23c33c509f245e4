"""Run a comparison on a cluster: each task of dask.distributed runs one lesson in a fresh process.

`executor` runs on the user's machine, `task` on a worker, and `orphan_guard` between a worker and a
lesson. None of them is imported unless EXECUTOR=dask, or SCHEDULER= for the ledger's releases.
Reasons: decision 6 in docs/decisions/0001-to-0006.md.
"""

from importlib.util import find_spec

from adapters.contract import SettingsError, require


def require_dask(variable: str) -> None:
    """Raise SettingsError, which names the variable that asks for it, where Dask is missing."""
    require(
        find_spec("distributed") is not None,
        f"{variable} needs the package distributed: `make setup BACKEND=dev` installs it",
        SettingsError,
    )
