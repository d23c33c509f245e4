"""Mistakes in TensorFlow's layers."""

from __future__ import annotations

from tests.meta.loading import Mutant

# Mistakes in TensorFlow's layers.

TENSORFLOW_LAYERS = [
    Mutant(
        "kernel flipped", "tf.nn.conv2d(x, w, layer", "tf.nn.conv2d(x, w[::-1, ::-1], layer",
        "forward", "Mathematics flips the kernel of a convolution; no framework does.", "conv",
        file="tensorflow_layers",
    ),
    Mutant(
        "kernel transposed", "tf.nn.conv2d(x, w, layer",
        "tf.nn.conv2d(x, tf.transpose(w, (1, 0, 2, 3)), layer",
        "forward", "Height comes first, in pictures and in kernels.", "conv",
        file="tensorflow_layers",
    ),
    Mutant(
        "padding before for after", "z = tf.nn.conv2d(x, w, layer.stride, layer.padding.upper())",
        "z = tf.nn.conv2d(x[:, ::-1, ::-1], w[::-1, ::-1], layer.stride, layer.padding.upper())"
        "[:, ::-1, ::-1]",
        "forward", "The shape is right, and every window a pixel off.", "strided",
        file="tensorflow_layers",
    ),
    Mutant(
        "average for maximum", 'if layer.kind == "max" else', "if False else",
        "forward", "Two poolings give the same shape.", "conv", file="tensorflow_layers",
    ),
    Mutant(
        "padding counted", "else tf.nn.avg_pool2d",
        "else lambda x, size, stride, padding: tf.nn.avg_pool2d(tf.pad(\n"
        "        x, [[0, 0], *[[0, size - 1 if padding == 'SAME' else 0]] * 2, [0, 0]]\n"
        "    ), size, stride, 'VALID')",
        "forward", "A mean over zeros that nobody saw is too small at the border.", "strided",
        file="tensorflow_layers",
    ),
    Mutant(
        "channels first in Flatten", "Flatten: lambda layer, params, x: tf.reshape(x, (",
        "Flatten: lambda layer, params, x: tf.reshape(tf.transpose(x, (0, 3, 1, 2)), (",
        "forward", "Flattened, PyTorch's order of axes and TensorFlow's are not the same.", "conv",
        file="tensorflow_layers",
    ),
    Mutant(
        "channels first in Reshape", "tf.reshape(x, (-1, *layer.shape))",
        "tf.transpose(tf.reshape(x, (-1, layer.shape[2], *layer.shape[:2])), (0, 2, 3, 1))",
        "forward", "A reshape keeps the order of the numbers, not that of the axes.", "strided",
        file="tensorflow_layers",
    ),
    Mutant(
        "a row that comes twice counted once", "tf.convert_to_tensor(g) for g in",
        "tf.tensor_scatter_nd_update(tf.zeros(g.dense_shape, g.dtype), g.indices[:, None], "
        "g.values) if isinstance(g, tf.IndexedSlices) else g for g in",
        "gradients", "IndexedSlices list a row as often as it was taken, to be added.", "pooled",
    ),
    Mutant(
        "embedding scaled", "return tf.gather(params[0], x)",
        "return tf.gather(params[0], x) * layer.width**0.5",
        "forward", "Vaswani et al. (2017), section 3.4, scale by √width; the contract does not.",
        "pooled", file="tensorflow_layers",
    ),
    Mutant(
        "L2 on the tables", "kernels = [self._variables[i] for i in self.net.penalized]",
        "kernels = [w for w in self._variables if len(w.shape) > 1]",
        "loss", "Two axes do not make a kernel: a table is drawn from, not multiplied.",
        "transformer",
    ),
    Mutant(
        "positions left out", "return x + params[0]", "return x + 0 * params[0]",
        "forward", "Without them attention sees a bag of words.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "ε outside the root", "tf.sqrt(variance + layer.epsilon)",
        "(tf.sqrt(variance) + layer.epsilon)",
        "forward", "Adam's ε stands outside of its root, a layer norm's inside.", "pooled",
        file="tensorflow_layers",
    ),
    Mutant(
        "variance by n − 1", "tf.sqrt(variance + ",
        "tf.sqrt(variance * layer.width / (layer.width - 1) + ",
        "forward", "torch.var divides by n − 1, a layer norm by n.", "pooled",
        file="tensorflow_layers",
    ),
    Mutant(
        "normalized over the sequence", "tf.nn.moments(x, -1,", "tf.nn.moments(x, [1, 2],",
        "forward", "A layer norm treats every place by itself.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "moments taken as constants", "variance = tf.nn.moments(x, -1, keepdims=True)",
        "variance = map(tf.stop_gradient, tf.nn.moments(x, -1, keepdims=True))",
        "gradients", "Mean and variance depend on x as well; the loss does not tell.", "pooled",
        file="tensorflow_layers",
    ),
    Mutant(
        "scaled by d", "/ d**0.5", "/ d", "forward",
        "The sum of d products has a spread of √d, not d.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "heads cut out of the rows",
        "tf.transpose(tf.reshape(a, (-1, length, layer.heads, d)), (0, 2, 1, 3))",
        "tf.reshape(a, (-1, layer.heads, length, d))",
        "forward", "A reshape fits as well, and mixes places with heads.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "heads not brought back", "tf.transpose(tf.nn.softmax(scores) @ v, (0, 2, 1, 3))",
        "tf.nn.softmax(scores) @ v",
        "forward", "What was transposed on the way in is transposed on the way out.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "mask upside down", "np.tri(length, dtype=bool)", "np.tri(length, dtype=bool).T",
        "forward", "It sees the future, and only that.", "transformer", file="tensorflow_layers",
    ),
    Mutant(
        "masked by zeros", "scores, -np.inf)", "scores, 0.0)",
        "forward", "A score of 0 is a share like any other; only −∞ takes none.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "softmax over the queries", "tf.nn.softmax(scores)", "tf.nn.softmax(scores, 2)",
        "forward", "What a place takes of all others sums to 1.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "keys ask the queries", "tf.matmul(q, k,", "tf.matmul(k, q,",
        "forward", "Who asks whom is transposed, unless both kernels are the same.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "residual added twice", "return x + outputs(", "return 2 * x + outputs(",
        "forward", "The way around the layers is taken once.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "no gradient on the way around", "return x + outputs(",
        "return tf.stop_gradient(x) + outputs(",
        "gradients", "What a residual is for: a gradient that no layer shrinks.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "the last place for the mean", "tf.reduce_mean(x, list(range(1, len(x.shape) - 1)))",
        "x[:, -1]",
        "forward", "The shape is the same.", "pooled", file="tensorflow_layers",
    ),
    Mutant(
        "places of one sequence with targets of another",
        "in_rows(z), tf.reshape(y, ", "in_rows(z), tf.reshape(tf.transpose(y), ",
        "loss", "Both are flattened row by row, or their places do not meet.", "transformer",
    ),
    Mutant(
        "stride ignored", "tf.nn.conv2d(x, w, layer.stride,",
        "tf.nn.conv2d(x, w, 1,",
        "forward", "A mean over all places hides how many there were.", "strided",
        file="tensorflow_layers",
    ),
    Mutant(
        "windows never overlap", "return pool(x, layer.size, layer.stride,",
        "return pool(x, layer.size, layer.size,",
        "forward", "A pooling's stride need not be its size.", "strided", file="tensorflow_layers",
    ),
    Mutant(
        "padded where it should not be",
        "return pool(x, layer.size, layer.stride, layer.padding.upper())",
        'return pool(x, layer.size, layer.stride, "SAME")',
        "forward", "A mean over all places hides how many there were.", "strided",
        file="tensorflow_layers",
    ),
    Mutant(
        "pictures turned in Flatten", "tf.reshape(x, (-1, np.prod(x.shape[1:])))",
        "tf.reshape(tf.transpose(x, (0, 2, 1, 3)), (-1, np.prod(x.shape[1:])))",
        "forward", "Row by row is not column by column.", "conv", file="tensorflow_layers",
    ),
    Mutant(
        "flattened column by column", "tf.reshape(x, (-1, np.prod(x.shape[1:])))",
        "tf.reshape(tf.transpose(x, (0, 3, 2, 1)), (-1, np.prod(x.shape[1:])))",
        "forward", "The last axis runs fastest.", "conv", file="tensorflow_layers",
    ),
    Mutant(
        "no gradient through Flatten", "tf.reshape(x, (-1, np.prod(x.shape[1:])))",
        "tf.reshape(tf.stop_gradient(x) + 0 * x, (-1, np.prod(x.shape[1:])))",
        "gradients", "What changes no number changes no gradient.", "conv",
        file="tensorflow_layers",
    ),
    Mutant(
        "pictures turned in Reshape", "tf.reshape(x, (-1, *layer.shape))",
        "tf.transpose(tf.reshape(x, (-1, *layer.shape[1::-1], layer.shape[2])), (0, 2, 1, 3))",
        "forward", "Height comes first.", "strided", file="tensorflow_layers",
    ),
    Mutant(
        "reshaped column by column", "tf.reshape(x, (-1, *layer.shape))",
        "tf.transpose(tf.reshape(x, (-1, *layer.shape[::-1])), (0, 2, 1))",
        "forward", "The last axis runs fastest.", "sequence", file="tensorflow_layers",
    ),
    Mutant(
        "no gradient through Reshape", "tf.reshape(x, (-1, *layer.shape))",
        "tf.reshape(tf.stop_gradient(x) + 0 * x, (-1, *layer.shape))",
        "gradients", "What changes no number changes no gradient.", "sequence",
        file="tensorflow_layers",
    ),
    Mutant(
        "words counted from one", "return tf.gather(params[0], x)",
        "return tf.gather(params[0], (x + 1) % layer.vocabulary)",
        "forward", "Row numbers begin at 0.", "pooled", file="tensorflow_layers",
    ),
    Mutant(
        "positions from the end", "return x + params[0]",
        "return x + params[0][::-1]",
        "forward", "The first vector belongs to the first place.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "one position for all", "return x + params[0]",
        "return x + params[0][:1]",
        "forward", "A sum broadcasts where shapes allow it.", "transformer",
        file="tensorflow_layers",
    ),
    Mutant(
        "positions not learned", "return x + params[0]",
        "return x + tf.stop_gradient(params[0]) + 0 * params[0]",
        "gradients", "A constant is not a parameter.", "transformer", file="tensorflow_layers",
    ),
    Mutant(
        "residual left out", "return x + outputs(",
        "return outputs(",
        "forward", "The shape is the same.", "sequence", file="tensorflow_layers",
    ),
    Mutant(
        "no gradient through", "return x + outputs(layer.layers, params, x)[-1]",
        "return x + outputs(layer.layers, params, tf.stop_gradient(x) + 0 * x)[-1]",
        "gradients", "The gradient comes back both ways.", "sequence", file="tensorflow_layers",
    ),
    Mutant(
        "sum for mean of places", "tf.reduce_mean(x, list(range(1, len(x.shape) - 1)))",
        "tf.reduce_sum(x, list(range(1, len(x.shape) - 1)))",
        "forward", "A sum grows with the sequence.", "pooled", file="tensorflow_layers",
    ),
    Mutant(
        "largest for mean", "tf.reduce_mean(x, list(range(1, len(x.shape) - 1)))",
        "tf.reduce_max(x, list(range(1, len(x.shape) - 1)))",
        "forward", "Global pooling comes as a mean and as a maximum.", "pooled",
        file="tensorflow_layers",
    ),
    Mutant(
        "mean over the rows too", "tf.reduce_mean(x, list(range(1, len(x.shape) - 1)))",
        "0 * x[:, 0] + tf.reduce_mean(x, [0, 1])",
        "forward", "The first axis is the batch.", "pooled", file="tensorflow_layers",
    ),
]  # fmt: skip
