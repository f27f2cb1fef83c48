"""Every figure of the facts is the one that its source prints, typed a second time in `printed.py`."""

from dataclasses import fields
from importlib import import_module

import pytest

from rooflab.facts.devices import DEVICES, MICROCONTROLLERS
from rooflab.facts.hearables import HEARABLE_CHIPS
from rooflab.facts.workloads import WORKLOADS
from tests.unit.facts import printed

# The words of the table of devices: a field, and the unit in which a source prints it.
UNITS = {
    "vector": ("vector_flop_per_s", 1e12),
    "dla": ("dla_flop_per_s", 1e12),
    "hbm": ("hbm_bytes_per_s", 1e9),
    "gib": ("hbm_bytes", 2**30),
    "gb": ("hbm_bytes", 1e9),
    "link": ("link_bytes_per_s", 1e9),
    "tdp": ("tdp_w", 1),
    "idle": ("idle_w", 1),
    "sms": ("sm_count", 1),
    "shared": ("shared_memory_bytes", 1024),
    "line": ("line_bytes", 1),
    "l2_mib": ("l2_bytes", 2**20),
    "l2_mb": ("l2_bytes", 1e6),
    "mhz": ("clock_hz", 1e6),
}
SHAPE = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab", "max_context_tokens", "experts", "experts_per_token")


def rows(text):
    """Return the rows of a table by the id before the colon."""
    return {name: words.split() for name, _, words in (line.partition(":") for line in text.strip().splitlines())}


def numbers(record):
    """Return every figure of a record, those of a table within it as a table."""
    found = {each.name: getattr(record, each.name) for each in fields(record) if each.name != "sources"}
    tables = {name: {str(key): value for key, value in each.items()} for name, each in found.items() if hasattr(each, "items")}
    plain = {name: each for name, each in found.items() if isinstance(each, int | float) and not isinstance(each, bool)}
    return plain | {name: each for name, each in tables.items() if all(isinstance(value, int | float) for value in each.values())}


def same(found, typed):
    """Whether two records of figures are the same to nine digits."""
    return found.keys() == typed.keys() and all(
        same(value, typed[name]) if isinstance(value, dict) else value == pytest.approx(typed[name], rel=1e-8) for name, value in found.items()
    )


@pytest.mark.parametrize("device", DEVICES, ids=lambda each: each.id)
def test_a_device_is_as_printed(device):
    typed = {"peak_flop_per_s": {}}
    for word, value in (each.split("=") for each in rows(printed.DEVICES)[device.id]):
        name, scale = UNITS.get(word, ("", 1e12))
        (typed if name else typed["peak_flop_per_s"])[name or word] = float(value) * scale

    assert same(numbers(device), typed)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.id)
def test_a_shape_is_as_configured(workload):
    assert [str(getattr(workload, name)) for name in SHAPE] == rows(printed.WORKLOADS)[workload.id]


@pytest.mark.parametrize("chip", MICROCONTROLLERS, ids=lambda each: each.id)
def test_a_microcontroller_is_as_printed(chip):
    assert same(numbers(chip), printed.MICROCONTROLLERS[chip.id])


@pytest.mark.parametrize("chip", HEARABLE_CHIPS, ids=lambda each: each.id)
def test_a_chip_of_the_earbud_is_as_printed_and_assumed(chip):
    kernels = {(chip.id, *key): (each.call_cycles, each.output_cycles, each.mac_cycles, each.lanes) for key, each in chip.kernels.items()}
    memories = {(chip.id, key): (each.bytes_per_s / 1e6, each.line_bytes) for key, each in chip.memories.items()}

    assert same(numbers(chip), printed.CHIPS[chip.id])
    for found, typed in ((kernels, printed.KERNELS), (memories, printed.MEMORIES)):
        assert found.keys() == {key for key in typed if key[0] == chip.id}
        assert all(value == pytest.approx(typed[key], rel=1e-5) for key, value in found.items())


@pytest.mark.parametrize("name", printed.CONSTANTS)
def test_a_constant_is_as_fitted_or_assumed(name):
    module, _, record = name.partition(".")

    assert same(numbers(getattr(import_module(f"rooflab.facts.{module}"), record)), printed.CONSTANTS[name])
