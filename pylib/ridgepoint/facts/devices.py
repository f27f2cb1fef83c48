"""The devices. One record each; peaks are dense."""

from ridgepoint.errors import FactError
from ridgepoint.facts.sources import A100_DATASHEET, AMPERE_HOPPER_WHITEPAPERS, H100_DATASHEET
from ridgepoint.specs import Device, Precision
from ridgepoint.units import GIB

__all__ = ["A100_SXM_80GB", "DEVICES", "H100_SXM", "device"]

A100_SXM_80GB = Device(
    id="a100-sxm-80gb",
    name="NVIDIA A100 SXM4 80 GB",
    peak_flop_per_s={
        Precision.FP16: 312e12,
        Precision.BF16: 312e12,
        Precision.INT8: 624e12,
    },
    vector_flop_per_s=19.5e12,
    hbm_bytes_per_s=2.039e12,
    hbm_bytes=80 * GIB,
    link_bytes_per_s=300e9,
    tdp_w=400.0,
    sm_count=108,
    l2_bytes=40e6,
    clock_hz=1.41e9,
    sources={
        A100_DATASHEET: (
            "peak_flop_per_s",
            "vector_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
        AMPERE_HOPPER_WHITEPAPERS: ("sm_count", "l2_bytes", "clock_hz"),
    },
)
H100_SXM = Device(
    id="h100-sxm",
    name="NVIDIA H100 SXM5 80 GB",
    peak_flop_per_s={
        Precision.FP16: 989e12,  # dense: half of the 1979 TFLOPS printed "with sparsity"
        Precision.BF16: 989e12,
        Precision.FP8: 1979e12,
        Precision.INT8: 1979e12,
    },
    vector_flop_per_s=67e12,
    hbm_bytes_per_s=3.35e12,
    hbm_bytes=80 * GIB,
    link_bytes_per_s=450e9,
    tdp_w=700.0,
    sm_count=132,
    l2_bytes=50e6,
    sources={
        H100_DATASHEET: (
            "peak_flop_per_s",
            "hbm_bytes_per_s",
            "hbm_bytes",
            "link_bytes_per_s",
            "tdp_w",
        ),
        AMPERE_HOPPER_WHITEPAPERS: ("vector_flop_per_s", "sm_count", "l2_bytes"),
    },
)

DEVICES: tuple[Device, ...] = (A100_SXM_80GB, H100_SXM)


def device(device_id: str) -> Device:
    """Return the device of that id.

    Raises:
        FactError: no such device is known.
    """
    for each in DEVICES:
        if each.id == device_id:
            return each
    known = ", ".join(each.id for each in DEVICES)
    raise FactError(f"No device {device_id!r} is known; known are {known}.")
