import pytest

from rooflab.errors import BadDesign
from rooflab.tracks import TRACKS, track


def test_there_are_four_tracks_in_order():
    assert [each.id for each in TRACKS] == [
        "cloud-titan",
        "edge-guardian",
        "mobile-nomad",
        "tiny-pioneer",
    ]


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_a_track_names_its_role_and_three_parts(each):
    assert each.persona
    assert each.north_star
    assert each.crisis
    assert [part.number for part in each.parts] == [1, 2, 3]
    assert all(part.title and part.objective for part in each.parts)


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_every_part_is_whole(each):
    for part in each.parts:
        assert part.briefing
        assert len(part.questions) >= 2
        assert (part.diagnosis is None) == (part.number > 1)
        assert (part.mission is None) == (part.number == 1)
        assert part.controls
        assert part.reflection


def test_an_unknown_track_says_which_there_are():
    with pytest.raises(BadDesign, match="no track 'sea'; there are cloud-titan"):
        track("sea")
