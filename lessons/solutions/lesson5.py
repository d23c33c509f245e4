# %% [markdown]
# # Exercises of lesson 5 · Where the frameworks differ
#
# Six exercises, from one of ten minutes to one that has no end. **Predict** first, and write your
# prediction into the variable whose name begins with `predicted`. Then replace each `...` by your
# own code, **run**, and **explain** the difference. `make check5` counts your points, and gives a
# hint where some are missing. A wrong prediction costs one point and no more; without a prediction,
# an exercise gives no points.
#
# Do the work yourself, with Python and NumPy alone: use neither the course's own code nor another
# library, unless an exercise says so.
#
# Several predictions here can be worked out on paper, to the digit. Do it on paper. Somebody who
# has computed three steps of momentum with a pencil never again confuses its two forms.

# %%
import numpy as np

from adapters.contract import SGD, Adam, Dense, Net
from adapters.numpy_adapter import NumpyModel
from adapters.validation import as_state, slots_of
from classroom import open_exercises
from course.randomness import initial_weights
from course.training import Run
from docs.your_backend import pebble
from docs.your_backend.pebble import Tensor
from injections import inject
from injections.run_spec import whole

exercises = open_exercises(5)

# %% [markdown]
# ## 1 · Momentum, twice
#
# *10 minutes, 4 points*
#
# A knob has momentum 0.9 and stands still. The gradient is 1 at every step. The learning rate is 1
# for two steps, and 0.1 in the third. In our form (`v = 0.9·v + gradient`, and the knob moves down
# by `rate·v`), and in the one with the rate inside (`v = 0.9·v + rate·gradient`, and the knob moves
# down by `v`), **predict** on paper: by how much does it move in each of the three steps?

# %%
### BEGIN SOLUTION
predicted_ours = [1, 1.9, 0.271]
predicted_inside = [1, 1.9, 1.81]
### STUDENT: predicted_ours = ...  # three numbers, all positive
### STUDENT: predicted_inside = ...
### END SOLUTION

# %% [markdown]
# Now both as functions. The gradients and the learning rates of all steps come in, and by how much
# the knob moves **down** in each of them comes out.


# %%
def ours(gradients, rates, momentum):  # (steps,), (steps,), a number -> (steps,)
    ### BEGIN SOLUTION
    v, moves = 0.0, []
    for gradient, rate in zip(gradients, rates, strict=True):
        v = momentum * v + gradient
        moves.append(rate * v)
    return moves
    ### END SOLUTION


def rate_inside(gradients, rates, momentum):  # the same
    ### BEGIN SOLUTION
    v, moves = 0.0, []
    for gradient, rate in zip(gradients, rates, strict=True):
        v = momentum * v + rate * gradient
        moves.append(v)
    return moves
    ### END SOLUTION


rates = np.array([1, 1, 0.1])
print("ours:       ", ours(np.ones(3), rates, 0.9))
print("rate inside:", rate_inside(np.ones(3), rates, 0.9))

# %% [markdown]
# **Explain**: where do they part, by which factor, and how many steps does it take until they are
# together again?
#
# ## 2 · Adam's ε, before and after
#
# *20 minutes, 4 points*
#
# Adam remembers two things of a gradient `g`: a mean of it, `m = 0.9·m + 0.1·g`, and a mean of its
# square, `v = 0.999·v + 0.001·g²`. Both start at 0 and are too small in the beginning. So they are
# **corrected**: in step t (1, 2, 3, …), m is divided by `1 − 0.9ᵗ` and v by `1 − 0.999ᵗ`. Then
#
# - ε **after** the correction, as in the paper: the knob moves down by
#   `rate · m_corrected / (√v_corrected + ε)`.
# - ε **before** it, as in Keras: ε is added to the root of the v that is *not* corrected yet. Only
#   then is the sum corrected, divided by √(1 − 0.999ᵗ): the knob moves down by
#   `rate · m_corrected / ((√v + ε) / √(1 − 0.999ᵗ))`.
#
# **Predict**, on paper: it is the first step, the rate is 1, and the gradient is as small as ε
# itself: both are 0.0000001. By how much does the knob move? (Let all that cancels cancel. √0.001
# is 0.0316.)

# %%
### BEGIN SOLUTION
predicted_after = 0.5  # g / (g + ε)
predicted_before = 0.0307  # g / ((0.0316·g + ε) / 0.0316)
### STUDENT: predicted_after = ...
### STUDENT: predicted_before = ...
### END SOLUTION

# %% [markdown]
# Then write it for any number of steps.


# %%
def adam(gradients, rate, epsilon, place):  # place: "after" or "before"; -> moves down, (steps,)
    ### BEGIN SOLUTION
    m = v = 0.0
    moves = []
    for t, gradient in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        m_corrected, correction = m / (1 - 0.9**t), 1 - 0.999**t
        if place == "after":
            root = np.sqrt(v / correction) + epsilon
        else:
            root = (np.sqrt(v) + epsilon) / np.sqrt(correction)
        moves.append(rate * m_corrected / root)
    return moves
    ### END SOLUTION


for size in (1e-7, 1e-2):
    print(f"gradients of {size:g}")
    for place in ("after", "before"):
        print(f"  ε {place}:", adam(np.full(3, size), 1, 1e-7, place))

# %% [markdown]
# **Explain**: one and the same ε, and a factor of sixteen between the two. Why did you see next to
# nothing of it in the lesson's curves?
#
# ## 3 · Translate a recipe
#
# *15 minutes, 4 points*
#
# A friend has a recipe of ours and wants to cook it elsewhere. Our penalty is ½ · l2 · ΣW² in the
# loss. Keras's `L2(…)` adds *strength* · ΣW², without a ½. PyTorch's `weight_decay` has no term in
# the loss at all; under SGD it adds *decay* · W to the gradient.
#
# **Predict**: W is `[3, -1, 2]`, and l2 is 0.1. How large is our penalty, and how large is Keras's,
# if your friend copies the 0.1?

# %%
### BEGIN SOLUTION
predicted_penalties = [0.7, 1.4]
### STUDENT: predicted_penalties = ...  # [ours, Keras's]
### END SOLUTION

# %% [markdown]
# Write the numbers that he has to use, so that the *weights* move as ours do. (What does a term of
# ½·l2·W² add to the gradient of W? If you do not want to believe it, nudge.) And the last one: the
# other framework **sums** the losses of a batch where ours averages. Which learning rate takes the
# same steps under plain SGD? And which under Adam, if its ε is so small that one may forget it?
# (There is no penalty in this one.)


# %%
def strength_for_keras(l2):  # our l2 -> the number for L2(…)
    ### BEGIN SOLUTION
    return l2 / 2
    ### END SOLUTION


def weight_decay_for_torch(l2):  # our l2 -> the number for weight_decay
    ### BEGIN SOLUTION
    return l2  # the derivative of ½·l2·W² is l2·W
    ### END SOLUTION


def rate_for_a_sum(rate, batch_size, optimizer):  # optimizer: "sgd" or "adam"
    ### BEGIN SOLUTION
    return rate / batch_size if optimizer == "sgd" else rate
    ### END SOLUTION


print(strength_for_keras(0.001), weight_decay_for_torch(0.001))
print(rate_for_a_sum(0.1, 100, "sgd"), rate_for_a_sum(0.001, 100, "adam"))

# %% [markdown]
# **Explain**: with the sum and a rate that nobody adapted, SGD explodes and Adam does not even
# notice. Which of the two would you rather have, when you make such a mistake?
#
# ## 4 · Who sits in which cage?
#
# *25 minutes, 6 points*
#
# Five cooks, A to E. Each departs from our recipe in *one* thing, and all work in the same backend
# (NumPy, so that nobody can say that it was the framework). These are the five things:

# %%
SUSPECTS = ["dampening", "dropout", "gradient of the sum", "no half", "other kernels"]

# %% [markdown]
# - **dampening**: momentum takes only a tenth of each new gradient, `v = 0.9·v + 0.1·gradient`;
# - **dropout** was left on;
# - **gradient of the sum**: the loss shown is the mean of the batch, but its *sum* is
#   differentiated;
# - **no half**: the penalty is l2·ΣW² and not ½·l2·ΣW²;
# - **other kernels**: other initial weights.
#
# Remember the chain: initial weights → layer output → loss → gradient → update. **Predict**: which
# of the five has *the same scores* as we have, but *another loss*?

# %%
### BEGIN SOLUTION
predicted_suspect = "no half"
### STUDENT: predicted_suspect = ...  # one of SUSPECTS
### END SOLUTION

# %% [markdown]
# `look("A")` makes cook A take one step, and returns what was seen on the way, link by link: a
# dictionary whose keys are "initial weights", "scores", "loss", "gradient" and "update", in this
# order, each with an array of numbers. `look("ours")` is our own recipe.
#
# Write `first_difference`. It compares two such looks, and returns the name of the first link that
# differs, or `None` if all are the same. Beware: two backends that do the same thing round
# differently, in the seventh digit of float32. That is no difference.


# %%
INJECTED = {
    "dampening": "dampening",
    "dropout": "dropout_left_on",
    "gradient of the sum": "gradients_of_the_sum",
    "no half": "l2_without_half",
    "other kernels": "uniform_kernels",
}


class Kitchen(NumpyModel):
    dtype = exercises.settings.dtype


COOKS = "ABCDE"
seed = exercises.seed
rng = np.random.default_rng(seed)
net = Net((Dense(10, 30, "tanh"), Dense(30, 4)), "softmax", l2=0.1)
x, y = rng.normal(size=(20, 10)).astype(Kitchen.dtype), rng.integers(4, size=20)
sound = whole(
    Run("cages", net, SGD(0.1, momentum=0.9), initial_weights(net, seed), 1, 20, seed, False, 1.0,
        x, y), Kitchen,
)  # fmt: skip


def kitchen(hired):  # who is who stays in the kitchen: no peeking
    def look(cook):
        recipe = sound if cook == "ours" else inject(sound, [INJECTED[hired[COOKS.index(cook)]]])
        model = recipe.Model(recipe.net, recipe.initial, recipe.optimizer)
        seen = {"initial weights": model.params(), "scores": [model.forward(x)],
                "loss": [model.loss(x, y)], "gradient": model.gradients(x, y)}  # fmt: skip
        model.step(x, y)
        seen["update"] = model.params()
        return {link: np.concatenate([np.ravel(a) for a in parts]) for link, parts in seen.items()}

    return look


look = kitchen(np.random.default_rng(seed).permutation(SUSPECTS))


# %%
def first_difference(ours, theirs):  # two looks -> the name of a link, or None
    ### BEGIN SOLUTION
    for link in ours:
        room = 1e-4 * np.abs(ours[link]).max()
        if np.abs(ours[link] - theirs[link]).max() > room:
            return link
    return None
    ### END SOLUTION


for cook in COOKS:
    print(f"{cook} parts from us at: {first_difference(look('ours'), look(cook))}")

# %% [markdown]
# Now name them. Who is who?

# %%
### BEGIN SOLUTION
FIRST = {
    "initial weights": "other kernels", "scores": "dropout", "loss": "no half",
    "gradient": "gradient of the sum", "update": "dampening",
}  # fmt: skip
named = {cook: FIRST[first_difference(look("ours"), look(cook))] for cook in COOKS}
### STUDENT: named = {"A": ..., "B": ..., "C": ..., "D": ..., "E": ...}
### END SOLUTION

# %% [markdown]
# **Explain** how you know. "It looks like it" is no answer; "it has our scores and our loss, and
# its gradient is twenty times ours" is one. Could you have told them apart by the *last*
# difference?
#
# ## 5 · A checkpoint that forgets
#
# *15 minutes, 4 points*
#
# Training was interrupted overnight. All was saved, all was restored, and since this morning the
# curve is not what it would have been. Somebody has taken *one line* out of the course's NumPy
# backend, and put `pass` in its place, which does nothing. It is a line of `restore`: the method is
# given what was saved (`state`), and should make the backend go on *as if nothing had happened*.
#
# **Predict**: plain SGD, SGD with momentum, Adam. Which of them remember something besides the
# weights? And which counts its steps? (You have written that one down yourself, in exercise 2.)

# %%
### BEGIN SOLUTION
predicted_remember = ["momentum", "adam"]
predicted_counts = ["adam"]
### STUDENT: predicted_remember = ...  # a list, from "sgd", "momentum" and "adam"
### STUDENT: predicted_counts = ...  # the same
### END SOLUTION

# %% [markdown]
# Run the cell, and look at what it prints. Then look into `adapters/numpy_adapter.py`, at what
# `__init__` of the backend gives it to keep, and at `print(before.state().keys())`. Which of the
# two lists has something that the method below does not put back? (Not every optimizer needs it:
# `as_state` puts a 0 there for one that does not.)


# %%
class Backend(NumpyModel):
    dtype = exercises.settings.dtype

    def restore(self, state):
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self._params)
        self._params = slots_of(state, "param", count)
        self._slots = [slots_of(state, name, count) for name in self.optimizer.slots]
        ### BEGIN SOLUTION
        self._t = int(state["step"])
        ### STUDENT: pass
        ### END SOLUTION


for name, optimizer in {"sgd": SGD(0.1), "momentum": SGD(0.1, 0.9), "adam": Adam(0.1)}.items():
    before = Backend(net, initial_weights(net, seed), optimizer)
    for _ in range(5):
        before.step(x, y)
    after = Backend(net, initial_weights(net, seed), optimizer)
    after.restore(before.state())
    went_on, restored = ([model.step(x, y) for _ in range(3)] for model in (before, after))
    print(
        f"{name}: the next losses {np.round(went_on, 4)}, after restoring {np.round(restored, 4)}"
    )

# %% [markdown]
# **Explain**: the weights are all there. Why is the backend's next step too large all the same?
#
# ## 6 · Your own backend
#
# *open, 6 points*
#
# There is a framework that nobody has heard of. It is called **Pebble**, it is one page long
# (`docs/your_backend/pebble.py`, read it!), and it can do one thing: its arrays remember how they
# were made. Make a backend of it that can hold its own beside PyTorch.
#
# - `Tensor(array)` is an array that remembers, and `tensor.data` is the plain array in it.
# - `@`, `+`, `-`, `*`, `/`, `**`, `.sum(axis)` and `[rows, columns]` work on tensors as on arrays.
# - `pebble.exp`, `pebble.log`, `pebble.tanh`, `pebble.relu` and `pebble.sigmoid`.
# - `pebble.gradients(result, tensors)` gives the gradient of a result by each of the tensors, as a
#   list of plain arrays.
#
# **Predict**: it has nothing in common with our NumPy backend, whose gradients are by hand. After a
# hundred steps in float64, in how many of their sixteen digits will the two losses agree? (Any
# honest guess has its point.)

# %%
### BEGIN SOLUTION
predicted_digits = 14
### STUDENT: predicted_digits = ...
### END SOLUTION

# %% [markdown]
# Four methods are to be written. The loss is softmax's cross-entropy, averaged over the rows, plus
# ½ · l2 · ΣW² over the kernels (not the biases). Two facts about logarithms help, *log(a / b) =
# log(a) − log(b)* and *log(exp(z)) = z*, and so does lesson 3's courtesy to the computer. The step
# is plain SGD's, and it returns the loss *before* it. Write one method after the other, in this
# order, and ask the check: it says which `...` is next.

# %%
BENDS = {"identity": lambda z: z, "sigmoid": pebble.sigmoid, "relu": pebble.relu,
         "tanh": pebble.tanh}  # fmt: skip


class PebbleBackend:
    def __init__(self, net, params, optimizer):
        self.net, self.optimizer = net, optimizer
        self.weights = [Tensor(array) for array in params]  # W1, b1, W2, b2, …

    def scores(self, x):  # an array (n, n_in) -> a Tensor (n, n_out): layer after layer
        ### BEGIN SOLUTION
        a = Tensor(x)
        for i, layer in enumerate(self.net.layers):
            kernel, bias = self.weights[2 * i : 2 * i + 2]
            a = BENDS[layer.activation](a @ kernel + bias)
        return a
        ### END SOLUTION

    def mean_loss(self, x, y):  # -> a Tensor with one number in it
        ### BEGIN SOLUTION
        z = self.scores(x)
        z = z - z.data.max(axis=1, keepdims=True)
        each = pebble.log(pebble.exp(z).sum(1)) - z[np.arange(len(y)), y]  # (n,)
        penalty = sum((kernel * kernel).sum() for kernel in self.weights[::2])
        return each.sum() / len(y) + 0.5 * self.net.l2 * penalty
        ### END SOLUTION

    def gradients(self, x, y):  # -> a list of arrays, one for each of self.weights
        ### BEGIN SOLUTION
        return pebble.gradients(self.mean_loss(x, y), self.weights)
        ### END SOLUTION

    def step(self, x, y):  # -> the loss before the step, a plain float
        ### BEGIN SOLUTION
        loss = float(self.mean_loss(x, y).data)
        rate = self.optimizer.learning_rate
        self.weights = [
            Tensor(w.data - rate * g)
            for w, g in zip(self.weights, self.gradients(x, y), strict=True)
        ]
        return loss
        ### END SOLUTION

    # These three are for whoever wants plain numbers; leave them as they are.
    def params(self):
        return [w.data.copy() for w in self.weights]

    def forward(self, x):
        return self.scores(x).data

    def loss(self, x, y):
        return float(self.mean_loss(x, y).data)


class Reference(NumpyModel):
    dtype = "float64"


yours, reference = (make(net, initial_weights(net, seed), SGD(0.1))
                    for make in (PebbleBackend, Reference))  # fmt: skip
if yours.scores(x) is not None and yours.step(x, y) is not None:
    reference.step(x, y)
    for _ in range(100):
        mine, its = yours.step(x, y), reference.step(x, y)
    print(f"after a hundred steps: yours {mine:.16f}, NumPy {its:.16f}")

# %% [markdown]
# **Explain**: which of the four methods knows anything about derivatives? Now you know what a
# framework is. If you want to take it further, `docs/your_backend/my_adapter.py` is the same with
# everything in it, optimizers and all, and `make check-adapter` tests it against the laws that hold
# for all backends.
