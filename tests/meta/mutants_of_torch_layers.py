"""Mistakes in PyTorch's layers."""

from __future__ import annotations

from tests.meta.loading import Mutant

FILE = "torch_layers"


def module(forward: str, base: str = "nn.Module") -> str:
    """A module, in one expression, whose `forward` is this function of x."""
    return f'type("Wrong", ({base},), {{"forward": lambda self, x: {forward}}})'


TORCH_LAYERS = [
    Mutant(
        "a sequence is one row", "z, y = z.flatten(0, -2), y.flatten(0, z.ndim - 2)",
        "z, y = z.flatten(1), y.flatten(1)", "loss",
        "A loss is a mean over the places of a sequence too.", "sequence",
    ),
    Mutant(
        "L2 by the number of axes", "kernels = (parameters[i] for i in self.net.penalized)",
        "kernels = (p for p in parameters if p.ndim > 1)", "loss_definition",
        "A table of words has two axes and is no kernel.", "transformer",
    ),
    Mutant(
        "the caller's own array handed out", "outputs.append(_array(a).copy())",
        "outputs.append(_array(a))", "copies_out",
        "A change of shape is a view, and .numpy() shares its memory.", "strided",
    ),
    Mutant(
        "activation twice", "        ACTIVATIONS[layer.activation](),\n    )",
        "        ACTIVATIONS[layer.activation](),\n        ACTIVATIONS[layer.activation](),\n    )",
        "forward", "In nn.Sequential every module is applied.", "tanh", file=FILE,
    ),
    Mutant(
        "a leaking relu", '"relu": nn.ReLU,', '"relu": nn.LeakyReLU,', "forward",
        "LeakyReLU lets a hundredth of the negative numbers through.", "relu", file=FILE,
    ),
    Mutant(
        "dense kernels reshaped", "self._tensor(array).permute(order)",
        "self._tensor(array).reshape([array.shape[axis] for axis in order])", "forward",
        "A sequence's kernels are (n_out, n_in) as well.", "sequence",
    ),
    Mutant(
        "kernel flipped", "z = self.conv(channels_first(padded(self.layer, x)))",
        "z = F.conv2d(channels_first(padded(self.layer, x)), self.conv.weight.flip(2, 3), "
        "self.conv.bias, self.layer.stride)", "kernel_as_written",
        "Mathematics flips a convolution's kernel; frameworks do not.", file=FILE,
    ),
    Mutant(
        "kernel on its side", "Conv2D: [(3, 2, 0, 1), (0,)],", "Conv2D: [(3, 2, 1, 0), (0,)],",
        "kernel_as_written", "The window is square, so its axes fit in either order.", file=FILE,
    ),
    Mutant(
        "picture kernels reshaped", "self._tensor(array).permute(order)",
        "self._tensor(array).reshape([array.shape[axis] for axis in order])", "forward",
        "PyTorch's kernel is (n_out, n_in, height, width).", "conv",
    ),
    Mutant(
        "channels reshaped", "return x.permute(0, 3, 1, 2)",
        "return x.reshape(len(x), x.shape[3], *x.shape[1:3])", "forward",
        "A reshape moves no axis: it mixes channels and pixels.", "strided", file=FILE,
    ),
    Mutant(
        "padding before", "(0, 0, left, right, top, bottom)", "(0, 0, right, left, bottom, top)",
        "padding_after", "The odd zero of \"same\" comes after.", file=FILE,
    ),
    Mutant(
        "padding alike on both sides", "(0, 0, left, right, top, bottom)",
        "(0, 0, right, right, bottom, bottom)", "padding_after",
        "padding=1 gives the right shape, and windows that are a pixel off.", file=FILE,
    ),
    Mutant(
        "sides before rows", "(0, 0, left, right, top, bottom)", "(0, 0, top, bottom, left, right)",
        "forward", "F.pad begins with the last axis.", "strided", file=FILE,
    ),
    Mutant(
        "stride left out", "layer.size, stride=layer.stride, device=device",
        "layer.size, device=device", "forward", "nn.Conv2d's stride is 1 by default.", "strided",
        file=FILE,
    ),
    Mutant(
        "ties split", "F.max_pool2d(wide, self.size, self.stride)",
        "wide.unfold(2, self.size, self.stride).unfold(3, self.size, self.stride).amax((-2, -1))",
        "first_of_equals", "amax shares a tie's gradient; max_pool2d does not.", file=FILE,
    ),
    Mutant(
        "padding competes", "padded(self.layer, x, outside=-torch.inf)", "padded(self.layer, x)",
        "forward", "Where all numbers are negative, a zero outside the picture is the largest.",
        "conv", file=FILE,
    ),
    Mutant(
        "padding counts in a mean", "return self.sums(x) / pixels",
        "return self.sums(x) / self.size**2", "forward",
        "count_include_pad is on by default, and does not know F.pad.", "strided", file=FILE,
    ),
    Mutant(
        "windows never overlap", "F.avg_pool2d(wide, self.size, self.stride, divisor_override=1)",
        "F.avg_pool2d(wide, self.size, divisor_override=1)", "forward",
        "Pooling strides by its size unless told otherwise.", "strided", file=FILE,
    ),
    Mutant(
        "the largest for the mean", 'if self.layer.kind == "max":', "if self.layer:", "forward",
        "A picture's mean is not its maximum.", "strided", file=FILE,
    ),
    Mutant(
        "flattened channel by channel", "lambda layer, device: nn.Flatten(),",
        f"lambda layer, device: {module('x.movedim(-1, 1).flatten(1)')}(),", "forward",
        "PyTorch keeps channels first: the next kernel's rows would be in another order.", "conv",
        file=FILE,
    ),
    Mutant(
        "flattened column by column", "lambda layer, device: nn.Flatten(),",
        f"lambda layer, device: {module('x.transpose(1, 2).flatten(1)')}(),", "forward",
        "The last axis runs fastest.", "conv", file=FILE,
    ),
    Mutant(
        "flattened across rows", "lambda layer, device: nn.Flatten(),",
        f"lambda layer, device: {module('x.reshape(-1, len(x)).T')}(),", "forward",
        "Each row keeps its own numbers.", "conv", file=FILE,
    ),
    Mutant(
        "reshaped column by column", "nn.Sequential(nn.Flatten(), nn.Unflatten(1, layer.shape))",
        module("x.reshape(len(x), *layer.shape[::-1]).movedim(1, -1).transpose(1, -2)") + "()",
        "forward", "The last axis runs fastest.", "strided", file=FILE,
    ),
    Mutant(
        "reshaped across rows", "nn.Sequential(nn.Flatten(), nn.Unflatten(1, layer.shape))",
        module("x.flatten(1).T.reshape(len(x), *layer.shape)") + "()",
        "forward", "Each row keeps its own numbers.", "sequence", file=FILE,
    ),
    Mutant(
        "word 0 is padding", "nn.Embedding, layer.vocabulary, layer.width, device",
        "nn.Embedding, layer.vocabulary, layer.width, padding_idx=0, device", "repeated_words",
        "padding_idx leaves a row without a gradient; here every number is a word.", file=FILE,
    ),
    Mutant(
        "mean over a word's places", "nn.Embedding, layer.vocabulary, layer.width, device",
        "nn.Embedding, layer.vocabulary, layer.width, scale_grad_by_freq=True, device",
        "repeated_words", "A frequent word has a larger gradient, not the mean of many.", file=FILE,
    ),
    Mutant(
        "rows kept short", "nn.Embedding, layer.vocabulary, layer.width, device",
        "nn.Embedding, layer.vocabulary, layer.width, max_norm=0.1, device",
        "reading_changes_nothing", "With max_norm, looking a word up changes its row.", "pooled",
        file=FILE,
    ),
    Mutant(
        "words from one", "nn.Embedding, layer.vocabulary",
        module("F.embedding(x - 1 + (x == 0), self.weight)", "nn.Embedding")
        + ", layer.vocabulary",
        "forward", "Row numbers begin at 0.", "pooled", file=FILE,
    ),
    Mutant(
        "positions left out", "return x + self.weight", "return x + 0 * self.weight", "forward",
        "Without them attention does not know the order of words.", "transformer", file=FILE,
    ),
    Mutant(
        "positions from the end", "return x + self.weight", "return x + self.weight.flip(0)",
        "forward", "The first vector belongs to the first place.", "transformer", file=FILE,
    ),
    Mutant(
        "one vector for all places", "return x + self.weight", "return x + self.weight[:1]",
        "forward", "A sum broadcasts where shapes allow it.", "transformer", file=FILE,
    ),
    Mutant(
        "positions not learned", "return x + self.weight",
        "return x + self.weight.detach() + 0 * self.weight", "gradients",
        "A buffer is not a parameter.", "transformer", file=FILE,
    ),
    Mutant(
        "the default ε", "layer.width, layer.epsilon, device", "layer.width, device", "forward",
        "A default is not what was asked for.", "pooled", file=FILE,
    ),
    Mutant(
        "variance by n − 1", "nn.LayerNorm, layer.width",
        module("(x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + self.eps).sqrt() "
               "* self.weight + self.bias", "nn.LayerNorm") + ", layer.width",
        "layer_norm", "torch.var divides by n − 1; a layer norm does not.", file=FILE,
    ),
    Mutant(
        "ε outside the root", "nn.LayerNorm, layer.width",
        module("(x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True, correction=0) "
               "+ self.eps) * self.weight + self.bias", "nn.LayerNorm") + ", layer.width",
        "layer_norm", "Under the root, ε bounds the quotient where a place has no variance.",
        file=FILE,
    ),
    Mutant(
        "the bias multiplies", "nn.LayerNorm, layer.width",
        module("F.layer_norm(x, self.normalized_shape, self.bias, self.weight, self.eps)",
               "nn.LayerNorm") + ", layer.width",
        "forward", "Scale and bias have one shape: exchanged, they still fit.", "pooled", file=FILE,
    ),
    Mutant(
        "statistics of all places", "nn.LayerNorm, layer.width",
        module("F.layer_norm(x, x.shape[1:], eps=self.eps) * self.weight + self.bias",
               "nn.LayerNorm") + ", layer.width",
        "forward", "Each place has its own mean.", "transformer", file=FILE,
    ),
    Mutant(
        "no gradient through Flatten", "lambda layer, device: nn.Flatten(),",
        f"lambda layer, device: {module('(x.detach() + 0 * x).flatten(1)')}(),", "gradients",
        "What changes no number changes no gradient.", "conv", file=FILE,
    ),
    Mutant(
        "channels first in Reshape", "nn.Sequential(nn.Flatten(), nn.Unflatten(1, layer.shape))",
        module("x.reshape(len(x), layer.shape[-1], *layer.shape[:-1]).movedim(1, -1)") + "()",
        "forward", "A reshape keeps the order of the numbers, not that of the axes.", "strided",
        file=FILE,
    ),
]  # fmt: skip
