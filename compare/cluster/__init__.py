"""A comparison on a cluster: each cell one task of dask.distributed, each task one fresh process.

`executor` runs where the user is, `cell` on a worker, and `guard` between a worker and a lesson.
Nothing here is imported unless EXECUTOR=dask. Why it is so: docs/decisions/0006-dask.md.
"""
