"""The networks of the glasses: a filter for frames and a translator for phrases."""

from rooflab.facts.sources import MOBILENET_V3_PAPER, TRANSLATOR_ASSUMPTION
from rooflab.specs import Bottleneck, BottleneckNet, Translator

__all__ = ["MOBILENET_V3_SMALL", "TINY_TRANSLATOR"]


def _blocks(rows: tuple[tuple[int, int, int, int, int], ...]) -> tuple[Bottleneck, ...]:
    """Chain blocks given as kernel, expanded, outputs, squeeze, stride, after a stem of 16 x 112 x 112."""
    blocks = []
    inputs, size = 16, 112
    for kernel, expanded, outputs, squeeze, stride in rows:
        blocks.append(
            Bottleneck(
                kernel=kernel,
                inputs=inputs,
                expanded=expanded,
                outputs=outputs,
                squeeze=squeeze,
                stride=stride,
                size=size,
            )
        )
        inputs, size = outputs, size // stride
    return tuple(blocks)


MOBILENET_V3_SMALL = BottleneckNet(
    id="mobilenet-v3-small",
    name="MobileNetV3-small at 224",
    input_size=224,
    stem=16,
    blocks=_blocks(
        (
            (3, 16, 16, 8, 2),
            (3, 72, 24, 0, 2),
            (3, 88, 24, 0, 1),
            (5, 96, 40, 24, 2),
            (5, 240, 40, 64, 1),
            (5, 240, 40, 64, 1),
            (5, 120, 48, 32, 1),
            (5, 144, 48, 40, 1),
            (5, 288, 96, 72, 2),
            (5, 576, 96, 144, 1),
            (5, 576, 96, 144, 1),
        )
    ),
    head=576,
    hidden=1024,
    classes=1000,
    sources={MOBILENET_V3_PAPER: ("input_size", "stem", "blocks", "head", "hidden", "classes")},
)

TINY_TRANSLATOR = Translator(
    id="tiny-translator",
    name="Translation transformer of 17 M parameters (assumed shape)",
    hidden=256,
    ffn=1536,
    encoder_layers=6,
    decoder_layers=2,
    vocab=32000,
    sources={
        TRANSLATOR_ASSUMPTION: ("hidden", "ffn", "encoder_layers", "decoder_layers", "vocab"),
    },
)
