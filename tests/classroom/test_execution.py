"""Every notebook runs, every figure has a description, and no user setting has an effect."""

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
from course.lessons import LESSONS
from tests.waiting import PATIENCE

SHORTEST_ALT = 40  # characters of an alternative text, as in the tests of the lessons
LONG_ENOUGH = 0.2  # seconds for a message over the loopback


def outputs(node: NotebookNode) -> Iterator[NotebookNode]:
    """All outputs of a notebook."""
    for cell in node.cells:
        yield from cell.get("outputs", [])


def check(number: int, backend: str, node: NotebookNode, seconds: float) -> None:
    """The notebook ran to its end on this backend, and every figure has a description."""
    print(f"lesson {number} on {backend}: {seconds:.1f} s")
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    text = "".join(o.get("text", "") for o in outputs(node))
    assert f"backend {backend}," in text
    assert "complete: " in text
    figures = [o for o in outputs(node) if "image/png" in o.get("data", {})]
    assert len(figures) >= 3
    images = [o.data["image/png"] for o in figures]
    assert len(set(images)) == len(images), "a figure is shown twice"
    for figure in figures:
        assert len(figure.metadata["image/png"]["alt"]) >= SHORTEST_ALT
        assert ' alt="' in figure.data["text/html"]  # what JupyterLab shows
    assert "<Figure size" not in str(node), (
        "matplotlib shows a figure itself, without a description"
    )


def run(number: int, backend: str) -> None:
    """Execute a lesson for one epoch, and check its outputs."""
    start = time.perf_counter()
    node = notebooks.execute(notebooks.notebook(number, backend, epochs=1))
    check(number, backend, node, time.perf_counter() - start)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_runs(number: int) -> None:
    """Notebooks of one lesson differ in their first line only; see the next test."""
    run(number, "numpy")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "numpy"])
def test_a_backend_runs_in_a_notebook(backend: str) -> None:
    """Each backend can be imported and configured in a kernel."""
    run(1, backend)


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("number", LESSONS)
def test_every_lesson_runs_on_every_backend(number: int, backend: str) -> None:
    run(number, backend)


@pytest.mark.parametrize(
    "number", [number for number in LESSONS if notebooks.exercises_file(number).is_file()]
)
def test_exercises_without_answers_run(number: int) -> None:
    notebooks.execute(notebooks.exercises_notebook(number, "numpy"))


def notebook_of(*sources: str) -> NotebookNode:
    """A notebook with these cells."""
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def printed(*sources: str) -> list[str]:
    """The output of each of these cells in a new kernel."""
    node = notebooks.execute(notebook_of(*sources))
    return ["".join(o.get("text", "") for o in cell.outputs).strip() for cell in node.cells]


def test_user_settings_have_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No start-up file of IPython, no kernel, no variable, no matplotlibrc."""
    home = tmp_path / "home"
    (startup := home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (startup / "00-poison.py").write_text("import builtins; builtins.POISON = 1\n")
    (home / ".ipython" / "profile_default" / "ipython_config.py").write_text("1 / 0\n")
    (kernels := home / ".local" / "share" / "jupyter" / "kernels" / "triptych").mkdir(parents=True)
    (kernels / "kernel.json").write_text('{"argv": ["false"], "language": "python"}')
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


def test_the_course_can_be_imported_from_any_folder() -> None:
    """A file beside the notebook is not imported in its place."""
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
    """Even if a cell fails."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    node = notebook_of("import os\nopen('left', 'w').close()\nprint(os.getpid())")
    pid = int(notebooks.execute(node).cells[0].outputs[0].text)
    assert not Path(f"/proc/{pid}").exists() or os.name == "nt"
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        notebooks.execute(notebook_of("1 / 0"))
    assert list(tmp_path.iterdir()) == []
    assert "outputs" not in node.cells[0] or node.cells[0].outputs == []  # a copy was executed


def test_a_user_error_is_one_line() -> None:
    """No traceback, and advice for a notebook."""
    with pytest.raises(CellExecutionError) as caught:
        notebooks.execute(
            notebook_of(
                "from course import open_lesson\n_ = open_lesson(1, backend='numpy')",
                "open_lesson(1, backend='numpy', dtype='float64')",
            )
        )
    assert "Traceback" not in str(caught.value)
    assert "start a new one" in str(caught.value)
    assert "Restart Kernel" in str(caught.value)


def test_a_long_training_is_one_progress_bar() -> None:
    """It is updated in place, and it is no widget, so a saved notebook still shows it."""
    node = notebooks.execute(
        notebook_of(
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


def test_a_message_that_arrives_during_a_send_is_received() -> None:
    """ZeroMQ signals a message once, and a send by Jupyter consumes the signal."""
    assert WakefulClient.shell_channel_class is WakefulChannel

    async def is_received() -> bool:
        session = Session()
        with (
            zmq.Context() as kernel_context,
            zmq.asyncio.Context() as client_context,
            kernel_context.socket(zmq.DEALER) as kernel_socket,
            client_context.socket(zmq.DEALER) as client_socket,
        ):
            port = kernel_socket.bind_to_random_port("tcp://127.0.0.1")
            client_socket.connect(f"tcp://127.0.0.1:{port}")
            channel = WakefulChannel(client_socket, session)
            session.send(kernel_socket, "kernel_info_reply")  # a first message, as from any kernel
            await channel.get_msg()
            channel.send(session.msg("execute_request"))
            assert kernel_socket.poll(PATIENCE * 1000)
            waiting = asyncio.ensure_future(channel.get_msg())
            await asyncio.sleep(LONG_ENOUGH)  # it waits now
            session.send(kernel_socket, "execute_reply")
            time.sleep(LONG_ENOUGH)  # blocks asyncio while the reply arrives
            channel.send(session.msg("comm_msg"))
            reply = await asyncio.wait_for(waiting, PATIENCE)
        return bool(reply["header"]["msg_type"] == "execute_reply")

    assert asyncio.run(is_received())
