"""Typical wrong answers to the exercises of lessons 5 and 6, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

LESSON_5 = [
    WrongAnswer(
        "momentum", "the old rate forgotten",
        "predicted_inside = [1, 1.9, 1.81]", "predicted_inside = [1, 1.9, 0.271]",
        "the third velocity still carry",
    ),
    WrongAnswer(
        "momentum", "no memory",
        "        v = momentum * v + gradient\n", "        v = gradient\n",
        "this knob forgets",
    ),
    WrongAnswer(
        "momentum", "the velocity after the move",
        "        v = momentum * v + gradient\n        moves.append(rate * v)\n",
        "        moves.append(rate * v)\n        v = momentum * v + gradient\n",
        "First the velocity gets its new value",
    ),
    WrongAnswer(
        "epsilon", "ε no larger than it was",
        "predicted_before = 0.0307", "predicted_before = 0.5",
        "How large is ε then",
    ),
    WrongAnswer(
        "epsilon", "the sum not made larger",
        "predicted_before = 0.0307", "predicted_before = 0.0316",
        "it is their *sum* that is made larger",
    ),
    WrongAnswer(
        "epsilon", "before and after exchanged",
        'if place == "after":', 'if place == "before":',
        "after and before are exchanged",
    ),
    WrongAnswer(
        "epsilon", "under the root",
        "root = np.sqrt(v / correction) + epsilon", "root = np.sqrt(v / correction + epsilon)",
        "beside the root, not under it",
    ),
    WrongAnswer(
        "epsilon", "counting from two",
        "enumerate(gradients, 1)", "enumerate(gradients, 2)",
        "the first step has t = 1",
    ),
    WrongAnswer(
        "translate", "the half on the wrong side",
        "return l2 / 2", "return 2 * l2",
        "without a ½ the same number pulls twice as hard",
    ),
    WrongAnswer(
        "translate", "weight decay taken for a loss",
        "return l2  #", "return l2 / 2  #",
        "weight decay is already a slope",
    ),
    WrongAnswer(
        "translate", "Adam treated like SGD",
        'return rate / batch_size if optimizer == "sgd" else rate', "return rate / batch_size",
        "What becomes of a factor that is in both?",
    ),
    WrongAnswer(
        "cages", "rounding taken for a difference",
        "room = 1e-4 * np.abs(ours[link]).max()", "room = 0",
        "up to rounding",
    ),
    WrongAnswer(
        "cages", "the last difference",
        "for link in ours:", "for link in reversed(ours):",
        "The first one differs for one",
    ),
    WrongAnswer(
        "cages", "sums compared",
        "np.abs(ours[link] - theirs[link]).max()", "abs(ours[link].sum() - theirs[link].sum())",
        "each number with its counterpart",
    ),
    WrongAnswer(
        "cages", "two cooks exchanged",
        '"scores": "dropout", "loss": "no half",', '"scores": "no half", "loss": "dropout",',
        "Not everybody is in the right cage",
    ),
    WrongAnswer(
        "checkpoint", "momentum thought to count",
        'predicted_counts = ["adam"]', 'predicted_counts = "momentum, adam"',
        "Look for a t in the equations",
    ),
    WrongAnswer(
        "checkpoint", "the defect left in",
        'self._t = int(state["step"])', "pass",
        "What else does its correction need to know?",
    ),
    WrongAnswer(
        "backend", "no courtesy to the computer",
        "z = z - z.data.max(axis=1, keepdims=True)", "z = z - 0",
        "lesson 3's courtesy",
    ),
    WrongAnswer(
        "backend", "biases penalised",
        "for kernel in self.weights[::2])", "for kernel in self.weights)",
        "They only shift",
    ),
    WrongAnswer(
        "backend", "the loss after the step",
        "        return loss\n", "        return self.loss(x, y)\n",
        "the one before it",
    ),
]  # fmt: skip


TOTAL = "totals = [sum(n * slopes[i] for n, slopes in reports) for i in range(len(knobs))]"

LESSON_6 = [
    WrongAnswer(
        "means", "the mean of the means predicted",
        "predicted_mean = 7.6", "predicted_mean = 7",
        "All points, divided by all pupils",
    ),
    WrongAnswer(
        "means", "the mean of the means",
        "return sum(m * n for m, n in zip(means, counts, strict=True)) / sum(counts)",
        "return sum(means) / len(means)",
        "a class of one weighs as much",
    ),
    WrongAnswer(
        "means", "divided by the classes",
        "/ sum(counts)", "/ len(counts)",
        "shared out among the classes",
    ),
    WrongAnswer(
        "means", "not divided",
        " / sum(counts)", "",
        "What are they to be divided by?",
    ),
    WrongAnswer(
        "cut", "two left over for one",
        "predicted_sizes = [3, 3, 2, 2]", "predicted_sizes = [4, 2, 2, 2]",
        "Nobody may have two more",
    ),
    WrongAnswer(
        "cut", "what is left over dropped",
        "[list(range(m, n, machines)) for m in range(machines)]",
        "[list(range(m * (n // machines), (m + 1) * (n // machines))) for m in range(machines)]",
        "left over when you divide",
    ),
    WrongAnswer(
        "cut", "a shard too many",
        "[list(range(m, n, machines)) for m in range(machines)]",
        "[list(range(i, min(n, i + n // machines))) for i in range(0, n, n // machines)]",
        "who will work on it?",
    ),
    WrongAnswer(
        "cut", "all of the rest to the last",
        "[list(range(m, n, machines)) for m in range(machines)]",
        "[list(range(m * (n // machines), (m + 1) * (n // machines) if m < machines - 1 else n))"
        " for m in range(machines)]",
        "have gone to the same machine",
    ),
    WrongAnswer(
        "cut", "counted from one",
        "list(range(m, n, machines))", "list(range(m + 1, n + 1, machines))",
        "nobody has picture 0",
    ),
    WrongAnswer(
        "step", "machines counted, not pictures",
        "predicted_gradient = 3", "predicted_gradient = 4",
        "how many pictures are there?",
    ),
    WrongAnswer(
        "step", "the mean of the means",
        TOTAL, "totals = [count * sum(s[i] for _, s in reports) / len(reports)"
        " for i in range(len(knobs))]",
        "speak for the pictures that it has",
    ),
    WrongAnswer(
        "step", "the sum not divided",
        "rate * total / count", "rate * total",
        "too long by the number of all pictures",
    ),
    WrongAnswer(
        "step", "divided by the machines",
        "rate * total / count", "rate * total / len(reports)",
        "It is the pictures that are counted",
    ),
    WrongAnswer(
        "step", "means added up",
        TOTAL, "totals = [count * sum(s[i] for _, s in reports) for i in range(len(knobs))]",
        "A mean times its pictures is a sum",
    ),
    WrongAnswer(
        "step", "uphill",
        "[knob - rate", "[knob + rate",
        "It is minus",
    ),
    WrongAnswer(
        "ring", "one round only",
        "predicted_turns = 6", "predicted_turns = 3",
        "there are two rounds",
    ),
    WrongAnswer(
        "ring", "whole copies sent",
        "predicted_sent = 1500", "predicted_sent = 6000",
        "one piece, a quarter of the thousand",
    ),
    WrongAnswer(
        "ring", "given away",
        "        after[(m + 1) % machines, piece] += numbers[m][piece]\n",
        "        after[(m + 1) % machines, piece] += numbers[m][piece]\n"
        "        after[m, piece] -= numbers[m][piece]\n",
        "They send a copy",
    ),
    WrongAnswer(
        "ring", "replaced instead of added",
        "% machines, piece] += numbers", "% machines, piece] = numbers",
        "In the first round it adds",
    ),
    WrongAnswer(
        "ring", "to the left",
        "after[(m + 1) % machines", "after[(m - 1) % machines",
        "neighbour on the left",
    ),
    WrongAnswer(
        "ring", "always its own piece",
        "piece = (m - t) % machines", "piece = m",
        "passes on what it has just received",
    ),
    WrongAnswer(
        "dice", "one machine's misses",
        "predicted_unseen = 250", "predicted_unseen = 500",
        "misses it in one case of two as well",
    ),
    WrongAnswer(
        "dice", "the defect left in",
        "default_rng([seed, epoch])", "default_rng([seed, epoch, machine])",
        "have to share",
    ),
    WrongAnswer(
        "dice", "no other order in the next epoch",
        "default_rng([seed, epoch])", "default_rng(seed)",
        "the same order as in the first",
    ),
    WrongAnswer(
        "dice", "no seed",
        "default_rng([seed, epoch])", "default_rng(epoch)",
        "Another seed gives the same order",
    ),
    WrongAnswer(
        "pays", "talking forgotten",
        "predicted_thousand = 2000", "predicted_thousand = 8",
        "nearly two copies",
    ),
    WrongAnswer(
        "pays", "whole copies in each turn",
        "(latency + copy / machines)", "(latency + copy)",
        "It is an N-th of it",
    ),
    WrongAnswer(
        "pays", "the latency once",
        "pieces * (latency + copy / machines)",
        "(latency if machines > 1 else 0) + pieces * copy / machines",
        "The latency is paid for each piece",
    ),
    WrongAnswer(
        "pays", "all pictures on each machine",
        "each * pictures / machines", "each * pictures",
        "its share of the pictures only",
    ),
    WrongAnswer(
        "pays", "one round",
        "pieces = 2 * (machines - 1)", "pieces = machines - 1",
        "There are two",
    ),
    WrongAnswer(
        "pays", "the last one left out",
        "range(1, most + 1)", "range(2, most)",
        "a step is faster",
    ),
    WrongAnswer(
        "pays", "the time and not the number",
        "return min(range(1, most + 1), key=lambda n: seconds(n, pictures, once, each, latency, "
        "copy))",
        "return min(seconds(n, pictures, once, each, latency, copy) for n in range(1, most + 1))",
        "and not the time that they take",
    ),
]  # fmt: skip
