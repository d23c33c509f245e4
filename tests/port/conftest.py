"""Keras on its torch backend, in float32 as a user has it, and one thread."""

import os

os.environ["KERAS_BACKEND"] = "torch"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _fresh_seeds():
    """Each test draws the same weights, whatever ran before."""
    keras.utils.set_random_seed(0)
    torch.manual_seed(0)
