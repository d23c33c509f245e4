"""The perceptron: Rosenblatt's rule of 1958."""

# pip install . numpy
import numpy as np

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x, y = lesson.x, lesson.y

# model
w, b = np.zeros((784, 1)), np.zeros(1)


def model(x):
    return x @ w + b


# loss: a wrong answer costs its distance from the fence
def is_wrong(score, answer):
    return answer * score <= 0  # or on the fence


# training: one picture after the other
mistakes = []
for _ in range(lesson.epochs):
    mistakes.append(0)
    for pixels, answer in zip(x, y):
        if is_wrong(model(pixels), answer):
            w += answer * pixels[:, None]
            b += answer
            mistakes[-1] += 1
    if mistakes[-1] == 0:
        break

# result
predicted = np.where(model(lesson.x_test) > 0, 1, -1)
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
