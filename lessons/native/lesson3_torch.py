"""Logistic regression, as PyTorch's tutorials do."""

# pip install . torch
import torch
from torch import nn

from triptych.lesson_data import load

# data
lesson = load(3)
x = torch.from_numpy(lesson.x)
y = torch.from_numpy(lesson.y)
orders = torch.from_numpy(lesson.orders)

# model, random at first: dense_kernel_init
model = nn.Linear(784, 10).to(x.dtype)
if lesson.weights:  # (out, in) here: dense_kernel_layout
    with torch.no_grad():
        for p, w in zip(model.parameters(), lesson.weights):
            p.copy_(torch.from_numpy(w.T))

# loss
# of logits, not probabilities: crossentropy_input
loss_fn = nn.CrossEntropyLoss()


def penalty():  # not of biases: weight_decay_reaches_biases
    return 0.5e-3 * model.weight.square().sum()


# training
optimizer = torch.optim.SGD(
    model.parameters(), lr=0.03, momentum=0.9
)
losses = []
for epoch, order in enumerate(orders):
    rate = 0.03 if epoch < lesson.epochs * 2 / 3 else 0.003
    optimizer.param_groups[0]["lr"] = rate
    for rows in order.split(100):
        loss = loss_fn(model(x[rows]), y[rows]) + penalty()
        optimizer.zero_grad()  # else: gradients_accumulate
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

# result
with torch.no_grad():
    logits = model(torch.from_numpy(lesson.x_test))
predicted = logits.argmax(dim=1).numpy()
print("accuracy", (predicted == lesson.y_test).mean())
