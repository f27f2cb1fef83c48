"""Who earned a speed-up: factors by hand, in no order, and what is said where none can be given."""

from math import prod, sqrt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooflab.analyses.gains import OTHER, gains
from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate
from rooflab.specs import Lever
from rooflab.tracks import track
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, LEVERS, design, scenario


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def shared(before, after):
    return gains(scenario(), before, after, LEVERS)


def time_s(**changes):
    return float(evaluate(scenario(), design(**changes)).output_time_s)


def test_one_lever_earns_all_of_its_speed_up():
    found = shared(design(), design(fusion="111"))

    factors = {each.lever_id: each.factor for each in found.gains}
    assert factors == {"precision": 1, "fusion": pytest.approx(time_s() / time_s(fusion="111")), "algorithm": 1}
    assert [each.changed for each in found.gains] == [False, True, False]


def test_two_levers_share_what_each_earns_first_and_last():
    found = shared(design(), design(fusion="111", precision="narrow"))

    none, fused, narrow, both = time_s(), time_s(fusion="111"), time_s(precision="narrow"), time_s(fusion="111", precision="narrow")
    factors = {each.lever_id: each.factor for each in found.gains}
    assert factors["fusion"] == pytest.approx(sqrt(none / fused * narrow / both))
    assert factors["precision"] == pytest.approx(sqrt(none / narrow * fused / both))
    assert found.total_factor == pytest.approx(none / both)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*(st.sampled_from(each.space) for each in CONTROLS)), st.tuples(*(st.sampled_from(each.space) for each in CONTROLS)))
def test_factors_multiply_to_the_speed_up(one, other):
    names = [each.id for each in CONTROLS]
    before, after = (design(**dict(zip(names, values, strict=True))) for values in (one, other))

    found = shared(before, after)

    assert prod(each.factor for each in found.gains) == pytest.approx(found.total_factor)
    assert found.total_factor == pytest.approx(
        float(evaluate(scenario(), before).output_time_s) / float(evaluate(scenario(), after).output_time_s)
    )


def test_a_change_for_the_worse_is_below_one():
    (fusion,) = (each for each in shared(design(fusion="111"), design()).gains if each.changed)

    assert fusion.factor == pytest.approx(time_s(fusion="111") / time_s())
    assert fusion.factor < 1


def test_each_lever_tells_what_is_left_without_it():
    found = shared(design(), design(fusion="111", precision="narrow"))

    without = {each.lever_id: each.without_factor for each in found.gains}
    assert without["fusion"] == pytest.approx(time_s() / time_s(precision="narrow"))
    assert without["algorithm"] == pytest.approx(found.total_factor)


def test_fields_of_no_lever_are_other_changes():
    found = shared(design(), design(batch=256, fusion="111"))

    assert [each.lever_id for each in found.gains if each.changed] == ["fusion", OTHER]


def test_without_a_change_every_factor_is_one():
    found = shared(design(), design())

    assert [each.factor for each in found.gains] == [1, 1, 1]
    assert found.total_factor == 1


def test_a_mixture_that_cannot_be_built_is_named_and_the_total_stays():
    found = shared(design(), design(precision="refused", algorithm="half"))

    assert found.gains == ()
    assert found.problem == "Precision without Algorithm cannot be built: 1-byte elements are for the halved algorithm only."
    assert found.total_factor == pytest.approx(time_s() / time_s(precision="refused", algorithm="half"))


def test_a_lever_over_an_unknown_field_is_refused():
    with pytest.raises(BadDesign, match="no 'colour'"):
        gains(scenario(), design(), design(), (Lever(id="paint", name="Paint", fields=("colour",)),))


def test_a_format_without_matrix_units_on_the_first_gpu_is_named():
    place = track("cloud-titan").scenario(0)
    levers = (Lever(id="precision", name="Precision", fields=("precision",)), Lever(id="gpu", name="GPU", fields=("device_id",)))
    crisis = place.crisis  # on A100s, which have no FP8

    found = gains(place, crisis, crisis.replace(precision="fp8", device_id="h100-sxm"), levers)

    assert found.problem.startswith("Precision without GPU cannot be built: ")
    assert "A100" in found.problem
    assert found.total_factor > 1
