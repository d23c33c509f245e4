#!/usr/bin/env python3
"""Hand out the points that `make grade` gave: runs on Gradescope, with the standard library alone.

It stands beside results.json, the results of the whole class by e-mail address and by name.
"""

import json
import sys
from pathlib import Path

TOP = Path(sys.argv[1] if sys.argv[1:] else "/autograder")


def simplified(name: str) -> str:
    """A name without spaces, punctuation and case, to compare."""
    return "".join(c for c in name.casefold() if c.isalnum())


def main() -> None:
    """Write the results of the submission's author."""
    everybody = json.loads((TOP / "source" / "results.json").read_text(encoding="utf-8"))
    metadata = json.loads((TOP / "submission_metadata.json").read_text(encoding="utf-8"))
    found = {
        "score": 0,
        "output": "No points for you yet: your teacher has graded no file with your name.",
        "visibility": "visible",
    }
    for user in metadata["users"]:
        for key in (user.get("email", "").casefold(), simplified(user.get("name", ""))):
            found = everybody.get(key, found)
    (TOP / "results").mkdir(exist_ok=True)
    (TOP / "results" / "results.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
