"""What a network is made of: layers as data, without code of any framework.

Each layer says which shape it reads and gives, and which parameters it has. Batches carry the rows
in front: a layer that gives (28, 28, 8) gives a batch of (n, 28, 28, 8). A picture is (height,
width, channels), a sequence (length, width).
"""

from adapters.layers.dense import Dense
from adapters.layers.layer import Activation, Layer, Parameter, Shape
from adapters.layers.pictures import Conv2D, Padding, Pool2D
from adapters.layers.residual import Residual, flat
from adapters.layers.sequences import Attention, Embedding, LayerNorm, Positions
from adapters.layers.shapes import Flatten, Mean, Reshape

__all__ = [
    "Activation", "Attention", "Conv2D", "Dense", "Embedding", "Flatten", "Layer", "LayerNorm",
    "Mean", "Padding", "Parameter", "Pool2D", "Positions", "Reshape", "Residual", "Shape", "flat",
]  # fmt: skip
