"""Every known device, and how one is found. The tracks import their own from `devices_tracks` and load no other."""

from rooflab.errors import FactError
from rooflab.facts.devices_data_centre import (
    A100_PCIE_80GB,
    A100_SXM_40GB,
    B200,
    GB200,
    GH200_96GB,
    H100_PCIE,
    H200_SXM,
    H800_SXM,
    L4,
    L40S,
    MI300X,
    MI325X,
    OPTERON_X2,
    TPU_V4,
    TPU_V5E,
    TPU_V5P,
    TPU_V6E,
    V100_SXM,
)
from rooflab.facts.devices_modules import ADRENO_640, JETSON_ORIN_NX, JETSON_THOR
from rooflab.facts.devices_tracks import A100_SXM_80GB, AR_GLASSES, H100_SXM, JETSON_AGX_ORIN, JETSON_ORIN_NANO
from rooflab.facts.devices_workstation import (
    APPLE_M1,
    APPLE_M1_MAX,
    APPLE_M1_PRO,
    APPLE_M2,
    RADEON_8060S,
    RTX_3060,
    RTX_3090,
    RTX_4090,
    RTX_5090,
    RTX_PRO_6000_BLACKWELL,
)
from rooflab.facts.microcontrollers import APOLLO4_PLUS, ESP32, ESP32_S3, NRF54LM20B
from rooflab.facts.microcontrollers_other import ESP32_P4, GAP9, MAX78000, NDP120, RP2350, STM32F746, STM32N6
from rooflab.specs import Device, Microcontroller

__all__ = ["DEVICES", "MICROCONTROLLERS", "device"]

DEVICES: tuple[Device, ...] = (
    A100_SXM_80GB,
    H100_SXM,
    A100_SXM_40GB,
    A100_PCIE_80GB,
    H100_PCIE,
    H200_SXM,
    H800_SXM,
    GH200_96GB,
    B200,
    GB200,
    V100_SXM,
    L4,
    L40S,
    MI300X,
    MI325X,
    TPU_V4,
    TPU_V5E,
    TPU_V5P,
    TPU_V6E,
    OPTERON_X2,
    RTX_3060,
    RTX_3090,
    RTX_4090,
    RTX_5090,
    RTX_PRO_6000_BLACKWELL,
    APPLE_M1,
    APPLE_M1_PRO,
    APPLE_M1_MAX,
    APPLE_M2,
    RADEON_8060S,
    JETSON_AGX_ORIN,
    JETSON_ORIN_NX,
    JETSON_ORIN_NANO,
    JETSON_THOR,
    ADRENO_640,
    AR_GLASSES,
)
MICROCONTROLLERS: tuple[Microcontroller, ...] = (
    ESP32,
    ESP32_S3,
    ESP32_P4,
    APOLLO4_PLUS,
    GAP9,
    MAX78000,
    NDP120,
    NRF54LM20B,
    RP2350,
    STM32F746,
    STM32N6,
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
