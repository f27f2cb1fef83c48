"""Which rows no track runs, and why: their predictions are of a kernel, a training step or a network by itself."""

from typing import Any

from rooflab.facts.hearables import HEARABLE_CHIPS
from rooflab.measured.glasses_rows import is_filter_of_the_lab
from rooflab.measured.vehicle_rows import is_detector_of_the_lab

__all__ = ["reason_apart"]

_KERNEL = "one kernel by itself, and a track shows whole steps"
_NETWORK = "the vehicle runs YOLOv8n and the glasses MobileNetV3-small, in FP16 or INT8, on up to 16 images"
_REASONS = {
    "attention_hbm_bytes": _KERNEL,
    "attention_time_s": _KERNEL,
    "kernel_flop_per_s": _KERNEL,
    "config_ratio": _KERNEL,
    "sparsity_speedup": _KERNEL,
    "launch_time_per_kernel_s": _KERNEL,
    "ridge_flop_per_byte": "a chip without work",
    "training_flop_per_s": "no track trains",
    "network_latency_s": _NETWORK,
    "network_throughput_per_s": _NETWORK,
    "inference_energy_j": "no track has both the network and the power of its chip",
    "mcu_kernel_time_s": "the earbud multiplies a matrix with a vector, on chips of its own",
}


def reason_apart(row: dict[str, Any]) -> str | None:
    """Return why no track evaluates what a row measures; None where a track's evaluation is its prediction.

    >>> reason_apart({"quantity": "training_flop_per_s", "inputs": {}})
    'no track trains'
    """
    quantity, inputs = row["quantity"], row["inputs"]
    if quantity == "mbu_fraction" and inputs.get("workload") == "stream":
        return "a benchmark of the memory alone"
    if quantity == "speculative_speedup" and inputs.get("draft_cost_ratio") is not None:
        return "the draft's cost is given, so nothing is left to evaluate"
    if quantity == "config_ratio" and inputs.get("of") != "attention_flop":
        return None
    if quantity.startswith("network_") and (is_detector_of_the_lab(inputs) or is_filter_of_the_lab(inputs)):
        return None
    if quantity == "mcu_kernel_time_s" and _is_product_of_the_earbud(inputs):
        return None
    return _REASONS.get(quantity)


def _is_product_of_the_earbud(inputs: dict[str, Any]) -> bool:
    chips = {each.id for each in HEARABLE_CHIPS}
    return inputs.get("kernel") == "fully_connected" and inputs.get("device") in chips
