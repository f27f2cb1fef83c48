"""Microcontrollers that no track offers. One record each; a figure that is not published is absent."""

from rooflab.facts.device_sources import (
    ESP32_P4_DOCS,
    ESP_NN_P4,
    ESP_NN_P4_FIT,
    ESP_NN_P4_LOOPS,
    GAP9_PAGE,
    MAX78000_SHEET,
    NDP120_RESULTS,
    PICO_2_DOCS,
    STM32F746_SHEET,
    STM32N6_PAGE,
)
from rooflab.specs import Microcontroller
from rooflab.units import KIB

__all__ = ["ESP32_P4", "GAP9", "MAX78000", "NDP120", "RP2350", "STM32F746", "STM32N6"]

GAP9 = Microcontroller(
    id="gap9",
    name="GreenWaves GAP9 (10 RISC-V cores and NE16)",
    clock_hz=400e6,
    cores=10,
    sram_bytes=1.5 * KIB * KIB,
    nvm_bytes=2 * KIB * KIB,
    peak_flop_per_s=150.8e9,
    energy_j_per_flop=0.33e-12,
    sources={
        GAP9_PAGE: ("clock_hz", "cores", "sram_bytes", "nvm_bytes", "peak_flop_per_s", "energy_j_per_flop"),
    },
)
MAX78000 = Microcontroller(
    id="max78000",
    name="ADI MAX78000 (convolution accelerator, no recurrent layers)",
    cores=64,
    sram_bytes=442 * KIB,
    sources={MAX78000_SHEET: ("cores", "sram_bytes")},
)
NDP120 = Microcontroller(
    id="ndp120",
    name="Syntiant NDP120",
    keyword_time_s=1.48e-3,
    keyword_energy_j=43.8e-6,
    sources={NDP120_RESULTS: ("keyword_time_s", "keyword_energy_j")},
)
ESP32_P4 = Microcontroller(
    id="esp32-p4",
    name="Espressif ESP32-P4 (one RISC-V core, 128-bit vectors)",
    clock_hz=360e6,
    cores=2,
    sram_bytes=768 * KIB,
    peak_flop_per_s=11.52e9,
    lanes=16,
    call_cycles=370.0,
    output_cycles=61.0,
    mac_cycles=0.44,
    plain_output_cycles=31.0,
    plain_mac_cycles=9.3,
    sources={
        ESP_NN_P4: ("clock_hz", "lanes", "peak_flop_per_s"),
        ESP_NN_P4_FIT: ("call_cycles", "output_cycles", "plain_output_cycles", "plain_mac_cycles"),
        ESP_NN_P4_LOOPS: ("mac_cycles",),
        ESP32_P4_DOCS: ("cores", "sram_bytes"),
    },
)
RP2350 = Microcontroller(
    id="rp2350",
    name="Raspberry Pi RP2350 on Pico 2 (Cortex-M33)",
    clock_hz=150e6,
    cores=2,
    sram_bytes=520 * KIB,
    nvm_bytes=4 * KIB * KIB,
    sources={
        PICO_2_DOCS: ("clock_hz", "cores", "sram_bytes", "nvm_bytes"),
    },
)
STM32F746 = Microcontroller(
    id="stm32f746",
    name="STMicroelectronics STM32F746 (Cortex-M7)",
    clock_hz=216e6,
    sram_bytes=320 * KIB,
    nvm_bytes=512 * KIB,
    sources={
        STM32F746_SHEET: ("clock_hz", "sram_bytes", "nvm_bytes"),
    },
)
STM32N6 = Microcontroller(
    id="stm32n6",
    name="STMicroelectronics STM32N6 (Cortex-M55 and Neural-ART NPU)",
    clock_hz=800e6,
    sram_bytes=4.2e6,
    peak_flop_per_s=600e9,
    sources={
        STM32N6_PAGE: ("clock_hz", "sram_bytes", "peak_flop_per_s"),
    },
)
