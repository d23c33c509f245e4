"""Gradient descent, as PyTorch's tutorials do."""

# pip install . torch
import torch
from torch import nn

from triptych.lesson_data import load

# data: six facts about each house, the log of its price
lesson = load(2)
x = torch.from_numpy(lesson.x)
y = torch.from_numpy(lesson.y)

# model
model = nn.Linear(6, 1).to(x.dtype)
nn.init.zeros_(model.weight)  # else: dense_kernel_init
nn.init.zeros_(model.bias)

# loss
loss_fn = nn.MSELoss()  # of two (n, 1): mse_broadcasting

# training: every step looks at all the rows
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
losses = []
for _ in range(lesson.epochs):
    loss = loss_fn(model(x), y)
    optimizer.zero_grad()  # else: gradients_accumulate
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

# result
with torch.no_grad():
    predicted = model(torch.from_numpy(lesson.x_test))
    w = model.weight.numpy()
print("loss", losses[-1], "weights", w.ravel())
