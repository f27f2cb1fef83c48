"""Vision networks, layer by layer: a detector for the vehicle and a classifier."""

from rooflab.facts.sources import RESNET_PAPER, YOLOV8_YAML
from rooflab.specs import Layer, Network

__all__ = ["RESNET_50", "YOLOV8N"]

_NORM_FLOP = 2.0  # for each element: scale and shift
_SILU_FLOP = 4.0  # exponential, sum, division, product
_RELU_FLOP = 1.0
_POOL_FLOP = 25.0  # comparisons of a 5 x 5 window


def _conv(
    name: str, stage: str, inputs: int, outputs: int, kernel: int, side: int, *, stride: int = 1,
    activation_flop: float = _SILU_FLOP, activated: bool = True, chained: bool = False,
) -> Layer:  # fmt: skip
    """Return a convolution whose output has `side` x `side` places; norms count as two weights a channel."""
    places = side * side
    made = places * outputs
    return Layer(
        name=name,
        stage=stage,
        macs_count=made * inputs * kernel**2,
        weights_count=inputs * outputs * kernel**2 + (2 if activated else 1) * outputs,
        input_count=inputs * (side * stride) ** 2,
        output_count=made,
        channels=outputs,
        other_flop=made * (_NORM_FLOP + activation_flop if activated else 1.0),
        activated=activated,
        chained=chained,
    )


def _join(name: str, stage: str, taken: int, made: int, channels: int, flop: float = 0.0) -> Layer:
    """Return a concatenation, a sum or an upsampling: elements taken and made, no products."""
    return Layer(
        name=name,
        stage=stage,
        macs_count=0,
        weights_count=0,
        input_count=taken,
        output_count=made,
        channels=channels,
        other_flop=flop,
        joins=True,
    )


def _c2f(
    at: int, stage: str, inputs: int, outputs: int, repeats: int, side: int, *, adds: bool, chained: bool = False
) -> list[Layer]:
    """Return block `at`: one convolution, `repeats` pairs of two, and one over all of their outputs."""
    half, places = outputs // 2, side * side
    layers = [_conv(f"{at} split", stage, inputs, outputs, 1, side)]
    for pair in range(1, repeats + 1):
        layers.append(_conv(f"{at} pair {pair} first", stage, half, half, 3, side, chained=True))
        layers.append(_conv(f"{at} pair {pair} second", stage, half, half, 3, side))
        if adds:
            layers.append(_join(f"{at} pair {pair} sum", stage, 2 * half * places, half * places, half, half * places))
    gathered = (2 + repeats) * half
    layers.append(_join(f"{at} gather", stage, gathered * places, gathered * places, gathered))
    layers.append(_conv(f"{at} merge", stage, gathered, outputs, 1, side, chained=chained))
    return layers


def _sppf(at: int, stage: str, channels: int, side: int) -> list[Layer]:
    """Return the pyramid of three 5 x 5 pools, each a pass of its own."""
    half, places = channels // 2, side * side
    pool = Layer(
        name=f"{at} pool",
        stage=stage,
        macs_count=0,
        weights_count=0,
        input_count=half * places,
        output_count=half * places,
        channels=half,
        other_flop=_POOL_FLOP * half * places,
        repeats=3,
    )
    return [
        _conv(f"{at} narrow", stage, channels, half, 1, side),
        pool,
        _join(f"{at} gather", stage, 4 * half * places, 4 * half * places, 4 * half),
        _conv(f"{at} merge", stage, 4 * half, channels, 1, side),
    ]


def _upsampled(at: int, inputs: int, beside: int, side: int) -> list[Layer]:
    """Return an upsampling to `side` and the concatenation with what the backbone made there."""
    places, both = side * side, inputs + beside
    return [
        _join(f"{at} upsample", "neck", inputs * places // 4, inputs * places, inputs),
        _join(f"{at + 1} gather", "neck", both * places, both * places, both),
    ]


def _downsampled(at: int, channels: int, beside: int, side: int) -> list[Layer]:
    """Return a convolution of stride 2 down to `side` and a concatenation."""
    both = channels + beside
    return [
        _conv(f"{at} down", "neck", channels, channels, 3, side, stride=2),
        _join(f"{at + 1} gather", "neck", both * side**2, both * side**2, both),
    ]


def _detect(at: int, scales: tuple[tuple[int, int], ...], box: int, classes: int, width: int) -> list[Layer]:
    """Return the two branches over every scale: `box` numbers and `classes` scores for each place."""
    layers = []
    for channels, side in scales:
        for name, middle, outputs in (("boxes", box, box), ("scores", width, classes)):
            words = f"{at} {name} at {side}"
            layers += [
                _conv(f"{words}, 1", "head", channels, middle, 3, side, chained=True),
                _conv(f"{words}, 2", "head", middle, middle, 3, side, chained=True),
                _conv(f"{words}, 3", "head", middle, outputs, 1, side, activated=False),
            ]
        both = (box + classes) * side**2
        layers.append(_join(f"{at} gather at {side}", "head", both, both, box + classes))
    return layers


def _yolov8n() -> tuple[Layer, ...]:
    """Chain the blocks of yolov8.yaml at depth 1/3 and width 1/4, numbered as there."""
    return (
        _conv("0 down", "stem", 3, 16, 3, 320, stride=2, chained=True),
        _conv("1 down", "stem", 16, 32, 3, 160, stride=2, chained=True),
        *_c2f(2, "stem", 32, 32, 1, 160, adds=True, chained=True),
        _conv("3 down", "backbone", 32, 64, 3, 80, stride=2, chained=True),
        *_c2f(4, "backbone", 64, 64, 2, 80, adds=True),
        _conv("5 down", "backbone", 64, 128, 3, 40, stride=2, chained=True),
        *_c2f(6, "backbone", 128, 128, 2, 40, adds=True),
        _conv("7 down", "backbone", 128, 256, 3, 20, stride=2, chained=True),
        *_c2f(8, "backbone", 256, 256, 1, 20, adds=True, chained=True),
        *_sppf(9, "backbone", 256, 20),
        *_upsampled(10, 256, 128, 40),
        *_c2f(12, "neck", 384, 128, 1, 40, adds=False),
        *_upsampled(13, 128, 64, 80),
        *_c2f(15, "neck", 192, 64, 1, 80, adds=False),
        *_downsampled(16, 64, 128, 40),
        *_c2f(18, "neck", 192, 128, 1, 40, adds=False),
        *_downsampled(19, 128, 256, 20),
        *_c2f(21, "neck", 384, 256, 1, 20, adds=False),
        *_detect(22, ((64, 80), (128, 40), (256, 20)), box=64, classes=80, width=80),
    )


def _resnet_50() -> tuple[Layer, ...]:
    """Chain the bottleneck blocks; the stride is in the 3 x 3 convolution, as in later releases."""
    layers = [
        _conv("stem", "stem", 3, 64, 7, 112, stride=2, activation_flop=_RELU_FLOP),
        Layer(
            name="stem pool",
            stage="stem",
            macs_count=0,
            weights_count=0,
            input_count=64 * 112**2,
            output_count=64 * 56**2,
            channels=64,
            other_flop=9.0 * 64 * 56**2,
        ),
    ]
    inputs = 64
    for middle, outputs, blocks, side in ((64, 256, 3, 56), (128, 512, 4, 28), (256, 1024, 6, 14), (512, 2048, 3, 7)):
        stage = f"stage at {side}"
        for block in range(blocks):
            stride = 2 if block == 0 and middle > 64 else 1
            words = f"{stage} block {block + 1}"
            relu = {"activation_flop": _RELU_FLOP, "chained": True}
            layers += [
                _conv(f"{words} narrow", stage, inputs, middle, 1, side * stride, **relu),
                _conv(f"{words} filter", stage, middle, middle, 3, side, stride=stride, **relu),
                _conv(f"{words} widen", stage, middle, outputs, 1, side, activation_flop=0.0),
            ]
            if block == 0:
                layers.append(
                    _conv(f"{words} shortcut", stage, inputs, outputs, 1, side, stride=stride, activation_flop=0.0)
                )
            made = outputs * side**2
            layers.append(_join(f"{words} sum", stage, 2 * made, made, outputs, 2.0 * made))
            inputs = outputs
    layers.append(
        Layer(
            name="mean",
            stage="classifier",
            macs_count=0,
            weights_count=0,
            input_count=2048 * 49,
            output_count=2048,
            channels=2048,
            other_flop=2048.0 * 49,
        )
    )
    layers.append(_conv("classifier", "classifier", 2048, 1000, 1, 1, activated=False))
    return tuple(layers)


YOLOV8N = Network(
    id="yolov8n-640",
    name="YOLOv8n at 640",
    layers=_yolov8n(),
    sources={YOLOV8_YAML: ("layers",)},
)
RESNET_50 = Network(
    id="resnet-50-224",
    name="ResNet-50 at 224",
    layers=_resnet_50(),
    sources={RESNET_PAPER: ("layers",)},
)
