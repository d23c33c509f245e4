"""A lesson on several workers: planned, started, watched and ended.

    job.py       what is to run, and which workers of it are this machine's
    places.py    where workers are: here, on the machines of HOSTS=, or where a scheduler says
    start.py     from the command line to workers that run
    launcher.py  starts this machine's workers, watches them, and leaves none behind
    worker.py    one of them: the lesson as on one worker; only the first prints, draws and writes
    keeping.py   checkpoints, which the first worker reads for all

How workers compute together is in adapters/parallel.
"""
