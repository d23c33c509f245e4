# %% [markdown]
# # Lesson 6 · Many machines
#
# **Does training on two machines change the answer?**
#
# What you have trained so far took a minute. The networks that you read about in the news took
# months, and they would have taken centuries on the computer in front of you. They were trained on
# thousands of machines at once. How do a thousand machines train *one* network? And when they are
# done, is it the network that a single machine would have found, only sooner? Or another one?
#
# Think of an election. The votes of a town can be counted by one man in one room. It takes him all
# night. Or the town is split into districts, each counts its own votes, and somebody adds up the
# numbers. Nobody expects that this changes who has won. It is the *same count*, split.
#
# Unless somebody makes a mistake. Suppose that each district reports only its percentages, and the
# town hall takes the average of them. Now a district of ten voters weighs as much as one of ten
# thousand. This is no longer a count of the votes, and the wrong candidate may win with it.
#
# That is the whole lesson. The machines are the districts, the pictures are the voters, and what
# is counted is the gradient. You will split a batch and see that nothing changes. Then you make the
# mistake with the percentages, and see how far it leads astray. And in the end we shall ask what
# you get for all this trouble: are two machines twice as fast?
#
# (You need no second machine. A *machine* here is a copy of the network with its own weights, and
# the backend that you have started plays all of them, one after the other. What they tell each
# other is added up in plain NumPy, so that you can watch. Real machines come at the end.)

# %%
import time

import numpy as np
from matplotlib import pyplot as plt

from adapters.contract import SGD, Dense, Net
from course import open_lesson
from course.latency import seconds_through_a_pipe
from course.plotting.distributed import draw_ring, draw_split
from course.plotting.style import COLOURS, LINES
from course.training import predictions

lesson = open_lesson(6)
data = lesson.data("fashion10k")
epochs = lesson.epochs(3)
rate = lesson.learning_rate(0.1)

x, y = lesson.numbers(data.pixels("train")[:2000]), data.y_train[:2000]  # (n, pixels), (n,)
test = (lesson.numbers(data.pixels("test")), data.y_test)
net = Net((Dense(x.shape[1], 64, "tanh"), Dense(64, data.n_classes)), "softmax")
start = lesson.initial_weights(net)

# %% [markdown]
# ## The same picture, split
#
# A network of one hidden layer (with tanh; the end of lesson 4 says why not relu), and batches of a
# hundred pictures. Every step of the training was this, in all lessons: *look at the batch, ask how
# the loss depends on each knob, turn the knobs a little*. The middle part is nearly all of the
# work. So that is what we share out.
#
# The batch is cut into **shards**, one for each machine. Each machine has a full copy of the knobs.
# It looks at its own shard only, and finds a gradient of its own.

# %%
hall = [lesson.Model(net, start, SGD(rate)) for _ in range(4)]  # four machines, all alike
batch = np.arange(min(100, len(x)))  # the first hundred pictures, by their numbers


def split(rows, machines):  # (n,) -> a shard for each machine, as even as can be
    return [shard for shard in np.array_split(rows, machines) if len(shard)]


# %% tags=["hide-input"]
figure = draw_split(data.x_train[batch[:12]], split(np.arange(len(batch[:12])), 3))
lesson.show(
    figure, "split",
    alt="Twelve pictures of clothes in a row, cut into three shards of four. Under each shard a "
    "machine with a copy of all the knobs. Each machine sends the sum of its gradients down to the "
    "same place, and the total goes back to all of them.",
)  # fmt: skip

# %% [markdown]
# And now the count. The gradient of a batch is a *mean* over its pictures. Every picture votes on
# every knob, "a bit up" or "a bit down", and the gradient is the mean of the votes. To get it from
# the shards, do what a town does:
#
# > each machine reports the **sum** over its pictures, and **how many** they were.
# > Add up the sums. Divide by all pictures.
#
# The backend gives us means, so a machine multiplies by the number of its pictures to get back to
# the sum. Is it the gradient of the whole batch?


# %%
def sums(machine, rows):  # what one machine reports: a sum for each array of knobs
    return [len(rows) * g for g in machine.gradients(x[rows], y[rows])]


def add_up(reports):  # a list of arrays from each machine -> one list, the totals
    return [sum(parts) for parts in zip(*reports, strict=True)]


def gap(a, b):  # how far two lists of arrays are apart, as a share of the length of b
    a, b = (np.concatenate([np.ravel(p) for p in arrays]).astype(float) for arrays in (a, b))
    return np.linalg.norm(a - b) / (np.linalg.norm(b) or 1)


whole = hall[0].gradients(x[batch], y[batch])
table = []
for machines in (1, 2, 3, 4):
    shards = split(batch, machines)
    total = add_up([sums(m, rows) for m, rows in zip(hall, shards, strict=False)])
    together = [t / len(batch) for t in total]
    table.append([machines, " + ".join(str(len(s)) for s in shards), f"{gap(together, whole):.0e}"])
header = ["machines", "pictures on each", "apart from the whole batch's"]
lesson.table("One gradient, from several machines", header, table)

# %% [markdown]
# Nothing but rounding. (That it is not 0 has a reason that you know: a computer has a fixed number
# of digits, and adding up in another order rounds in other places. With `DTYPE=float64` it is the
# sixteenth digit, and with the usual float32 the seventh.)
#
# ## Everybody gets the total
#
# One thing is missing. Each machine has to turn its knobs by the *total*, so each of them needs it.
# This step, in which all put something in and all get the sum out, is called **all-reduce**. It is
# the one moment of a step in which machines have to talk.
#
# The obvious way: all send their sums to one machine, which adds them up and sends the total back
# to all. With two machines that is fine. With a thousand, a thousand parcels arrive at one door.
#
# Here is a better way, and it is lovely. Put the machines in a **ring**, and let each talk to its
# neighbour on the right only. Cut the list of numbers into as many pieces as there are machines. In
# every turn each machine passes *one piece* on, and everybody passes at the same time. In the first
# round, the receiver adds what comes in to its own piece. After one turn less than there are
# machines, each machine holds one piece that everybody has been added to. In the second round these
# finished pieces go around once more, and now they are only copied.


# %%
def ring(numbers):  # (machines, n) -> what each machine ends with, and how many numbers it sent
    n = len(numbers)
    pieces = [list(np.array_split(row, n)) for row in numbers]  # pieces[machine][piece]
    sent = 0  # by machine 0; the others send as many, give or take one number a turn
    for turn in range(2 * (n - 1)):
        passed = [pieces[m][(m - turn) % n] for m in range(n)]  # all at the same time
        sent += len(passed[0])
        for m, piece in enumerate(passed):
            right, which = (m + 1) % n, (m - turn) % n
            first_round = turn < n - 1
            pieces[right][which] = piece + pieces[right][which] if first_round else piece
    return [np.concatenate(row) for row in pieces], sent


flat = [np.concatenate([g.ravel() for g in sums(m, rows)])
        for m, rows in zip(hall, split(batch, 4), strict=False)]  # fmt: skip
totals, _ = ring(np.array(flat))
same = all(np.array_equal(totals[0], t) for t in totals)
lesson.say(
    f"the ring of {len(flat)}: all machines hold the same numbers, to the last bit: {same}; "
    f"apart from the plain sum: {gap(totals[:1], [sum(flat)]):.0e}"
)
size = len(flat[0])  # how many knobs the network has

# %% tags=["hide-input"]
figure = draw_ring(4)
lesson.show(
    figure, "ring",
    alt="Four machines in a ring, each with four pieces of its list and an arrow to its neighbour. "
    "In the first turn machine 1 passes on piece 1, machine 2 piece 2, and so on: every arrow "
    "carries another piece, and no machine is busier than the others.",
)  # fmt: skip

# %% tags=["hide-input"]
counts = np.array([2, 3, 4, 8, 16, 32, 64])
in_the_ring = [ring(np.zeros((n, size)))[1] / size for n in counts]
at_the_door = counts - 1  # a total for each of the others
figure, ax = plt.subplots(figsize=(9, 4.6))
ax.plot(counts, at_the_door, "s--", color=COLOURS[1], label="one machine adds up for all")
ax.plot(counts, in_the_ring, "o-", color=COLOURS[0], label="a ring")
ax.set(xscale="log", yscale="log", xlabel="machines", title="What the busiest machine has to send",
       ylabel="copies of the gradient", ylim=(0.7, 100))  # fmt: skip
ax.set_xticks(counts, counts)
ax.set_yticks([1, 2, 10, 60], ["1", "2", "10", "60"])
ax.minorticks_off()
ax.legend(loc="upper left")
lesson.show(
    figure, "sent",
    alt="How many copies of the gradient the busiest machine has to send, for 2 to 64 machines. "
    "If one machine adds up for all, the line rises to 63. In a ring it begins at 1 and "
    "flattens out just below 2.",
)  # fmt: skip

# %% [markdown]
# However many machines there are, each of them sends *less than two copies* of the gradient. The
# ring does not care whether there are four or four thousand. (It does take more turns, and we come
# back to that.) The ring was well known among the people who build supercomputers; in 2017 somebody
# told the people who train networks, and it is still inside the libraries that they use.
#
# Did you notice that all machines of the ring hold the same total *to the last bit*? They must. If
# one machine rounded differently from its neighbour, their knobs would drift apart, a little more
# with each step, and after a week they would be training two networks. Each piece is summed up once
# and then copied, so nobody can have another one.
#
# ## The equal trajectory
#
# Now let us train. First on one machine, the framework's own way as in all lessons. Then on two, on
# three and on four, by the loop that you see here. There is nothing in it that you have not seen.


# %%
def train_on(cut, machines, name, voters=len):
    """cut(rows) gives the shards of a batch; voters(rows): for how many a machine speaks."""
    working, losses = hall[:machines], []
    for machine in working:
        machine.assign(start)
    for epoch in range(epochs):
        order = one.order(epoch)  # the same pictures in the same order as on one machine
        for first in range(0, len(order), 100):
            shards = cut(order[first : first + 100])
            jobs = list(zip(working, shards, strict=False))
            losses.append(sum(len(s) * m.loss(x[s], y[s]) for m, s in jobs) / sum(map(len, shards)))
            reports = [[voters(s) * g for g in m.gradients(x[s], y[s])] for m, s in jobs]
            total, count = add_up(reports), sum(map(voters, shards))
            for machine in working:
                knobs = machine.params()
                machine.assign([w - rate * t / count for w, t in zip(knobs, total, strict=True)])
    predicted = predictions(net, working[0].forward(test[0]))
    lesson.keep(name, losses=lesson.numbers(losses), params=working[0].params(),
                predictions=predicted, answers=test[1])  # fmt: skip
    return np.array(losses)


one = lesson.train("one", net, SGD(rate), x, y, epochs=epochs, batch_size=100, test=test)
by_machines = {}
for n in (2, 3, 4):
    by_machines[n] = train_on(lambda rows, n=n: split(rows, n), n, f"{n}-machines")


def astray(losses):  # (steps,): how far from the one machine, as a share of its loss
    return np.abs(losses - one.losses.astype(float)) / np.maximum(one.losses, 1e-12)


table = [["1", f"{one.losses[-1]:.6f}", "", f"{lesson.accuracies['one']:.2%}"]]
for n, losses in by_machines.items():
    accuracy = lesson.accuracies[f"{n}-machines"]
    table.append([n, f"{losses[-1]:.6f}", f"{astray(losses).max():.0e}", f"{accuracy:.2%}"])
header = ["machines", "loss of the last step", "furthest apart at any step", "test accuracy"]
lesson.table("The same training on several machines", header, table)
alike = all(np.array_equal(*pair) for m in hall[1:]
            for pair in zip(hall[0].params(), m.params(), strict=True))  # fmt: skip
lesson.say(f"after the training, all machines hold the same knobs to the last bit: {alike}")

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 4.8))
left.plot(one.losses, color="0.6", linewidth=6, label="one machine")
for i, (n, losses) in enumerate(by_machines.items()):
    several = f"{n} machines"
    left.plot(losses, LINES[i + 1], color=COLOURS[i], label=several)
    seen = np.flatnonzero(astray(losses))  # a 0 cannot be drawn on this scale
    right.plot(seen, astray(losses)[seen], LINES[i + 1], color=COLOURS[i], label=several)
digit = np.finfo(lesson.Model.dtype).eps
right.axhline(digit, color="0.4", linewidth=1)
right.text(0, 6 * digit, "the last digit that there is: the thin line", color="0.3")
left.set(xlabel="step", ylabel="loss", title="Four trainings, one curve", ylim=(0, None))
right.set(xlabel="step", yscale="log", title="How far from the one machine", ylim=(digit / 30, 1))
right.set_ylabel("share of the loss")
for ax in (left, right):
    ax.legend(loc="upper right")
lesson.show(
    figure, "trajectories",
    alt="Left the loss at every step, on one machine as a broad grey line, and on two, three and "
    "four machines as thin lines that lie in the middle of it from the first step to the last. "
    "Right, on a logarithmic scale, how far they are from it: the last digit or a few of them.",
)  # fmt: skip

# %% [markdown]
# So does training on two machines change the answer? **No.** Not the curve, and not the knobs, but
# for their last digit. It is the same count, split. If it *had* changed, you would know that
# somebody had made a mistake.
#
# And yet people see their numbers change all the time when they move to more machines. Let us see
# what it takes.
#
# ## The wrong average
#
# Somebody is in a hurry. "Each machine has a mean gradient already. I take the mean of the means,
# and save myself the counting." In our loop it is a single word: each machine speaks for *one*,
# instead of for the number of its pictures. `voters=lambda rows: 1`.
#
# And it works! With two machines and 50 pictures each, the mean of the means *is* the mean. All
# tests are green, and the program goes into service. Then comes a day when the shards are not even.
# 100 pictures on three machines. The last batch of an epoch, which is seldom full. A machine that
# is slower than the others and gets less to do. Or the classic: 100 divided by 3 is 33, so cut
# pieces of 33. That makes three, and *one picture is left over* for a fourth machine. Its vote now
# counts as much as those of 33 others together.


# %%
def one_vote(rows):  # each machine speaks for one, however many pictures it has
    return 1


def pieces_of(rows, parts):  # pieces of the same size, and what is left over
    piece = max(1, len(rows) // parts)
    return [rows[i : i + piece] for i in range(0, len(rows), piece)][: parts + 1]


def all_but(few):  # two machines, one of which gets only a few
    def cut(rows):
        return [shard for shard in (rows[:-few], rows[-few:]) if len(shard)]

    return cut


CUTS = {  # how a batch of 100 is cut: by what, on how many machines
    "50 + 50": (lambda rows: split(rows, 2), 2),
    "34 + 33 + 33": (lambda rows: split(rows, 3), 3),
    "33 + 33 + 33 + 1": (lambda rows: pieces_of(rows, 3), 4),
    "96 + 4": (all_but(4), 2),
    "99 + 1": (all_but(1), 2),
}
wrong, table = {}, []
for name, (cut, machines) in CUTS.items():
    for machine in hall:  # as at the first step
        machine.assign(start)
    means = [m.gradients(x[s], y[s]) for m, s in zip(hall, cut(batch), strict=False)]
    mean_of_means = [t / len(means) for t in add_up(means)]
    kept_as = f"means-{name.replace(' + ', '-')}"
    wrong[name] = losses = train_on(cut, machines, kept_as, one_vote)
    lost = 100 * (lesson.accuracies[kept_as] - lesson.accuracies["one"])
    table.append([name, f"{gap(mean_of_means, whole):.1%}", f"{astray(losses).max():.1%}",
                  f"{astray(losses).mean():.1%}", f"{lost:+.2f}"])  # fmt: skip
    lesson.measure(f"astray-{kept_as}", astray(losses).max())
header = ["pictures on each", "first gradient", "loss, at worst", "on average", "points"]
lesson.table("The mean of the means: how far astray", header, table)

# %% tags=["hide-input"]
fewest = [k for k in (50, 40, 30, 20, 10, 5, 4, 3, 2, 1) if k < len(batch)]
for machine in hall:
    machine.assign(start)
first_step = []
for k in fewest:
    means = [m.gradients(x[s], y[s]) for m, s in zip(hall, all_but(k)(batch), strict=False)]
    first_step.append(100 * gap([t / len(means) for t in add_up(means)], whole))
figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 4.8))
left.plot(fewest, first_step, "o-", color=COLOURS[1])
left.axhline(100, color="0.4", linewidth=1)
left.text(50, 104, "as wrong as not moving at all", ha="right", va="bottom", color="0.3")
left.set(xlabel="pictures on the second machine, of 100", ylabel="error of the gradient, %",
         title="The first step", ylim=(0, None))  # fmt: skip
right.plot(one.losses, color="0.6", linewidth=6, label="one machine, or the right sum")
for i, name in enumerate(("34 + 33 + 33", "33 + 33 + 33 + 1", "99 + 1")):
    right.plot(wrong[name], LINES[i + 1], color=COLOURS[i], linewidth=1.5, label=name)
right.set(xlabel="step", ylabel="loss", title="The whole training", ylim=(0, None))
right.legend(loc="upper right", fontsize=10)
lesson.show(
    figure, "wrong_average",
    alt="Left the error of the first gradient, if means are averaged, against the number of "
    "pictures on the second machine: nothing with 50, and rising ever more steeply towards a "
    "single picture, where the error is larger than the gradient. Right the loss curves: with "
    "34, 33 and 33 pictures the curve lies on that of the one machine; with a last machine that "
    "has one picture it is jagged and lies above it.",
)  # fmt: skip

# %% [markdown]
# Read the table from top to bottom. *50 + 50*: a mistake, and nobody can see it. *34 + 33 + 33*:
# half a percent of the gradient. The network learns all the same and nobody complains; it is only
# not the network of the one machine any more, and whoever wants to know why will search for a long
# time. *33 + 33 + 33 + 1*: one picture was left over, and the error is longer than the gradient.
# *99 + 1*: the gradient is off by more than **two hundred percent**. Not two: two hundred. Half of
# every step is now made to please a single picture. At worst the loss of a step is off by 170%, and
# in the end 36 points of accuracy are gone. (With other seeds it is 10 to 36, and never nothing.
# The loss itself was added up rightly; it is only the steps that are wrong.)
#
# A mistake that shows itself only on uneven shards is found only by a test on uneven shards. Test
# with 3 machines and a batch of 100, or with a batch of 101. *Never test with numbers that divide.*
#
# (Who would write such a thing? You may have it without writing anything. PyTorch's
# DistributedDataParallel, for one, takes the mean of the gradients over the *processes*. With equal
# shards all is well. If they are not, it is you who has to give each its weight. A default, like
# those of lesson 5.)
#
# ## What it costs
#
# The answer is the same. Do we at least have it sooner? A step on several machines has two parts:
#
# > computing, which gets *less* for each machine, and talking, which was not there before.
#
# Let us measure both, now, on this computer. First: how long does this backend need for a gradient,
# if a machine has few pictures or many?


# %%
def seconds_of(work, times=9):  # the fastest: whatever else runs here can only make it slower
    work()  # not counted, as some backends compile
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return min(took)


shares = np.array([25, 50, 100, 200, 400, 800, 1600])
computing = []
for n in shares:
    rows = np.resize(np.arange(len(x)), n)  # over again, if there are not so many
    computing.append(seconds_of(lambda rows=rows: hall[0].gradients(x[rows], y[rows])))
each, once = np.polyfit(shares, computing, 1, w=1 / np.array(computing))  # a straight line
each, once = max(each, 1e-9), max(once, 0.0)

weight = size * x.itemsize  # bytes of one gradient
short, long = seconds_through_a_pipe([1, 10 * weight])
latency, per_byte = short, max(long - short, 1e-9) / (10 * weight)
lesson.table(
    "Measured, on this computer, just now", ["", ""],
    [["computing, for each picture", f"{1e6 * each:.1f} µs"],
     ["computing, once a step whatever the shard", f"{1e6 * once:.0f} µs"],
     [f"the gradient: {size:,} knobs", f"{weight / 1e3:,.0f} kB"],
     ["a word through a pipe to another thread", f"{1e6 * latency:.0f} µs"],
     ["the gradient through that pipe", f"{1e6 * weight * per_byte:.0f} µs"]],
)  # fmt: skip

# %% [markdown]
# Do you see the two kinds of cost in each? A step costs something *once*, however few pictures
# there are, and something *for each* picture. And a message costs something once, until the first
# byte arrives, which is called **latency**, and something for each byte, the **bandwidth**. Four
# numbers. (A pipe is the shortest cable in the world: nothing leaves the computer. Between real
# machines it takes longer.)
#
# With these four numbers we can predict how long a step will take on any number of machines. Here
# is the whole model, and it is two lines:


# %%
def seconds(machines, pictures, cable):  # a step that shares out so many pictures
    _, latency, per_byte = cable
    compute = once + each * pictures / machines
    turns = 2 * (machines - 1)  # of the ring; in each a piece of the gradient is passed on
    return compute + turns * (latency + weight / machines * per_byte)


cables = [  # seconds until the first byte, and for each byte; all but the first are assumed
    ("this computer's pipe", latency, per_byte),
    ("a cable at home (1 Gbit/s)", 100e-6, 8 / 1e9),
    ("a supercomputer's (400 Gbit/s)", 2e-6, 8 / 400e9),
]
machines = 2 ** np.arange(11)  # 1 to 1,024
strong = [[seconds(1, 8192, c) / seconds(n, 8192, c) for n in machines] for c in cables]
weak = [[100 * seconds(1, 100, c) / seconds(n, 100 * n, c) for n in machines] for c in cables]

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 5))
for ax, curves in ((left, strong), (right, weak)):
    for i, ((name, *_), curve) in enumerate(zip(cables, curves, strict=True)):
        ax.plot(machines, curve, LINES[i], marker="osD"[i], color=COLOURS[i], label=name)
    ax.set(xscale="log", xlabel="machines")
    ax.set_xticks(machines[::2], [f"{n:,}" for n in machines[::2]])
    ax.minorticks_off()
left.plot(machines, machines, color="0.6", linewidth=1, label="as many times as machines")
left.set(yscale="log", ylabel="times as fast as one machine",
         title="The same 8,192 pictures for all together", ylim=(0.05, 1500))  # fmt: skip
left.set_yticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1,000"])
left.legend(loc="upper left", fontsize=10)
right.set(ylabel="of one machine's pace, %", title="100 pictures for each machine", ylim=(0, 105))
lesson.show(
    figure, "scaling",
    alt="Predicted from what was measured, for 1 to 1,024 machines and three cables. Left, the "
    "same 8,192 pictures shared out: how many times as fast as one machine. The curves leave the "
    "line of 'as many times as machines', reach a highest point and fall again, the slow cable "
    "first. Right, 100 pictures for each machine: what is left of the pace of one. All curves "
    "fall, the slow cable at the first step.",
)  # fmt: skip

# %%
best = [int(np.argmax(curve)) for curve in strong]
lesson.table(
    "Where adding machines stops helping: 8,192 pictures a step",
    ["", "best number of machines", "times as fast", "with 1,024"],
    [[name, f"{machines[b]:,}", f"{curve[b]:.1f}", f"{curve[-1]:.1f}"]
     for (name, *_), curve, b in zip(cables, strong, best, strict=True)],
)  # fmt: skip
lesson.finish("one")

# %% [markdown]
# On the left is what everybody hopes for, and it has a name: **strong scaling**. The same work, and
# more and more machines. At first it goes well. Then each machine has so little to compute that the
# talking is what counts, and in a ring of a thousand machines there are two thousand turns, each
# with its latency. The curve turns around. *More machines make it slower.* Where it turns is
# decided by the cable.
#
# On the right each machine always has 100 pictures, so more machines do *more work* in the same
# time: **weak scaling**. It holds better, and most of what you read about ("trained on a thousand
# machines") is of this kind. But look what has happened: with 1,024 machines the batch has 102,400
# pictures. That is another recipe! Lesson 5 would say: somebody has changed the batch size. *This*
# is what changes the answer when people go to more machines. Not the splitting.
#
# And one thing hides in the formula. The bytes sent depend on the number of *knobs*. The computing
# depends on the knobs *and the pictures*. So it is the number of pictures **on each machine** that
# decides whether it pays: with many, talking is small change.
#
# How good is such a prediction? It leaves a lot out: that machines wait for the slowest, that
# cables are shared, that talking can begin while the last layers are still computing (libraries do
# that, and it hides a good part of it). `docs/reports/scaling.md` has predictions for real
# processes and up to 1,024 machines, with every assumption and its source, and says by how much it
# was wrong where it could be checked.
#
# And where do you find all this when you need it? In the framework. PyTorch calls it
# `DistributedDataParallel`, TensorFlow a *strategy*, JAX *sharding*. What you have seen here in
# NumPy is in there, ring and all. With real processes, that have nothing in common but a cable:
#
# ```
# make lesson4 BACKEND=torch WORKERS=2
# ```
#
# The losses of all steps have to agree with those of one worker: in float64, to ten digits.
#
# ## What to notice
#
# - Splitting the batch does not change the answer. Sums are added up, and it does not matter who
#   added what. Only the last digit changes.
# - Report sums and counts, never means. The mean of means is right only as long as the shards are
#   even, and then it is right by luck.
# - All machines must hold the *same* knobs, to the last bit. They start alike, get the same total,
#   and take the same step.
# - All-reduce is the one moment in which they talk. In a ring each machine sends less than two
#   copies of the gradient, however many there are.
# - Computing gets less with more machines and talking does not. Somewhere the curve turns around.
# - A larger batch on more machines is another recipe. Do not blame the machines for it.
# - Never test with numbers that divide.
#
# ## Exercises
#
# Predict first and write it down. Then run. Then explain the difference.
#
# 1. *(5 minutes)* Two classes write the same test. In the one, 20 pupils have 8 points on average;
#    in the other, 5 pupils have 6. What is the mean of all pupils? And the mean of the means? In
#    which direction is it off, and why?
# 2. *(5 minutes)* `make lesson6 DTYPE=float64`. Which tables and figures change, and which do not?
#    What will the right half of the trajectories look like?
# 3. *(10 minutes)* Let each machine start from other weights (`hall[1].assign(...)` with the
#    initial weights of another seed, in the loop of `train_on`). All of them get the same totals.
#    Do they come together in the end?
# 4. *(10 minutes)* Sort `x` and `y` by class (`order = np.argsort(y)`) right after they are loaded,
#    and let `one.order(epoch)` be `np.arange(len(x))`. Now a shard is all trousers. Does the right
#    sum still give the answer of the one machine? And is the wrong average any worse than before?
# 5. *(10 minutes)* `make lesson6 LEARNING_RATE=0.3`. Which of the cuts gets worse, and which stays
#    as good as it was? Why does a wrong gradient hurt more with a larger step?
# 6. *(15 minutes)* Give the network ten times as many hidden neurons. What becomes of the four
#    measured numbers, and where do the curves of the left figure turn around now?
# 7. *(15 minutes)* The slowest decides. Let one machine of four need twice as long for each
#    picture. Change `seconds` so that it can say how long a step takes then. Would you rather give
#    the slow machine fewer pictures? Which mistake must you not make when you do?
# 8. *(20 minutes)* `make lesson4 BACKEND=torch` with `WORKERS=1`, `2` and `3`. Which of the three
#    do you expect to be the fastest, on your computer with its number of cores? Was it? Then look
#    up how your framework does it: does it add up sums, or take the mean of the means?
# 9. *(open)* Four people, four sheets of paper with four numbers each. Play the ring at a table, by
#    passing slips to the right. Count the turns. Then the other way, with one who adds up for all.
#    In which of the two did anybody have to wait?
