"""Whether a GPU may multiply float32 with ten bits

An NVIDIA GPU since Ampere can round the factors of a float32 product to TF32, with ten bits for 23.
PyTorch does so by default in convolutions and not in matrix products, TensorFlow in both. These are
the settings; they change nothing on a CPU.
"""

kind = "difference"
symptoms = """TF32 matmul precision, allow_tf32 numerical difference on A100 RTX 3080 H100, matmul
different on GPU and CPU, enable_tensor_float_32_execution, set_float32_matmul_precision; float32
results differ by 1e-3 between GPU and CPU, between two graphics cards, tests fail on a GPU"""
matters = """A float32 result with an error of 3e-4 looks like a wrong port, and comes and goes with
the machine."""
remedy = """Switch it off where numbers are compared: `torch.backends.cudnn.allow_tf32 = False`,
`tf.config.experimental.enable_tensor_float_32_execution(False)`."""
sources = [
    "https://github.com/pytorch/pytorch/issues/84334",
    "https://github.com/tensorflow/tensorflow/issues/127346",
    "https://pytorch.org/docs/stable/notes/cuda.html (TensorFloat-32)",
]
lessons = []

observed = {"torch": [False, True], "tensorflow": [True, True]}


def torch():
    """Two switches."""

    import torch

    def default():
        """[in matrix products, in convolutions]."""
        return switches()

    def matched():
        """The same, switched off."""
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        return switches()

    def switches():
        return [torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32]

    return default, matched


def tensorflow():
    """One switch for both."""

    import tensorflow as tf

    def default():
        """[in matrix products, in convolutions]."""
        return 2 * [tf.config.experimental.tensor_float_32_execution_enabled()]

    def matched():
        """The same, switched off."""
        tf.config.experimental.enable_tensor_float_32_execution(False)
        return default()

    return default, matched
