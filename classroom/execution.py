"""Run a notebook from top to bottom, in a separate kernel and a temporary folder."""

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
    """A channel that misses no message which arrives during a send.

    ZeroMQ signals a message once. While a cell's reply is awaited, nbclient's OutputWidget sends
    the reply of a widget. Jupyter sends it past asyncio's socket, which consumes the signal, and
    the cell waits for ever: some runs of lesson 2 in a hundred, on a busy machine.
    """

    def send(self, msg: dict[str, Any]) -> None:
        """Send, then read the socket's events, so that asyncio handles a waiting message."""
        super().send(msg)
        assert self.socket is not None
        self.socket.get(zmq.EVENTS)


class WakefulClient(AsyncKernelClient):
    """A kernel client with a channel that misses no message."""

    shell_channel_class = WakefulChannel


def execute(node: NotebookNode, timeout: int) -> NotebookNode:
    """A copy of the notebook with its outputs; all other files of the run are removed."""
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
            # Two kernels that start together may choose the same port. A socket file in this folder
            # is unique and needs no network.
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
        client.execute(cleanup_kc=True)  # else the kernel would keep running
    return result
