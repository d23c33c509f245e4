"""Steps of training: the same function, another loss, optimizer, clipping or statistic."""

from __future__ import annotations

import keras
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import of_architecture


def price(width: int = 12) -> keras.Model:
    """A number from seven others."""
    facts = keras.Input((7,))
    x = keras.layers.Dense(width, activation="tanh", name="hidden")(facts)
    return keras.Model(facts, keras.layers.Dense(1, name="price")(x))


class Price(nn.Module):
    """The port of price."""

    def __init__(self, width: int = 12) -> None:
        super().__init__()
        self.hidden = nn.Linear(7, width)
        self.price = nn.Linear(width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.price(torch.tanh(self.hidden(x)))


def species(width: int = 10) -> keras.Model:
    """One of four kinds, as probabilities."""
    facts = keras.Input((7,))
    x = keras.layers.Dense(width, activation="relu", name="hidden")(facts)
    x = keras.layers.Dense(width, activation="relu", name="second")(x)
    return keras.Model(facts, keras.layers.Dense(4, activation="softmax", name="kind")(x))


class Species(nn.Module):
    """The port of species."""

    def __init__(self, width: int = 10) -> None:
        super().__init__()
        self.hidden = nn.Linear(7, width)
        self.second = nn.Linear(width, width)
        self.kind = nn.Linear(width, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.second(F.relu(self.hidden(x))))
        return F.softmax(self.kind(x), dim=-1)


def yields(width: int = 9) -> keras.Model:
    """A number, with a normalisation by the batch."""
    facts = keras.Input((7,))
    x = keras.layers.Dense(width, name="hidden")(facts)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.ReLU(name="relu")(x)
    return keras.Model(facts, keras.layers.Dense(1, name="crop")(x))


class Yields(nn.Module):
    """The port of yields."""

    def __init__(self, width: int = 9, momentum: float = 0.01) -> None:
        super().__init__()
        self.hidden = nn.Linear(7, width)
        self.norm = nn.BatchNorm1d(width, eps=1e-3, momentum=momentum)
        self.crop = nn.Linear(width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.crop(F.relu(self.norm(self.hidden(x))))


def facts_batch() -> np.ndarray:
    """Six rows of facts."""
    return np.random.default_rng(48).normal(size=(6, 7)).astype("float32")


NUMBERS = np.random.default_rng(49).normal(size=(6, 1)).astype("float32") * 2
KINDS = np.array([0, 3, 1, 2, 2, 0])


def keras_sgd() -> keras.optimizers.Optimizer:
    """Plain descent in A."""
    return keras.optimizers.SGD(0.05)


def torch_sgd(parameters: object) -> torch.optim.Optimizer:
    """Plain descent in B."""
    return torch.optim.SGD(parameters, lr=0.05)


def log_likelihood(result: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The loss of probabilities."""
    return F.nll_loss(torch.log(result), y.long())


def twice_softmax(result: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The loss of scores, which is given probabilities."""
    return F.cross_entropy(result, y.long())


def of_kinds(loss: object) -> dict[str, object]:
    """Options with a loss of B's own for the kinds."""
    ours = keras.losses.SparseCategoricalCrossentropy()
    return {"y": KINDS, "loss": (ours, loss), "optimizers": (keras_sgd, torch_sgd)}


def of_sum(reduction: str) -> dict[str, object]:
    """Options with a squared loss that is reduced so in B."""
    losses = (keras.losses.MeanSquaredError(), nn.MSELoss(reduction=reduction))
    return {"y": NUMBERS, "loss": losses, "optimizers": (keras_sgd, torch_sgd)}


def of_steps(ours: object, theirs: object, **more: object) -> dict[str, object]:
    """Options with two optimizers."""
    return {"y": NUMBERS, "loss": "mse", "optimizers": (ours, theirs), **more}


def of_smoothing(share: float) -> dict[str, object]:
    """A smoothing of the labels by a tenth in A, and by this share in B."""

    def loss(result: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        wanted = y * (1 - share) + share / y.shape[-1]
        return -(wanted * torch.log(result)).sum(-1).mean()

    ours = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    rows = np.eye(4, dtype="float32")[KINDS]
    return {"y": rows, "loss": (ours, loss), "optimizers": (keras_sgd, torch_sgd)}


def of_memory(first: float) -> dict[str, object]:
    """Adam with a short memory of the gradients in A, and this one in B."""
    return of_steps(
        lambda: keras.optimizers.Adam(0.02, beta_1=0.5),
        lambda parameters: torch.optim.Adam(parameters, lr=0.02, betas=(first, 0.999), eps=1e-7),
    )


def of_decay(kind: type[torch.optim.Optimizer]) -> dict[str, object]:
    """AdamW in A, and this kind in B."""
    return of_steps(
        lambda: keras.optimizers.AdamW(0.003, weight_decay=0.05),
        lambda parameters: kind(parameters, lr=0.003, weight_decay=0.05, eps=1e-7),
    )


def of_momentum(nesterov: bool) -> dict[str, object]:
    """Nesterov's momentum in A, and this or none in B."""
    return of_steps(
        lambda: keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True),
        lambda parameters: torch.optim.SGD(parameters, lr=0.02, momentum=0.9, nesterov=nesterov),
    )


def of_clip(how: str) -> dict[str, object]:
    """Each gradient's entry clipped in A, and so clipped in B."""
    return of_steps(lambda: keras.optimizers.SGD(0.05, clipvalue=0.1), torch_sgd, clip={how: 0.1})


guess = of_architecture("fourth", price, Price, facts_batch)
name_it = of_architecture("fourth", species, Species, facts_batch)
reap = of_architecture("fourth", yields, Yields, facts_batch)

MISTAKES = [
    # 23. CrossEntropyLoss, which has a softmax inside, is given probabilities.
    name_it(
        "softmax twice in the loss",
        r"(?i)loss|softmax|result|cross|^$",
        r"(?i)softmax|logit|probabilit|scores|log.?likelihood|nll",
        given=of_kinds(twice_softmax),
    ),
    # 24. The squares summed and not averaged.
    guess(
        "loss summed",
        r"(?i)loss|mse|reduc|result|^$",
        r"(?i)reduc|(mean|averag\w*|sum)(?!\().{0,40}(mean|averag|sum)(?!\()|0\.1666"
        r"|(×|times|by|/) ?6\b|\b6(\.0+)? times|ratio.{0,20}\b6\b",
        given=of_sum("sum"),
    ),
    # 25. PyTorch's first beta of Adam, 0.9, where the Keras model was trained with 0.5.
    guess(
        "first beta of Adam",
        r"(?i)adam|optimi[sz]er|update|step|beta|hidden|price|^$",
        r"(?i)beta.{0,3}_?1|betas|first.{0,20}(beta|moment)|\b0\.50*\b.{0,60}\b0\.90*\b"
        r"|\b0\.90*\b.{0,60}\b0\.50*\b",
        both={"width": 8},
        given=of_memory(0.9),
    ),
    # 26. The labels' smoothing was left out of the loss.
    name_it(
        "labels not smoothed",
        r"(?i)loss|label|result|smooth|cross|^$",
        r"(?i)smooth",
        both={"width": 8},
        given=of_smoothing(0.0),
    ),
    # 27. The decay put into Adam's gradients, where AdamW takes it from the weights.
    guess(
        "decay within Adam",
        r"(?i)adam|optimi[sz]er|update|step|decay|hidden|price|^$",
        r"(?i)coupl|adamw|\bl2\b|decay.{0,100}(gradient|straight|direct)|gradient.{0,80}decay",
        both={"width": 11},
        given=of_decay(torch.optim.Adam),
    ),
    # 28. Momentum without Nesterov's look ahead.
    guess(
        "nesterov forgotten",
        r"(?i)sgd|optimi[sz]er|update|step|nesterov|momentum|hidden|price|^$",
        r"(?i)nesterov|look.?ahead",
        both={"width": 14},
        given=of_momentum(False),
    ),
    # 29. The gradients clipped by their norm together, where Keras clips entry by entry.
    guess(
        "clipped by the norm",
        r"(?i)clip|sgd|optimi[sz]er|update|step|grad|hidden|price|^$",
        r"(?i)clip.{0,120}(norm|value|entry|element|each)|(norm|value|entry|element).{0,80}clip",
        both={"width": 6},
        given=of_clip("clip_norm"),
    ),
    # 30. Keras's momentum of the statistics copied: PyTorch's is one minus it.
    reap(
        "momentum of the statistics",
        r"(?i)norm|statistic|running|^$",
        r"(?i)momentum|0\.99.{0,60}0\.01|0\.01.{0,60}0\.99",
        given={"y": NUMBERS, "loss": "mse", "optimizers": (keras_sgd, torch_sgd)},
        momentum=0.99,
    ),
]

RIGHT = [
    # 23–26, without their mistakes.
    name_it("right: loss of probabilities", given=of_kinds(log_likelihood)),
    guess("right: loss averaged", given=of_sum("mean")),
    guess("right: first beta of Adam", both={"width": 8}, given=of_memory(0.5)),
    name_it("right: labels smoothed", both={"width": 8}, given=of_smoothing(0.1)),
    # 27–30, without their mistakes.
    guess("right: decay of AdamW", both={"width": 11}, given=of_decay(torch.optim.AdamW)),
    guess("right: nesterov", both={"width": 14}, given=of_momentum(True)),
    guess("right: clipped by value", both={"width": 6}, given=of_clip("clip_value")),
    reap(
        "right: momentum of the statistics",
        given={"y": NUMBERS, "loss": "mse", "optimizers": (keras_sgd, torch_sgd)},
    ),
]
