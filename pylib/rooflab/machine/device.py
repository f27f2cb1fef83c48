"""The machine as a device of the model: measured roofs, levels of memory, and what is assumed beside them."""

from __future__ import annotations

from rooflab.machine.roofs import Roofs
from rooflab.specs import Confidence, Device, MemoryLevel, Precision, Source, SourceKind

__all__ = ["ALL_CORES", "DEVICE_ID", "ONE_CORE", "card_device", "measured_device"]

DEVICE_ID = "this-machine"
ONE_CORE, ALL_CORES = "one core", "all cores"
CARD_DIGITS = 2
MEMORY_BYTES = 8e9

_ASSUMED = Source(
    id="this-machine-assumption",
    name="What a browser does not tell of a machine",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="16-bit numbers are widened and multiplied at the FP32 peak; the machine has 8 GB of memory.",
)


def measured_device(found: Roofs, *, date: str, name: str = "This machine", cores: str = ONE_CORE) -> Device:
    """Return the machine as measured on that date, one core of it, or all where they were measured."""
    several = cores == ALL_CORES and found.all_flop_per_s and found.all_bytes_per_s
    peak = found.all_flop_per_s if several else found.peak_flop_per_s
    bandwidth = found.all_bytes_per_s if several else found.memory_bytes_per_s
    source = Source(
        id=f"{DEVICE_ID}-measured",
        name="Measured on this machine",
        kind=SourceKind.OWN,
        confidence=Confidence.PRIMARY,
        date=date[:10],
        note="In the browser: chains of multiply-adds, and a triad of growing arrays; the best samples.",
    )
    figures = ("peak_flop_per_s", "hbm_bytes_per_s")
    return Device(
        id=f"{DEVICE_ID}-all" if several else DEVICE_ID,
        name=f"{name}, {'graphics' if found.where == 'webgpu' else f'all {found.all_workers} cores' if several else ONE_CORE}",
        peak_flop_per_s={Precision.FP32: peak, Precision.BF16: peak},
        hbm_bytes_per_s=bandwidth,
        hbm_bytes=MEMORY_BYTES,
        memory_levels=None if several else found.levels,
        sources={source: figures if several else (*figures, "memory_levels"), _ASSUMED: ("hbm_bytes", "peak_flop_per_s")},
    )


def card_device(device: Device) -> Device:
    """Return the device with two digits, as a card gives them: more would tell one machine from another."""
    levels = device.memory_levels
    return Device(
        id=device.id,
        name=device.name,
        peak_flop_per_s={name: _short(rate) for name, rate in device.peak_flop_per_s.items()},
        hbm_bytes_per_s=_short(device.hbm_bytes_per_s),
        hbm_bytes=device.hbm_bytes,
        memory_levels=levels and tuple(MemoryLevel(capacity_bytes=_short(each.capacity_bytes), bytes_per_s=_short(each.bytes_per_s)) for each in levels),
        sources=device.sources,
    )


def _short(value: float) -> float:
    return float(f"{value:.{CARD_DIGITS}g}")
