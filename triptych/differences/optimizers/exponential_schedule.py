"""Exponential decay of the learning rate

PyTorch's `ExponentialLR` multiplies the learning rate step by step, Keras's `ExponentialDecay` and
Optax's `exponential_decay` raise the rate to a power that need not be whole, unless
`staircase=True`. At whole steps they are equal.
"""

kind = "agreement"
symptoms = """ExponentialLR gamma, ExponentialDecay decay_steps staircase, scheduler.step per batch
or per epoch, learning rate decay; optax.exponential_decay transition_steps decay_rate staircase"""
matters = """The one difference is what a step is: in PyTorch each call of `scheduler.step()`,
usually an epoch; in Keras and Optax each batch."""
sources = [
    "torch/optim/lr_scheduler.py, ExponentialLR",
    "keras/src/optimizers/schedules/learning_rate_schedule.py, ExponentialDecay",
    "optax/schedules/_schedule.py, exponential_decay",
]
lessons = []

observed = {
    "torch": [0.1, 0.08, 0.064, 0.0512],
    "keras": [0.1, 0.08, 0.064, 0.0512],
    "jax": [0.1, 0.08, 0.064, 0.0512],
}
round_off = 1e-6  # float32


def torch():
    """PyTorch multiplies by gamma at each call."""

    import torch

    def default():
        """The learning rates of four steps."""
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.8)
        rates = []
        for _ in range(4):
            rates += scheduler.get_last_lr()
            optimizer.step()
            scheduler.step()
        return rates

    return default


def keras():
    """Keras raises the rate to the power step / decay_steps."""

    import keras

    def default():
        """The learning rates of four steps."""
        schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.8)
        return [float(schedule(step)) for step in range(4)]

    return default


def jax():
    """Optax raises the rate to the power count / transition_steps."""

    import optax

    def default():
        """The learning rates of four steps."""
        schedule = optax.exponential_decay(0.1, transition_steps=1, decay_rate=0.8)
        return [float(schedule(step)) for step in range(4)]

    return default
