"""Chips, networks and buses of the earbud: sourced, physical, and nothing made up where nothing is known."""

import pytest

from rooflab.errors import FactError
from rooflab.facts import hearable_sources, sources
from rooflab.facts.hearables import EARBUD, HEARABLE_CHIPS, HOP_ALGORITHMS, HOP_CONSTANTS, with_buses
from rooflab.facts.devices import MICROCONTROLLERS
from rooflab.facts.microcontrollers import NRF54LM20B
from rooflab.facts.networks_tiny import ISOLATION_LSTM
from rooflab.specs import Confidence, Source

OWN = [getattr(hearable_sources, name) for name in hearable_sources.__all__]
RECORDS = [*HEARABLE_CHIPS, ISOLATION_LSTM, EARBUD, HOP_ALGORITHMS, HOP_CONSTANTS]


def test_sources_have_ids_of_their_own():
    ids = [each.id for each in (*OWN, *(getattr(sources, name) for name in sources.__all__))]

    assert len(set(ids)) == len(ids)
    assert all(isinstance(each, Source) and each.name and each.date for each in OWN)


def test_what_no_vendor_publishes_is_called_assumed():
    assert EARBUD.source_of("hop_s").confidence is Confidence.ASSUMED
    assert HOP_ALGORITHMS.source_of("caught_fraction").confidence is Confidence.ASSUMED
    assert HOP_CONSTANTS.source_of("bus_fraction").confidence is Confidence.ASSUMED
    apollo = next(each for each in HEARABLE_CHIPS if each.id == "apollo4-plus")
    assert apollo.source_of("sleep_w").confidence is Confidence.ASSUMED


@pytest.mark.parametrize(
    ("chip_id", "missing"),
    [("gap9", "active_w"), ("max78000", "clock_hz"), ("ndp120", "sram_bytes"), ("nrf54lm20b", "clock_hz")],
)
def test_what_is_not_published_is_absent_and_raises(chip_id, missing):
    with pytest.raises(FactError, match=f"{chip_id} has no fact '{missing}'"):
        next(each for each in MICROCONTROLLERS if each.id == chip_id).fact(missing)


@pytest.mark.parametrize("chip", HEARABLE_CHIPS, ids=lambda each: each.id)
def test_a_chip_is_physical(chip):
    assert 100e6 <= chip.clock_hz <= 400e6
    assert 10e6 < chip.peak_flop_per_s("int8") < 5e9
    assert chip.sleep_w < chip.active_w < 1
    assert all(1e6 < each.bytes_per_s < 5e9 for each in chip.memories.values())


def test_the_vector_core_peaks_at_its_inner_loop():
    chip = next(each for each in HEARABLE_CHIPS if each.id == "esp32-s3")

    assert chip.peak_flop_per_s("int8") == pytest.approx(2 * 240e6 / 0.681)
    assert chip.kernels["float32", "vector"].mac_cycles == 432 / 256


def test_one_inference_of_the_accelerator_takes_its_published_energy():
    chip = NRF54LM20B

    assert chip.keyword_energy_j == pytest.approx(40.5e-6)  # 4.5 ms at 3.0 mA and 3.0 V
    assert 2.66e6 * chip.mac_j + 52_500 * chip.weight_byte_j == pytest.approx(chip.keyword_energy_j, rel=0.01)


def test_the_plain_esp32_has_no_octal_bus():
    chips = {each.id: each for each in with_buses(flash="dual bus at 40 MHz", psram="octal bus at 80 MHz")}

    assert chips["esp32-s3"].memory("psram").bytes_per_s == 160e6
    assert chips["esp32"].memory("psram").bytes_per_s == 40e6
    assert chips["esp32"].memory("flash").bytes_per_s == 10e6
    assert "psram" not in chips["apollo4-plus"].memories
