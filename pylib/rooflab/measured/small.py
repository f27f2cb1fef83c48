"""Single kernels on microcontrollers."""

import math
from typing import Any

from rooflab.facts.microcontrollers import ESP32, ESP32_S3
from rooflab.measured.rows import RowError, inputs_of

__all__ = ["mcu_kernel_time_s"]

# CMSIS-NN on a Cortex-M4 or M7: dual 16-bit multiply-adds, 1.5 to 2 cycles for each. Assumed.
_CMSIS_CYCLES = 1.6


def mcu_kernel_time_s(inputs: dict[str, Any]) -> float:
    """Return the time of one kernel: a call, its outputs, and its multiply-adds in whole vectors."""
    macs, implementation = inputs_of(inputs, "macs", "implementation")
    spec = inputs["device_spec"]
    (clock,) = inputs_of(spec, "clock_hz")
    if implementation == "scalar":
        return ESP32.fact("mac_cycles") * macs / clock
    if implementation == "cmsis-nn":
        return _CMSIS_CYCLES * macs / clock
    if implementation != "vector":
        raise RowError(
            f"No implementation {implementation!r} is known; known are vector, scalar, cmsis-nn."
        )
    padded = macs * _padding(inputs, spec.get("simd_int8_lanes") or ESP32_S3.fact("lanes"))
    cycles = ESP32_S3.fact("call_cycles") + ESP32_S3.fact("mac_cycles") * padded
    cycles += (inputs.get("outputs") or 0) * ESP32_S3.fact("output_cycles")
    return cycles / clock


def _padding(inputs: dict[str, Any], lanes: int) -> float:
    """Return multiply-adds done for each one asked for: vectors are filled up.

    They run along the channels, of the outputs where a filter stays within its channel; a
    product of vectors runs along its inner dimension.
    """
    kernel = inputs.get("kernel")
    channels = {
        "depthwise_conv2d": inputs.get("out_channels"),
        "conv2d": inputs.get("in_channels"),
    }
    along = channels.get(kernel) or inputs.get("dot_length")
    return math.ceil(along / lanes) * lanes / along if along else 1.0
