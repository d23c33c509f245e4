"""The perceptron, as an estimator of scikit-learn."""

# pip install . scikit-learn
from sklearn.linear_model import Perceptron

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x, y = lesson.x, lesson.y

# model, and with it the loss
model = Perceptron(
    max_iter=lesson.epochs, tol=None, shuffle=False
)

# training: one picture after the other
model.fit(x, y.ravel())

# result
predicted = model.predict(lesson.x_test)[:, None]
print("accuracy", (predicted == lesson.y_test).mean())
