"""Whole networks on microcontrollers: kernel by kernel on a core, by multiply-adds and weights on an accelerator."""

from collections.abc import Iterator
from typing import Any

from rooflab.facts.microcontrollers import NRF54LM20B
from rooflab.measured.rows import RowError, inputs_of
from rooflab.measured.small import mcu_kernel_time_s

__all__ = ["tiny_layers", "tiny_network_s"]

Inputs = dict[str, Any]

# Networks of MLPerf Tiny (Banbury et al. 2021, arXiv:2106.07597, and its reference models): kind, channels in and out, filter,
# places of the output.
_Layer = tuple[str, int, int, tuple[int, int], int]
_MOBILENET_V1 = (
    (32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2),
    *((512, 512, 1),) * 5, (512, 1024, 2), (1024, 1024, 1),
)  # fmt: skip
# Share of its peak that an accelerator without published networks reaches. Assumed.
_NPU_FRACTION = 0.25
# Layers, and multiply-adds of an output: 28 and 32 in the quarter MobileNet, between depthwise filters and wide products.
_LAYERS_UNKNOWN, _DOT_UNKNOWN = 28, 32
_CORTEX_M = ("stm32", "nrf5", "apollo", "rp2", "ra4", "ra6", "ra8", "mimxrt", "lpc", "samd", "same", "psoc", "max32", "max78")


def tiny_network_s(inputs: Inputs) -> float:
    """Return the time of one inference on a chip without a memory bandwidth of its own.

    On a core it is the sum over the network's kernels; an accelerator is bound by multiply-adds or by the weights it reads.

    Raises:
        RowError: nothing says how fast the chip multiplies.
    """
    if _is_axon(inputs):
        return _axon_s(inputs)
    spec = inputs["device_spec"]
    peak = _peak_flop_per_s(inputs)
    if not spec.get("clock_hz") or (inputs.get("engines") == "npu" and peak and not spec.get("simd_int8_lanes")):
        if not peak:
            raise RowError("The inputs lack clock_hz and a peak, so nothing says how fast the chip multiplies.")
        return inputs_of(inputs, "flop")[0] / (_NPU_FRACTION * peak)
    implementation = _implementation(inputs)
    return sum(mcu_kernel_time_s(inputs | {"implementation": implementation, **each}) for each in tiny_layers(inputs))


def _peak_flop_per_s(inputs: Inputs) -> float | None:
    peaks = inputs["device_spec"].get("peak_flop_per_s") or {}
    return peaks.get(inputs.get("precision") or "int8") or peaks.get("int8")


def _is_axon(inputs: Inputs) -> bool:
    return "axon" in str(inputs.get("device") or "").lower()


def _axon_s(inputs: Inputs) -> float:
    """Return the longer of multiply-adds and weight reads, at the rates of Nordic's two published networks."""
    macs = inputs.get("macs") or inputs_of(inputs, "flop")[0] / 2
    read = inputs.get("weight_bytes") or inputs.get("params") or 0
    # One byte a weight, each of which the dense network uses once.
    keyword_macs, anomaly_bytes = (sum(map(_macs_count, layers())) for layers in (_ds_cnn, _autoencoder))
    return max(
        macs / keyword_macs * NRF54LM20B.fact("keyword_time_s"),
        read / anomaly_bytes * NRF54LM20B.fact("anomaly_time_s"),
    )


def _implementation(inputs: Inputs) -> str:
    """Return the kernels of a network's row: vectors where the core has them, CMSIS-NN on a Cortex-M, plain C elsewhere."""
    if inputs["device_spec"].get("simd_int8_lanes"):
        return "vector"
    cortex = str(inputs.get("device") or "").startswith(_CORTEX_M) or "cmsis" in str(inputs.get("software") or "").lower()
    return "cmsis-nn" if cortex else "scalar"


def tiny_layers(inputs: Inputs) -> Iterator[Inputs]:
    """Yield the kernels of a network as the inputs of rows; layers of equal size where its graph is not known."""
    for layer in _known(str(inputs.get("model") or "")) or _unknown(inputs):
        kind, taken, made, (height, width), places = layer
        macs = _macs_count(layer)
        yield {
            "kernel": kind,
            "macs": macs,
            "outputs": places * made,
            "dot_length": macs // (places * made),
            "in_channels": taken,
            "out_channels": made,
            "kernel_height": height,
            "kernel_width": width,
        }


def _macs_count(layer: _Layer) -> int:
    kind, taken, made, (height, width), places = layer
    return places * made * height * width * (1 if kind == "depthwise_conv2d" else taken)


def _unknown(inputs: Inputs) -> list[_Layer]:
    """Return layers of equal size that have the multiply-adds and, where it is dense, the weights of the network."""
    macs = inputs.get("macs") or inputs_of(inputs, "flop")[0] / 2
    count = int(inputs.get("weighted_layers") or _LAYERS_UNKNOWN)
    if inputs.get("network_kind") == "dense":
        wide = max(round((macs / count) ** 0.5), 1)
        return [("fully_connected", wide, wide, (1, 1), 1)] * count
    places = max(round(macs / (count * _DOT_UNKNOWN**2)), 1)
    return [("conv2d", _DOT_UNKNOWN, _DOT_UNKNOWN, (1, 1), places)] * count


def _known(name: str) -> list[_Layer] | None:
    if name.startswith("mobilenet-v1-0.25"):
        return _mobilenet(8, 48)
    makers = {"ds-cnn-kws": _ds_cnn, "resnet-8-ic": _resnet_8, "autoencoder-ad": _autoencoder}
    return makers[name]() if name in makers else None


def _mobilenet(first: int, side: int) -> list[_Layer]:
    """Chain the layers of MobileNet v1 at a quarter of its width, for an image of 96 x 96."""
    layers: list[_Layer] = [("conv2d", 3, first, (3, 3), side * side)]
    for taken, made, stride in _MOBILENET_V1:
        side //= stride
        layers.append(("depthwise_conv2d", taken // 4, taken // 4, (3, 3), side * side))
        layers.append(("conv2d", taken // 4, made // 4, (1, 1), side * side))
    return [*layers, ("fully_connected", 256, 2, (1, 1), 1)]


def _ds_cnn() -> list[_Layer]:
    pair: list[_Layer] = [("depthwise_conv2d", 64, 64, (3, 3), 125), ("conv2d", 64, 64, (1, 1), 125)]
    return [("conv2d", 1, 64, (10, 4), 125), *pair * 4, ("fully_connected", 64, 12, (1, 1), 1)]


def _resnet_8() -> list[_Layer]:
    layers: list[_Layer] = [("conv2d", 3, 16, (3, 3), 1024), *[("conv2d", 16, 16, (3, 3), 1024)] * 2]
    for taken, made, places in ((16, 32, 256), (32, 64, 64)):
        layers += [("conv2d", taken, made, (3, 3), places), ("conv2d", made, made, (3, 3), places)]
        layers.append(("conv2d", taken, made, (1, 1), places))
    return [*layers, ("fully_connected", 64, 10, (1, 1), 1)]


def _autoencoder() -> list[_Layer]:
    widths = (640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640)
    return [("fully_connected", a, b, (1, 1), 1) for a, b in zip(widths, widths[1:], strict=False)]
