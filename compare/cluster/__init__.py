"""Run a comparison on a cluster: each task of dask.distributed runs one lesson in a fresh process.

`executor` runs on the user's machine, `task` on a worker, and `orphan_guard` between a worker and a
lesson. Nothing here is imported unless EXECUTOR=dask. Reasons: docs/decisions/0006-dask.md.
"""
