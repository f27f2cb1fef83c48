"""Microcontrollers that no track offers. One record each; a figure that is not published is absent."""

from rooflab.facts.device_sources import GAP9_PAGE, MAX78000_SHEET, NDP120_RESULTS
from rooflab.specs import Microcontroller
from rooflab.units import KIB

__all__ = ["GAP9", "MAX78000", "NDP120"]

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
