"""Every notebook runs; every figure has words; nothing of the user's takes part."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from adapters import BACKENDS
from classroom import kernel, notebooks
from classroom.execution import WakefulChannel, WakefulClient
from course.settings import CHAPTERS
from tests.waiting import PATIENCE

SHORTEST_WORDS = 40  # characters of an alternative text, as in the lessons' own tests
LONG_ENOUGH = 0.2  # seconds in which a message has come over the loopback


def outputs(node: NotebookNode) -> Iterator[NotebookNode]:
    """All outputs of a notebook."""
    for cell in node.cells:
        yield from cell.get("outputs", [])


def check(number: int, backend: str, node: NotebookNode, seconds: float) -> None:
    """It ran to its end on this backend, and can be read without seeing."""
    print(f"lesson {number} on {backend}: {seconds:.1f} s")
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    said = "".join(o.get("text", "") for o in outputs(node))
    assert f"backend {backend}," in said
    assert "complete: " in said
    figures = [o for o in outputs(node) if "image/png" in o.get("data", {})]
    assert len(figures) >= 3
    drawn = [o.data["image/png"] for o in figures]
    assert len(set(drawn)) == len(drawn), "a figure is shown twice"
    for figure in figures:
        assert len(figure.metadata["image/png"]["alt"]) >= SHORTEST_WORDS
        assert ' alt="' in figure.data["text/html"]  # what JupyterLab shows
    assert "<Figure size" not in str(node), "matplotlib shows a figure itself, without words"


def run(number: int, backend: str) -> None:
    """Execute a lesson for one epoch, and look at what it shows."""
    start = time.perf_counter()
    node = notebooks.execute(notebooks.notebook(number, backend, epochs=1))
    check(number, backend, node, time.perf_counter() - start)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", CHAPTERS)
def test_a_lesson_runs(number: int) -> None:
    """A notebook is the same on every backend, but for its first line; see the next one."""
    run(number, "numpy")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "numpy"])
def test_a_backend_runs_in_a_notebook(backend: str) -> None:
    """Whichever has to be imported into a kernel, and settled there."""
    run(1, backend)


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("number", CHAPTERS)
def test_every_lesson_runs_on_every_backend(number: int, backend: str) -> None:
    """All of them."""
    run(number, backend)


@pytest.mark.parametrize(
    "number", [number for number in CHAPTERS if notebooks.exercises_file(number).is_file()]
)
def test_exercises_run_as_they_are_handed_out(number: int) -> None:
    """From top to bottom, before anything is written."""
    notebooks.execute(notebooks.exercises_notebook(number, "numpy"))


def of_cells(*sources: str) -> NotebookNode:
    """A notebook of these cells."""
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def printed(*sources: str) -> list[str]:
    """What each of these cells prints in a fresh kernel."""
    node = notebooks.execute(of_cells(*sources))
    return ["".join(o.get("text", "") for o in cell.outputs).strip() for cell in node.cells]


def test_nothing_of_the_users_takes_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No start-up file of IPython's, no kernel of theirs, no variable, no matplotlibrc."""
    home = tmp_path / "home"
    (startup := home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (startup / "00-poison.py").write_text("import builtins; builtins.POISON = 1\n")
    (home / ".ipython" / "profile_default" / "ipython_config.py").write_text("1 / 0\n")
    (theirs := home / ".local" / "share" / "jupyter" / "kernels" / "triptych").mkdir(parents=True)
    (theirs / "kernel.json").write_text('{"argv": ["false"], "language": "python"}')
    (rc := home / ".config" / "matplotlib").mkdir(parents=True)
    (rc / "matplotlibrc").write_text("figure.facecolor: red\n")
    for name, value in {
        "HOME": str(home), "KERAS_BACKEND": "theano", "OMP_NUM_THREADS": "7", "TF_ENABLE": "1",
        "IPYTHONDIR": str(home / ".ipython"), "PYTHONSTARTUP": str(startup / "00-poison.py"),
        "TRIPTYCH_CACHE": str(tmp_path / "cache"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    poison, variables, colour = printed(
        "import builtins, os\nprint(hasattr(builtins, 'POISON'))",
        "print([n for n in os.environ if n.startswith(('KERAS', 'OMP', 'TF_', 'PYTHONSTART'))])",
        "from matplotlib import pyplot as plt\nprint(plt.rcParams['figure.facecolor'])",
    )
    assert (poison, variables, colour) == ("False", "[]", "white")
    assert "1 / 0" not in "".join(capfd.readouterr())


def test_the_kit_is_imported_wherever_the_notebook_lies() -> None:
    """And nothing that lies beside the notebook in its stead."""
    (file,) = printed("from pathlib import Path\nimport course\nprint(course.__file__)")
    assert Path(file) == kernel.ROOT / "course" / "__init__.py"
    beside = "Path('course.py').write_text('1 / 0')"
    _, again = printed(
        f"from pathlib import Path\n_ = {beside}", "import course.settings\nprint(1)"
    )
    assert again == "1"


def test_a_run_leaves_no_process_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a cell fails."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    node = of_cells("import os\nopen('left', 'w').close()\nprint(os.getpid())")
    pid = int(notebooks.execute(node).cells[0].outputs[0].text)
    assert not Path(f"/proc/{pid}").exists() or os.name == "nt"
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        notebooks.execute(of_cells("1 / 0"))
    assert list(tmp_path.iterdir()) == []
    assert "outputs" not in node.cells[0] or node.cells[0].outputs == []  # a copy was run


def test_an_error_that_a_student_can_mend_is_one_line() -> None:
    """No traceback through the kit; and what to do in a notebook."""
    with pytest.raises(CellExecutionError) as caught:
        notebooks.execute(
            of_cells(
                "from course import open_lesson\n_ = open_lesson(1, backend='numpy')",
                "open_lesson(1, backend='numpy', dtype='float64')",
            )
        )
    assert "Traceback" not in str(caught.value)
    assert "start a new one" in str(caught.value)
    assert "Restart Kernel" in str(caught.value)


def test_a_training_is_one_bar_however_long_it_is() -> None:
    """It is moved in its place, and is no widget: a saved notebook still shows it."""
    node = notebooks.execute(
        of_cells(
            "from course.console import progress\n"
            "with progress('plane', 50) as report:\n"
            "    for i in range(50):\n"
            "        report(i + 1, 1 / (i + 1))"
        )
    )
    ((bar,),) = [cell.outputs for cell in node.cells]
    assert 'value="50" max="50"' in bar.data["text/html"]
    assert "50/50 epochs" in bar.data["text/html"]
    assert "loss 0.0200" in bar.data["text/html"]


def test_an_answer_that_arrives_while_something_is_sent_is_seen() -> None:
    """ZeroMQ tells of a message once, and a send of Jupyter's takes that word with it."""
    assert WakefulClient.shell_channel_class is WakefulChannel

    async def heard() -> bool:
        session = Session()
        with (
            zmq.Context() as their_context,
            zmq.asyncio.Context() as our_context,
            their_context.socket(zmq.DEALER) as kernel_s,
            our_context.socket(zmq.DEALER) as ours,
        ):
            port = kernel_s.bind_to_random_port("tcp://127.0.0.1")
            ours.connect(f"tcp://127.0.0.1:{port}")
            channel = WakefulChannel(ours, session)
            session.send(kernel_s, "kernel_info_reply")  # as any kernel: a first message wakes more
            await channel.get_msg()
            channel.send(session.msg("execute_request"))
            assert kernel_s.poll(PATIENCE * 1000)
            waiting = asyncio.ensure_future(channel.get_msg())
            await asyncio.sleep(LONG_ENOUGH)  # it waits now
            session.send(kernel_s, "execute_reply")
            time.sleep(LONG_ENOUGH)  # not asyncio's: the reply comes, and nobody looks
            channel.send(session.msg("comm_msg"))
            reply = await asyncio.wait_for(waiting, PATIENCE)
        return bool(reply["header"]["msg_type"] == "execute_reply")

    assert asyncio.run(heard())
