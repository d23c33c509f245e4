"""Whether oneDNN computes on a CPU

On an x86 CPU both frameworks hand products, convolutions and some element-wise operations to
oneDNN, by default. It adds up in another order than their own kernels, and so differs from them,
and between CPUs, in the last digits. These are the settings.
"""

kind = "agreement"
symptoms = """oneDNN custom operations are on, You may see slightly different numerical results due
to floating-point round-off errors from different computation orders, TF_ENABLE_ONEDNN_OPTS=0,
torch.backends.mkldnn; different numbers on another CPU, not bitwise reproducible"""
matters = """Results that agree to six digits and no further, on two machines or after an update,
are no wrong port."""
sources = [
    "https://www.tensorflow.org/install/errors (TF_ENABLE_ONEDNN_OPTS)",
    "https://docs.pytorch.org/docs/stable/backends.html (torch.backends.mkldnn)",
]
lessons = []

observed = {"torch": True, "tensorflow": True}


def torch():
    """Called mkldnn there."""

    import torch

    def default():
        """Whether it is there and in use."""
        return torch.backends.mkldnn.is_available()

    return default


def tensorflow():
    """On by default since TensorFlow 2.9."""

    from tensorflow.python.util import _pywrap_util_port

    def default():
        """Whether it is there and in use."""
        return bool(_pywrap_util_port.IsMklEnabled())

    return default
