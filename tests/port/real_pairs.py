"""Models that nobody here wrote, in Keras and in PyTorch, with random weights.

python -m tests.port.real_pairs --report docs/reports/ports.md

keras.applications against torchvision and timm, keras-hub against transformers. These packages are
no part of the kit's environments: `pip install torchvision timm transformers keras-hub`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import torch

from triptych import port

PAGE = """\
# Ports that nobody here wrote

Public models of one architecture in Keras and in PyTorch, with random weights, in float64, compared
by `triptych port`. The gap is that of the models' results, with A's weights in B: as they are →
with every remedy applied and nothing put in. After each cause stands the number of its places.
`python -m tests.port.real_pairs --report docs/reports/ports.md` wrote this page ({versions}; one
thread).

| pair | parameters mapped | gap | causes | located, not named | seconds |
|---|---|---|---|---|---|
{rows}
"""
SHOWN = 5  # causes on the page
PACKAGES = ("torchvision", "timm", "transformers", "keras-hub")
VOCABULARY, LAYERS, HEADS, WIDTH, HIDDEN, POSITIONS = 97, 2, 4, 32, 64, 16
LIBRARY: list[Any] = []  # kept alive: a library that is freed takes its operators along


@dataclass(frozen=True)
class RealPair:
    """Two public models of one architecture.

    build: A, B, A's batch and B's. causes: parts of the causes' texts, in their order; () for two
    models that are the same function. unfinished: why the diagnosis does not reach the end.
    """

    name: str
    against: str
    build: Callable[[], tuple[Any, Any, Any, Any]]
    causes: tuple[str, ...] = ()
    unfinished: str = ""


def torchvision_models() -> Any:
    """torchvision.models, also beside a PyTorch without the operators that only detection needs.

    A torchvision of another build than PyTorch (CUDA's beside the one for CPUs) has none of them.
    """
    try:
        import torchvision
    except RuntimeError:  # operator torchvision::nms does not exist
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        LIBRARY.append(library)
        import torchvision

    return torchvision.models


def pictures(size: int) -> tuple[Any, Any]:
    """A batch of two, for either framework."""
    x = np.random.default_rng(1).normal(size=(2, size, size, 3))
    return x, np.moveaxis(x, -1, 1).copy()


def of_torchvision(name: str, other: str, size: int, **options: Any) -> Callable[[], Any]:
    """keras.applications against torchvision."""

    def build() -> tuple[Any, Any, Any, Any]:
        a = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3))
        return a, getattr(torchvision_models(), other)(**options), *pictures(size)

    return build


def of_timm(name: str, other: str, size: int) -> Callable[[], Any]:
    """keras.applications against timm."""

    def build() -> tuple[Any, Any, Any, Any]:
        torchvision_models()
        import timm

        a = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3))
        return a, timm.create_model(other), *pictures(size)

    return build


def of_transformers(
    backbone: str, model: str, config: str, stated: dict[str, Any], **options: Any
) -> Callable[[], Any]:
    """keras-hub against transformers, on two rows of eight words."""

    def build() -> tuple[Any, Any, Any, Any]:
        torchvision_models()
        import keras_hub
        import transformers

        a = getattr(keras_hub.models, backbone)(
            vocabulary_size=VOCABULARY, num_layers=LAYERS, num_heads=HEADS, hidden_dim=WIDTH,
            intermediate_dim=HIDDEN, max_sequence_length=POSITIONS, dropout=0.0,
        )  # fmt: skip
        settings = getattr(transformers, config)(vocab_size=VOCABULARY, **stated)
        b = getattr(transformers, model)(settings, **options)
        words = np.random.default_rng(1).integers(5, 90, (2, 8))  # the first mean padding
        x = {"token_ids": words, "padding_mask": np.ones_like(words)}
        if backbone == "BertBackbone":
            x["segment_ids"] = np.zeros_like(words)
        return a, b, x, {"input_ids": words}

    return build


def vit() -> tuple[Any, Any, Any, Any]:
    """A small vision transformer."""
    torchvision_models()
    import keras_hub
    import transformers

    a = keras_hub.models.ViTBackbone(
        image_shape=(32, 32, 3), patch_size=(8, 8), num_layers=LAYERS, num_heads=HEADS,
        hidden_dim=WIDTH, mlp_dim=HIDDEN, dropout_rate=0.0, attention_dropout=0.0,
    )  # fmt: skip
    settings = transformers.ViTConfig(
        image_size=32, patch_size=8, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        hidden_size=WIDTH, intermediate_size=HIDDEN,
    )  # fmt: skip
    b = transformers.ViTModel(settings, add_pooling_layer=False)
    x, x_b = pictures(32)
    return a, b, x, {"pixel_values": x_b}


def encoder_layer() -> tuple[Any, Any, Any, Any]:
    """A block of attention against nn.TransformerEncoderLayer."""
    layers = keras.layers
    x = inputs = keras.Input((6, 16))
    x = layers.LayerNormalization(epsilon=1e-5)(x + layers.MultiHeadAttention(4, 4)(x, x))
    y = layers.Dense(16)(layers.Dense(32, activation="relu")(x))
    a = keras.Model(inputs, layers.LayerNormalization(epsilon=1e-5)(x + y))
    b = torch.nn.TransformerEncoderLayer(16, 4, 32, 0.0, batch_first=True)
    batch = np.random.default_rng(1).normal(size=(2, 6, 16))
    return a, b, batch, batch


BERT = {
    "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "hidden_size": WIDTH,
    "intermediate_size": HIDDEN, "max_position_embeddings": POSITIONS,
}  # fmt: skip
ROBERTA = {**BERT, "max_position_embeddings": POSITIONS + 2, "type_vocab_size": 1}
GPT2 = {
    "n_layer": LAYERS, "n_head": HEADS, "n_embd": WIDTH, "n_inner": HIDDEN,
    "n_positions": POSITIONS, "bos_token_id": 0, "eos_token_id": 0,
}  # fmt: skip
DISTILBERT = {
    "n_layers": LAYERS, "n_heads": HEADS, "dim": WIDTH, "hidden_dim": HIDDEN,
    "max_position_embeddings": POSITIONS,
}  # fmt: skip
SAME, EPSILON, SOFTMAX = "'same'", "epsilon is", "softmax in A"
INCEPTION = {"init_weights": False, "aux_logits": False}
PAIRS = [
    RealPair("ResNet50", "torchvision", of_torchvision("ResNet50", "resnet50", 64),
             ("no bias", EPSILON, "stride", SOFTMAX)),
    RealPair("VGG16", "torchvision", of_torchvision("VGG16", "vgg16", 224), (SOFTMAX,)),
    RealPair("MobileNetV2", "torchvision", of_torchvision("MobileNetV2", "mobilenet_v2", 96),
             (SAME, EPSILON, SOFTMAX)),
    RealPair("MobileNetV3Large", "torchvision",
             of_torchvision("MobileNetV3Large", "mobilenet_v3_large", 64),
             ("Rescaling", SAME, SOFTMAX)),
    RealPair("EfficientNetB0", "torchvision",
             of_torchvision("EfficientNetB0", "efficientnet_b0", 64),
             ("Rescaling", SAME, EPSILON, SOFTMAX)),
    RealPair("DenseNet121", "torchvision", of_torchvision("DenseNet121", "densenet121", 64),
             (EPSILON, SOFTMAX)),
    RealPair("ConvNeXtTiny", "torchvision", of_torchvision("ConvNeXtTiny", "convnext_tiny", 64),
             ("Normalization", SOFTMAX)),
    RealPair("InceptionV3", "torchvision",
             of_torchvision("InceptionV3", "inception_v3", 96, **INCEPTION),
             ("counted", SOFTMAX)),
    RealPair("Xception", "timm", of_timm("Xception", "legacy_xception", 96),
             (EPSILON, SAME, SOFTMAX)),
    RealPair("ResNet50V2", "timm", of_timm("ResNet50V2", "resnetv2_50", 64), (SOFTMAX,),
             "A shrinks each stage at its end, by a pool on the shortcut, B at its beginning"),
    RealPair("BERT", "transformers",
             of_transformers("BertBackbone", "BertModel", "BertConfig", BERT),
             ("gelu(approximate='tanh') in A",)),
    RealPair("GPT-2", "transformers",
             of_transformers("GPT2Backbone", "GPT2Model", "GPT2Config", GPT2)),
    RealPair("DistilBERT", "transformers",
             of_transformers("DistilBertBackbone", "DistilBertModel", "DistilBertConfig",
                             DISTILBERT)),
    RealPair("RoBERTa", "transformers",
             of_transformers("RobertaBackbone", "RobertaModel", "RobertaConfig", ROBERTA,
                             add_pooling_layer=False),
             ("2 rows more", "token_type", EPSILON)),
    RealPair("ViT", "transformers", vit, (EPSILON,)),
    RealPair("attention block", "torch", encoder_layer),
]  # fmt: skip


def missing() -> str:
    """The packages that are not installed."""
    from importlib.util import find_spec

    return ", ".join(p for p in PACKAGES if find_spec(p.replace("-", "_")) is None)


def check(pair: RealPair) -> tuple[Any, float]:
    """The result for one pair, and its seconds."""
    from triptych.port.precision import precision

    keras.utils.set_random_seed(0)
    torch.manual_seed(0)
    start = time.perf_counter()
    with precision("float64"):
        a, b, x, x_b = pair.build()
    return port.check(a, b, x, x_b=x_b, copy=False), time.perf_counter() - start


def row(pair: RealPair) -> str:
    """A line of the page."""
    result, seconds = check(pair)
    listed = [f"{cause.text} ({len(cause.places)})" for cause in result.causes]
    more = [f"and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else []
    causes = "; ".join([*listed[:SHOWN], *more]) or "none"
    mapped = next(stage.text for stage in result.stages if stage.name == "pair")
    open_ones = sum(not cause.proved for cause in result.causes)
    print(
        pair.name, f"{result.end:.1e} → {result.proof:.1e}", f"{seconds:.0f} s", causes, flush=True
    )
    return (
        f"| {pair.name} / {pair.against} | {mapped} | {result.end:.1e} → {result.proof:.1e} "
        f"| {causes} | {open_ones} | {seconds:.0f} |"
    )


def main() -> None:
    """Check every pair, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--names", nargs="+", help="some pairs only")
    args = parser.parse_args()
    torch.set_num_threads(1)
    chosen = [pair for pair in PAIRS if not args.names or pair.name in args.names]
    rows = "\n".join(row(pair) for pair in chosen)
    versions = ", ".join(f"{p} {version(p)}" for p in ("torch", "keras", *PACKAGES))
    args.report.write_text(PAGE.format(versions=versions, rows=rows), encoding="utf-8")


if __name__ == "__main__":
    main()
