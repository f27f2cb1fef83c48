"""No text that may be seen before a question answers it: neither a sentence of fixed physics, nor one that follows the variant."""

import re
from collections import defaultdict
from dataclasses import fields, replace
from functools import cache

import pytest
from tests.unit.views import seen_before as table
from tests.unit.views.test_app import Lab, serialised
from tests.unit.views.test_locks_leak import answer, before, quantified, text

from rooflab.lab import setting as places
from rooflab.lab.ledger.ledger import parse
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_markdown
from rooflab.lab.report.takeaways import met
from rooflab.lab.setting import setting
from rooflab.specs import Part, Track
from rooflab.tracks import TRACKS
from rooflab.tracks.parts import SHARED
from rooflab.views.screens.report import takeaways_markup

MANY = 40
FIXED = ("slope", "linear-relu", "draft")
FIGURE = re.compile(r"\d[\d.,]*\s?(?:%|[a-zA-Zµ/°]+\b)?|\bnothing\b")
each_track = pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)


def test_the_table_says_of_every_field_of_a_track_where_it_is_shown():
    for record in (Track, Part):
        assert {each.name for each in fields(record)} == set(table.SOURCE_OF[record.__name__])
        assert set(table.SOURCE_OF[record.__name__].values()) - {""} <= set(table.SEEN)


@pytest.mark.parametrize("question", FIXED)
def test_a_sentence_that_states_an_answer_is_noticed(question):
    for sentence in table.STATED_ONCE[question]:
        assert table.stated(question, sentence)
    for each in TRACKS:
        asked = each.part(FIXED.index(question) + 1).questions[0]
        scenario = setting(each.id, FIXED.index(question) + 1, 0).scenario
        assert asked.id == question
        assert table.stated(question, asked.explain(scenario, asked.answer(scenario)))


@pytest.mark.parametrize("question", FIXED)
@each_track
def test_nothing_seen_before_a_question_of_fixed_physics_states_its_answer(track, question):
    told = {name: found for name, words in table.seen_before(question, track, 0) if (found := table.stated(question, words))}

    assert told == {}


@pytest.mark.parametrize("number", [2, 3])
@each_track
def test_no_screen_or_report_of_the_parts_before_states_the_answer_of_a_lock(track, number):
    done = before(track.id, number, 0)
    question = FIXED[number - 1]
    known = parse(done)
    shown = [str(each) for fragment in range(1, number + 1) for each in text(Lab(done, fragment=f"#{track.id}/{fragment}").app)]
    shown += [to_markdown(report(known)), takeaways_markup(met(known))]

    assert [found for each in shown if (found := table.stated(question, re.sub(r"<[^>]+>", " ", each)))] == []


# What follows the variant


@cache
def told(track_id, variant):
    """Return the diagnosis of a variant, the answer to the quantified question, and all that the reveal may say."""
    place = setting(track_id, 1, variant)
    explained = [each.explain(place.scenario, choice.id) for each in place.part.questions for choice in each.choices]
    return place.part.diagnosis.answer(place.scenario), place.answer(quantified(place.part)), explained


def wording(words):
    return re.sub(r"#+", "#", FIGURE.sub("#", words))


@each_track
def test_the_reveal_of_part_1_is_worded_alike_whatever_the_diagnosis_is(track):
    by_answer = defaultdict(set)
    diagnoses = defaultdict(set)
    for variant in range(MANY):
        diagnosis, answer, explained = told(track.id, variant)
        by_answer[answer].add(tuple(map(wording, explained)))
        diagnoses[answer].add(diagnosis)

    assert max(map(len, diagnoses.values())) > 1  # else nothing is shown by the next line
    assert all(len(each) == 1 for each in by_answer.values())


@each_track
def test_the_reveal_of_part_1_holds_no_figure_that_decides_the_diagnosis(track):
    asked = track.part(1).diagnosis
    for variant in range(12):
        scenario = setting(track.id, 1, variant).scenario
        decide = {figure for choice in asked.choices for figure in FIGURE.findall(asked.explain(scenario, choice.id))}
        revealed = {figure for words in told(track.id, variant)[2] for figure in FIGURE.findall(words)}
        assert (decide & revealed) - {"100%"} == set()


@pytest.mark.parametrize("number", [2, 3])
@each_track
def test_screens_of_the_parts_before_a_lock_are_the_same_whatever_its_answer_is(track, number, monkeypatch):
    """The scenario of the parts before is one; only what the later part is about differs, so nothing can flow from it."""
    done, screens = before(track.id, number, 0), []
    other = next(each for each in range(1, MANY) if answer(track.id, number, each) != answer(track.id, number, 0))
    for variant in (0, other):
        with monkeypatch.context() as patch:
            patch.setattr(places, "track", lambda _id, shown=variant: _with_mission(track, number, shown))
            places.setting.cache_clear()
            lab = Lab(done, fragment=f"#{track.id}/{number - 1}")
            known = parse(done)
            screens.append((serialised(lab.app), lab.app.place(), to_markdown(report(known)), str(takeaways_markup(met(known)))))
        places.setting.cache_clear()

    assert screens[0] == screens[1]


def _with_mission(chosen, number, variant):
    """Return the track whose parts from this number on are those of another variant."""
    parts = (each if each.number < number else replace(each, mission=lambda _variant, made=each.mission: made(variant)) for each in chosen.parts)
    return replace(chosen, parts=tuple(parts))


def test_a_second_track_asks_the_same_words_and_only_those():
    asked = [{question.id: question.text for part in each.parts for question in part.questions} for each in TRACKS]
    alike = {name for name in asked[0] if all(each.get(name) == asked[0][name] for each in asked)}

    assert alike == SHARED
