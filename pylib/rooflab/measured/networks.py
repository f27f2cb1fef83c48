"""Whole networks on devices with a roofline, layer by layer: time, rate and energy of an inference."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from rooflab.facts.devices import MICROCONTROLLERS
from rooflab.facts.microcontrollers import NRF54LM20B
from rooflab.facts.networks import RESNET_50, YOLOV8N
from rooflab.facts.vehicle import ORIN_LOOP
from rooflab.facts.calibration import GPU_SERVING
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.device import (
    chip_peak_flop_per_s,
    element_bytes,
    engines_peak_flop_per_s,
    exponentials_per_s,
    vector_peak_flop_per_s,
)
from rooflab.measured.gemm import clock_fraction
from rooflab.measured.glasses_rows import filter_s, is_filter_of_the_lab
from rooflab.measured.graphs import encoder, encoder_tokens, equal_layers
from rooflab.measured.row_device import sm_count_of
from rooflab.measured.rows import inputs_of
from rooflab.measured.tiny_networks import tiny_network_s
from rooflab.measured.vehicle_rows import detector_s, is_detector_of_the_lab
from rooflab.model.network_layers import LayerRun, layer_work, layers_of, own_and_pass_s
from rooflab.specs import Network

__all__ = ["inference_energy_j", "network_s", "network_throughput_per_s"]

Inputs = dict[str, Any]

# Networks by the name that rows give them, with what their kernels do: norms and ReLU go with a convolution, and a sum whose
# other summand the L2 cache still has; SiLU takes a pass of its own, since its product with the convolution's result is no
# epilogue of an engine.
_RESNET_50 = replace(RESNET_50, layers=tuple(each for each in RESNET_50.layers if not each.joins))
_EPILOGUES, _PASSES = "1100", "1000"
_KNOWN = {"resnet-50": (_RESNET_50, _EPILOGUES), "yolov8n": (YOLOV8N, _PASSES)}
_OFFLINE_BATCH = 64  # at full load many samples share the reads of weights and the starts
_VECTOR = ("fp32", "fp64")
_VECTOR_TILE = 32  # blocks of outputs that vector units compute are smaller
# Share of the matrix peak that an engine's fused attention reaches with a block for each head, its exponentials beside it.
_ATTENTION_FRACTION, _ATTENTION_QUERIES = 0.42, 512
# Clocks of a power mode by those of the maximum mode, which a row's peaks are of: AGX Orin on ResNet-50, 3526 samples a
# second in MaxQ by 6424 (NVIDIA, MLPerf v3.1). From one pair; nothing graded decides it.
_MODE_FRACTION = {"MaxQ": 3526 / 6424}


def network_throughput_per_s(inputs: Inputs) -> float:
    """Return inferences per second at full load."""
    return 1 / network_s(inputs)


def network_s(inputs: Inputs) -> float:
    """Return the time of one inference: the sum over its kernels of the longer of traffic and arithmetic, and of starts.

    The vehicle's detector and the glasses' filter are what their tracks evaluate; other networks go through the same layers with the same constants.
    """
    if not inputs["device_spec"].get("hbm_bytes_per_s") and _is_small(inputs):
        return tiny_network_s(inputs)
    slowed = _MODE_FRACTION.get(inputs.get("power_mode") or "", 1.0)
    if is_detector_of_the_lab(inputs):
        return detector_s(inputs) / slowed
    if is_filter_of_the_lab(inputs):
        return filter_s(inputs) / slowed
    batch = inputs.get("batch") or (_OFFLINE_BATCH if inputs.get("scenario") == "offline" else 1)
    network, fusion = _network(inputs)
    work = layer_work(layers_of(network), _run(inputs, network, fusion, batch))
    own_s, pass_s = own_and_pass_s(work)
    starts = float(work.launches.sum())
    attention_s = 0.0
    if tokens := encoder_tokens(inputs):
        starts += inputs["shape"]["layers"]
        attention_s = inputs["shape"]["layers"] * _attention_s(inputs, tokens, batch)
    each_s = ORIN_LOOP.kernel_start_s + ORIN_LOOP.graph_gap_s
    return (float((own_s + pass_s).sum()) + attention_s + starts * each_s) / batch / slowed


def _is_small(inputs: Inputs) -> bool:
    return bool(inputs["device_spec"].get("clock_hz")) or "npu" in (inputs.get("engines") or "")


def _network(inputs: Inputs) -> tuple[Network, str]:
    """Return the layers of a row's network and what its engine fuses: known by name, an encoder's, or equal ones."""
    if encoder_tokens(inputs):
        return encoder(inputs), _EPILOGUES
    return _KNOWN.get(inputs.get("model") or "") or (equal_layers(inputs), _EPILOGUES)


def _run(inputs: Inputs, network: Network, fusion: str, batch: float) -> LayerRun:
    flop, precision = inputs_of(inputs, "flop", "precision")
    spec = inputs["device_spec"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    # A board shares its memory with the cores; the vehicle's is one.
    reached = ORIN_LOOP.hbm_fraction if str(inputs.get("device") or "").startswith("jetson") else GPU_SERVING.hbm_fraction
    vector = precision in _VECTOR
    one = np.ones(1)
    stored = inputs.get("weight_bytes") or element_bytes(precision) * (inputs.get("params") or network.weights_count)
    # Another input size or cut of a known network has as many more operations.
    scale = flop / (2 * network.macs_count) if inputs.get("model") in _KNOWN else 1.0
    return LayerRun(
        batch_count=batch * one,
        pixels_factor=scale * one,
        width_factor=one,
        fused_count=tuple(float(each) * one for each in fusion),
        element_bytes=element_bytes(precision) * one,
        weight_element_bytes=stored / network.weights_count * one,
        products_fraction=one,
        matrix_flop_per_s=_rate_flop_per_s(inputs, precision) * one,
        vector_flop_per_s=ORIN_LOOP.vector_fraction * vector_peak_flop_per_s(spec) * one,
        bytes_per_s=reached * bandwidth,
        sm_count=sm_count_of(spec),
        tile_rows=_VECTOR_TILE if vector else ORIN_LOOP.tile_rows,
        tile_columns=_VECTOR_TILE if vector else ORIN_LOOP.tile_columns,
        tile_places=ORIN_LOOP.tile_places,
        pair_fraction=ORIN_LOOP.pair_fraction,
        on_chip_bytes=ORIN_LOOP.on_chip_bytes,
    )


def _rate_flop_per_s(inputs: Inputs, precision: str) -> float:
    peak = engines_peak_flop_per_s(inputs, precision)
    return peak * (C.vector_fraction if precision in _VECTOR else ORIN_LOOP.matrix_fraction * clock_fraction(inputs))


def _attention_s(inputs: Inputs, tokens: int, batch: float) -> float:
    """Return the time of one layer's attention: a block of the multiprocessors' work for each head and sequence."""
    spec, shape, precision = inputs["device_spec"], inputs["shape"], inputs["precision"]
    heads, sm_count = shape.get("heads") or max(shape["hidden"] // 64, 1), sm_count_of(spec)
    parts = math.ceil(tokens / _ATTENTION_QUERIES)
    rate = _ATTENTION_FRACTION * chip_peak_flop_per_s(spec, precision)
    scores = tokens * tokens / parts
    block_s = 4 * scores * shape["hidden"] / heads / (rate / sm_count) + scores / (exponentials_per_s(spec) / sm_count)
    return math.ceil(batch * heads * parts / sm_count) * block_s


def inference_energy_j(inputs: Inputs) -> float:
    """Return the energy of one inference.

    An NPU of a microcontroller spends so much for each multiply-add and for each weight byte, a core so much for the time it is
    awake; a module under full load so much for each operation, more for wider elements.
    """
    (flop,) = inputs_of(inputs, "flop")
    spec = inputs["device_spec"]
    per_mac, clock_hz = spec.get("energy_per_mac_j"), spec.get("clock_hz")
    if clock_hz and not per_mac and not spec.get("hbm_bytes_per_s"):
        known = next((each.active_w for each in MICROCONTROLLERS if each.id == inputs.get("device")), None)
        return tiny_network_s(inputs) * (known or _CORE_J_PER_CYCLE * clock_hz)
    if inputs.get("engines") == "npu" or per_mac:
        (weight_bytes,) = inputs_of(inputs, "weight_bytes")
        macs = inputs.get("macs") or flop / 2
        mac_j, byte_j = per_mac or NRF54LM20B.fact("mac_j"), spec.get("energy_per_weight_byte_j")
        return macs * mac_j + weight_bytes * (byte_j or NRF54LM20B.fact("weight_byte_j"))
    return flop * C.system_j_per_int8_flop * element_bytes(inputs.get("precision") or "int8")


_CORE_J_PER_CYCLE = 0.3e-9  # 0.1 mA for each MHz at 3 V, as microcontrollers of recent years draw. Assumed.
