"""Running a notebook from top to bottom, in a kernel and a folder of its own."""

from __future__ import annotations

import copy
import os
import tempfile
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from classroom import kernel


class WakefulChannel(AsyncZMQSocketChannel):
    """A channel on which no answer is overlooked that arrives while something is sent.

    ZeroMQ tells of a message once. A widget's answer (nbclient's OutputWidget) is sent while the
    cell's own reply is awaited; what Jupyter sends past asyncio's socket takes that one word with
    it, and the cell then waits for ever: some runs of lesson 2 in a hundred, on a busy machine.
    """

    def send(self, msg: dict[str, Any]) -> None:
        """Send, and then look again: asyncio's socket passes on whatever its events say."""
        super().send(msg)
        assert self.socket is not None
        self.socket.get(zmq.EVENTS)


class WakefulClient(AsyncKernelClient):
    """A kernel's client whose cells end."""

    shell_channel_class = WakefulChannel


def executed(node: NotebookNode, timeout: int) -> NotebookNode:
    """A copy of the notebook with its outputs; nothing else is left of the run."""
    result = copy.deepcopy(node)
    with tempfile.TemporaryDirectory(prefix="triptych-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        kernel.write_kernelspec(folder)
        (folder / "work").mkdir()
        manager = AsyncKernelManager(
            kernel_name=kernel.NAME,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder / "kernels")]),
            client_factory=WakefulClient,
            connection_file=str(folder / "connection.json"),
            # Two kernels that start at the same time may choose the same port; a file is nobody
            # else's, and needs no network.
            transport="tcp" if os.name == "nt" else "ipc",
        )
        client = NotebookClient(
            result,
            km=manager,
            timeout=timeout,
            resources={"metadata": {"path": str(folder / "work")}},
            record_timing=False,
            store_widget_state=True,
        )
        client.execute(cleanup_kc=True)  # or the kernel that it was handed would stay
    return result
