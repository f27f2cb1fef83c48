"""The words of a whole part, from brief to reflection, before anything is unfolded or another tab is opened: at most 1,300."""

from functools import cache

import pytest
from tests.browser.ledgers import CLAIM, RISK, _part, _reflection, clock
from tests.unit.views.test_app import Lab, shown
from tests.unit.views.visible import Read, document_lines, page_lines

from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import Pin, TrackOpened
from rooflab.lab.ledger.ledger import Ledger, append, dump
from rooflab.lab.readings import reading
from rooflab.lab.setting import design_of, setting
from rooflab.lab.steps.commits import pinned
from rooflab.lab.steps.modes import MODES, steps
from rooflab.tracks import TRACKS

MOST = 1300
ATTEMPTS = 2
AT = "2026-11-02T09:00:00Z"


def committed(ledger_so_far, place, now):
    """Yield what a learner commits in a part of the longest mode, its reflection last."""
    made = list(_part(place, now, ATTEMPTS))
    yield from made
    final = next((design_of(place, each.design) for each in made if getattr(each, "role", "") == "final"), None)
    other = next(each for each in place.part.controls if each.choices)
    checked = final or place.start.replace(**{other.id: next(each for each in other.space if each != getattr(place.start, other.id))})
    operator = evaluate(place.scenario, place.start).operators.ids[0]
    yield pinned(place, checked, reading(place.scenario, place.part, checked, "roofline", operator), at=next(now))
    pin = max(each.seq for each in ledger_so_far().of(*place.key[:2]) if isinstance(each, Pin))
    yield _reflection(*place.key[:2], pin, next(now))


def done_before(track_id, number):
    """Return the ledger of one who did the parts before in the longest mode."""
    held, now = [append(Ledger.new(AT, "learner"), TrackOpened(at=AT, track=track_id, part=1, mode=MODES[-1].id))], clock()
    for each in range(1, number):
        for entry in committed(lambda: held[0], setting(track_id, each, 0), now):
            held[0] = append(held[0], entry)
    return held[0]


@cache
def read(track_id, number):
    """Return the words read at each step of a part in the longest mode, which has every step of the others."""
    lab, found = Lab(dump(done_before(track_id, number)), fragment=f"#{track_id}/{number}"), Read(own=(CLAIM, RISK))
    found.take("brief", page_lines(lab.app.place(), number))
    for entry in committed(lambda: lab.app.ledger, setting(track_id, number, 0), clock()):
        step = lab.app.place()["step"]
        if step not in found.by_step:
            found.take(step, document_lines(shown(lab.app, tabs=()).roots))
        lab.app.commit(entry)
    assert lab.app.place()["step"] == "done"
    found.take("reflect", document_lines(shown(lab.app, tabs=()).roots))
    return found.by_step


@pytest.mark.parametrize(("track", "number"), [(each, number) for each in TRACKS for number in (1, 2, 3)], ids=lambda each: getattr(each, "id", str(each)))
def test_the_words_of_a_whole_part_are_few_in_every_mode(track, number):
    by_step = read(track.id, number)
    assert set(steps(number, MODES[-1].id)) <= set(by_step)

    for mode in MODES:
        count = sum(by_step[step] for step in steps(number, mode.id))
        print(f"{track.id} {number} {mode.id}: {count} words")
        assert 300 < count <= MOST, (mode.id, by_step)
