"""The lab's services over every part of every track that this version has."""

import pytest

from rooflab.analyses.claim import attribute
from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.readings import reading
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_markdown
from rooflab.lab.setting import demand_answer, optimum, setting
from rooflab.lab.steps.commits import committed, diagnosed, pinned, proposed, replied, revealed
from rooflab.lab.steps.share import decode, encode
from rooflab.tracks import TRACKS
from tests.unit.lab.fakes import NOW, asked, ledger_of

VARIANTS = (0, 3)
PARTS = [(each, part.number) for each in TRACKS for part in each.parts]
over_parts = pytest.mark.parametrize(
    ("track", "number"), PARTS, ids=[f"{each.id}-{number}" for each, number in PARTS]
)
over_variants = pytest.mark.parametrize("variant", VARIANTS)


def walked(place):
    """Return the ledger of a learner who does the whole part, reads every gauge and finds the best design."""
    track, part = place.track, place.part
    ledger = ledger_of(*asked(track, part), variant=place.variant)
    entries = [
        pinned(place, place.start, reading(place.scenario, part, place.start, gauge.id), at=NOW)
        for gauge in part.gauges
    ]
    entries += revealed(place, at=NOW)
    if part.diagnosis is not None:
        entries.append(committed(place, place.start, at=NOW, role="explored"))
        entries.append(diagnosed(place, part.diagnosis.choices[0].id, at=NOW))
    if place.mission is not None:
        best = optimum(*place.key).best[0]
        attempts = (place.start, place.mission.tempting, best)
        entries += [committed(place, design, at=NOW, role="attempt") for design in attempts]
        entries.append(committed(place, best, at=NOW, role="final"))
        if part.tiling is not None:
            problem = part.tiling(place.scenario, best)
            tile = {"tile_rows": problem.tile_rows[0], "tile_columns": problem.tile_columns[0]}
            entries.append(proposed(place, best, **tile, split=problem.splits[0], at=NOW))
        if part.demand is not None:
            entries.append(replied(place, best, "accept", attributed_id=part.controls[0].id, at=NOW))
            found = attribute(place.mission, part.controls, part.demand, best)
            right = demand_answer(*place.key).right[0]
            entries.append(replied(place, best, right, attributed_id=found.leading[0], at=NOW, revision=True))
    for entry in entries:
        ledger = append(ledger, entry)
    return ledger


@over_parts
@over_variants
def test_what_the_lab_writes_is_confirmed_by_replay(track, number, variant):
    again = replay(parse(dump(walked(setting(track.id, number, variant)))))

    assert again.differences == ()
    assert again.findings == ()
    assert len(again.values) > len(track.part(number).gauges)


@over_parts
@over_variants
def test_the_report_says_what_came_out(track, number, variant):
    place = setting(track.id, number, variant)

    text = to_markdown(report(walked(place)))

    assert "cannot be computed" not in text and "cannot read" not in text
    if place.mission is not None:
        assert "the best feasible design" in text


@over_parts
@over_variants
def test_a_link_carries_start_tempting_and_best_design(track, number, variant):
    place = setting(track.id, number, variant)
    designs = [place.start]
    if place.mission is not None:
        designs += [place.mission.tempting, optimum(*place.key).best[0]]

    for design in designs:
        assert decode(encode(track.id, number, variant, design)).design == design


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
@over_variants
def test_the_answer_key_is_whole(track, variant):
    for part in answer_key(track.id, variant).parts:
        assert all(each.explanation for each in part.answers)
        assert bool(part.mission) == (part.number > 1)
