"""A small network in Keras and its right port, with options that make it wrong."""

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

SHAPE = (9, 9, 3)


def keras_net():
    """Convolutions, a normalisation, dropout and a softmax."""
    layers = keras.layers
    x = inputs = keras.Input(SHAPE)
    x = layers.Conv2D(8, 3, padding="same", name="conv1")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(6, 3, name="conv2")(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax", name="head")(x))


class TorchNet(nn.Module):
    """The same; eps, momentum and activation are those of its right port."""

    def __init__(self, eps=1e-3, momentum=0.01, activation=F.relu):
        super().__init__()
        self.activation = activation
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8, eps=eps, momentum=momentum)
        self.conv2 = nn.Conv2d(8, 6, 3)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(6 * 7 * 7, 5)

    def forward(self, x):
        """Pictures, channels first, to probabilities."""
        x = self.activation(self.norm(self.conv1(x)))
        x = self.dropout(self.conv2(x))
        return F.softmax(self.head(x.flatten(1)), dim=1)


def batch(rows=6):
    """Pictures, channels last, and labels."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(rows, *SHAPE)), rng.integers(0, 5, rows)


def keras_loss(targets, result):
    """As Keras calls it."""
    return keras.losses.sparse_categorical_crossentropy(targets, result)


def torch_loss(result, targets):
    """As PyTorch calls it, of probabilities."""
    return F.nll_loss(result.clamp(1e-7, 1 - 1e-7).log(), targets)


def state(model):
    """Every number that a model holds, and every switch."""
    if isinstance(model, keras.Model):
        return [w.copy() for w in model.get_weights()], model.trainable
    tensors = {name: t.clone() for name, t in model.state_dict().items()}
    return (
        tensors,
        [m.training for m in model.modules()],
        [p.requires_grad for p in model.parameters()],
        [p.grad for p in model.parameters()],
        [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()],
    )


def same_state(before, after):
    """Whether two states are equal to the bit."""
    if isinstance(before[0], dict):
        return before[1:] == after[1:] and all(
            torch.equal(t, after[0][name]) for name, t in before[0].items()
        )
    return before[1] == after[1] and all(map(np.array_equal, before[0], after[0]))
