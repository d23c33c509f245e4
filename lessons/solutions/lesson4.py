# %% [markdown]
# # Exercises of lesson 4 · A multilayer perceptron
#
# Five exercises, from one of ten minutes to one that has no end. **Predict** first, and write your
# prediction into the variable whose name begins with `predicted`. Then replace each `...` by your
# own code, **run**, and **explain** the difference. `make check4` counts your points, and gives a
# hint where some are missing. A wrong prediction costs one point and no more; without a prediction,
# an exercise gives no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.

# %%
import numpy as np

import datasets
from adapters.contract import SGD, Dense, Net
from adapters.numpy_adapter import LOSSES, NumpyModel
from adapters.numpy_layers import ACTIVATIONS
from classroom import open_exercises
from course.images import pooled

exercises = open_exercises(4)

# %% [markdown]
# ## 1 · The four corners
#
# *10 minutes, 5 points*
#
# **Predict**, on paper: follow the corner (1, 1) through the two hidden neurons of the lesson's
# XOR. The first counts how many inputs are on. The second adds them up too, but with a bias of −1,
# so that it notices when both are. Each has a relu. Which two numbers do they put out?

# %%
### BEGIN SOLUTION
predicted_hidden = [2, 1]
### STUDENT: predicted_hidden = ...  # [first, second]
### END SOLUTION

# %% [markdown]
# Now set the knobs by hand. One neuron, two weights and a bias, and its score is *w1 · x1 + w2 · x2
# + bias*. A score **above 0** means *yes*, and one of 0 or below means *no*. Find knobs for **AND**
# (yes, if both inputs are 1) and for **OR** (yes, if at least one is).

# %%
### BEGIN SOLUTION
and_knobs = [1, 1, -1.5]
or_knobs = [1, 1, -0.5]
### STUDENT: and_knobs = ...  # [w1, w2, bias]
### STUDENT: or_knobs = ...
### END SOLUTION

# %% [markdown]
# And then **XOR** (yes, if exactly one is 1), which no single neuron can do. Two hidden neurons
# with a relu, and one that reads them. Two columns of a matrix are two neurons: `W1` is (2 inputs,
# 2 hidden), `b1` has one bias for each hidden neuron, `W2` is (2 hidden, 1 output), `b2` one
# number. (A matrix is a list of its rows, and a row is a list: `W2` has two rows with one number in
# each.) Here too, the score has to be above 0 for *yes*, and only for yes. The lesson has the idea;
# what is new is to write it as matrices.

# %%
### BEGIN SOLUTION
xor_knobs = {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [[1], [-2]], "b2": [-0.5]}
### STUDENT: xor_knobs = {"W1": ..., "b1": ..., "W2": ..., "b2": ...}
### END SOLUTION

# %% [markdown]
# **Explain**: AND and OR got along without a hidden layer. What do they have that XOR does not
# have? Draw the four corners.
#
# ## 2 · Two layers that are one
#
# *10 minutes, 3 points*
#
# **Predict**: 784 pixels, 128 hidden neurons *without* a bend, 10 scores. The two layers have
# 101,770 weights and biases together. How many has the one layer that does the same?

# %%
### BEGIN SOLUTION
predicted_knobs = 7850  # 784 · 10 weights and 10 biases
### STUDENT: predicted_knobs = ...
### END SOLUTION

# %% [markdown]
# Write the function that finds it. The kernels and biases of two layers come in, and the kernel and
# the bias of one come out. (What happens to the first layer's bias on its way through the second?)


# %%
def one_layer(W1, b1, W2, b2):  # (k, h), (h,), (h, m), (m,) -> (k, m), (m,)
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


rng = np.random.default_rng(exercises.seed)
W1, b1, W2, b2 = rng.normal(size=(5, 8)), rng.normal(size=8), rng.normal(size=(8, 3)), np.ones(3)
both = one_layer(W1, b1, W2, b2)
if both is not None:
    some = rng.normal(size=(100, 5))
    apart = np.abs((some @ W1 + b1) @ W2 + b2 - (some @ both[0] + both[1])).max()
    print(f"two layers and one differ by {apart:.0e}")

# %% [markdown]
# **Explain** it to somebody who has paid for a hundred layers.
#
# ## 3 · Add a hidden layer
#
# *20 minutes, 5 points*
#
# By hand it is an art. Let the gradient do it. Write `network`: two inputs, one hidden layer of
# `n_hidden` neurons with a bend, and one score out, with the loss for a *yes or no*, `"logistic"`.
# `Dense` and `Net` are used as in the lesson.
#
# Then write `start`, which gives this network its initial weights, in the order `[W1, b1, W2, b2]`.
# `np.random.default_rng(seed)` is a generator; let it draw the kernels. Biases may be zero. (The
# lesson said in a bracket why kernels may not.)
#
# **Predict**: we train it from ten different starts. From how many does it learn XOR if there are 2
# hidden neurons, just as many as by hand? And if there are 8? (Any honest guess has its point. It
# is not the guess that is judged.)

# %%
### BEGIN SOLUTION
predicted_learned = [10, 10]
### STUDENT: predicted_learned = ...  # [with 2 hidden neurons, with 8], each from 0 to 10
### END SOLUTION


# %%
def network(n_hidden):  # -> a Net: 2 inputs, n_hidden neurons with a bend, 1 score
    ### BEGIN SOLUTION
    return Net((Dense(2, n_hidden, "relu"), Dense(n_hidden, 1)), "logistic")
    ### END SOLUTION


def start(n_hidden, seed):  # -> [W1, b1, W2, b2]
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    W1, W2 = rng.normal(size=(2, n_hidden)), rng.normal(size=(n_hidden, 1))
    return [W1, np.zeros(n_hidden), W2, np.zeros(1)]
    ### END SOLUTION


corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], exercises.Model.dtype)
xor = np.array([[0], [1], [1], [0]], exercises.Model.dtype)


def learned(n_hidden, starts=10):  # from how many starts XOR is learned
    model = exercises.Model(network(n_hidden), start(n_hidden, 0), SGD(0.5))
    count = 0
    for seed in range(starts):
        model.assign(start(n_hidden, seed))
        model.epoch(corners, xor, np.tile(np.arange(4), 500), 4)  # 500 steps
        count += bool(np.all((model.forward(corners) > 0) == (xor > 0)))
    return count


if network(2) is not None and start(2, 0) is not None:
    for n_hidden in (2, 8):
        print(f"{n_hidden} hidden neurons: learned from {learned(n_hidden)} of 10 starts")

# %% [markdown]
# **Explain**: there *is* a solution with two hidden neurons, you have written it down yourself. Why
# is it found so rarely? What do six more neurons help? (Think of walkers in a landscape, and of a
# relu that is silent for all four corners.)
#
# ## 4 · A defect in the backend
#
# *20 minutes, 4 points*
#
# Somebody has changed *one line* in the course's NumPy backend again. This is the method that hands
# the slope back from layer to layer, from the scores to the pixels: backpropagation. All shapes
# fit, no error is raised, and the loss even falls.
#
# There is a test from lesson 2 for such cases: **nudge** a single weight, see by how much the loss
# changes, and compare with what the gradient says. The cell below does that for a network with two
# layers, one parameter after the other.
#
# **Predict**: `W2` and `b2` are the layer next to the loss, `W1` and `b1` the one before it. If
# something goes wrong on the way *from one layer to the one before it*, which of the four gradients
# are wrong? (A list of names, such as `["W2", "b2"]`.)

# %%
### BEGIN SOLUTION
predicted_bad = ["W1", "b1"]
### STUDENT: predicted_bad = ...
### END SOLUTION

# %% [markdown]
# Run, look at what it prints, then mend the line.


# %%
class Backend(NumpyModel):
    dtype = exercises.Model.dtype

    def _loss_and_gradients(self, x, y):
        """The chain rule, from the scores back to the first layer."""
        inputs = [x, *self._layers(x)]  # what each layer read, and at last the scores
        losses, gradient = LOSSES[self.net.loss](inputs[-1], y)  # (n,), (n, n_out)
        gradient = gradient / len(x)
        gradients = []
        for i in reversed(range(len(self.net.layers))):
            layer, w = self.net.layers[i], self._params[2 * i]
            gradient = gradient * ACTIVATIONS[layer.activation][1](inputs[i + 1])  # by X·W + b
            kernel_gradient = inputs[i].T @ gradient
            if self.net.l2:  # else half the time of the product, for adding nothing
                kernel_gradient += self.net.l2 * w
            gradients[:0] = [kernel_gradient, gradient.sum(0)]
            if i:  # the rows themselves need none, and theirs is the widest product
                ### BEGIN SOLUTION
                gradient = gradient @ w.T  # by this layer's input, (n, layer.n_in)
                ### STUDENT: gradient = gradient @ w.reshape(w.T.shape)  # by this layer's input
                ### END SOLUTION
        return float(losses.mean() + self._penalty()), gradients


def nudged(model, x, y, which, place, by=0.01):  # the slope of the loss by one weight, by trying
    losses = []
    for way in (by, -by):
        params = model.params()
        params[which][place] += way
        losses.append(Backend(model.net, params, model.optimizer).loss(x, y))
    return (losses[0] - losses[1]) / (2 * by)


net = Net((Dense(3, 4, "tanh"), Dense(4, 2)), "softmax")
backend = Backend(net, [rng.normal(size=shape) for shape in net.shapes], SGD(0.1))
x, y = rng.normal(size=(20, 3)), rng.integers(2, size=20)
for which, (name, gradient) in enumerate(
    zip(("W1", "b1", "W2", "b2"), backend.gradients(x, y), strict=True)
):
    place = (0,) * gradient.ndim  # the first entry of each
    says, is_so = gradient[place], nudged(backend, x, y, which, place)
    print(f"{name}: the gradient says {says:+.3f}, the nudge {is_so:+.3f}")

# %% [markdown]
# **Explain**: why does such a network learn all the same, only badly? Which of its layers does
# learn properly? And why would a network with a single layer never have noticed?
#
# ## 5 · Features, made by hand
#
# *open, 5 points*
#
# Be the craftsman of the eighties. Pictures come in, and for each of them you put out as many
# numbers as you like: edges, sums, widths, holes, whatever a simple classifier might find useful.
# On top of them sits the lesson's linear probe, first on the bare pixels and then on your features.
# You have won when your features are better by two points.
#
# **Predict** before you begin: by how many points (percent of the pictures) will you beat the
# pixels? (Any honest guess has its point.)

# %%
### BEGIN SOLUTION
predicted_gain = 5
### STUDENT: predicted_gain = ...
### END SOLUTION

# %% [markdown]
# `filtered` is the lesson's, for many pictures at a time, and `pooled` averages squares of pixels,
# so that about 7 × 7 are left. But you need not use them. All pictures have to give the same number
# of features, and each picture only its own: what a picture's features are must not depend on which
# others are beside it.


# %%
def filtered(pictures, window):  # (n, h, w), (3, 3) -> (n, h, w)
    h, w = pictures.shape[1:]
    wide = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    return sum(window[i, j] * wide[:, i : i + h, j : j + w] for i in range(3) for j in range(3))


upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # Sobel's window
lying = upright.T


def features(pictures):  # (n, 28, 28), from 0 to 1 -> (n, as many as you like)
    ### BEGIN SOLUTION
    edges = [np.abs(filtered(pictures, window)) for window in (upright, lying)]
    return np.concatenate([pooled(layer) for layer in (*edges, pictures)], axis=1)
    ### END SOLUTION


def probe(train, y, test, y_test):  # the share of test pictures that least squares gets right
    middle, spread = train.mean(0), train.std(0).mean() + 1e-9
    train, test = ((np.column_stack([a, np.ones(len(a))]) - [*middle, 0]) / spread
                   for a in (train, test))  # fmt: skip
    alike = train @ train.T  # how similar each picture is to each
    ridge = 0.03 * np.trace(alike) / len(train) * np.eye(len(train))
    return np.mean((test @ train.T @ np.linalg.solve(alike + ridge, np.eye(10)[y])).argmax(1)
                   == y_test)  # fmt: skip


clothes = datasets.load("fashion10k")
pictures, labels = clothes.x_train[:1000] / 255, clothes.y_train[:1000]
flat = pictures.reshape(1000, -1)
for name, table in {"pixels": flat, "pooled pixels": pooled(pictures)}.items():
    print(f"{name}: {probe(table[:600], labels[:600], table[600:], labels[600:]):.1%}")
made = features(pictures)
if made is not None:
    made = np.asarray(made)
    result = probe(made[:600], labels[:600], made[600:], labels[600:])
    print(f"{made.shape[1]} features of yours: {result:.1%}")

# %% [markdown]
# The check takes other pictures than these: whoever tunes on the pictures that he tests on has used
# them for training, and you may now find out by how much that flatters.
#
# **Explain**: how long did it take you, and what would you have to do for photographs of dogs? Look
# once more at what the first layer of the lesson's network had learned by itself.
