"""`nn.Embedding` draws from N(0, 1)."""

import numpy as np
import torch


def default():
    """The standard deviation of a fresh table."""
    torch.manual_seed(0)
    return float(torch.nn.Embedding(1000, 20).weight.detach().std())


def matched():
    """Row 1 of a table that NumPy drew."""
    table = np.random.default_rng(0).uniform(-0.05, 0.05, (10, 4)).astype("float32")
    embedding = torch.nn.Embedding.from_pretrained(torch.from_numpy(table))
    return embedding(torch.tensor([1])).tolist()
