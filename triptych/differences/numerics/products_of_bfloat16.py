"""A product of bfloat16 matrices: added up in float32, and rounded at the end

257 ones times ones, in bfloat16, whose numbers above 256 are even. Every framework adds up in more
digits than bfloat16 has and rounds the sum once: 256, the even neighbour. Added one by one in
bfloat16 the sum would stop at 256 for good, of 2,570 ones, too: here it is 2,576.
"""

kind = "agreement"
symptoms = """bfloat16 matmul precision accumulate, jax default matmul precision, torch.autocast
bfloat16, mixed_bfloat16, TPU products; loss differs in bf16, sums stop growing at 256"""
matters = """Where autocast or a TPU multiplies in bfloat16, each factor has eight bits, an error of
2e-3; the sum over them adds hardly any."""
sources = [
    "https://docs.jax.dev/en/latest/_autosummary/jax.default_matmul_precision.html",
    "https://pytorch.org/docs/stable/notes/numerical_accuracy.html",
]
lessons = []

observed = {"torch": [256.0, 2576.0], "tensorflow": [256.0, 2576.0], "jax": [256.0, 2576.0]}


def torch():
    """On the CPU."""

    import torch

    def default():
        """The products of 257 and of 2,570 ones."""
        return [product(257), product(2570)]

    def product(n):
        ones = torch.ones(1, n, dtype=torch.bfloat16)
        return (ones @ ones.T).item()

    return default


def tensorflow():
    """On the CPU."""

    import tensorflow as tf

    def default():
        """The products of 257 and of 2,570 ones."""
        return [product(257), product(2570)]

    def product(n):
        ones = tf.ones((1, n), dtype=tf.bfloat16)
        return float(tf.matmul(ones, ones, transpose_b=True)[0, 0])

    return default


def jax():
    """On the CPU."""

    import jax.numpy as jnp

    def default():
        """The products of 257 and of 2,570 ones."""
        return [product(257), product(2570)]

    def product(n):
        ones = jnp.ones((1, n), dtype=jnp.bfloat16)
        return (ones @ ones.T).item()

    return default
