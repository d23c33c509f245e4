"""The perceptron, as a custom loss in PyTorch."""

# pip install . torch
import torch
from torch import nn

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x = torch.from_numpy(lesson.x)
y = torch.from_numpy(lesson.y)

# model
model = nn.Linear(784, 1).to(x.dtype)
nn.init.zeros_(model.weight)  # else: dense_kernel_init
nn.init.zeros_(model.bias)


# loss: a wrong answer costs its distance from the fence
def loss_fn(score, answer):  # and on it: maximum_at_a_tie
    is_wrong = answer * score <= 0
    return torch.where(is_wrong, -answer * score, 0)


# training: one picture after the other
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
mistakes = []
for _ in range(lesson.epochs):
    mistakes.append(0)
    for pixels, answer in zip(x, y):
        score = model(pixels)
        if answer * score <= 0:  # what is right stays
            loss = loss_fn(score, answer)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            mistakes[-1] += 1
    if mistakes[-1] == 0:
        break

# result
with torch.no_grad():
    scores = model(torch.from_numpy(lesson.x_test))
predicted = torch.where(scores > 0, 1, -1).numpy()
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
