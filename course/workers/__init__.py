"""Plan, start, watch and end a lesson on several workers.

    job.py                  the lesson, its settings and workers, as the launcher passes them on
    addresses.py            the addresses of workers: local, of HOSTS= or of a scheduler
    start.py                turns the command line into a job and launches it
    launcher.py             starts this machine's workers, watches them, and leaves none behind
    worker.py               one worker: runs the lesson; only the first prints, draws and writes
    shared_checkpointing.py checkpoints, which the first worker reads and writes for all

The workers' computations are in adapters/parallel.
"""
