"""Logistic regression, an estimator of scikit-learn.

It has no epochs: a quasi-Newton method goes all the way to
the lowest point, which the other programs only approach.
"""

# pip install . scikit-learn
from sklearn.linear_model import LogisticRegression

from triptych.lesson_data import load

# data
lesson = load(3)
x, y = lesson.x, lesson.y

# model
model = LogisticRegression(max_iter=2000, tol=1e-3)

# loss: C is one over the penalty and the number of rows
model.set_params(C=1 / (1e-3 * len(x)))

# training
model.fit(x, y)

# result
predicted = model.predict(lesson.x_test)
print("accuracy", (predicted == lesson.y_test).mean())
