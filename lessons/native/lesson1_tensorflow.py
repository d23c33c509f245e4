"""The perceptron, as a custom loss in TensorFlow."""

# pip install . tensorflow
import tensorflow as tf

from triptych.lesson_data import load

# data: black-and-white pictures, trousers +1 and bags −1
lesson = load(1)
x, y = lesson.x, lesson.y
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(1)

# model
w = tf.Variable(tf.zeros((784, 1), x.dtype))
b = tf.Variable(tf.zeros(1, x.dtype))


def model(x):
    return x @ w + b


# loss: a wrong answer costs its distance from the fence
def loss_fn(score, answer):  # and on it: maximum_at_a_tie
    is_wrong = answer * score <= 0
    return tf.where(is_wrong, -answer * score, 0), is_wrong


# training: one picture after the other
@tf.function
def one_pass():
    mistakes = 0
    for pixels, answer in data:
        with tf.GradientTape() as tape:
            loss, is_wrong = loss_fn(model(pixels), answer)
        grad_w, grad_b = tape.gradient(loss, (w, b))
        w.assign_sub(grad_w)
        b.assign_sub(grad_b)
        mistakes += tf.cast(is_wrong[0, 0], tf.int32)
    return mistakes


mistakes = []
for _ in range(lesson.epochs):
    mistakes.append(int(one_pass()))
    if mistakes[-1] == 0:
        break

# result
scores = model(lesson.x_test)
predicted = tf.where(scores > 0, 1, -1).numpy()
print("mistakes in each pass", *mistakes)
print("accuracy", (predicted == lesson.y_test).mean())
