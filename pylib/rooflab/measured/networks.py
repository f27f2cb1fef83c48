"""Whole networks on edge devices, layer by layer: time, rate and energy of an inference."""

import math
from typing import Any

from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.device import chip_peak_flop_per_s, element_bytes, matrix_fraction
from rooflab.measured.layers import Product, products_of
from rooflab.measured.rows import inputs_of
from rooflab.measured.tiny_networks import tiny_network_s
from rooflab.model.tiling import tile_fraction, tiles_count

__all__ = ["inference_energy_j", "network_s", "network_throughput_per_s"]

Inputs = dict[str, Any]

# A block of outputs that one SM computes, and the step of the inner dimension in tensor cores.
_TILE_ROWS, _TILE_COLUMNS, _TILE_INNER = 128, 64, 32
_OFFLINE_BATCH = 64  # at full load many samples share the reads of weights and the starts
_SM_UNKNOWN = 8
_LAYERS_UNKNOWN = 64
# Elements that a convolution reads and writes for each flop, where no layer is known: ResNet-50
# moves 22 million for 8.2 GFLOP.
_ELEMENTS_PER_FLOP = 2.7e-3
# Clocks of a power mode by those of the maximum mode, which a row's peaks are of: AGX Orin on ResNet-50, 3526 samples a
# second in MaxQ by 6424 (NVIDIA, MLPerf v3.1). From one pair; nothing graded decides it.
_MODE_FRACTION = {"MaxQ": 3526 / 6424}
# Kernels of an encoder layer: QKV, attention, projection, norm, two of the MLP, norm.
_ENCODER_KERNELS = 7


def network_throughput_per_s(inputs: Inputs) -> float:
    """Return inferences per second at full load."""
    return 1 / network_s(inputs)


def network_s(inputs: Inputs) -> float:
    """Return the time of one inference: the sum over its layers of traffic, arithmetic and starts.

    Within a layer traffic hides behind arithmetic but for the first wave of blocks, which must
    wait for its data. Tensors that fit in the L2 cache together do not reach DRAM.
    """
    if not inputs["device_spec"].get("hbm_bytes_per_s") and _is_small(inputs):
        return tiny_network_s(inputs)
    flop, precision = inputs_of(inputs, "flop", "precision")
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    size = element_bytes(precision)
    rate = _rate_flop_per_s(inputs, precision)
    layers = _layers(inputs, flop)
    batch = inputs.get("batch") or (_OFFLINE_BATCH if inputs.get("scenario") == "offline" else 1)
    scale = flop / (sum(each.flop for each in layers) or flop)
    stored = inputs.get("weight_bytes") or size * (inputs.get("params") or 0)
    weight_size = stored / (sum(each.weights_count for each in layers) or 1)
    sm_count = spec.get("sm_count") or _SM_UNKNOWN
    total_s = 0.0
    for each in layers:
        moved = batch * each.moved_count * size
        dram = (moved if moved > (spec.get("l2_bytes") or 0) else 0) + each.weights_count * weight_size
        memory_s = dram / (K.hbm_fraction * bandwidth)
        compute_s = batch * scale * each.flop / (rate * _tile_fraction(each, precision))
        blocks = tiles_count(
            rows=batch * max(each.positions, 1),
            columns=max(each.outputs, 1),
            tile_rows=_TILE_ROWS,
            tile_columns=_TILE_COLUMNS,
        )
        waves = max(float(blocks) / sm_count, 1.0)
        longer, shorter = max(memory_s, compute_s), min(memory_s, compute_s)
        total_s += longer + shorter / waves + K.kernel_s
    return total_s / batch / _MODE_FRACTION.get(inputs.get("power_mode") or "", 1.0)


def _is_small(inputs: Inputs) -> bool:
    return bool(inputs["device_spec"].get("clock_hz")) or "npu" in (inputs.get("engines") or "")


def _rate_flop_per_s(inputs: Inputs, precision: str) -> float:
    spec = inputs["device_spec"]
    peak = chip_peak_flop_per_s(spec, precision)
    if "dla" in (inputs.get("engines") or ""):
        peak += (spec.get("dla_peak_flop_per_s") or {}).get(precision, 0.0)
    return peak * matrix_fraction(precision)


def _tile_fraction(layer: Product, precision: str) -> float:
    """Return the useful share of the tiles of a matrix unit; vector units have none."""
    if not layer.flop or precision in ("fp32", "fp64"):
        return 1.0
    return float(
        tile_fraction(
            rows=layer.inner,
            columns=layer.outputs,
            tile_rows=_TILE_INNER,
            tile_columns=_TILE_COLUMNS,
        )
    )


def _layers(inputs: Inputs, flop: float) -> tuple[Product, ...]:
    shape = inputs["shape"]
    tokens = inputs.get("sequence_tokens")
    if tokens and shape.get("layers") and shape.get("hidden"):
        return _encoder(tokens, shape)
    if (known := products_of(inputs.get("model") or "")) is not None:
        return known
    count = int(inputs.get("weighted_layers") or _LAYERS_UNKNOWN)
    size = element_bytes(inputs["precision"])
    written = inputs.get("activation_bytes")
    elements = 2 * written / size if written else flop * _ELEMENTS_PER_FLOP
    weights = inputs.get("params") or (inputs.get("weight_bytes") or 0) / size
    # Layers of equal cost, whose product has the flop and the weights of the whole.
    wide = max(round(math.sqrt(weights / count)), 1)
    positions = max(round(flop / (2 * count * wide * wide)), 1)
    return (
        Product(positions=positions, inner=wide, outputs=wide, moved_count=elements / count),
    ) * count


def _encoder(tokens: int, shape: dict[str, Any]) -> tuple[Product, ...]:
    """Return the products and passes of an encoder for `tokens` tokens."""
    layers, hidden = inputs_of(shape, "layers", "hidden")
    ffn = shape.get("ffn") or 4 * hidden
    products = ((hidden, 3 * hidden), (hidden, hidden), (hidden, ffn), (ffn, hidden))
    one = [
        Product(
            positions=tokens,
            inner=inner,
            outputs=outputs,
            moved_count=tokens * (inner + outputs),
        )
        for inner, outputs in products
    ]
    passes = _ENCODER_KERNELS - len(products)
    one += [Product(moved_count=3 * tokens * hidden)] * passes
    return tuple(one) * int(layers)


def inference_energy_j(inputs: Inputs) -> float:
    """Return the energy of one inference.

    An NPU of a microcontroller spends so much for each multiply-add and for each weight byte; a
    module under full load so much for each operation, more for wider elements.
    """
    (flop,) = inputs_of(inputs, "flop")
    spec = inputs["device_spec"]
    per_mac = spec.get("energy_per_mac_j")
    if inputs.get("engines") == "npu" or per_mac:
        (weight_bytes,) = inputs_of(inputs, "weight_bytes")
        macs = inputs.get("macs") or flop / 2
        mac_j, byte_j = per_mac or _AXON_J_PER_MAC, spec.get("energy_per_weight_byte_j")
        return macs * mac_j + weight_bytes * (byte_j or _AXON_J_PER_BYTE)
    return flop * K.system_j_per_int8_flop * element_bytes(inputs.get("precision") or "int8")


# Two networks on Nordic's Axon, at 3.0 V.
_AXON_J_PER_MAC = 14.5e-12
_AXON_J_PER_BYTE = 36.4e-12
