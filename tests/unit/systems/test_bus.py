"""The bus by hand: what it carries, what of that is needed, and the share of a step that waits for it."""

import numpy as np
import pytest

from rooflab.evaluate import evaluate, formulas
from rooflab.lab.readings import reading
from rooflab.lab.setting import optimum, setting
from rooflab.tracks import TRACKS
from rooflab.units import format_fraction

PLACES = [(each.id, number, variant) for each in TRACKS for number in (1, 2, 3) for variant in (0, 1, 3)]


def designs(place):
    """Return the start of a part, and for a mission its best and its tempting design."""
    if place.mission is None:
        return (place.start,)
    return (place.start, place.mission.tempting, optimum(*place.key).best[0])


@pytest.mark.parametrize("key", PLACES, ids=lambda key: "-".join(map(str, key)))
def test_what_is_needed_is_carried_and_no_more_than_the_bus_can(key):
    place = setting(*key)
    for design in designs(place):
        outcome = evaluate(place.scenario, design)

        assert 0 < outcome.mbu_fraction <= outcome.bus_busy_fraction * (1 + 1e-9)
        assert outcome.bus_busy_fraction <= 1


@pytest.mark.parametrize("key", PLACES, ids=lambda key: "-".join(map(str, key)))
def test_the_pieces_of_the_step_are_shares_of_its_time(key):
    place = setting(*key)
    outcome = evaluate(place.scenario, place.start)
    link = outcome.bound_times_s[3] / outcome.step_time_s

    pinned = [reading(place.scenario, place.part, place.start, f"time-{each}").value for each in ("memory", "compute", "latency")]

    assert pinned == pytest.approx([each / outcome.step_time_s for each in outcome.bound_times_s[:3]])
    assert sum(pinned) + link == pytest.approx(1)


def test_the_bus_of_the_glasses_is_busy_with_what_is_not_needed():
    """Bytes carried in a frame at the datasheet's rate, against those that had to move: apart by the tensors inside blocks."""
    place = setting("mobile-nomad", 1, 0)
    outcome = evaluate(place.scenario, place.start)
    rows = outcome.operators
    carried = float((rows.weight_bytes + rows.activation_bytes + rows.kv_bytes).sum())
    could = float(outcome.step_time_s) * place.scenario.device.fact("hbm_bytes_per_s")

    busy = reading(place.scenario, place.part, place.start, "bus")
    needed = reading(place.scenario, place.part, place.start, "mbu")

    assert busy.value == pytest.approx(carried / could)
    assert busy.value > 4 * needed.value


def test_the_bus_of_the_earbud_carries_what_fills_up_lines_too():
    """One hop by hand: stored bytes of a row times rows, and the biases, from the memory that holds the weights."""
    place = setting("tiny-pioneer", 1, 0)
    outcome = evaluate(place.scenario, place.start)
    carried = float(outcome.operators.weight_bytes.sum())

    assert outcome.carried_bytes == carried
    assert outcome.bus_busy_fraction == pytest.approx(carried / (outcome.step_time_s * outcome.hbm_bytes_per_s))
    assert outcome.carried_bytes < outcome.operators.hbm_bytes.sum()


def test_a_grid_is_as_its_designs():
    place = setting("mobile-nomad", 1, 0)
    rates = (30, 60, 90)
    grid = evaluate(place.scenario, place.start.replace(frames_per_s=np.array(rates)))
    each = [evaluate(place.scenario, place.start.replace(frames_per_s=rate)).bus_busy_fraction for rate in rates]

    assert grid.bus_busy_fraction.tolist() == pytest.approx(each)


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_math_peek_has_the_bus_with_the_gauges_number(track):
    place = setting(track.id, 1, 0)
    outcome = evaluate(place.scenario, place.start)
    found = next(each for each in formulas(place.scenario, place.start, outcome) if each.id == "bus")

    assert found.result == format_fraction(outcome.bus_busy_fraction)
