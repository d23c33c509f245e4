"""An embedding's table: how wide it is drawn

PyTorch draws an embedding from the standard normal distribution; Keras uniformly between ±0.05, a
standard deviation of 0.029, thirty-five times less; Flax from a normal distribution of standard
deviation 1/√features, here 0.22 for 20.
"""

kind = "difference"
symptoms = """nn.Embedding normal, keras Embedding uniform 0.05, initial embedding; loss starts
higher; flax nn.Embed embedding_init scale"""
matters = """The first activations differ by these factors, and a learning rate tuned in one
framework is wrong in the others."""
remedy = "Copy the table, or draw it alike: `torch.nn.init.uniform_(table.weight, -0.05, 0.05)`."
sources = [
    "torch/nn/modules/sparse.py, Embedding.reset_parameters",
    "keras/src/layers/core/embedding.py, Embedding, embeddings_initializer",
    "flax/linen/linear.py, Embed, default_embed_init",
]
lessons = []

observed = {"torch": 1.004633, "keras": 0.02899245, "jax": 0.2245429}
tolerance = 1e-2  # the standard deviation of 20,000 draws


def torch():
    """`nn.Embedding` draws from N(0, 1)."""

    import numpy as np
    import torch

    def default():
        """The standard deviation of a fresh table."""
        torch.manual_seed(0)
        return float(torch.nn.Embedding(1000, 20).weight.detach().std())

    def matched():
        """Row 1 of a table that NumPy drew."""
        table = np.random.default_rng(0).uniform(-0.05, 0.05, (10, 4)).astype("float32")
        embedding = torch.nn.Embedding.from_pretrained(torch.from_numpy(table))
        return embedding(torch.tensor([1])).tolist()

    return default, matched


def keras():
    """`Embedding` draws uniformly between ±0.05."""

    import keras
    import numpy as np

    def default():
        """The standard deviation of a fresh table."""
        keras.utils.set_random_seed(0)
        embedding = keras.layers.Embedding(1000, 20)
        embedding.build()
        return float(embedding.get_weights()[0].std())

    def matched():
        """Row 1 of a table that NumPy drew."""
        table = np.random.default_rng(0).uniform(-0.05, 0.05, (10, 4)).astype("float32")
        embedding = keras.layers.Embedding(10, 4)
        embedding.build()
        embedding.set_weights([table])
        return keras.ops.convert_to_numpy(embedding(np.array([1]))).tolist()

    return default, matched


def jax():
    """Flax's `Embed` draws from N(0, 1/features)."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp
    import numpy as np

    def default():
        """The standard deviation of a fresh table."""
        variables = nn.Embed(1000, 20).init(jax.random.key(0), jnp.array([1]))
        return float(variables["params"]["embedding"].std())

    def matched():
        """Row 1 of a table that NumPy drew."""
        table = np.random.default_rng(0).uniform(-0.05, 0.05, (10, 4)).astype("float32")
        weights = {"embedding": jnp.asarray(table)}
        return nn.Embed(10, 4).apply({"params": weights}, jnp.array([1])).tolist()

    return default, matched
