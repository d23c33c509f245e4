"""The gates of a GRU come in another order

PyTorch stores the reset gate first, then the update gate, then the candidate; Keras stores the
update gate first. The rest is the same: both apply the reset gate after the product with the
recurrent kernel (`reset_after=True` is Keras's default), with two biases.
"""

kind = "difference"
symptoms = "GRU weights convert, reset_after, gate order r z n, update gate reset gate"
matters = """All shapes fit, so a converter that works for LSTMs gives a GRU that computes something
else, without an error."""
remedy = "Swap the first two of the three blocks of every kernel and bias."
sources = [
    "torch/nn/modules/rnn.py, GRU",
    "keras/src/layers/rnn/gru.py, GRUCell, reset_after",
]
lessons = []

observed = {"torch": 0.4281051, "keras": 0.434489}
round_off = 1e-6  # the layers compute in float32


def torch():
    """`nn.GRU` keeps reset, update, candidate."""

    import torch

    def output(order):
        """The output after the inputs 1, 2, 3, with the blocks of the weights in this order."""
        gru = torch.nn.GRU(1, 1)
        with torch.no_grad():
            gru.weight_ih_l0.copy_(torch.tensor([[0.1], [0.2], [0.3]])[order])
            gru.weight_hh_l0.copy_(torch.tensor([[0.4], [0.5], [0.6]])[order])
            gru.bias_ih_l0.copy_(torch.tensor([0.3, 0.2, 0.1])[order])
            gru.bias_hh_l0.copy_(torch.tensor([0.6, 0.5, 0.4])[order])
            steps, _ = gru(torch.tensor([[[1.0]], [[2.0]], [[3.0]]]))  # (steps, rows, 1)
        return steps[-1].item()

    def default():
        """Copied as it stands."""
        return output([0, 1, 2])

    def matched():
        """The first two blocks swapped."""
        return output([1, 0, 2])

    return default, matched


def keras():
    """`GRU` keeps update, reset, candidate."""

    import keras
    import numpy as np

    def default():
        """The output after the inputs 1, 2, 3."""
        gru = keras.layers.GRU(1)
        gru.build((None, 3, 1))
        biases = np.array([[0.3, 0.2, 0.1], [0.6, 0.5, 0.4]])  # for the input, for the state
        gru.set_weights([np.array([[0.1, 0.2, 0.3]]), np.array([[0.4, 0.5, 0.6]]), biases])
        output = gru(np.array([[[1.0], [2.0], [3.0]]], dtype="float32"))  # (rows, steps, 1)
        return keras.ops.convert_to_numpy(output).item()

    return default, default  # nothing to change
