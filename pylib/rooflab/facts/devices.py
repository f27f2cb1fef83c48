"""Every known device, and how one is found. The tracks import their own from `devices_tracks` and load no other."""

from rooflab.errors import FactError
from rooflab.facts.devices_data_centre import A100_SXM_40GB, B200, H200_SXM
from rooflab.facts.devices_tracks import A100_SXM_80GB, AR_GLASSES, H100_SXM, JETSON_AGX_ORIN, JETSON_ORIN_NANO
from rooflab.facts.microcontrollers import APOLLO4_PLUS, ESP32, ESP32_S3, NRF54LM20B
from rooflab.facts.microcontrollers_other import GAP9, MAX78000, NDP120
from rooflab.specs import Device, Microcontroller

__all__ = ["DEVICES", "MICROCONTROLLERS", "device"]

DEVICES: tuple[Device, ...] = (
    A100_SXM_80GB,
    H100_SXM,
    A100_SXM_40GB,
    H200_SXM,
    B200,
    JETSON_AGX_ORIN,
    JETSON_ORIN_NANO,
    AR_GLASSES,
)
MICROCONTROLLERS: tuple[Microcontroller, ...] = (
    ESP32,
    ESP32_S3,
    APOLLO4_PLUS,
    GAP9,
    MAX78000,
    NDP120,
    NRF54LM20B,
)


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
