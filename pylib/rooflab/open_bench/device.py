"""A device with every figure that serving needs: what its record lacks is assumed, and labelled so."""

from dataclasses import replace
from typing import Any

from rooflab.errors import BadDesign
from rooflab.specs import Confidence, Device, Precision, Source, SourceKind

__all__ = ["completed"]

_VECTOR_SHARE = 1 / 16  # an A100 has 19.5 of 312 TFLOP/s, an H100 67 of 989
_LINK_BYTES_PER_S = 32e9
_SHARED_MEMORY_BYTES = 65536.0

_ASSUMED = Source(
    id="serving-device-assumption",
    name="What is assumed of a device whose record lacks it",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="BF16 is as fast as FP16; the vector units reach the FP32 peak, or a sixteenth of the 16-bit one; devices are "
    "linked by PCIe 4.0 x16 with 32 GB/s each way; a kernel can keep 64 KiB on the chip.",
)


def completed(device: Device) -> Device:
    """Return the device with assumptions in place of the figures that its record lacks.

    Raises:
        BadDesign: it lacks what nothing stands in for: a 16-bit peak, or the size or the speed of its memory.
    """
    peaks = dict(device.peak_flop_per_s)
    half = peaks.get(Precision.BF16) or peaks.get(Precision.FP16)
    needed = {"a BF16 or FP16 peak": half, "a memory size": device.hbm_bytes, "a memory bandwidth": device.hbm_bytes_per_s}
    if lacking := [words for words, value in needed.items() if not value]:
        raise BadDesign(f"{device.name} cannot serve a language model here: its record lacks {' and '.join(lacking)}.")
    facts: dict[str, Any] = {}
    if Precision.BF16 not in peaks:
        facts["peak_flop_per_s"] = peaks | {Precision.BF16: half}
    if device.vector_flop_per_s is None:
        facts["vector_flop_per_s"] = peaks.get(Precision.FP32) or half * _VECTOR_SHARE
    if device.link_bytes_per_s is None:
        facts["link_bytes_per_s"] = _LINK_BYTES_PER_S
    if device.shared_memory_bytes is None:
        facts["shared_memory_bytes"] = _SHARED_MEMORY_BYTES
    return replace(device, **facts, sources={**device.sources, _ASSUMED: tuple(facts)}) if facts else device
