"""Run a comparison on a cluster: each task of dask.distributed runs one lesson in a fresh process.

`executor` runs on the user's machine, `task` on a worker, and `orphan_guard` between a worker and a
lesson. Nothing here is imported unless EXECUTOR=dask. Reasons: decision 6 in
docs/decisions/0001-to-0006.md.
"""
