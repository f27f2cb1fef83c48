"""The microcontrollers. One record each; a figure that is not published is absent."""

from ridgepoint.errors import FactError
from ridgepoint.facts.sources import (
    APOLLO4_BRIEF,
    APOLLO4_DOCS,
    ESP32_DATASHEET,
    ESP32_NOTES,
    ESP32_S3_NOTES,
    ESP_NN_README,
    ESP_POWER_NOTES,
)
from ridgepoint.specs import Microcontroller
from ridgepoint.units import KIB

__all__ = ["APOLLO4_PLUS", "ESP32", "ESP32_S3", "MICROCONTROLLERS", "microcontroller"]

ESP32 = Microcontroller(
    id="esp32",
    name="Espressif ESP32 (one LX6 core)",
    clock_hz=240e6,
    sram_bytes=520 * KIB,
    active_w=0.030 * 3.3,
    sleep_w=0.8e-3 * 3.3,
    external_bytes_per_s=40e6,
    line_bytes=32,
    lanes=1,
    call_cycles=0.0,
    output_cycles=0.0,
    mac_cycles=15.5,
    sources={
        ESP32_DATASHEET: ("clock_hz", "sram_bytes", "active_w", "sleep_w"),
        ESP32_NOTES: ("external_bytes_per_s", "line_bytes", "lanes"),
        ESP_NN_README: ("call_cycles", "output_cycles", "mac_cycles"),
    },
)
ESP32_S3 = Microcontroller(
    id="esp32-s3",
    name="Espressif ESP32-S3 (one LX7 core, 128-bit vectors)",
    clock_hz=240e6,
    sram_bytes=512 * KIB,
    active_w=0.108 * 3.3,
    sleep_w=0.24e-3 * 3.3,
    external_bytes_per_s=40e6,
    line_bytes=32,
    lanes=16,
    call_cycles=3840.0,
    output_cycles=27.9,
    mac_cycles=0.681,
    sources={
        ESP_NN_README: ("clock_hz", "call_cycles", "output_cycles", "mac_cycles"),
        ESP_POWER_NOTES: ("sleep_w",),
        ESP32_S3_NOTES: ("sram_bytes", "active_w", "external_bytes_per_s", "line_bytes", "lanes"),
    },
)
APOLLO4_PLUS = Microcontroller(
    id="apollo4-plus",
    name="Ambiq Apollo4 Plus (Cortex-M4F)",
    clock_hz=192e6,
    sram_bytes=2.75 * KIB * KIB,
    active_w=4e-6 * 192 * 1.8,
    sources={
        APOLLO4_DOCS: ("clock_hz", "sram_bytes"),
        APOLLO4_BRIEF: ("active_w",),
    },
)

MICROCONTROLLERS: tuple[Microcontroller, ...] = (ESP32, ESP32_S3, APOLLO4_PLUS)


def microcontroller(chip_id: str) -> Microcontroller:
    """Return the microcontroller of that id.

    Raises:
        FactError: no such chip is known.
    """
    for each in MICROCONTROLLERS:
        if each.id == chip_id:
            return each
    known = ", ".join(each.id for each in MICROCONTROLLERS)
    raise FactError(f"No microcontroller {chip_id!r} is known; known are {known}.")
