"""What is written is read again as it was."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooflab.cards.figures import FIGURES, figures_of
from rooflab.cards.reading import read_card
from rooflab.cards.writing import card_values, write_card
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, device
from rooflab.specs import Confidence, Device, MemoryLevel, Microcontroller, Precision, Source, SourceKind

OWN = Source(id="own", name="Measured \"here\" \\ with µ and 汉字", kind=SourceKind.OWN, confidence=Confidence.PRIMARY, date="2026-11-29")


def same(one, other):
    return type(one) is type(other) and all(getattr(one, each.name) == getattr(other, each.name) for each in fields(one))


@pytest.mark.parametrize("record", [*DEVICES, *MICROCONTROLLERS], ids=lambda each: each.id)
def test_every_known_device_comes_back_from_its_card(record):
    assert same(read_card(write_card(record)), record)
    assert same(read_card(json.dumps(card_values(record))), record)


@given(
    peak=st.floats(1e9, 1e15),
    ridge=st.floats(1, 1e4),
    levels=st.lists(st.tuples(st.floats(2048, 1e12), st.floats(1e7, 1e14)), min_size=1, max_size=4),
    name=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40),
)
def test_a_measured_machine_comes_back_to_the_last_bit(peak, ridge, levels, name):
    machine = Device(
        id="this-machine-one-core",
        name=f"This machine {name}",
        peak_flop_per_s={Precision.FP32: peak, Precision.FP64: peak / 2},
        hbm_bytes_per_s=max(1e6, peak / ridge),
        memory_levels=tuple(MemoryLevel(capacity_bytes=size, bytes_per_s=rate) for size, rate in levels),
        sources={OWN: ("peak_flop_per_s", "hbm_bytes_per_s", "memory_levels")},
    )

    assert same(read_card(write_card(machine)), machine)
    assert same(read_card(json.dumps(card_values(machine))), machine)


def test_a_number_is_written_as_people_write_it():
    text = write_card(device("a100-sxm-80gb"))

    assert "bf16 = 312e12\n" in text
    assert "hbm_bytes_per_s = 2.039e12\n" in text
    assert "hbm_bytes = 85899345920\n" in text


def test_every_figure_of_a_record_has_a_unit_for_its_card():
    named = {name for kind in (Device, Microcontroller) for name in figures_of(kind)}

    assert named - set(FIGURES) == {"memory_levels"}  # a list of what has units itself
