"""Every known device, and how one is found. The tracks import their own from `devices_tracks` and load no other."""

import difflib
import re
from collections.abc import Sequence

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

__all__ = ["ALIASES", "DEVICES", "MICROCONTROLLERS", "Chip", "chip", "device"]

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

ALIASES: dict[str, str] = {
    "a100": "a100-sxm-80gb",
    "a100 80gb": "a100-sxm-80gb",
    "a100 sxm": "a100-sxm-80gb",
    "a100 40gb": "a100-sxm-40gb",
    "a100 pcie": "a100-pcie-80gb",
    "a100 80gb pcie": "a100-pcie-80gb",
    "h100": "h100-sxm",
    "h100 80gb": "h100-sxm",
    "h100 80gb hbm3": "h100-sxm",
    "h100 sxm5": "h100-sxm",
    "h200": "h200-sxm",
    "h800": "h800-sxm",
    "gh200": "gh200-96gb",
    "gh200 480gb": "gh200-96gb",
    "b200 sxm": "b200",
    "v100 sxm2": "v100",
    "tpu v5 lite": "tpu-v5e",
    "tpu v6 lite": "tpu-v6e",
    "3060": "rtx-3060-12gb",
    "rtx 3060": "rtx-3060-12gb",
    "3090": "rtx-3090",
    "4090": "rtx-4090",
    "5090": "rtx-5090",
    "rtx pro 6000": "rtx-pro-6000-blackwell",
    "m1": "apple-m1",
    "m1 pro": "apple-m1-pro",
    "m1 max": "apple-m1-max",
    "m2": "apple-m2",
    "8060s": "radeon-8060s",
    "strix halo": "radeon-8060s",
    "ryzen ai max 395": "radeon-8060s",
    "jetson agx orin": "jetson-agx-orin-64gb",
    "agx orin": "jetson-agx-orin-64gb",
    "jetson orin nx": "jetson-orin-nx-16gb",
    "orin nx": "jetson-orin-nx-16gb",
    "jetson orin nano": "jetson-orin-nano-8gb-super",
    "orin nano": "jetson-orin-nano-8gb-super",
    "jetson thor": "jetson-thor-t5000",
    "jetson agx thor": "jetson-thor-t5000",
    "jetson t5000": "jetson-thor-t5000",
    "thor": "jetson-thor-t5000",
    "snapdragon 855": "adreno-640",
    "apollo4": "apollo4-plus",
    "axon": "nrf54lm20b",
    "nordic axon npu": "nrf54lm20b",
    "nrf54lm20": "nrf54lm20b",
    "pico 2": "rp2350",
}
"""Names that people and tools use beside ids and names, in words; a plain "A100" is the one with 80 GB."""

_MAKERS = {"nvidia", "amd", "google", "geforce", "tesla", "instinct", "qualcomm", "espressif", "ambiq", "raspberry", "pi"}
_SHOWN = 40  # characters of a name that is not known
_NEAR = 6  # names that are offered for it
Chip = Device | Microcontroller


def device(text: str, cards: Sequence[Chip] = ()) -> Device:
    """Return the device of that id or name, in any case, with or without its maker; one of `cards` goes before all.

    Raises:
        FactError: no such device is known, or it is a microcontroller.
    """
    found = chip(text, cards)
    if not isinstance(found, Device):
        raise FactError(f"{found.name} is a microcontroller, and has no roof of a main memory; name another device.")
    return found


def chip(text: str, cards: Sequence[Chip] = ()) -> Chip:
    """Return the device or microcontroller of that id or name, as `device`.

    Raises:
        FactError: none is known; the message names those nearest.
    """
    known = _by_key((*DEVICES, *MICROCONTROLLERS)) | _by_key(cards)
    key = _key(text)
    if key in known:
        return known[key]
    near = [each for each in known if len(key) > 1 and key in each] + difflib.get_close_matches(key, known, n=_NEAR)
    ids = list(dict.fromkeys(known[each].id for each in near))[:_NEAR]
    words = "near to it" if ids else "known"
    ids = ids or list(dict.fromkeys(each.id for each in known.values()))
    raise FactError(f"No device {text[:_SHOWN]!r} is known; {words} {'are' if len(ids) > 1 else 'is'} {', '.join(ids)}.")


def _by_key(records: Sequence[Chip]) -> dict[str, Chip]:
    found = {_key(name): each for each in records for name in (each.id, each.name)}
    ids = {each.id: each for each in records}
    return found | {_key(alias): ids[name] for alias, name in ALIASES.items() if name in ids}


def _key(text: str) -> str:
    """Return a name without case, signs and maker."""
    words = re.findall(r"[a-z0-9+]+", text.lower()[:200])
    return "".join(each for each in words if each not in _MAKERS)
