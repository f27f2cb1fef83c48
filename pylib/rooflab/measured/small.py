"""Single kernels on microcontrollers, with the cycles that the earbud's chips have where they are known."""

import math
from dataclasses import replace
from typing import Any

from rooflab.facts.hearables import CMSIS_NN, HEARABLE_CHIPS
from rooflab.facts.microcontrollers_other import ESP32_P4
from rooflab.measured.rows import RowError, inputs_of
from rooflab.model.mcu_kernel import start_s, vectors_count
from rooflab.specs import McuKernel

__all__ = ["IMPLEMENTATIONS", "kernel_of", "kernel_s", "mcu_kernel_time_s"]

Inputs = dict[str, Any]

IMPLEMENTATIONS = ("vector", "scalar", "cmsis-nn")
_CHIPS = {each.id: each for each in HEARABLE_CHIPS}
_P4_VECTOR = McuKernel(
    call_cycles=ESP32_P4.fact("call_cycles"),
    output_cycles=ESP32_P4.fact("output_cycles"),
    mac_cycles=ESP32_P4.fact("mac_cycles"),
    lanes=ESP32_P4.fact("lanes"),
)
# Plain C on a core that issues one instruction a clock; to find the input of a tap takes two products and six sums.
_PLAIN = McuKernel(
    call_cycles=0.0,
    output_cycles=ESP32_P4.fact("plain_output_cycles"),
    mac_cycles=ESP32_P4.fact("plain_mac_cycles"),
    lanes=1,
)
_PLAIN_TAP_CYCLES = 12.0
_DOT_USUAL = 64  # multiply-adds an output of a convolution
_WITHOUT_DSP = ("rp2040", "stm32f0", "stm32g0", "nrf51")  # Cortex-M0 and M0+: CMSIS-NN runs its plain C there


def mcu_kernel_time_s(inputs: Inputs) -> float:
    """Return the time of one kernel."""
    macs, implementation = inputs_of(inputs, "macs", "implementation")
    kernel = kernel_of(inputs, implementation)
    (clock,) = inputs_of(inputs["device_spec"], "clock_hz")
    return kernel_s(
        kernel,
        macs=macs * _padding(inputs, kernel.lanes),
        outputs=_outputs_count(inputs, macs),
        taps=_taps_count(inputs),
        clock_hz=clock,
    )


def _outputs_count(inputs: Inputs, macs: float) -> float:
    """Return the outputs; where no source states them, those of a square product, or of a cell with as many inputs as states."""
    dot = inputs.get("dot_length")
    if inputs.get("outputs") or dot:
        return inputs.get("outputs") or macs / dot
    if inputs.get("kernel") == "lstm":
        return math.sqrt(2 * macs)  # 4 H rows of 2 H
    return math.sqrt(macs) if inputs.get("kernel") == "fully_connected" else macs / _DOT_USUAL


def kernel_s(kernel: McuKernel, *, macs: float, outputs: float, taps: float, clock_hz: float) -> float:
    """Return the time of a call: its outputs, the taps of each, and multiply-adds; what fills up vectors is in `macs`."""
    per_output = kernel.output_cycles + taps * kernel.tap_cycles
    begun_s = start_s(
        calls=1.0, call_cycles=kernel.call_cycles, outputs=outputs, output_cycles=per_output, clock_hz=clock_hz
    )
    return macs * kernel.mac_cycles / clock_hz + begun_s


def kernel_of(inputs: Inputs, implementation: str) -> McuKernel:
    """Return the cycles of an implementation on a row's chip: its own where the lab has it, else those of a chip like it."""
    if implementation not in IMPLEMENTATIONS:
        raise RowError(f"No implementation {implementation!r} is known; known are {', '.join(IMPLEMENTATIONS)}.")
    device = str(inputs.get("device") or "")
    chip = _CHIPS.get(device)
    if implementation == "cmsis-nn":
        return _plain(device) if device.startswith(_WITHOUT_DSP) else CMSIS_NN
    if implementation == "scalar":
        return _plain(device)
    own = chip.kernels["int8", "vector"] if chip else _P4_VECTOR
    return replace(own, lanes=inputs["device_spec"].get("simd_int8_lanes") or own.lanes)


def _plain(device: str) -> McuKernel:
    own = _CHIPS[device].kernels["int8", "scalar"] if device in _CHIPS else _PLAIN
    return replace(own, tap_cycles=_PLAIN_TAP_CYCLES)


def _taps_count(inputs: Inputs) -> float:
    """Return the taps of a filter; a product of vectors has none."""
    if inputs.get("kernel") not in ("conv2d", "depthwise_conv2d"):
        return 0.0
    taps = (inputs.get("kernel_height") or 1) * (inputs.get("kernel_width") or 1)
    return taps if taps > 1 else 0.0  # a filter of one place is a product of vectors


def _padding(inputs: Inputs, lanes: int) -> float:
    """Return multiply-adds done for each one asked for: vectors are filled up.

    They run along the channels, of the outputs where a filter stays within its channel; where that makes several outputs of
    one channel, along those alone. A product of vectors runs along its inner dimension.
    """
    kernel = inputs.get("kernel")
    along = inputs.get("dot_length")
    if kernel == "conv2d":
        along = inputs.get("in_channels") or along
    elif kernel == "depthwise_conv2d" and inputs.get("out_channels"):
        along = inputs["out_channels"]
        if inputs.get("in_channels") and along > inputs["in_channels"]:
            along /= inputs["in_channels"]
    return float(vectors_count(along, lanes) / along) if along else 1.0
