"""A convolutional network, as PyTorch's tutorials do."""

# pip install . torch
import torch
from torch import nn

from triptych.lesson_data import load

# data
lesson = load(7)
x = torch.from_numpy(lesson.x).permute(
    0, 3, 1, 2
)  # channels_first
y = torch.from_numpy(lesson.y)
orders = torch.from_numpy(lesson.orders)

# model
model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 10),
).to(x.dtype)
if lesson.weights:
    w1, b1, w2, b2, w3, b3 = map(
        torch.from_numpy, lesson.weights
    )
    w3 = w3.reshape(5, 5, 16, 10).permute(3, 2, 0, 1)
    moved = [
        w1.permute(3, 2, 0, 1),
        b1,
    ]  # conv_kernel_layout
    moved += [w2.permute(3, 2, 0, 1), b2]
    moved += [w3.flatten(1), b3]  # flatten_order
    with torch.no_grad():
        for p, w in zip(model.parameters(), moved):
            p.copy_(w)

# loss
# of logits, not probabilities: crossentropy_input
loss_fn = nn.CrossEntropyLoss()


def penalty():  # not of biases: weight_decay_reaches_biases
    kernels = (model[i].weight for i in (0, 3, 7))
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
x_test = torch.from_numpy(lesson.x_test).permute(0, 3, 1, 2)
with torch.no_grad():
    predicted = model(x_test).argmax(dim=1).numpy()
print("accuracy", (predicted == lesson.y_test).mean())
