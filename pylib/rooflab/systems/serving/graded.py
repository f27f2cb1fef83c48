"""Which designs published rows grade: those that were run as they are, on the devices and in the formats of the rows."""

from collections.abc import Mapping

from rooflab.systems.serving.design import LIBRARY_FUSION, ServingDesign

__all__ = ["GRADED", "GRADED_BATCH", "graded_topic"]

GRADED: Mapping[str, Mapping[tuple[str, str], tuple[str, ...]]] = {
    "decode": {
        ("bf16", "bf16"): ("a100-sxm-40gb", "a100-sxm-80gb"),
        ("w8a16", "bf16"): ("a100-sxm-80gb",),
        ("w4a16", "bf16"): ("a100-sxm-80gb", "jetson-agx-orin-64gb", "jetson-orin-nano-8gb-super"),
        ("fp8", "fp8"): ("h100-sxm",),
    },
    "prefill": {
        ("bf16", "bf16"): ("a100-pcie-80gb", "a100-sxm-40gb", "a100-sxm-80gb"),
        ("w4a16", "bf16"): ("jetson-agx-orin-64gb",),
        ("fp8", "fp8"): ("h100-sxm",),
    },
    "serving": {
        ("bf16", "bf16"): ("a100-sxm-80gb",),
        ("fp8", "fp8"): ("gh200-96gb", "h100-sxm", "h200-sxm", "l40s"),
        ("fp4", "fp8"): ("b200", "gb200", "rtx-pro-6000-blackwell"),
    },
    "moe": {
        ("bf16", "bf16"): ("a100-sxm-80gb",),
        ("w8a16", "bf16"): ("a100-sxm-80gb",),
        ("w4a16", "bf16"): ("a100-sxm-80gb", "h100-sxm"),
        ("fp8", "fp8"): ("h100-sxm", "h200-sxm"),
    },
}
"""Devices that published rows have, by topic and by the formats of weights and cache."""

GRADED_BATCH: Mapping[str, int] = {"decode": 1024, "prefill": 1, "serving": 2048, "moe": 2048}
"""The largest batch of those rows; where it was not stated, the most that a scheduler takes."""


def graded_topic(design: ServingDesign, *, mixed: bool, rides_along: bool) -> str | None:
    """Return the topic of published rows that grade this one design; None unless rows of its kind were run as it is.

    All rows have fused attention and the kernels of usual libraries, launched as a graph, with nothing drafted and no
    zeros skipped. With `mixed` the model has experts, which rows divide among all devices. With `rides_along` finished
    requests are replaced, and their cache is paged; without, all prompts were read before.
    """
    usual = (
        design.sparsity == "dense"
        and design.draft_tokens == 0
        and design.attention_kernel == "fused"
        and design.fusion == LIBRARY_FUSION
        and (design.phase == "prefill" or design.dispatch == "graph")
        and design.kv_layout == ("paged" if rides_along else "contiguous")
    )
    topic = "serving" if rides_along else "decode"
    if design.phase == "prefill":
        topic = "prefill"
    if mixed:
        topic = "moe" if design.experts != "expert" and design.phase == "decode" else ""
    graded = (
        usual
        and design.device_id in GRADED.get(topic, {}).get((design.precision, design.kv_precision), ())
        and design.batch <= GRADED_BATCH[topic]
    )
    return topic if graded else None
