"""PyTorch on several workers: DistributedDataParallel, over gloo.

What to know when comparing: DDP hooks into `backward` and takes the *mean* of the workers'
gradients, so a worker's part of the loss is first multiplied by the number of workers; it does not
share the losses, so they are summed at the end of an epoch; and the store that connects the workers
listens on every network interface unless it is given a socket.
"""

from __future__ import annotations

import socket
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch._C._distributed_c10d import TCPStore  # torch.distributed exports it without types
from torch.nn.parallel import DistributedDataParallel

from adapters import torch_adapter
from adapters.contract import Array, Device, Net, Optimizer, Params
from adapters.parallel import GRACE, Workers, World, check_size
from adapters.torch_adapter import TorchModel
from adapters.validation import as_order

LOST = (RuntimeError,)  # the base class of torch.distributed's errors


def configure_device(dtype: str, device: str, threads: int, world: World) -> Device:
    """Configure the process as for one worker, then connect the workers."""
    place = torch_adapter.configure_device(dtype, device, threads)
    TorchWorkers.world = world
    with world.collective(LOST):
        _connect(world)
        check_size(TorchWorkers, dist.get_world_size())
    return place


def _connect(world: World) -> None:
    """As `init_process_group` alone would, except that worker 0 listens on its own address only."""
    host, port = world.addresses[0].rsplit(":", 1)
    patience = timedelta(seconds=world.timeout + GRACE)
    server = None
    if world.rank == 0:
        server = socket.create_server((host, int(port)), backlog=world.size)
    store = TCPStore(
        host, int(port), world.size, is_master=server is not None, timeout=patience,
        master_listen_fd=server.detach() if server else None,
    )  # fmt: skip
    dist.init_process_group(
        "gloo", store=store, rank=world.rank, world_size=world.size, timeout=patience
    )


class Part(nn.Module):
    """This worker's part of a batch's loss, as the module that DDP wraps."""

    def __init__(self, model: TorchWorkers) -> None:
        super().__init__()
        self.layers, self.loss = model.layers, model._loss

    def forward(self, x: Tensor, y: Tensor, share: float) -> Tensor:
        """The loss of these rows, times their share of the batch."""
        return share * self.loss(x, y)


class TorchWorkers(Workers, TorchModel):
    """A network that DistributedDataParallel keeps the same on every worker."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        with self.world.collective(LOST):
            self.part = DistributedDataParallel(Part(self))

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        order, batch_size = as_order(order, len(inputs), batch_size)
        parts = []
        for batch in self._tensor(order).split(batch_size):
            rows, share = self.world.share(batch)
            with self.world.collective(LOST):
                parts.append(self._part(inputs[rows], targets[rows], share))
        with self.world.collective(LOST):
            dist.all_reduce(losses := torch.stack(parts))
        return losses.cpu().numpy()

    def _part(self, x: Tensor, y: Tensor, share: float) -> Tensor:
        """One update by the summed gradients; returns this worker's part of the loss before it."""
        self.optim.zero_grad()
        part = self.part(x, y, share)
        (self.world.size * part).backward()  # DDP's mean over the workers is then a sum
        self.optim.step()
        return part.detach()

    @staticmethod
    def total(values: Array) -> Array:
        dist.all_reduce(tensor := torch.from_numpy(values.copy()))
        return tensor.numpy()


MODEL = TorchWorkers
