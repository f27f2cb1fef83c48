"""Energy of operations and bytes. One record for each technology; what is not published is absent."""

from rooflab.errors import FactError
from rooflab.facts.sources import (
    AXON_DERIVED,
    H100_TDP_DERIVED,
    HOROWITZ_2014,
    HOROWITZ_2014_MEMORIES,
    JOUPPI_2021,
    ORIN_MAXQ,
)
from rooflab.specs import EnergyCosts

__all__ = ["ENERGIES", "energy"]

NODE_45NM = EnergyCosts(
    id="45nm",
    name="CMOS at 45 nm and 0.9 V",
    add_j={"int8": 0.03e-12, "int32": 0.1e-12, "fp16": 0.4e-12, "fp32": 0.9e-12},
    multiply_j={"int8": 0.2e-12, "fp16": 1.1e-12, "fp32": 3.7e-12},
    wide_multiply_j=3.1e-12,
    sram_8k_j_per_byte=10e-12 / 8,
    sram_32k_j_per_byte=20e-12 / 8,
    sram_1m_j_per_byte=100e-12 / 8,
    dram_j_per_byte=1300e-12 / 8,
    sources={
        HOROWITZ_2014: ("add_j", "multiply_j"),
        HOROWITZ_2014_MEMORIES: (
            "wide_multiply_j",
            "sram_8k_j_per_byte",
            "sram_32k_j_per_byte",
            "sram_1m_j_per_byte",
            "dram_j_per_byte",
        ),
    },
)
NODE_7NM = EnergyCosts(
    id="7nm",
    name="CMOS at 7 nm",
    add_j={"int8": 0.007e-12, "bf16": 0.11e-12, "fp32": 0.38e-12},
    multiply_j={"int8": 0.07e-12, "bf16": 0.21e-12, "fp32": 1.31e-12},
    sram_8k_j_per_byte=7.5e-12 / 8,
    sram_1m_j_per_byte=14e-12 / 8,
    hbm_j_per_byte=350e-12 / 8,
    dram_j_per_byte=1300e-12 / 8,
    sources={
        JOUPPI_2021: (
            "add_j",
            "multiply_j",
            "sram_8k_j_per_byte",
            "sram_1m_j_per_byte",
            "hbm_j_per_byte",
            "dram_j_per_byte",
        )
    },
)
H100_AT_LIMIT = EnergyCosts(
    id="h100-at-limit",
    name="NVIDIA H100 at its power limit and peak",
    system_j_per_flop={"bf16": 700 / 989e12},
    sources={H100_TDP_DERIVED: ("system_j_per_flop",)},
)
ORIN_AT_MAXQ = EnergyCosts(
    id="orin-at-maxq",
    name="NVIDIA Jetson AGX Orin in its thriftiest mode",
    system_j_per_flop={"int8": 23.57 / (3526 * 8.2e9)},
    sources={ORIN_MAXQ: ("system_j_per_flop",)},
)
AXON_NPU = EnergyCosts(
    id="axon-npu",
    name="Nordic Axon NPU",
    system_j_per_flop={"int8": 14.5e-12 / 2},
    weight_j_per_byte=36.4e-12,
    sources={AXON_DERIVED: ("system_j_per_flop", "weight_j_per_byte")},
)

ENERGIES: tuple[EnergyCosts, ...] = (NODE_45NM, NODE_7NM, H100_AT_LIMIT, ORIN_AT_MAXQ, AXON_NPU)


def energy(energy_id: str) -> EnergyCosts:
    """Return the energies of that id.

    Raises:
        FactError: no such record is known.
    """
    for each in ENERGIES:
        if each.id == energy_id:
            return each
    known = ", ".join(each.id for each in ENERGIES)
    raise FactError(f"No energies {energy_id!r} are known; known are {known}.")
