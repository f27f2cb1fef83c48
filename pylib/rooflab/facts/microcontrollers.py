"""The microcontrollers of the earbud's track. One record each; a figure that is not published is absent."""

from rooflab.facts.hearable_sources import AXON_FIT, AXON_TABLES, CORE_COUNTS, NRF54LM20_SLEEP
from rooflab.facts.sources import (
    APOLLO4_BRIEF,
    APOLLO4_DOCS,
    ESP32_DATASHEET,
    ESP32_NOTES,
    ESP32_S3_NOTES,
    ESP_NN_README,
    ESP_POWER_NOTES,
)
from rooflab.specs import Microcontroller
from rooflab.units import KIB

__all__ = ["APOLLO4_PLUS", "ESP32", "ESP32_S3", "NRF54LM20B"]

ESP32 = Microcontroller(
    id="esp32",
    name="Espressif ESP32 (one LX6 core)",
    clock_hz=240e6,
    cores=2,
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
        CORE_COUNTS: ("cores",),
    },
)
ESP32_S3 = Microcontroller(
    id="esp32-s3",
    name="Espressif ESP32-S3 (one LX7 core, 128-bit vectors)",
    clock_hz=240e6,
    cores=2,
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
        CORE_COUNTS: ("cores",),
        ESP32_S3_NOTES: ("sram_bytes", "active_w", "external_bytes_per_s", "line_bytes", "lanes"),
    },
)
APOLLO4_PLUS = Microcontroller(
    id="apollo4-plus",
    name="Ambiq Apollo4 Plus (Cortex-M4F)",
    clock_hz=192e6,
    cores=1,
    sram_bytes=2.75 * KIB * KIB,
    nvm_bytes=2 * KIB * KIB,
    active_w=4e-6 * 192 * 1.8,
    sources={
        APOLLO4_DOCS: ("clock_hz", "cores", "sram_bytes", "nvm_bytes"),
        APOLLO4_BRIEF: ("active_w",),
    },
)

NRF54LM20B = Microcontroller(
    id="nrf54lm20b",
    name="Nordic nRF54LM20B (Cortex-M33 and Axon NPU)",
    sram_bytes=512 * KIB,
    sleep_w=4.3e-6 * 3.0,
    mac_j=14.5e-12,
    weight_byte_j=36.4e-12,
    keyword_time_s=4.5e-3,
    keyword_energy_j=4.5e-3 * 3.0e-3 * 3.0,
    anomaly_time_s=1.3e-3,
    sources={
        NRF54LM20_SLEEP: ("sram_bytes", "sleep_w"),
        AXON_TABLES: ("keyword_time_s", "keyword_energy_j", "anomaly_time_s"),
        AXON_FIT: ("mac_j", "weight_byte_j"),
    },
)
