"""The variables of make: the option of kit.py that each becomes, an example, and its meaning.

Standard library only: this is read before there is an environment.
"""

from __future__ import annotations

from typing import NamedTuple


class Variable(NamedTuple):
    """A variable of make.

    option: of kit.py; None for a positional argument, "" where kit.py itself reads the variable.
    """

    option: str | None
    example: str
    about: str


# The variables of make.
VARIABLES: dict[str, Variable] = {
    "BACKEND": Variable("--backend", "torch", "the backend that computes"),
    "DTYPE": Variable("--dtype", "float64", "float32 or float64"),
    "DEVICE": Variable("--device", "cpu", "auto, cpu or gpu"),
    "SEED": Variable("--seed", "7", "the seed of all random numbers"),
    "SEEDS": Variable("--seeds", "5", "how many seeds to run"),
    "DATA": Variable("--data", "folder", "your own data instead of the lesson's"),
    "EPOCHS": Variable("--epochs", "2", "passes over the data"),
    "OUT": Variable("--out", "folder", "the folder or file to write"),
    "KNOBS": Variable("--knobs", '"1 2 3"', "the knobs set by hand, as numbers"),
    "LEARNING_RATE": Variable("--learning-rate", "0.1", "the size of a step"),
    "THREADS": Variable("--threads", "2", "threads for each backend"),
    "LESSON_LANGUAGE": Variable("--language", "nl", "the language of texts and figures"),
    "CHECKPOINT": Variable("--checkpoint", "2epochs", "how often to save: 2epochs or 100steps"),
    "RESUME": Variable("--resume", "auto", "reuse what an interrupted run has finished"),
    "WORKERS": Variable("--workers", "2", "processes that share the training"),
    "WORKER_TIMEOUT": Variable("--worker-timeout", "60", "seconds to wait for a worker"),
    "HOSTS": Variable("--hosts", "file", "a line for each machine: address, workers, first port"),
    "HOST": Variable("--host", "1", "which line of HOSTS this machine is"),
    "DRY_RUN": Variable("--dry-run", "yes", "print the commands, run nothing"),
    "LESSON": Variable("--lesson", "3", "one lesson"),
    "LESSONS": Variable("--lessons", '"1 3"', "some lessons"),
    "BACKENDS": Variable("--backends", '"torch keras"', "some backends, instead of all"),
    "JOBS": Variable("--jobs", "2", "how many to run at once"),
    "NOISE": Variable("--noise", "none", "which noise to measure: reference, all or none"),
    "EXECUTOR": Variable("--executor", "dask", "local or dask"),
    "SCHEDULER": Variable("--scheduler", "tcp://10.0.0.1:8786", "the address of Dask's scheduler"),
    "JUNIT": Variable("--junit", "file.xml", "also write JUnit XML"),
    "JSON": Variable("--json", "file.json", "also write JSON"),
    "OLD": Variable(None, "folder", "the first folder of records"),
    "NEW": Variable(None, "folder", "the second folder of records"),
    "A": Variable("--a", "torch", "one side: a backend, an adapter or a trace"),
    "B": Variable("--b", "mine.py:MyModel", "the other side"),
    "INPUT": Variable("--input", "28x28x1", "the shape of one row, drawn at random"),
    "BELOW": Variable("--below", "1000", "draw whole numbers below this one, as for an embedding"),
    "LOSS": Variable("--loss", "crossentropy", "a loss, or a function's name in A's file"),
    "LOSS_B": Variable("--loss-b", "my_loss", "B's loss, where it is another function"),
    "OPTIMIZER_A": Variable("--optimizer-a", "keras_adam", "a function that makes A's optimizer"),
    "OPTIMIZER_B": Variable("--optimizer-b", "torch_adam", "the same for B's parameters"),
    "CLIP_NORM": Variable("--clip-norm", "1.0", "what B clips the norm of its gradients to"),
    "MAP": Variable("--map", "map.toml", "which layers belong together"),
    "WRITE_MAP": Variable("--write-map", "map.toml", "write which layers belong together"),
    "INJECT": Variable("--inject", "adam_epsilon", "known differences to inject into B"),
    "LEGS": Variable("--legs", '"torch:100 jax:100"', "backends, and the steps of each"),
    "FORGET": Variable("--forget", "yes", "hand over the weights only, which has to fail"),
    "REPORT": Variable("--report", "page.md", "the page to write"),
    "FIND": Variable("--find", "epsilon", "only entries or files with these words"),
    "TOPIC": Variable("--topic", "losses", "only this topic"),
    "RUN": Variable("--run", "yes", "run the code and verify the result"),
    "PAGE": Variable("--page", "page.html", "write a page"),
    "NAME": Variable(None, "adam_epsilon", "one entry"),
    "ADAPTER": Variable(None, "mine.py:MyModel", "a file and its class"),
    "VERSION": Variable("--version", "3.14.1", "the version to compare with the locked one"),
    "VERSIONS": Variable("--versions", '"3.13.2 3.14.1"', "some releases, instead of all"),
    "SINCE": Variable("--since", "2024-01", "releases of this month and later"),
    "FILE": Variable("--file", "mine.py", "your file, where it is not in lessons/exercises"),
    "SUBMISSIONS": Variable(None, "folder", "what the class handed in"),
    "CSV": Variable("--csv", "grades.csv", "the grades, for a spreadsheet"),
    "ROSTER": Variable(
        "--roster", "class.csv", "who is in the class, as Moodle or Canvas export it"
    ),
    "TRUST": Variable("--trust", "yes", "grade without a sandbox: you have read every file"),
    "FRESH": Variable("--fresh", "yes", "run everything again: forget what is cached"),
    "PDF": Variable("--pdf", "yes", "also print each deck"),
    "TARGET": Variable(None, "compare", "the target to explain"),
    "PYTHON": Variable("", "python3.12", "the Python to use"),
    "TORCH_INDEX": Variable("", "https://download.pytorch.org/whl/cpu", "where PyTorch comes from"),
}
# Variables of earlier releases: the old name still works in this one, with a note.
RENAMED = {"PLANT": "INJECT"}
FLAGS = ("DRY_RUN", "FORGET", "RUN", "TRUST", "PDF", "FRESH")  # yes or no
REQUIRED = ("ADAPTER", "NEW", "OLD", "SUBMISSIONS", "VERSION")  # by the targets that take them
ALWAYS = ("PYTHON", "TORCH_INDEX")  # every target takes them, also from the environment
