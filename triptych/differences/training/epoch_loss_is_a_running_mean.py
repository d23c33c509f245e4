"""The loss of an epoch: a running mean, or at its end

Four batches, all with label 1, and a weight that starts at 0 and halves its error with each: `fit`
reports the mean of the four losses during the epoch, 0.332; the model at the end of the epoch,
which a loop in PyTorch may measure, has 0.0039.
"""

kind = "difference"
symptoms = """keras progress bar loss differs from evaluate, training loss higher than evaluate
on the same data, history loss running average, moving average of batch losses"""
matters = """In an early epoch the reported loss is far above what the model has reached; so a
validation loss, measured at the end, can lie below the training loss without any mistake."""
remedy = """Measure after the epoch: `model.evaluate` in Keras. Or keep a running mean in PyTorch
too."""
sources = [
    "keras/src/trainers/trainer.py, Trainer.compute_metrics and _loss_tracker",
    "https://keras.io/getting_started/faq (on training loss above testing loss)",
]
lessons = [1, 3, 4, 7, 8]

observed = {"torch": 0.0039062, "keras": 0.3320312}
round_off = 1e-6  # float32


def torch():
    """A PyTorch loop measures where you choose: here at the end."""

    import torch
    from torch.utils.data import DataLoader

    def default():
        """The loss of an epoch."""
        w = torch.zeros(1, requires_grad=True)
        optimizer, labels = torch.optim.SGD([w], lr=0.25), torch.ones(4)
        for label in DataLoader(labels):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(w, label).backward()
            optimizer.step()
        return torch.nn.functional.mse_loss(w.expand(4), labels).item()

    def matched():
        """The same."""
        return default()

    return default, matched


def keras():
    """Keras's history holds running means."""

    import keras
    import numpy as np

    X, Y = np.ones((4, 1)), np.ones((4, 1))

    def default():
        """The loss of an epoch, as fit reports it."""
        _, history = train()
        return history.history["loss"][0]

    def matched():
        """The loss at its end."""
        model, _ = train()
        return model.evaluate(X, Y, verbose=0)

    def train():
        layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile(keras.optimizers.SGD(0.25), loss="mse", run_eagerly=True)
        return model, model.fit(X, Y, batch_size=1, verbose=0)

    return default, matched
