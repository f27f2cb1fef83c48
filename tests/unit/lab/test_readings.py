"""What instruments read."""

import pytest

from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.lab.readings import figures, reading
from rooflab.lab.setting import setting
from tests.unit.lab.fakes import SCHOOL, mission


@pytest.fixture
def place(track):
    return setting(SCHOOL, 2, 0)


def read(place, instrument, layer=""):
    return reading(place.scenario, place.part, place.start, instrument, layer)


def test_a_gauge_reads_its_figure_with_its_unit(place):
    made = read(place, "step-time")

    assert made.value == evaluate(place.scenario, place.start).step_time_s
    assert (made.name, made.unit) == ("Time per token", "s")


def test_the_roofline_reads_the_intensity_of_one_layer(place):
    made = read(place, "roofline", "attention")

    operators = evaluate(place.scenario, place.start).operators
    at = operators.ids.index("attention")
    assert made.value == operators.flop[at] / operators.hbm_bytes[at]
    assert (made.name, made.unit, made.layer) == (f"Intensity of {operators.names[at]}", "FLOP/byte", "attention")


@pytest.mark.parametrize("instrument", ["mbu", "kv-share", "throughput", "capacity"])
def test_the_instruments_of_the_first_lab_still_read(place, instrument):
    assert read(place, instrument).value > 0


def test_an_unknown_instrument_is_refused_with_those_there_are(place):
    with pytest.raises(BadDesign, match="it has roofline, rate, step-time, mfu, time-memory, time-compute, time-latency, memory, profiler."):
        read(place, "barometer")


def test_an_unknown_layer_is_refused(place):
    with pytest.raises(BadDesign, match="No operator 'soul'"):
        read(place, "roofline", "soul")


def test_a_committed_design_keeps_targets_objective_and_gauges(place):
    outcome = evaluate(place.scenario, mission().tempting)

    kept = figures(place.part, place.mission, outcome)

    assert kept["tokens-per-s"] == outcome.tokens_per_s
    assert kept["step-time-s"] == outcome.step_time_s
    assert kept["feasible"] == 0.0
