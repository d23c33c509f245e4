"""A small transformer, as PyTorch's tutorials do."""

# pip install . torch
import torch
from torch import nn
from torch.nn.functional import (
    cross_entropy,
    scaled_dot_product_attention,
)

from triptych.lesson_data import load

# data
lesson = load(8)
x, y = (
    torch.from_numpy(lesson.x),
    torch.from_numpy(lesson.y),
)
orders = torch.from_numpy(lesson.orders)


# model
class Attention(
    nn.Module
):  # nn's own has attention_bias_init
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(32, 32, bias=False)
        self.key = nn.Linear(32, 32, bias=False)
        self.value = nn.Linear(32, 32, bias=False)
        self.output = nn.Linear(32, 32, bias=False)

    def forward(self, x):  # (n, length, 32)
        q, k, v = (
            f(x).unflatten(2, (2, 16)).transpose(1, 2)
            for f in (self.query, self.key, self.value)
        )  # attention_heads_axis
        found = scaled_dot_product_attention(
            q, k, v, is_causal=True
        )
        return self.output(found.transpose(1, 2).flatten(2))


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(32, 32) / 6)

    def forward(self, x):
        return x + self.table


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def block():
    thinks = (
        nn.Linear(32, 128),
        nn.ReLU(),
        nn.Linear(128, 32),
    )
    return (
        Residual(nn.LayerNorm(32), Attention()),
        Residual(nn.LayerNorm(32), *thinks),
    )


symbols = int(lesson.x.max()) + 1
model = nn.Sequential(
    nn.Embedding(symbols, 32),  # embedding_init
    Positions(),
    *block(),
    *block(),
    nn.LayerNorm(32),
    nn.Linear(32, symbols),
).to(getattr(torch, lesson.dtype))
weights = map(torch.from_numpy, lesson.weights)
for module in model.modules() if lesson.weights else ():
    for p in module.parameters(recurse=False):
        w, turned = next(weights), type(module) is nn.Linear
        w = w.T if turned and w.ndim == 2 else w
        p.data.copy_(w)  # dense_kernel_layout


# loss
def loss_fn(logits, y):  # the classes are axis 1
    return cross_entropy(logits.transpose(1, 2), y)


# training
optimizer = torch.optim.Adam(model.parameters(), lr=0.008)
losses = []
for epoch, order in enumerate(orders):
    late = epoch >= lesson.epochs * 2 / 3
    optimizer.param_groups[0]["lr"] = (
        0.001 if late else 0.008
    )
    for rows in order.split(25):
        loss = loss_fn(model(x[rows]), y[rows])
        optimizer.zero_grad()  # else: gradients_accumulate
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

# result
with torch.no_grad():
    logits = model(torch.from_numpy(lesson.x_test))
held_out = loss_fn(logits, torch.from_numpy(lesson.y_test))
predicted = logits.argmax(dim=2).numpy()
print("loss on the held-out text", held_out.item())
