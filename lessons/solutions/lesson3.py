# %% [markdown]
# # Exercises of lesson 3 · Logistic regression
#
# Six exercises, from one of five minutes to one that has no end. Each goes the same way. First you
# **predict**, and write your prediction into the variable whose name begins with `predicted`. Then
# you replace each `...` by your own code, and **run**. Then you **explain**, to your neighbour or
# to yourself, why it came out as you said. Or why not, which is the better case: then you have
# found something that you did not know.
#
# `make check3` counts your points, and gives a hint where some are missing. A wrong prediction
# costs one point and no more; without a prediction, an exercise gives no points. Ask as often as
# you like; nobody counts.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.

# %%
import numpy as np

import datasets
from adapters.contract import SGD, Dense, Net
from adapters.numpy_adapter import NumpyModel, as_batch, as_order
from classroom import open_exercises
from course.images import pooled

exercises = open_exercises(3)

# %% [markdown]
# ## 1 · Row by column
#
# *5 minutes, 4 points*
#
# In the lesson A · B began with a 58. Now turn them around, and take B first. **Predict**, on
# paper: which shape does B · A have, and what is its first entry, top left? (One of the two is not
# what it was.)

# %%
A = np.array([[1, 2, 3], [4, 5, 6]])
B = np.array([[7, 8], [9, 10], [11, 12]])

### BEGIN SOLUTION
predicted_shape = (3, 3)
predicted_first = 39  # 1·7 + 4·8
### STUDENT: predicted_shape = ...  # two numbers: (rows, columns)
### STUDENT: predicted_first = ...
### END SOLUTION

# %% [markdown]
# Now write the dot product yourself, for any two matrices that fit, without `@` and without
# anything of NumPy's that does it in one go. Walk along a row and along a column, multiply, add up.
# Two loops are fine, and three are fine as well. (The check follows each number of A and B on its
# way through your loops, so use them as they come.)


# %%
def row_by_column(A, B):  # (n, k), (k, m) -> (n, m)
    ### BEGIN SOLUTION
    product = np.zeros((len(A), B.shape[1]))
    for i, row in enumerate(A):
        for j, column in enumerate(B.T):
            product[i, j] = sum(row * column)
    return product
    ### END SOLUTION


print("by hand:", row_by_column(B, A), "by NumPy:", B @ A, sep="\n")

# %% [markdown]
# **Explain**: the inner numbers of the shapes have to agree, and then they vanish. Where, in your
# loops, did they go?
#
# ## 2 · Softmax, safely
#
# *15 minutes, 5 points*
#
# **Predict**: softmax turns the scores 10, 0, 0 into three shares. Does it turn 1010, 1000, 1000
# into the same three, yes (`True`) or no (`False`)?

# %%
### BEGIN SOLUTION
predicted_same = True
### STUDENT: predicted_same = ...  # True or False
### END SOLUTION

# %% [markdown]
# Write `softmax` so that it survives large scores. It gets one row of scores, or a whole table with
# a row for each picture, and the shares of *each row* sum to 1. (If it works for a table, it works
# for a row: the classes are always the last axis. `keepdims=True` keeps the shapes fitting.)


# %%
def softmax(scores):  # (..., classes) -> (..., classes)
    ### BEGIN SOLUTION
    pieces = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return pieces / pieces.sum(axis=-1, keepdims=True)
    ### END SOLUTION


print(softmax(np.array([10.0, 0, 0])))
print(softmax(np.array([1010.0, 1000, 1000])))
print(softmax(np.array([[2.0, 1, -1], [0, 0, 0]])))

# %% [markdown]
# **Explain**: which scores does a model have to give if it wants to be *exactly* certain, with a
# share of 1? What does the computer make of it?
#
# ## 3 · The loss, from the scores
#
# *15 minutes, 4 points*
#
# **Predict**: a model that knows nothing, and has *four* classes to choose from, gives each a share
# of ¼. What is its loss? (The lesson's had ten classes and began at 2.30. You may use the computer
# as a calculator, or `np.log`.)

# %%
### BEGIN SOLUTION
predicted_loss = np.log(4)  # −log ¼ = 1.386
### STUDENT: predicted_loss = ...
### END SOLUTION

# %% [markdown]
# The **cross-entropy** is −log of the share that the *right* class got, averaged over the pictures.
# The scores come in, one row per picture, and `y` holds the number of the right class for each.
#
# There is a trap. A class that is a thousand points behind gets a share that the computer rounds to
# 0, and the logarithm of 0 is minus infinity. But the answer is not infinite at all, it is a
# thousand! So do not make shares first. Two facts about logarithms help, *log(a / b) = log(a) −
# log(b)* and *log(exp(z)) = z*, and so does the lesson's courtesy to the computer. (A loop over the
# pictures is fine. `scores[np.arange(len(y)), y]` does without: from each row it takes the score of
# the class that `y` names.)


# %%
def cross_entropy(scores, y):  # (n, classes), (n,) -> a number
    ### BEGIN SOLUTION
    scores = scores - scores.max(axis=1, keepdims=True)
    cake = np.log(np.exp(scores).sum(axis=1))  # (n,)
    return np.mean(cake - scores[np.arange(len(y)), y])
    ### END SOLUTION


print(cross_entropy(np.zeros((5, 4)), np.array([0, 1, 2, 3, 3])))
print(cross_entropy(np.array([[1000.0, 0, 0]]), np.array([1])))

# %% [markdown]
# **Explain**: to be certain and wrong costs a thousand, to know nothing costs 1.39. Would you want
# a weather forecaster to be paid like that?
#
# ## 4 · A defect in the backend
#
# *15 minutes, 4 points*
#
# Somebody has changed *one line* in the course's NumPy backend. No error is raised, and it still
# learns. Here is the method with the defect in it: `epoch`, which walks through the pictures once,
# batch after batch, in the given `order`. It makes a step on each batch and returns the loss before
# each step.
#
# **Predict** before you look at the code: 250 pictures in batches of 100. How many losses should an
# epoch return?

# %%
### BEGIN SOLUTION
predicted_losses = 3  # of 100, 100 and 50 pictures
### STUDENT: predicted_losses = ...
### END SOLUTION

# %% [markdown]
# Run the cell, and look at what it prints. Then mend the line. (`as_batch` and `as_order` only
# check what they are given; they are sound. So is `self._step`.)


# %%
class Backend(NumpyModel):
    dtype = exercises.Model.dtype

    def epoch(self, x, y, order, batch_size):
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        ### BEGIN SOLUTION
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        ### STUDENT: batches = [
        ### STUDENT:     order[i : i + batch_size]  # the numbers of its pictures
        ### STUDENT:     for i in range(0, len(order) - batch_size + 1, batch_size)
        ### STUDENT: ]
        ### END SOLUTION
        return np.array([self._step(x[rows], y[rows]) for rows in batches], self.dtype)


rng = np.random.default_rng(exercises.seed)
x, y = rng.normal(size=(250, 5)), rng.integers(3, size=250)
backend = Backend(Net((Dense(5, 3),), "softmax"), [np.zeros((5, 3)), np.zeros(3)], SGD(0.1))
print("losses of an epoch:", backend.epoch(x, y, np.arange(250), 100))

# %% [markdown]
# **Explain**: the pictures come in a new order each epoch, so it is not always the same ones that
# are left out. Does the mistake matter, then? With 250 pictures? With 10,000? With 99?
#
# ## 5 · A step in a framework that you do not know
#
# *30 minutes, 5 points*
#
# You have seen what a step is. Choose a framework that you have **never used**, and find out how it
# does that: PyTorch, TensorFlow, Keras, JAX, PyTensor, whatever is installed here (`make doctor`
# in a terminal lists them). If you start with `BACKEND=jax`, say, or with that name in the first
# cell of the notebook, then JAX is ready for use. If they are all new to you, take PyTorch.
#
# **Predict**: the weights start at zero, so all shares are the same at first. The very first step
# of plain gradient descent: in which direction does it turn the bias of a class that is *more*
# frequent than the others in this batch? Up (`"up"`), down (`"down"`), or not at all (`"stays"`)?

# %%
### BEGIN SOLUTION
predicted_bias = "up"
### STUDENT: predicted_bias = ...  # "up", "down" or "stays"
### END SOLUTION

# %% [markdown]
# The weights W and bias of a softmax regression come in as NumPy arrays, with a batch of pictures
# `x` and the numbers `y` of their classes. Return W and bias as they are after *one* step of plain
# gradient descent (no momentum, no penalty) down the mean cross-entropy. NumPy arrays go in and
# NumPy arrays come out; what happens in between is the framework's business. It should find the
# gradient for you: look for words such as *grad*, *backward*, *tape* or *fit*. If you get stuck,
# open its file in `adapters/`, where the same is done.


# %%
### BEGIN SOLUTION
def numpy_step(W, bias, x, y, learning_rate):
    odds = np.exp(x @ W + bias)  # (n, classes)
    error = odds / odds.sum(1, keepdims=True)
    error[np.arange(len(y)), y] -= 1  # what each score should have been lower by
    error /= len(y)
    return W - learning_rate * x.T @ error, bias - learning_rate * error.sum(0)


def torch_step(W, bias, x, y, learning_rate):
    import torch

    W, bias = torch.tensor(W, requires_grad=True), torch.tensor(bias, requires_grad=True)
    optimizer = torch.optim.SGD([W, bias], lr=learning_rate)
    loss = torch.nn.functional.cross_entropy(torch.tensor(x) @ W + bias, torch.tensor(y))
    loss.backward()
    optimizer.step()
    return W.detach().numpy(), bias.detach().numpy()


def tensorflow_step(W, bias, x, y, learning_rate):
    import tensorflow as tf

    W, bias = tf.Variable(W), tf.Variable(bias)
    with tf.GradientTape() as tape:
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x @ W + bias)
        loss = tf.reduce_mean(each)
    for knob, gradient in zip((W, bias), tape.gradient(loss, [W, bias]), strict=True):
        knob.assign_sub(learning_rate * gradient)
    return W.numpy(), bias.numpy()


def keras_step(W, bias, x, y, learning_rate):
    import keras

    model = keras.Sequential([keras.Input((len(W),)), keras.layers.Dense(len(bias))])
    model.set_weights([W, bias])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(learning_rate), loss)
    model.train_on_batch(x, y)
    return model.get_weights()


def jax_step(W, bias, x, y, learning_rate):
    import jax

    def loss(W, bias):
        log_shares = jax.nn.log_softmax(x @ W + bias)
        return -log_shares[np.arange(len(y)), y].mean()

    by_W, by_bias = jax.grad(loss, argnums=(0, 1))(W, bias)
    return np.array(W - learning_rate * by_W), np.array(bias - learning_rate * by_bias)


def pytensor_step(W, bias, x, y, learning_rate):
    import pytensor
    import pytensor.tensor as pt

    knobs = pt.matrix("W", dtype=W.dtype), pt.vector("bias", dtype=bias.dtype)
    log_shares = pt.special.log_softmax(x @ knobs[0] + knobs[1], axis=1)
    loss = -log_shares[np.arange(len(y)), y].mean()
    moved = [k - learning_rate * g for k, g in zip(knobs, pt.grad(loss, knobs), strict=True)]
    return pytensor.function(knobs, moved)(W, bias)


STEPS = {
    "numpy": numpy_step, "torch": torch_step, "tensorflow": tensorflow_step, "keras": keras_step,
    "keras-torch": keras_step, "keras-jax": keras_step, "jax": jax_step, "pytensor": pytensor_step,
}  # fmt: skip


### STUDENT:
### END SOLUTION
def step(W, bias, x, y, learning_rate):  # (k, m), (m,), (n, k), (n,) -> (k, m), (m,)
    ### BEGIN SOLUTION
    return STEPS[exercises.Model.backend](W, bias, x, y, learning_rate)
    ### END SOLUTION


x, y = x.astype("float32"), np.array([0] * 150 + [1] * 50 + [2] * 50)
print(step(np.zeros((5, 3), "float32"), np.zeros(3, "float32"), x, y, 0.1))

# %% [markdown]
# **Explain**: count the lines of yours that say *what* should happen, and the ones that say *how*.
# Compare with somebody who took another framework. What has each decided for you?
#
# ## 6 · None of these
#
# *open, 4 points*
#
# The model always answers. Show it noise, and it will say *bag*. It would be worth a lot if it
# could say "I do not know", and somebody would look at the picture. Invent a measure of **doubt**:
# the shares of each picture come in, and a number for each picture comes out, the larger, the more
# you doubt the answer.
#
# **Predict** first. The model below is wrong on about a quarter of the pictures. Now take only the
# fifth of them that you doubt most. Which part of *those* is wrong, as a number between 0 and 1?
# (Any honest guess has its point. It is not the guess that is judged.)

# %%
### BEGIN SOLUTION
predicted_wrong = 0.6
### STUDENT: predicted_wrong = ...  # between 0 and 1
### END SOLUTION


# %%
def doubt(shares):  # (n, classes) -> (n,), large where the answer should not be trusted
    ### BEGIN SOLUTION
    first, second = np.sort(shares, axis=1)[:, [-1, -2]].T
    return second - first  # a narrow victory is a doubtful one
    ### END SOLUTION


clothes = datasets.load("fashion10k")
small, labels = pooled(clothes.x_train[:4000]) / 255, clothes.y_train[:4000]  # about 7 × 7 pixels
net = Net((Dense(small.shape[1], 10),), "softmax", l2=1e-3)
zeros = [np.zeros(shape) for shape in net.shapes]
model = exercises.Model(net, zeros, SGD(0.1, momentum=0.9))
model.epoch(small[:2000], labels[:2000], np.tile(np.arange(2000), 10), 100)
scores = model.forward(small[2000:])
right = scores.argmax(1) == labels[2000:]
print(f"wrong, of all pictures: {1 - right.mean():.0%}")
doubts = doubt(np.exp(scores) / np.exp(scores).sum(1, keepdims=True))
if doubts is not None:
    most = np.argsort(-np.asarray(doubts))[: len(doubts) // 5]
    print(f"wrong, of the fifth that is doubted most: {1 - right[most].mean():.0%}")

# %% [markdown]
# The check draws shares of its own, from a model that means what it says: where it gives 70%, it is
# right seven times in ten. Your fifth has to be wrong clearly more often than the rest.
#
# **Explain**: is the doubt about a shirt of the same kind as the doubt about noise? Show the model
# pictures of noise and see. Does yours notice? If it does not, what would have to come out of the
# model for you to have a chance?
