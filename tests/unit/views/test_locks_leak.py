"""Non-interference: a locked screen is the same under two variants whose answers differ, in every part of every track."""

import re
from functools import cache

import pytest
from bokeh.models import InputWidget
from tests.browser.ledgers import ledger
from tests.unit.views.test_app import Lab, serialised, shown

from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS

MANY = 60
PARTS = [(each, part) for each in TRACKS for part in each.parts]
each_part = pytest.mark.parametrize(("track", "part"), PARTS, ids=[f"{each.id}-{part.number}" for each, part in PARTS])
WORDS_OF_AN_OPEN_BENCH = ("Math Peek", "Profiler mode", "Copy a link", "Compare with the model", "Score this design", "Brier")


def quantified(part):
    return part.questions[1]


@cache
def answer(track_id, number, variant):
    place = setting(track_id, number, variant)
    return place.answer(quantified(place.part))


@cache
def pair(track_id, number):
    """Return two variants with different answers to the quantified question, and to the diagnosis where there is one."""
    diagnosis = setting(track_id, number, 0).part.diagnosis

    def named(variant):
        return diagnosis.answer(setting(track_id, number, variant).scenario) if diagnosis else variant

    return 0, next(
        each
        for each in range(1, MANY)
        if answer(track_id, number, each) != answer(track_id, number, 0) and named(each) != named(0)
    )


@cache
def before(track_id, number, variant):
    """Return a ledger in which the parts before this one are done in the variant."""
    return ledger(track_id, variant=variant, attempts=2, parts=number - 1)


@cache
def locked(track_id, number, variant):
    """Return a lab that stands before the lock of a part; nothing here answers it."""
    return Lab(before(track_id, number, variant), fragment=f"#{track_id}/{number}")


def text(app):
    """Return every text of the document: markup, labels, choices, tooltips, names for screen readers."""
    found = []
    for model in shown(app).models:
        for name in ("text", "label", "labels", "title", "description", "placeholder", "tags", "options", "css_classes"):
            if name in model.properties() and (value := getattr(model, name)):
                found.append((type(model).__name__, name, str(value)))
    return sorted(found)


@each_part
def test_a_locked_screen_has_one_text_and_one_document_whatever_the_answers_are(track, part):
    one, other = (locked(track.id, part.number, each) for each in pair(track.id, part.number))

    assert one.built() == ["lock"] == other.built()
    assert quantified(part).text in serialised(one.app)
    assert text(one.app) == text(other.app)
    assert serialised(one.app) == serialised(other.app)


@each_part
def test_the_page_is_told_the_same_of_a_locked_part_but_for_the_number_of_the_variant(track, part):
    first, second = pair(track.id, part.number)
    one, other = (locked(track.id, part.number, each) for each in (first, second))

    assert one.app.place()["step"] == "predict"
    assert one.app.place() == other.app.place() | {"variant": first}
    assert one.said == other.said == []


@each_part
def test_nothing_that_explains_an_answer_is_in_the_locked_document_or_the_briefing(track, part):
    for variant in pair(track.id, part.number):
        lab = locked(track.id, part.number, variant)
        told = serialised(lab.app) + repr(lab.app.place())
        place = setting(track.id, part.number, variant)
        for question in (*part.questions, *([part.diagnosis] if part.diagnosis else [])):
            for choice in question.choices:
                assert question.explain(place.scenario, choice.id) not in told
        for hints in part.hints:
            assert not any(words in told for words in hints.words)
        for words in (*WORDS_OF_AN_OPEN_BENCH, part.reflection):
            assert words not in told
        if place.mission:
            assert place.mission.tempting_reason not in told
        if part.demand:
            assert part.demand.text not in told


@each_part
def test_the_lock_offers_questions_and_nothing_else(track, part):
    widgets = [each for each in shown(locked(track.id, part.number, 0).app).models if isinstance(each, InputWidget)]

    assert widgets == []  # no slider, no drop-down, no tick box of a bench; the answers are radio groups
    assert locked(track.id, part.number, 0).app.bench is None


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_no_part_offers_a_control_that_answers_the_question_of_a_later_part(track):
    fused = {name for lever in track.part(3).levers if lever.id == "fusion" for name in lever.fields} & {"fusion"}
    invented = {"draft_tokens", "cascade", "skipped_frames", "gate", "experts", "sparsity"}
    offered = [{control.id for control in part.controls} for part in track.parts]

    assert fused and invented & offered[2]
    assert fused <= offered[1]
    assert not (fused | invented) & offered[0]
    assert not invented & offered[1]


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_a_changed_variant_leaves_a_lock_that_is_being_answered_as_it_is(track):
    first, second = pair(track.id, 1)
    lab = Lab(fragment=f"#{track.id}/1&variant={first}")
    lab.app.lesson.form.answers[0].choice = track.part(1).questions[0].choices[0].id
    told = serialised(lab.app)

    lab.app.follow(f"#{track.id}/1&variant={second}")

    assert lab.app.ledger.variant == second
    assert serialised(lab.app) == told


@each_part
def test_no_number_of_the_briefing_is_a_number_of_the_variant(track, part):
    """A briefing is data of the track: one text for all variants, so its numbers must be true of every one."""
    numbers = set(re.findall(r"\d[\d.,]*", " ".join(part.briefing)))
    explained = [
        set(re.findall(r"\d[\d.,]*\d", quantified(part).explain(setting(track.id, part.number, each).scenario, answer(track.id, part.number, each))))
        for each in pair(track.id, part.number)
    ]
    told_apart = explained[0] ^ explained[1]

    assert told_apart
    assert not {each for each in numbers if len(each.strip(".,")) > 2} & told_apart


# Links that ask for what is locked, or for other numbers


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_a_link_to_a_locked_part_says_so_at_the_start_and_later_and_builds_nothing(track, number):
    at_the_start, later = Lab(fragment=f"#{track.id}/{number}"), Lab()

    later.app.follow(f"#{track.id}/{number}")

    for lab in (at_the_start, later):
        assert lab.said == ["That part is locked: finish the part before it first."]
        assert (lab.app.where.track_id, lab.app.where.part_number) == (TRACKS[0].id, 1)
        assert lab.built() == ["lock"]


def test_a_link_for_another_variant_leaves_a_ledger_its_numbers_and_says_so():
    text = Lab(fragment="#variant=7").go("explore").store.text
    at_the_start, later = Lab(text, fragment="#variant=3"), Lab(text)

    later.app.follow("#variant=3")

    for lab in (at_the_start, later):
        assert lab.app.ledger == later.app.ledger
        assert lab.app.ledger.variant == 7
        assert "asks for variant 3; your ledger is of variant 7" in lab.lasting[0]
    assert Lab(text, fragment="#variant=7").said == []


@pytest.mark.parametrize("fragment", ["#nonsense", "#", "#edge-guardian/4", "#/2", "#variant=-1", "#variant=9999999", "#mode=idle", "#%00"])
def test_a_fragment_that_means_nothing_changes_nothing(fragment):
    lab = Lab()
    lab.app.lesson.form.answers[0].choice = "no"

    lab.app.follow(fragment)

    assert lab.said == []
    assert lab.app.lesson.form.answers[0].choice == "no"
    assert lab.app.ledger.entries == ()
