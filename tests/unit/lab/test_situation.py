"""Where a part begins: its own situation, what differs from the part before, and the design that the crisis is measured against."""

import pytest

from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting
from rooflab.lab.situation import COMPUTED, differences, facts_of, reference_rows
from rooflab.tracks import TRACKS
from rooflab.units import format_reading

LATER = [(each.id, number, variant) for each in TRACKS for number in (2, 3) for variant in range(3)]


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_each_part_has_a_situation_of_its_own(track):
    told = [facts_of(track, part) for part in track.parts]

    assert told[0]["Crisis"] == track.crisis
    assert all(track.crisis not in facts.values() for facts in told[1:])
    assert told[1]["Situation"] != told[2]["Situation"]


@pytest.mark.parametrize(("track", "number", "variant"), LATER)
def test_a_part_tells_every_setting_and_limit_that_it_changed(track, number, variant):
    place, earlier = setting(track, number, variant), setting(track, number - 1, variant)
    told = {each.name: each for each in differences(place)}

    assert all(each.before != each.after for each in told.values())
    labels = {each.id: each.label for part in place.track.parts for each in part.controls}
    for field, label in labels.items() - {("device_id", "GPU")}:  # told with their number, which changes by itself
        assert (label in told) == (getattr(place.start, field) != getattr(earlier.start, field))
    limits = [{each.name: each.limit for each in found.scenario.targets} for found in (earlier, place)]
    for name in limits[0].keys() | limits[1].keys():
        assert (f"Target: {name}" in told) == (limits[0].get(name) != limits[1].get(name))


def test_the_first_part_changes_nothing():
    assert differences(setting("cloud-titan", 1, 0)) == ()


@pytest.mark.parametrize("variant", range(4))
def test_the_a100_baseline_stands_beside_the_crisis_with_its_rate(variant):
    place = setting("cloud-titan", 1, variant)
    rows = {each.name: each for each in reference_rows(place)}
    reference = place.scenario.reference

    assert {each.label for each in place.part.controls} <= rows.keys()
    assert rows["Batch"].after == f"{reference.batch} sequences" and rows["GPU"].after.startswith("8 × NVIDIA A100")
    rate = rows["Throughput"]
    assert rate.after == format_reading(float(evaluate(place.scenario, reference).tokens_per_s), "tokens/s")
    assert rate.basis == COMPUTED and {each.basis for each in rows.values() if each is not rate} == {"assumed", "chosen", "datasheet"}
    assert rows["GPU"].basis == "datasheet" and rows["Batch"].basis == "assumed"


@pytest.mark.parametrize("track", [each.id for each in TRACKS[1:]])
def test_a_repaired_crisis_waits_for_the_diagnosis_and_missions_have_none(track):
    first = setting(track, 1, 0)

    assert first.scenario.reference_answers and reference_rows(first)
    assert [reference_rows(setting(track, number, 0)) for number in (2, 3)] == [(), ()]
