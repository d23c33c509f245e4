"""AdamW's default decay

PyTorch's AdamW decays by 0.01, Keras's by 0.004, both times the learning rate. A weight of 1
without any gradient is after a step of learning rate 0.1 at 0.999 and at 0.9996.
"""

kind = "difference"
symptoms = "AdamW default weight_decay 0.01 0.004, optax.adamw 1e-4"
matters = "AdamW with its default decays two and a half times as much in PyTorch."
remedy = "Set `weight_decay=0.01` in both."
sources = [
    "torch/optim/adamw.py, AdamW.__init__",
    "keras/src/optimizers/adamw.py, AdamW.__init__",
]
lessons = []

observed = {"torch": 0.999, "keras": 0.9996}
round_off = 1e-6  # float32


def torch():
    """PyTorch's AdamW: weight_decay=0.01."""

    import torch

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(lr=0.1)

    def matched():
        """The same, with the decay set."""
        return step(lr=0.1, weight_decay=0.01)

    def step(**options):
        w = torch.nn.Parameter(torch.ones(1))
        w.grad = torch.zeros(1)
        torch.optim.AdamW([w], **options).step()
        return w.item()

    return default, matched


def keras():
    """Keras's AdamW: weight_decay=0.004."""

    import keras

    def default():
        """A weight of 1 after a step with no gradient but the decay."""
        return step(learning_rate=0.1)

    def matched():
        """The same, with the decay set."""
        return step(learning_rate=0.1, weight_decay=0.01)

    def step(**options):
        w = keras.Variable(1.0)
        keras.optimizers.AdamW(**options).apply([keras.ops.zeros(())], [w])
        return float(w.numpy())

    return default, matched
