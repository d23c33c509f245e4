"""A multilayer perceptron, as PyTorch's tutorials do."""

# pip install . torch
import torch
from torch import nn

from triptych.lesson_data import load

# data
lesson = load(4)
x = torch.from_numpy(lesson.x)
y = torch.from_numpy(lesson.y)
orders = torch.from_numpy(lesson.orders)

# model
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
).to(x.dtype)
if lesson.weights:  # (out, in) here: dense_kernel_layout
    with torch.no_grad():
        for p, w in zip(model.parameters(), lesson.weights):
            p.copy_(torch.from_numpy(w.T))

# loss
# of logits, not probabilities: crossentropy_input
loss_fn = nn.CrossEntropyLoss()


def penalty():  # not of biases: weight_decay_reaches_biases
    kernels = (model[i].weight for i in (0, 2, 4))
    return 0.5e-3 * sum(w.square().sum() for w in kernels)


# training
optimizer = torch.optim.SGD(
    model.parameters(), lr=0.05, momentum=0.9
)
losses = []
for epoch, order in enumerate(orders):
    rate = 0.05 if epoch < lesson.epochs * 2 / 3 else 0.005
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
