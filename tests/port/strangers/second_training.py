"""Second collection, the training step: eight mistakes of people who port from Keras."""

from __future__ import annotations

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers as L
from keras import ops
from torch import nn

from tests.port.mistakes import of_architecture

RATE = 0.1
CLASS_WEIGHTS = (0.5, 1.0, 4.0)
CLASSES = np.array([0, 2, 1, 2, 0, 1], dtype="int64")


def _rows():
    return np.random.default_rng(7).normal(size=(6, 5)).astype("float32")


def _targets(*shape):
    return np.random.default_rng(8).normal(size=shape).astype("float32")


def _dense(outputs=3, last=None):
    x = keras.Input((5,))
    shaken = keras.initializers.RandomNormal(stddev=0.5, seed=9)
    y = L.Dense(8, activation="tanh", bias_initializer=shaken, name="hidden")(x)
    return keras.Model(x, L.Dense(outputs, activation=last, name="head")(y))


class _Dense(nn.Module):
    def __init__(self, outputs=3, last=None, no_grad=False):
        super().__init__()
        self.last = last
        self.no_grad = no_grad
        self.hidden = nn.Linear(5, 8)
        self.head = nn.Linear(8, outputs)

    def forward(self, x):
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.no_grad):
            y = torch.tanh(self.hidden(x))
        y = self.head(y)
        return y.softmax(-1) if self.last == "softmax" else y


def _frozen():
    x = keras.Input((5,))
    y = L.Dense(8, name="hidden")(x)
    y = L.BatchNormalization(
        moving_mean_initializer=keras.initializers.RandomNormal(stddev=0.3, seed=7),
        moving_variance_initializer=keras.initializers.RandomUniform(0.5, 1.5, seed=8),
        trainable=False,
        name="norm",
    )(y)
    return keras.Model(x, L.Dense(3, name="head")(L.ReLU(name="relu")(y)))


class _Frozen(nn.Module):
    def __init__(self, weights_only=False):
        super().__init__()
        self.weights_only = weights_only
        self.hidden = nn.Linear(5, 8)
        self.norm = nn.BatchNorm1d(8, eps=1e-3, momentum=0.01).requires_grad_(False)
        self.head = nn.Linear(8, 3)

    def train(self, mode=True):
        super().train(mode)
        if not self.weights_only:
            self.norm.eval()
        return self

    def forward(self, x):
        return self.head(F.relu(self.norm(self.hidden(x))))


def _weighted(y_true, y_pred):
    # What `class_weight` of Keras's `fit` does: the weighted losses over the number of rows.
    y_true = ops.cast(y_true, "int32")
    losses = keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=True)
    weights = ops.cast(ops.convert_to_tensor(CLASS_WEIGHTS), losses.dtype)
    return ops.mean(losses * ops.take(weights, y_true))


def _over_weights(result, y):
    weight = torch.tensor(CLASS_WEIGHTS, dtype=result.dtype, device=result.device)
    return F.cross_entropy(result, y, weight=weight)


def _over_rows(result, y):
    weight = torch.tensor(CLASS_WEIGHTS, dtype=result.dtype, device=result.device)
    return F.cross_entropy(result, y, weight=weight, reduction="none").mean()


def _of_probabilities(result, y):
    return F.nll_loss(torch.log(result), y)


def _flat(result, y):
    return F.mse_loss(result.squeeze(-1), y)


def _plain_sgd():
    return keras.optimizers.SGD(RATE)


def _torch_sgd(parameters):
    return torch.optim.SGD(parameters, RATE)


def _clipped_each():
    return keras.optimizers.SGD(RATE, clipnorm=0.1)


def _clipped_together():
    return keras.optimizers.SGD(RATE, global_clipnorm=0.1)


def _sparing():
    optimizer = keras.optimizers.SGD(RATE, weight_decay=0.3)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


def _decay_all(parameters):
    return torch.optim.SGD(parameters, RATE, weight_decay=0.3)


def _decay_kernels(parameters):
    parameters = list(parameters)
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.3},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.SGD(groups, RATE)


def _halving():
    return keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(RATE, 1, 0.5))


def _halve(optimizer, *_):
    for group in optimizer.param_groups:
        group["lr"] *= 0.5


def _halved_after(parameters):
    optimizer = torch.optim.SGD(parameters, RATE)
    optimizer.register_step_post_hook(_halve)
    return optimizer


def _halved_before(parameters):
    optimizer = _halved_after(parameters)
    _halve(optimizer)  # scheduler.step() at the head of the loop
    return optimizer


def _given(y, loss, optimizers=(_plain_sgd, _torch_sgd), **more):
    return {"y": y, "loss": loss, "optimizers": optimizers, **more}


dense = of_architecture("second", _dense, _Dense, _rows)
frozen = of_architecture("second", _frozen, _Frozen, _rows)

CROSSENTROPY = (
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    nn.CrossEntropyLoss(),
)
LOSS = r"(?i)loss|criterion|result|head|target|\by\b"
UPDATE = r"(?i)updat|optim|step|param|weight|kernel|bias|hidden|head|\blr\b|rate|schedul|decay"

MISTAKES = [
    # 23: decay of every parameter, where A spares the biases.
    dense("decay also of the biases", UPDATE,
          r"(?i)(?=.*(decay|l2|shrink)).*(bias|exclu|except|spare|group|every|all\b|some|hidden"
          r"|head)",
          given=_given(CLASSES, CROSSENTROPY, (_sparing, _decay_all))),
    # 24: cross-entropy of logits for a result that has been through softmax.
    dense("softmax twice", LOSS, r"(?i)soft.?max|logits?\b|probabilit",
          both={"last": "softmax"},
          given=_given(CLASSES, (keras.losses.SparseCategoricalCrossentropy(),
                                 nn.CrossEntropyLoss()))),
    # 25: (6, 1) minus (6,) is (6, 6) in PyTorch: every row against every target.
    dense("loss broadcasts rows against targets", LOSS,
          r"(?i)broadcast|shapes?\b|squeeze|unsqueeze|\bevery row\b|\(6, ?6\)|\(6, ?1\)|rank",
          both={"outputs": 1},
          given=_given(_targets(6), (keras.losses.MeanSquaredError(), nn.MSELoss()))),
    # 26: PyTorch divides by the sum of the class weights, Keras by the number of rows.
    dense("class weights divided by their sum", LOSS,
          r"(?i)(?=.*weight).*(divi|sum|mean|averag|normal|reduc|number|count|total|batch)",
          given=_given(CLASSES, (_weighted, _over_weights))),
    # 27: clipnorm limits each gradient by itself, clip_grad_norm_ all of them together.
    dense("clipped together, not each", r"(?i)clip|grad|" + UPDATE[4:],
          r"(?i)(?=.*clip).*(each|per|global|together|joint|every|separate|all\b|total|single|own)",
          given=_given(CLASSES, CROSSENTROPY, (_clipped_each, _torch_sgd),
                       clip={"clip_norm": 0.1})),
    # 28: a frozen batch norm whose weights stand still, but which still uses the batch.
    frozen("frozen batch norm uses the batch", r"(?i)norm",
           r"(?i)froz|freez|trainable|eval|infer|(batch|running|moving).*(stat|mean|vari)"
           r"|train(ing)? mode|mode", weights_only=True,
           given=_given(_targets(6, 3), "mse")),
    # 29: the scheduler steps before the first update, which has half the learning rate.
    dense("schedule one step early", UPDATE,
          r"(?i)learning.?rate|\blr\b|schedul",
          given=_given(CLASSES, CROSSENTROPY, (_halving, _halved_before))),
    # 30: the first layer runs under no_grad, left over from when it was frozen.
    dense("no_grad around the first layer", r"(?i)hidden|tanh|head|forward|grad",
          r"(?i)no_grad|detach|(no|zero|stop|miss|cut|without|none|lack|block)\w*.*grad"
          r"|grad\w*.*(no\b|not|zero|stop|miss|cut|none|lack|block|reach|flow|nothing)|froz"
          r"|requires_grad|untrain|trainable|(not|never) (train|updat)", no_grad=True,
          given=_given(CLASSES, CROSSENTROPY)),
]  # fmt: skip

RIGHT = [
    dense("right: decay of the kernels", given=_given(
        CLASSES, CROSSENTROPY, (_sparing, _decay_kernels))),
    dense("right: cross-entropy of probabilities", both={"last": "softmax"}, given=_given(
        CLASSES, (keras.losses.SparseCategoricalCrossentropy(), _of_probabilities))),
    dense("right: squared error of one column", both={"outputs": 1}, given=_given(
        _targets(6), (keras.losses.MeanSquaredError(), _flat))),
    dense("right: class weights over rows", given=_given(CLASSES, (_weighted, _over_rows))),
    dense("right: clipped together", given=_given(
        CLASSES, CROSSENTROPY, (_clipped_together, _torch_sgd), clip={"clip_norm": 0.1})),
    frozen("right: frozen batch norm", given=_given(_targets(6, 3), "mse")),
    dense("right: schedule", given=_given(CLASSES, CROSSENTROPY, (_halving, _halved_after))),
    dense("right: all layers learn", given=_given(CLASSES, CROSSENTROPY)),
]  # fmt: skip
