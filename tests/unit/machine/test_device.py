"""The machine as a device: its source, its levels, and its card on every way back in."""

import pytest
from tests.unit.machine.measurements import RUN, rows

from rooflab.cards.reading import read_card
from rooflab.cards.writing import write_card
from rooflab.command.reading import read_cards
from rooflab.machine.device import ALL_CORES, card_device, measured_device
from rooflab.machine.study import study
from rooflab.open_bench.files import read_file
from rooflab.specs import Precision, SourceKind


@pytest.fixture(scope="module")
def found():
    return study(RUN, rows())


def test_the_device_says_that_it_was_measured_here_and_when(found):
    source = found.device.source_of("hbm_bytes_per_s")

    assert source.kind is SourceKind.OWN
    assert source.name == "Measured on this machine"
    assert source.date == RUN["date"][:10]
    assert found.device.source_of("peak_flop_per_s") is source
    assert found.device.source_of("memory_levels") is source


def test_what_a_browser_does_not_tell_is_assumed(found):
    assert found.device.source_of("hbm_bytes").assumed


def test_one_core_and_all_are_two_devices(found):
    every = measured_device(found.found, date="2026-11-30", cores=ALL_CORES)

    assert every.id != found.device.id
    assert every.peak(Precision.FP32) == found.found.all_flop_per_s
    assert found.device.peak(Precision.FP32) == found.found.peak_flop_per_s


def test_a_machine_of_one_core_has_no_device_of_all():
    alone = study(RUN, [each for each in rows() if each["workers"] == 1])

    assert measured_device(alone.found, date="2026-11-30", cores=ALL_CORES).id == alone.device.id


def test_the_card_has_two_digits_and_reads_back_as_it_was_written(found):
    card = card_device(found.device)
    text = write_card(card)
    again = read_card(text)

    assert write_card(again) == text
    assert again.peak(Precision.FP32) == float(f"{found.found.peak_flop_per_s:.2g}")
    assert len(again.memory_levels) == len(found.found.levels)


def test_the_card_loads_on_the_open_bench_and_in_the_command_line(found, tmp_path):
    text = write_card(card_device(found.device))
    file = tmp_path / "this-machine.toml"
    file.write_text(text, encoding="utf-8")

    loaded = read_file(file.name, text.encode()).device
    (read,) = read_cards([str(file)])

    assert loaded.hbm_bytes_per_s == read.hbm_bytes_per_s == float(f"{found.found.memory_bytes_per_s:.2g}")
