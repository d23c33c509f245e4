"""python -m course: settle the environment, then hand over to the command line."""

import os

from adapters import environment

if __name__ == "__main__":
    kept = environment.allowed(os.environ)
    for name in set(os.environ) - set(kept):
        del os.environ[name]

    from course.cli import main

    main()
