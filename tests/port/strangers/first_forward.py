"""Mistakes of a stranger, who had not read the check: convolutional and recurrent ports."""

from __future__ import annotations

import numpy as np
import torch
from keras import Input, Model, layers, ops
from torch import nn
from torch.nn import functional as F

from tests.port.mistakes import of_architecture
from tests.port.strangers.first_sequences import Net
from tests.port.strangers.first_training import MISTAKES as MORE
from tests.port.strangers.first_training import RIGHT as MORE_RIGHT


def image(side=12, channels=3, batch=4):
    """A batch of images, channels last."""
    return lambda: np.random.default_rng(1).normal(size=(batch, side, side, channels))


def network(shape, build):
    """A functional Keras model."""

    def model():
        x = Input(shape)
        return Model(x, build(x))

    return model


# 1. Zeros around a max-pooling (Keras's ResNet stem), whose port pads with minus infinity.
def stem(x):
    x = layers.Conv2D(6, 3, padding="same", name="stem")(x)
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    return layers.Dense(3)(layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(x)))


def stem_port(wrong=False):
    def forward(m, x):
        x = m.stem(x)
        x = m.pool(x if m.wrong else F.pad(x, (1, 1, 1, 1)))
        return m.fc(m.conv(x).mean((2, 3)))

    pool = nn.MaxPool2d(3, 2, padding=1 if wrong else 0)
    return Net(forward, wrong, stem=nn.Conv2d(3, 6, 3, padding=1), pool=pool,
               conv=nn.Conv2d(6, 4, 3), fc=nn.Linear(4, 3))  # fmt: skip


# 2. An in-place ReLU that opens a residual branch, and so changes the shortcut too.
def edsr(x):
    x = layers.Conv2D(5, 3, padding="same")(x)
    for _ in range(2):
        h = layers.Conv2D(5, 3, padding="same")(layers.ReLU()(x))
        x = layers.Add()([x, h])
    return layers.Conv2D(2, 3, padding="same")(x)


def edsr_port(wrong=False):
    def forward(m, x):
        x = m.head(x)
        x = x + m.conv1(m.act1(x))
        x = x + m.conv2(m.act2(x))
        return m.tail(x)

    return Net(forward, wrong, head=nn.Conv2d(3, 5, 3, padding=1), act1=nn.ReLU(inplace=wrong),
               conv1=nn.Conv2d(5, 5, 3, padding=1), act2=nn.ReLU(),
               conv2=nn.Conv2d(5, 5, 3, padding=1), tail=nn.Conv2d(5, 2, 3, padding=1))  # fmt: skip


# 3. ResNet v1 strides in the first 1x1, torchvision's v1.5 in the 3x3.
def bottleneck(x):
    s = layers.BatchNormalization(epsilon=1e-5)(layers.Conv2D(8, 1, strides=2, use_bias=False)(x))
    h = layers.Conv2D(4, 1, strides=2, use_bias=False)(x)
    h = layers.ReLU()(layers.BatchNormalization(epsilon=1e-5)(h))
    h = layers.ZeroPadding2D(1)(h)
    h = layers.ReLU()(layers.Conv2D(4, 3)(h))
    h = layers.Conv2D(8, 1)(h)
    return layers.ReLU()(layers.Add()([h, s]))


def bottleneck_port(wrong=False):
    def forward(m, x):
        h = F.relu(m.bn1(m.conv1(x)))
        h = m.conv3(F.relu(m.conv2(h)))
        return F.relu(h + m.down_bn(m.down(x)))

    first, second = (1, 2) if wrong else (2, 1)
    return Net(forward, wrong, down=nn.Conv2d(3, 8, 1, 2, bias=False), down_bn=nn.BatchNorm2d(8),
               conv1=nn.Conv2d(3, 4, 1, first, bias=False), bn1=nn.BatchNorm2d(4),
               conv2=nn.Conv2d(4, 4, 3, second, padding=1), conv3=nn.Conv2d(4, 8, 1))  # fmt: skip


# 4. Keras 2's hard sigmoid (0.2 x + 0.5) in the port of a Keras 3 squeeze-and-excitation.
def squeeze(x):
    x = layers.Conv2D(8, 3, activation="relu")(x)
    s = layers.Dense(4, activation="relu")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    x = layers.Multiply()([x, layers.Dense(8, activation="hard_sigmoid")(s)])
    return layers.Dense(3)(layers.GlobalAveragePooling2D()(x))


def squeeze_port(wrong=False):
    def forward(m, x):
        x = F.relu(m.conv(x))
        s = m.fc2(F.relu(m.fc1(x.mean((2, 3)))))
        s = torch.clamp(0.2 * s + 0.5, 0, 1) if m.wrong else F.hardsigmoid(s)
        return m.head((x * s[:, :, None, None]).mean((2, 3)))

    return Net(forward, wrong, conv=nn.Conv2d(3, 8, 3), fc1=nn.Linear(8, 4), fc2=nn.Linear(4, 8),
               head=nn.Linear(8, 3))  # fmt: skip


# 5. Bilinear up-sampling with the corners aligned.
def upsample(x):
    x = layers.Conv2D(4, 3, strides=2, activation="relu")(x)
    x = layers.UpSampling2D(2, interpolation="bilinear")(x)
    return layers.Conv2D(2, 1)(x)


def upsample_port(wrong=False):
    def forward(m, x):
        return m.out(m.up(F.relu(m.down(x))))

    up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=wrong)
    return Net(forward, wrong, down=nn.Conv2d(3, 4, 3, 2), up=up, out=nn.Conv2d(4, 2, 1))


# 6. A U-Net whose skip is concatenated after what comes from below, not before.
def unet(x):
    skip = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    h = layers.Conv2D(4, 3, padding="same", activation="relu")(layers.MaxPooling2D(2)(skip))
    h = layers.Concatenate()([skip, layers.UpSampling2D(2)(h)])
    h = layers.Conv2D(4, 3, padding="same", activation="relu")(h)
    return layers.Conv2D(1, 1, activation="sigmoid")(h)


def unet_port(wrong=False):
    def forward(m, x):
        skip = F.relu(m.enc(x))
        h = F.interpolate(F.relu(m.mid(F.max_pool2d(skip, 2))), scale_factor=2)
        h = torch.cat([h, skip] if m.wrong else [skip, h], dim=1)
        return torch.sigmoid(m.out(F.relu(m.dec(h))))

    return Net(forward, wrong, enc=nn.Conv2d(3, 4, 3, padding=1), mid=nn.Conv2d(4, 4, 3, padding=1),
               dec=nn.Conv2d(8, 4, 3, padding=1), out=nn.Conv2d(4, 1, 1))  # fmt: skip


# 7. An Inception branch's average pooling, whose port counts the padding.
def inception(x):
    a = layers.Conv2D(3, 1, activation="relu")(x)
    b = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    c = layers.AveragePooling2D(3, 1, padding="same")(x)
    c = layers.Conv2D(2, 1, activation="relu")(c)
    return layers.Conv2D(4, 3)(layers.Concatenate()([a, b, c]))


def inception_port(wrong=False):
    def forward(m, x):
        a, b, c = F.relu(m.b1(x)), F.relu(m.b3(x)), F.relu(m.proj(m.pool(x)))
        return m.mix(torch.cat([a, b, c], 1))

    return Net(forward, wrong, b1=nn.Conv2d(3, 3, 1), b3=nn.Conv2d(3, 3, 3, padding=1),
               pool=nn.AvgPool2d(3, 1, 1, count_include_pad=wrong), proj=nn.Conv2d(3, 2, 1),
               mix=nn.Conv2d(8, 4, 3))  # fmt: skip


# 8. TensorFlow's depth_to_space against PyTorch's PixelShuffle: another order of the channels.
def subpixel(x):
    x = layers.Conv2D(12, 3, padding="same")(x)
    x = layers.Reshape((8, 8, 2, 2, 3))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Conv2D(3, 3)(layers.Reshape((16, 16, 3))(x))


def subpixel_port(wrong=False):
    def forward(m, x):
        x = m.conv(x)
        if m.wrong:
            return m.out(F.pixel_shuffle(x, 2))
        b, _, h, w = x.shape
        x = x.reshape(b, 2, 2, 3, h, w).permute(0, 3, 4, 1, 5, 2)
        return m.out(x.reshape(b, 3, 2 * h, 2 * w))

    return Net(forward, wrong, conv=nn.Conv2d(3, 12, 3, padding=1), out=nn.Conv2d(3, 3, 3))


# 9. Conv2DTranspose "same", whose port is shifted by a pixel (padding=1, output_padding=1).
def decoder(x):
    x = layers.Conv2D(6, 3, strides=2, activation="relu")(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")(x)
    return layers.Conv2D(2, 1)(x)


def decoder_port(wrong=False):
    def forward(m, x):
        x = m.up(F.relu(m.down(x)))
        return m.out(F.relu(x if m.wrong else x[:, :, :-1, :-1]))

    pad = 1 if wrong else 0
    up = nn.ConvTranspose2d(6, 4, 3, 2, padding=pad, output_padding=pad)
    return Net(forward, wrong, down=nn.Conv2d(3, 6, 3, 2), up=up, out=nn.Conv2d(4, 2, 1))


# 10. ShuffleNet's channel shuffle with groups and channels per group exchanged.
def shufflenet(x):
    x = layers.Conv2D(6, 1, activation="relu")(x)
    x = ops.reshape(x, (-1, 10, 10, 2, 3))
    x = ops.reshape(ops.transpose(x, (0, 1, 2, 4, 3)), (-1, 10, 10, 6))
    x = layers.Conv2D(6, 3, groups=2, activation="relu")(x)
    return layers.Dense(3)(layers.GlobalAveragePooling2D()(x))


def shufflenet_port(wrong=False):
    def forward(m, x):
        x = F.relu(m.conv1(x))
        b, c, h, w = x.shape
        g = 3 if m.wrong else 2
        x = x.view(b, g, c // g, h, w).transpose(1, 2).reshape(b, c, h, w)
        return m.fc(F.relu(m.conv2(x)).mean((2, 3)))

    return Net(forward, wrong, conv1=nn.Conv2d(3, 6, 1), conv2=nn.Conv2d(6, 6, 3, groups=2),
               fc=nn.Linear(6, 3))  # fmt: skip


# 11. Inception-ResNet's residual scale (0.17) forgotten.
def scaled(x):
    x = layers.Conv2D(6, 3, activation="relu")(x)
    h = layers.Conv2D(6, 3, padding="same")(x)
    x = layers.ReLU()(layers.Add()([x, layers.Rescaling(0.17)(h)]))
    return layers.Dense(3)(layers.GlobalAveragePooling2D()(x))


def scaled_port(wrong=False):
    def forward(m, x):
        x = F.relu(m.conv(x))
        x = F.relu(x + (1.0 if m.wrong else 0.17) * m.branch(x))
        return m.fc(x.mean((2, 3)))

    return Net(forward, wrong, conv=nn.Conv2d(3, 6, 3), branch=nn.Conv2d(6, 6, 3, padding=1),
               fc=nn.Linear(6, 3))  # fmt: skip


# 12. Batch normalisation after the activation, not before it.
def ordered(x):
    for filters in (5, 6):
        x = layers.Conv2D(filters, 3, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(epsilon=1e-5)(x))
    return layers.Dense(3)(layers.GlobalMaxPooling2D()(x))


def ordered_port(wrong=False):
    def forward(m, x):
        x = F.relu(m.bn1(m.conv1(x)))
        x = m.conv2(x)
        x = m.bn2(F.relu(x)) if m.wrong else F.relu(m.bn2(x))
        return m.fc(x.amax((2, 3)))

    return Net(forward, wrong, conv1=nn.Conv2d(3, 5, 3, bias=False), bn1=nn.BatchNorm2d(5),
               conv2=nn.Conv2d(5, 6, 3, bias=False), bn2=nn.BatchNorm2d(6), fc=nn.Linear(6, 3))  # fmt: skip


PORTS = [
    ("max-pooling pads with -inf, not zeros", stem, stem_port, 12, r"pool",
     r"(?i)-inf|infin|pad\w* (with|of|by) (zero|0)|zero.*(pad|border)|(pad|border).*zero"),
    ("in-place ReLU reaches the shortcut", edsr, edsr_port, 12, r"act1|add|conv1|\+",
     r"(?i)in.?place|shortcut|skip|residual|overwr|changes? its input"),
    ("stride in the 3x3, not in the first 1x1", bottleneck, bottleneck_port, 12, r"conv1|conv2",
     r"(?i)stride"),
    ("hard sigmoid of Keras 2", squeeze, squeeze_port, 12, r"fc2|clamp|clip|sigmoid|mul",
     r"(?i)hard.?_?sigmoid|slope|0\.2\b|1/6|0\.166"),
    ("corners aligned in the up-sampling", upsample, upsample_port, 13, r"up",
     r"(?i)align.?_?corners|corner|half.?pixel"),
    ("skip concatenated last", unet, unet_port, 12, r"cat|dec",
     r"(?i)order|swap|concat|cat\b|exchang|permut"),
    ("average counts the padding", inception, inception_port, 10, r"pool",
     r"(?i)count_include_pad|count.*pad|pad.*(count|averag|mean|divi)"),
    ("PixelShuffle for depth_to_space", subpixel, subpixel_port, 8, r"pixel|shuffle|out|conv",
     r"(?i)pixel.?shuffle|depth.?to.?space|order|permut"),
    ("transposed convolution shifted by one", decoder, decoder_port, 13, r"up",
     r"(?i)pad|shift|crop|offset"),
    ("channel shuffle with 3 groups, not 2", shufflenet, shufflenet_port, 10,
     r"view|reshape|transpose|conv2", r"(?i)shuffle|order|permut|groups"),
    ("residual scale forgotten", scaled, scaled_port, 12, r"add|branch|mul|\+",
     r"(?i)0\.17|scal|multipl|factor"),
    ("batch norm after the ReLU", ordered, ordered_port, 12, r"bn2|relu|conv2",
     r"(?i)order|before|after|relu|activation"),
]  # fmt: skip

MISTAKES = list(MORE)
RIGHT = list(MORE_RIGHT)
for _name, _build, _port, _side, _place, _cause in PORTS:
    _made = of_architecture("first", network((_side, _side, 3), _build), _port, image(_side))
    MISTAKES.append(_made(_name, _place, _cause, wrong=True))
    RIGHT.append(_made(f"right: {_name}"))
