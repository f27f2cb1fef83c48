"""Chips in an earbud, the earbud, and what the lab assumes of them."""

from dataclasses import replace

from rooflab.facts.hearable_sources import (
    ALGORITHM_ASSUMPTION,
    APOLLO4_LAB_ASSUMPTION,
    AXON_FIT,
    BUS_ASSUMPTION,
    BUS_WIDTHS,
    CMSIS_NN_FIT,
    EARBUD_ASSUMPTION,
    ESP32_STATIC_DRAM,
    ESP_DSP_BENCHMARKS,
    NORDIC_LAB_ASSUMPTION,
    PLAIN_C_ASSUMPTION,
    POINTWISE_ASSUMPTION,
    SRAM_WIDTHS,
    WAKE_ASSUMPTION,
)
from rooflab.facts.microcontrollers import APOLLO4_PLUS, ESP32, ESP32_S3, NRF54LM20B
from rooflab.facts.sources import ESP_NN_README
from rooflab.specs import Earbud, HearableChip, EarbudAlgorithms, EarbudConstants, McuKernel, McuMemory
from rooflab.units import KIB

__all__ = [
    "BUSES",
    "CMSIS_NN",
    "EARBUD",
    "HEARABLE_CHIPS",
    "HOP_ALGORITHMS",
    "HOP_CONSTANTS",
    "HOP_CONSTANTS_FAST",
    "HOP_CONSTANTS_SLOW",
    "with_buses",
]

_DOT_POINTS = 256  # of Espressif's float benchmark
_AXON_CLOCK_HZ = 128e6
_KEYWORD_MACS = 2.66e6
_ANOMALY_WEIGHT_BYTES = 270e3

_PLAIN_INT8 = McuKernel(
    call_cycles=ESP32.call_cycles,
    output_cycles=ESP32.output_cycles,
    mac_cycles=ESP32.mac_cycles,
    lanes=1,
)
_PLAIN_FLOAT = McuKernel(call_cycles=0.0, output_cycles=0.0, mac_cycles=1311 / _DOT_POINTS, lanes=1)

CMSIS_NN = McuKernel(call_cycles=600.0, output_cycles=60.0, mac_cycles=1.3, lanes=1, tap_cycles=1.8)
"""CMSIS-NN on a Cortex-M4 or M7: half of what an output takes beside its multiply-adds is laid to the taps of a filter, whose inputs
are copied and widened first."""

BUSES: dict[str, McuMemory] = {
    each.name: each
    for each in (
        McuMemory(name="dual bus at 40 MHz", bytes_per_s=10e6, line_bytes=32, is_bus=True),
        McuMemory(name="quad bus at 40 MHz", bytes_per_s=20e6, line_bytes=32, is_bus=True),
        McuMemory(name="quad bus at 80 MHz", bytes_per_s=40e6, line_bytes=32, is_bus=True),
        McuMemory(name="octal bus at 80 MHz", bytes_per_s=160e6, line_bytes=32, is_bus=True),
    )
}
"""External memory of Espressif's chips: it is cached, in lines; internal SRAM is not."""


def _over(memory: str, bus: str) -> McuMemory:
    return replace(BUSES[bus], name=f"{memory} on {'an' if bus[0] in 'aeiou' else 'a'} {bus}")


_ESP32 = HearableChip(
    id=ESP32.id,
    name="ESP32",
    clock_hz=ESP32.clock_hz,
    cores=ESP32.cores,
    kernels={
        ("int8", "scalar"): _PLAIN_INT8,
        ("int8", "vector"): _PLAIN_INT8,  # no vector unit
        ("float32", "scalar"): _PLAIN_FLOAT,
        ("float32", "vector"): replace(_PLAIN_FLOAT, mac_cycles=1047 / _DOT_POINTS),
    },
    memories={
        "sram": McuMemory(name="SRAM", bytes_per_s=4 * ESP32.clock_hz, line_bytes=1, is_bus=False),
        "flash": _over("flash", "quad bus at 80 MHz"),
        "psram": _over("PSRAM", "quad bus at 40 MHz"),
    },
    active_w=ESP32.active_w,
    sleep_w=ESP32.sleep_w,
    wake_s=0.5e-3,
    static_bytes=160 * KIB,
    sources={
        ESP32_STATIC_DRAM: ("static_bytes",),
        ESP32.source_of("clock_hz"): ("clock_hz", "active_w", "sleep_w"),
        ESP32.source_of("cores"): ("cores",),
        ESP_NN_README: ("kernels",),
        ESP_DSP_BENCHMARKS: ("kernels",),
        BUS_WIDTHS: ("memories",),
        SRAM_WIDTHS: ("memories",),
        WAKE_ASSUMPTION: ("wake_s",),
    },
)
_S3_VECTOR = McuKernel(
    call_cycles=ESP32_S3.call_cycles,
    output_cycles=ESP32_S3.output_cycles,
    mac_cycles=ESP32_S3.mac_cycles,
    lanes=ESP32_S3.lanes,
)
_ESP32_S3 = HearableChip(
    id=ESP32_S3.id,
    name="ESP32-S3",
    clock_hz=ESP32_S3.clock_hz,
    cores=ESP32_S3.cores,
    kernels={
        ("int8", "scalar"): _PLAIN_INT8,
        ("int8", "vector"): _S3_VECTOR,
        ("float32", "scalar"): _PLAIN_FLOAT,
        ("float32", "vector"): replace(_S3_VECTOR, mac_cycles=432 / _DOT_POINTS, lanes=4),
    },
    memories={
        "sram": McuMemory(name="SRAM", bytes_per_s=16 * ESP32_S3.clock_hz, line_bytes=1, is_bus=False),
        "flash": _over("flash", "quad bus at 80 MHz"),
        "psram": _over("PSRAM", "octal bus at 80 MHz"),
    },
    active_w=ESP32_S3.active_w,
    sleep_w=ESP32_S3.sleep_w,
    wake_s=0.5e-3,
    sources={
        ESP_NN_README: ("clock_hz", "kernels"),
        ESP_DSP_BENCHMARKS: ("kernels",),
        ESP32_S3.source_of("active_w"): ("active_w",),
        ESP32_S3.source_of("sleep_w"): ("sleep_w",),
        ESP32_S3.source_of("cores"): ("cores",),
        BUS_WIDTHS: ("memories",),
        SRAM_WIDTHS: ("memories",),
        WAKE_ASSUMPTION: ("wake_s",),
    },
)
_APOLLO4 = HearableChip(
    id=APOLLO4_PLUS.id,
    name="Apollo4 Plus",
    clock_hz=APOLLO4_PLUS.clock_hz,
    cores=APOLLO4_PLUS.cores,
    kernels={
        ("int8", "scalar"): _PLAIN_INT8,
        ("int8", "vector"): CMSIS_NN,
        ("float32", "scalar"): _PLAIN_FLOAT,
        ("float32", "vector"): _PLAIN_FLOAT,
    },
    memories={
        "sram": McuMemory(name="SRAM", bytes_per_s=4 * APOLLO4_PLUS.clock_hz, line_bytes=1, is_bus=False),
        "flash": McuMemory(name="MRAM", bytes_per_s=96e6, line_bytes=32, is_bus=False),
    },
    active_w=APOLLO4_PLUS.active_w,
    sleep_w=20e-6,
    wake_s=20e-6,
    sources={
        APOLLO4_PLUS.source_of("clock_hz"): ("clock_hz", "cores"),
        APOLLO4_PLUS.source_of("active_w"): ("active_w",),
        CMSIS_NN_FIT: ("kernels",),
        PLAIN_C_ASSUMPTION: ("kernels",),
        APOLLO4_LAB_ASSUMPTION: ("memories", "sleep_w"),
        SRAM_WIDTHS: ("memories",),
        WAKE_ASSUMPTION: ("wake_s",),
    },
)
_AXON_RATE = _ANOMALY_WEIGHT_BYTES / NRF54LM20B.anomaly_time_s
_NRF54 = HearableChip(
    id=NRF54LM20B.id,
    name="nRF54LM20B with NPU",
    clock_hz=_AXON_CLOCK_HZ,
    cores=1,
    kernels={
        ("int8", "scalar"): _PLAIN_INT8,
        ("int8", "vector"): McuKernel(
            call_cycles=0.0,
            output_cycles=0.0,
            mac_cycles=_AXON_CLOCK_HZ * NRF54LM20B.keyword_time_s / _KEYWORD_MACS,
            lanes=1,
            mac_j=NRF54LM20B.mac_j,
            weight_byte_j=NRF54LM20B.weight_byte_j,
        ),
        ("float32", "scalar"): _PLAIN_FLOAT,
        ("float32", "vector"): _PLAIN_FLOAT,
    },
    memories={
        "sram": McuMemory(name="RAM", bytes_per_s=_AXON_RATE, line_bytes=1, is_bus=False),
        "flash": McuMemory(name="resistive memory", bytes_per_s=_AXON_RATE, line_bytes=1, is_bus=False),
    },
    active_w=3.0e-3 * 3.0,
    sleep_w=NRF54LM20B.sleep_w,
    wake_s=20e-6,
    sources={
        NORDIC_LAB_ASSUMPTION: ("clock_hz", "cores", "active_w", "memories"),
        AXON_FIT: ("kernels", "memories"),
        PLAIN_C_ASSUMPTION: ("kernels",),
        NRF54LM20B.source_of("sleep_w"): ("sleep_w",),
        WAKE_ASSUMPTION: ("wake_s",),
    },
)

HEARABLE_CHIPS: tuple[HearableChip, ...] = (_ESP32, _ESP32_S3, _APOLLO4, _NRF54)
"""The chips of the lab. GAP9, MAX78000 and NDP120 lack too many figures, or recurrent layers."""


def with_buses(*, flash: str, psram: str) -> tuple[HearableChip, ...]:
    """Return the chips, Espressif's with other external memories; the plain ESP32 has no octal bus."""
    quad = psram if psram != "octal bus at 80 MHz" else "quad bus at 80 MHz"
    return tuple(
        replace(
            each,
            memories={
                "sram": each.memories["sram"],
                "flash": _over("flash", flash),
                "psram": _over("PSRAM", quad if each.id == ESP32.id else psram),
            },
        )
        if "psram" in each.memories
        else each
        for each in HEARABLE_CHIPS
    )


HOP_CONSTANTS = EarbudConstants(
    id="hop-constants",
    bus_fraction=0.7,
    activation_cycles=15.0,
    pointwise_cycles=5.0,
    unpack_cycles=1.0,
    sources={
        BUS_ASSUMPTION: ("bus_fraction",),
        POINTWISE_ASSUMPTION: ("activation_cycles", "pointwise_cycles", "unpack_cycles"),
    },
)
# The ends of the ranges that the sources of HOP_CONSTANTS name.
HOP_CONSTANTS_FAST = replace(
    HOP_CONSTANTS,
    id="hop-constants-fast",
    bus_fraction=0.9,
    activation_cycles=8.0,
    pointwise_cycles=3.0,
    unpack_cycles=0.5,
)
HOP_CONSTANTS_SLOW = replace(
    HOP_CONSTANTS,
    id="hop-constants-slow",
    bus_fraction=0.5,
    activation_cycles=40.0,
    pointwise_cycles=12.0,
    unpack_cycles=2.0,
)

EARBUD = Earbud(
    id="earbud",
    hop_s=5e-3,
    front_end_w=0.45e-3,
    sram_bytes=288e3,
    flash_bytes=1e6,
    psram_bytes=2e6,
    silent_fraction=0.6,
    easy_fraction=0.5,
    sources={
        EARBUD_ASSUMPTION: (
            "hop_s",
            "front_end_w",
            "sram_bytes",
            "flash_bytes",
            "psram_bytes",
        ),
        ALGORITHM_ASSUMPTION: ("silent_fraction", "easy_fraction"),
    },
)

HOP_ALGORITHMS = EarbudAlgorithms(
    id="hop-algorithms",
    caught_fraction={"none": 0.0, "cautious": 0.70, "eager": 0.95, "exit": 0.90},
    gate_cost_fraction={"none": 0.0, "cautious": 0.06, "eager": 0.06, "exit": 0.30},
    speech_lost_fraction={"none": 0.0, "cautious": 0.002, "eager": 0.02, "exit": 0.004},
    kept_fraction={"dense": 1.0, "blocks": 0.5, "scattered": 0.5},
    worth_fraction={"dense": 1.0, "blocks": 0.80, "scattered": 0.92},
    expert_size_fraction={1: 1.0, 2: 0.8, 4: 0.6},
    router_fraction=0.04,
    sources={
        ALGORITHM_ASSUMPTION: (
            "caught_fraction",
            "gate_cost_fraction",
            "speech_lost_fraction",
            "kept_fraction",
            "worth_fraction",
            "expert_size_fraction",
            "router_fraction",
        ),
    },
)
