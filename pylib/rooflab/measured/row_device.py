"""The device of a row as a record, for the tracks' own evaluation."""

from typing import Any

from rooflab.measured.device import engines_peak_flop_per_s, vector_peak_flop_per_s
from rooflab.measured.rows import inputs_of
from rooflab.specs import Confidence, Device, Precision, Source, SourceKind

__all__ = ["HERE", "row_device", "sm_count_of"]

HERE = Source(
    id="row",
    name="The inputs of the row",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Taken from the inputs of the row itself.",
)
_SM_FLOP_PER_S = 0.26e12  # of 128 lanes at 1 GHz, as boards have


def row_device(inputs: dict[str, Any]) -> Device:
    """Return the device of a network's row; its peak is that of the row's precision, whatever a design multiplies in."""
    spec, precision = inputs["device_spec"], inputs["precision"]
    (bandwidth,) = inputs_of(spec, "hbm_bytes_per_s")
    peak = engines_peak_flop_per_s(inputs, precision)
    facts = {
        "peak_flop_per_s": dict.fromkeys((Precision.FP16, Precision.INT8), peak),
        "vector_flop_per_s": vector_peak_flop_per_s(spec),
        "hbm_bytes_per_s": bandwidth,
        "sm_count": sm_count_of(spec),
    }
    return Device(id="row", name=inputs.get("device") or "row", **facts, sources={HERE: tuple(facts)})


def sm_count_of(spec: dict[str, Any]) -> int:
    """Return the multiprocessors of a device; where they are not stated, as many as its vector peak needs."""
    return spec.get("sm_count") or max(round(vector_peak_flop_per_s(spec) / _SM_FLOP_PER_S), 1)
