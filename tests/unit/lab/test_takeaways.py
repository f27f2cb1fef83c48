"""Every takeaway is met somewhere, and the map to its screens is kept true."""

import re

import pytest

from rooflab.lab.instruments import instruments_of
from rooflab.lab.ledger.entries import Observation
from rooflab.lab.ledger.machine_entries import PLACE
from rooflab.lab.report.takeaways import TAKEAWAYS, Place, met, place_words, taken_words
from rooflab.lab.steps.modes import steps
from rooflab.machine.questions import QUESTIONS
from rooflab.tracks import TRACKS, track
from tests.unit.lab.fakes import NOW, ledger_of, studied

# What lab.md lists under "What learners must take away", and the fallacies to hit.
LISTED = {
    "roofline", "ridge-point", "mfu-mbu", "hfu", "amdahl", "iron-law", "prefill-decode", "batch", "paged-cache",
    "fusion", "tiling", "online-softmax", "launch-gaps", "quantisation", "compile", "speculation", "experts",
    "routing", "profiling-ladder", "measurement", "tails", "loop",
}  # fmt: skip
FALLACIES = {
    "fallacy-flops", "fallacy-precision", "fallacy-largest-kernel", "fallacy-speculation", "fallacy-experts",
    "fallacy-compiler", "fallacy-averages",
}  # fmt: skip

PLACES = [(takeaway, place) for takeaway in TAKEAWAYS for place in takeaway.places]


def texts(place):
    """Return every text of a part that a learner can come to read, explanations included."""
    chosen = track(place.track_id)
    part = chosen.part(place.part)
    scenario = chosen.scenario(0) if part.mission is None else part.mission(0).scenario
    asked = (*part.questions, *((part.diagnosis,) if part.diagnosis else ()))
    yield from part.briefing
    for question in asked:
        yield question.text
        for choice in question.choices:
            yield choice.text
            yield question.explain(scenario, choice.id)
    for control in part.controls:
        yield f"{control.label} {control.help} {' '.join(choice.text for choice in control.choices)}"
    for gauge in part.gauges:
        yield f"{gauge.name} {gauge.help}"
    for hints in part.hints:
        yield from hints.words
    if part.demand:
        yield part.demand.text
    yield part.reflection


def is_there(place):
    if place.kind == "machine":
        return (place.track_id, place.part) == (PLACE, 0) and place.id in [each.id for each in QUESTIONS]
    part = track(place.track_id).part(place.part)
    if place.kind == "step":
        return any(place.id in steps(place.part, mode) for mode in ("default", "extended"))
    if place.kind == "diagnosis":
        return part.diagnosis is not None
    if place.kind == "instrument":
        return place.id in [each.id for each in instruments_of(part)]
    if place.kind == "text":
        return any(re.search(place.id, text) for text in texts(place))
    among = {"question": part.questions, "control": part.controls, "gauge": part.gauges}[place.kind]
    return place.id in [each.id for each in among]


def test_all_that_is_listed_is_there_and_nothing_twice():
    ids = [each.id for each in TAKEAWAYS]

    assert set(ids) == LISTED | FALLACIES
    assert len(ids) == len(set(ids))
    assert {each.id for each in TAKEAWAYS if each.fallacy} == FALLACIES


@pytest.mark.parametrize("takeaway", TAKEAWAYS, ids=lambda each: each.id)
def test_every_takeaway_has_a_place_and_a_sentence(takeaway):
    assert takeaway.places
    assert takeaway.words.endswith(".")
    assert all(place.step for place in takeaway.places)


@pytest.mark.parametrize(
    ("takeaway", "place"),
    PLACES,
    ids=[f"{takeaway.id}-{place.track_id}-{place.part}-{place.kind}-{place.id}" for takeaway, place in PLACES],
)
def test_the_place_where_it_is_met_exists(takeaway, place):
    assert is_there(place), f"{takeaway.title}: {place_words(place)} has no {place.kind} {place.id!r}"


def test_a_place_that_does_not_exist_is_noticed():
    for kind in ("question", "control", "gauge", "instrument", "text", "step", "machine"):
        assert not is_there(Place(track_id="cloud-titan", part=1, kind=kind, id="no-such-thing"))


@pytest.mark.parametrize("each", TRACKS, ids=lambda each: each.id)
def test_every_track_teaches_in_every_part(each):
    assert {place.part for _, place in PLACES if place.track_id == each.id} == {1, 2, 3}


def test_nothing_is_met_before_it_is_seen():
    assert all(each.place is None for each in met(ledger_of()))


def test_a_takeaway_is_told_in_what_the_learner_said_and_read():
    told = {each.takeaway.id: each for each in met(studied(track("cloud-titan"), parts=1, choice="partly"))}

    assert told["fallacy-flops"].seen == (
        "You said 'Yes, but by less than the TFLOPS added', 80% sure; incorrect."
    )
    assert told["iron-law"].seen.startswith("You named 'BWₘₑₘ now")
    assert told["ridge-point"].seen.startswith("You pinned Intensity of Attention")
    assert told["prefill-decode"].place.kind == "control"
    assert told["tiling"].place is None


def test_places_are_named_for_readers():
    place = next(each for each in TAKEAWAYS if each.id == "tiling").places[0]

    assert place_words(place) == "Cloud Titan, part 2: the step Propose"


def test_what_is_met_is_not_yet_understood():
    """A wrong answer to the slope question meets the fallacy; the right one shows that it was understood."""
    wrong, right = (
        {each.takeaway.id: each for each in met(studied(track("cloud-titan"), parts=1, choice=choice))} for choice in ("partly", "no")
    )

    assert wrong["fallacy-flops"].place and not wrong["fallacy-flops"].understood
    assert right["fallacy-flops"].understood
    assert wrong["ridge-point"].understood  # by the cited intensity of attention, left of its ridge
    assert wrong["compile"].understood is None  # no question asks for it


def test_what_is_met_and_what_is_understood_are_counted_apart():
    found = met(studied(track("cloud-titan"), parts=1, choice="partly"))
    met_count = sum(each.place is not None for each in found)
    understood = sum(bool(each.understood) for each in found)
    asked = sum(each.understood is not None for each in found)

    assert understood < met_count
    assert taken_words(found).startswith(f"Met {met_count} of {len(TAKEAWAYS)}; understood {understood} of the {asked} ")


@pytest.mark.parametrize("right", [True, False])
def test_who_saw_what_the_exploration_showed_has_understood_whatever_was_predicted(right):
    made = studied(track("cloud-titan"), parts=1, choice="partly")
    seen = Observation(at=NOW, track="cloud-titan", part=1, question_id="roofs", choice_id="same", right=right)
    first = {each.takeaway.id: each for each in met(ledger_of(*made.entries[:3], seen, *made.entries[3:5]))}

    assert bool(first["fallacy-flops"].understood) is right
