"""`triptych port A B`: why does my own model differ?"""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from triptych.arguments import Parser, positive, whole
from triptych.errors import require
from triptych.port.errors import PortError

DESCRIPTION = """\
Compare two models: a Keras model and a PyTorch module, or two of one framework.

Each is FILE.py:NAME, where NAME is a model, or a function or class that makes one:

  triptych port my_keras.py:build my_torch.py:Net --input 28x28x1
  triptych port a.py:build b.py:Net --data batch.npz --loss crossentropy \\
      --optimizer-a keras_adam --optimizer-b torch_adam --page port.html

Exit status: 0 same, 1 differs, 2 wrong use, 3 not comparable (a parameter without a counterpart).
"""
EXAMPLE = "--a=my_keras.py:build --b=my_torch.py:Net, each as FILE.py:NAME"
ROWS = 4  # of a batch drawn at random: enough to see what depends on the batch


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    args = parser().parse_args(list(arguments))
    args.a, args.b = args.a or args.option_a, args.b or args.option_b
    require(bool(args.a and args.b), f"two models are needed: {EXAMPLE}", PortError)
    require(
        (args.input is None) != (args.data is None),
        "give either --input, a shape as in 28x28x1, or --data, an .npz file",
        PortError,
    )
    for path in (args.page, args.json, args.junit, args.write_map):
        missing = path is not None and not path.resolve().parent.is_dir()
        require(not missing, f"there is no folder to write {path} into", PortError)
    os.environ["KERAS_BACKEND"] = "torch"  # before any file of the user imports Keras
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    lacking = [name for name in ("torch", "scipy", "rich") if not installed(name)]
    names = " and ".join(lacking)
    require(not lacking, f"{names} not installed: pip install 'triptych[port]'", PortError)
    from rich.console import Console

    with Console(stderr=True).status("load both models") as status:  # in a terminal alone
        result = checked(args, status.update)
    write(result, args)
    return int(result.status)


def parser() -> Parser:
    """The command line."""
    made = Parser("triptych port", DESCRIPTION)
    made.add_argument("a", nargs="?", help="the model that is right: FILE.py:NAME")
    made.add_argument("b", nargs="?", help="its port")
    made.add_argument("--a", dest="option_a", metavar="A", help="the same, as make says it")
    made.add_argument("--b", dest="option_b", metavar="B", help="likewise")
    made.add_argument("--input", metavar="SHAPE", help="one row's shape, drawn at random")
    made.add_argument("--below", type=whole(1), metavar="N", help="draw whole numbers below N")
    made.add_argument("--data", metavar="FILE.npz", help="arrays x, and y; x_b if B reads others")
    made.add_argument("--loss", metavar="NAME", help="crossentropy, mse, bce, or a function's name")
    made.add_argument("--loss-b", metavar="NAME", help="B's, if it is another function")
    made.add_argument("--optimizer-a", metavar="NAME", help="a function that makes A's optimizer")
    made.add_argument("--optimizer-b", metavar="NAME", help="the same for B, given its parameters")
    made.add_argument(
        "--clip-norm", type=positive, metavar="NORM", help="what B clips its gradients' norm to"
    )
    made.add_argument("--map", type=Path, metavar="FILE.toml", help="layers that belong together")
    made.add_argument("--write-map", type=Path, metavar="FILE.toml", help="write the map found")
    made.add_argument("--dtype", default="float64", choices=["float64", "float32"])
    made.add_argument("--seed", type=whole(0), default=0, help="of what is drawn at random")
    made.add_argument("--page", type=Path, metavar="FILE.html", help="write a page")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON")
    made.add_argument("--junit", type=Path, metavar="FILE", help="write the result for a CI")
    return made


def installed(name: str) -> bool:
    """Whether a package can be imported."""
    from importlib.util import find_spec

    return find_spec(name) is not None


def checked(args: Namespace, progress: Callable[[str], None]) -> Any:
    """Load what is named, build the models in the check's precision, and compare them."""
    from triptych.port import api
    from triptych.port.loading import build, load
    from triptych.port.mapping import read_map
    from triptych.port.precision import precision

    pairs = read_map(args.map) if args.map is not None else None
    for target in (args.a, args.b):
        load(target)  # imports Keras, if a model is one, before its precision is set
    with precision(args.dtype):
        a, b = build(args.a), build(args.b)
    x, x_b, y = data_of(args, a)
    loss = args.loss
    if loss is not None and (args.loss_b or loss not in ("crossentropy", "mse", "bce")):
        loss = (load(loss, args.a), load(args.loss_b or loss, args.b))
    optimizers = None
    if args.optimizer_a or args.optimizer_b:
        require(bool(args.optimizer_a and args.optimizer_b),
                "give both --optimizer-a and --optimizer-b", PortError)  # fmt: skip
        optimizers = (load(args.optimizer_a, args.a), load(args.optimizer_b, args.b))
    clip = {"clip_norm": args.clip_norm} if args.clip_norm is not None else None
    return api.check(a, b, x, x_b=x_b, y=y, loss=loss, optimizers=optimizers, clip=clip,
                     dtype=args.dtype, pairs=pairs, seed=args.seed, copy=False,
                     progress=progress)  # fmt: skip


def data_of(args: Namespace, a: Any) -> tuple[Any, Any, Any]:
    """A's batch, B's if it is another, and the targets."""
    from triptych.port.loading import batch, drawn

    if args.input is not None:
        require(args.loss is None, "a loss needs targets: give --data with x and y", PortError)
        return drawn(args.input, args.below, ROWS, args.seed), None, None
    arrays = batch(args.data)
    names = sorted(n for n in arrays if n.startswith("x") and not n.endswith("_b"))
    x = arrays["x"] if names == ["x"] else [arrays[n] for n in names]
    return x, arrays.get("x_b"), arrays.get("y")


def write(result: Any, args: Namespace) -> None:
    """Print the result, and write the files that were asked for."""
    from rich.console import Console

    from triptych.port.mapping import map_text
    from triptych.port.report.terminal import show

    show(result, Console())
    if args.json is not None:
        args.json.write_text(json.dumps(result.to_dict(), indent=1) + "\n", encoding="utf-8")
    if args.write_map is not None:
        args.write_map.write_text(map_text(result), encoding="utf-8")
    if args.junit is not None:
        from triptych.port.report.junit import junit

        args.junit.write_text(junit(result, f"{args.a} and {args.b}"), encoding="utf-8")
    if args.page is not None:
        from triptych.port.report.page import page

        args.page.write_text(page(result, args.a, args.b), encoding="utf-8")
        print(f"the page is {args.page}", file=sys.stderr)
