"""Networks whose layers no table lists: encoders from their shape, and others as layers of equal size."""

import math
from typing import Any

from rooflab.measured.device import element_bytes
from rooflab.measured.row_device import HERE
from rooflab.measured.rows import inputs_of
from rooflab.specs import Layer, Network

__all__ = ["encoder", "encoder_tokens", "equal_layers"]

Inputs = dict[str, Any]

_LAYERS_UNKNOWN = 64
# Elements that a network reads and writes for each flop: ResNet-50 moves 22 million for 8.2 GFLOP, and MobileNet v2, whose
# depthwise filters have little arithmetic, 13 million for 0.6.
_ELEMENTS_PER_FLOP, _LIGHT_ELEMENTS_PER_FLOP = 2.7e-3, 2.2e-2
_LIGHT = ("mobilenet", "efficientnet", "mnasnet", "shufflenet", "ssd-mobilenet")
_GELU_FLOP, _NORM_FLOP = 8.0, 8.0  # for each element


def encoder_tokens(inputs: Inputs) -> int:
    """Return the tokens of an encoder's input; 0 for a network without layers of that kind."""
    shape = inputs.get("shape") or {}
    if not (shape.get("layers") and shape.get("hidden")):
        return 0
    if inputs.get("sequence_tokens"):
        return round(inputs["sequence_tokens"])
    params = shape.get("params_active") or inputs.get("params")
    return max(round(inputs["flop"] / (2 * params)), 1) if params and inputs.get("flop") else 0


def encoder(inputs: Inputs) -> Network:
    """Return the products and norms of an encoder; its attention is no product with weights, and is not among them."""
    shape, tokens = inputs["shape"], encoder_tokens(inputs)
    layers, hidden = inputs_of(shape, "layers", "hidden")
    ffn = shape.get("ffn") or 4 * hidden
    products = (("qkv", hidden, 3 * hidden), ("projection", hidden, hidden), ("up", hidden, ffn), ("down", ffn, hidden))
    every = [
        Layer(
            name=name,
            stage="encoder",
            macs_count=tokens * taken * made,
            weights_count=taken * made,
            input_count=tokens * taken,
            output_count=tokens * made,
            channels=made,
            other_flop=_GELU_FLOP * tokens * made if name == "up" else 0.0,
            repeats=layers,
        )
        for name, taken, made in products
    ]
    norm = Layer(
        name="norm",
        stage="encoder",
        macs_count=0,
        weights_count=0,
        input_count=2 * tokens * hidden,
        output_count=tokens * hidden,
        channels=hidden,
        other_flop=_NORM_FLOP * tokens * hidden,
        repeats=2 * layers,
    )
    return Network(id="encoder", name="Encoder", layers=(*every, norm), sources={HERE: ("layers",)})


def equal_layers(inputs: Inputs) -> Network:
    """Return layers of equal cost, whose products have the flop and the weights of the whole."""
    flop, precision = inputs_of(inputs, "flop", "precision")
    count = int(inputs.get("weighted_layers") or _LAYERS_UNKNOWN)
    size, written = element_bytes(precision), inputs.get("activation_bytes")
    light = str(inputs.get("model") or "").startswith(_LIGHT)
    elements = 2 * written / size if written else flop * (_LIGHT_ELEMENTS_PER_FLOP if light else _ELEMENTS_PER_FLOP)
    weights = inputs.get("params") or (inputs.get("weight_bytes") or 0) / size
    wide = max(round(math.sqrt(weights / count)), 1)
    places = max(round(flop / (2 * count * wide * wide)), 1)
    layer = Layer(
        name="layer",
        stage="network",
        macs_count=places * wide * wide,
        weights_count=wide * wide,
        input_count=max(round(elements / count) - places * wide, places * wide),
        output_count=places * wide,
        channels=wide,
        repeats=count,
    )
    return Network(id="network", name="Network", layers=(layer,), sources={HERE: ("layers",)})
