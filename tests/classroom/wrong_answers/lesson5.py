"""Typical wrong answers to the exercises of lesson 5, each with its hint."""

from __future__ import annotations

from tests.classroom.hints import WrongAnswer

WRONG_ANSWERS = [
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
