"""The stakeholder in every track and several variants: right, wrong and revised replies, and what is told when."""

import re
from functools import cache

import pytest
from bokeh.document import Document
from bokeh.models import Button
from tests.browser.ledgers import midway
from tests.unit.views.test_app import Lab

from rooflab.analyses.claim import NOTHING, attributable, attribute, right_decisions
from rooflab.analyses.demand import ACCEPT, OTHERWISE, replies
from rooflab.evaluate import evaluate
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.entries import Reply
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.report.report import report
from rooflab.lab.setting import demand_answer, setting
from rooflab.lab.steps.commits import committed
from rooflab.tracks import TRACKS
from rooflab.units import format_ratio, format_reading
from rooflab.views.steps.stakeholder import ANSWER_AGAIN

VARIANTS = (0, 1, 2)
over_places = pytest.mark.parametrize(
    ("track", "variant"), [(each.id, variant) for each in TRACKS for variant in VARIANTS], ids=str
)
AT = "2026-11-02T12:00:00Z"


@cache
def asked(track, variant, **instead):
    """Return the text of a ledger that stands before the stakeholder, its final design the closest one, or one changed from it."""
    place = setting(track, 3, variant)
    made = parse(midway(track, 3, before="design", variant=variant))
    final = demand_answer(*place.key).closest.replace(**instead)
    for role in ("attempt", "final"):
        made = append(made, committed(place, final, at=AT, role=role))
    return dump(made)


def lab_at(track, variant, **instead):
    return Lab(asked(track, variant, **instead), fragment=f"#{track}/3")


def truth(track, variant):
    """Return the attribution of the closest design, the leading change, and the decisions that hold for it."""
    place = setting(track, 3, variant)
    answer = demand_answer(*place.key)
    found = attribute(place.mission, place.part.controls, place.part.demand, answer.closest)
    return found, right_decisions(place.part.demand, answer, found, carried=answer.possible)


def answer(lab, attributed, decision):
    form = lab.app.lesson.mission.demand
    form.param.update(attributed=attributed, choice=decision)
    form.param.trigger("submit")


def models(lab, name):
    document = Document()
    document.add_root(lab.app.roots[name].get_root(document))
    return list(document.models)


def region(lab, name="reflection"):
    return "".join(each.text for each in models(lab, name) if isinstance(getattr(each, "text", None), str))


def buttons(lab):
    return [each.label for each in models(lab, "reflection") if isinstance(each, Button) and each.visible]


def optimum_words(track, variant):
    """Return what would give the answer away: the best factor of all designs, and their number."""
    found = demand_answer(*setting(track, 3, variant).key)
    return f"the best within every target gives {format_ratio(found.best_factor)}", "is out of reach", "is possible", "The best reaches"


@over_places
def test_nothing_of_the_optimum_is_told_before_the_reply(track, variant):
    lab = lab_at(track, variant)

    for name in ("attempt", "reflection"):
        assert not [words for words in optimum_words(track, variant) if words in region(lab, name)]
    assert "Best design" not in str(report(lab.app.ledger).tracks[0].parts[2])
    assert "Answer the product lead" in region(lab, "attempt")


@over_places
def test_the_right_reply_ends_it_with_the_number_that_decides(track, variant):
    place, (found, right) = setting(track, 3, variant), truth(track, variant)
    lab = lab_at(track, variant)

    answer(lab, found.leading[0], right[0])

    (entry,) = lab.entries(Reply)
    assert entry.right and not entry.revision and entry.attributed_id == found.leading[0]
    assert lab.said[-1].startswith("Your answer is correct;")
    told = region(lab)
    assert "Your answer is correct" in told and "is incorrect" not in told
    assert place.part.demand.mechanism(place.scenario, place.start, demand_answer(*place.key).closest) in told
    for each in found.brought:
        assert format_ratio(each.factor) in told and format_ratio(each.alone_factor) in told
    assert optimum_words(track, variant)[0] in told or not demand_answer(*place.key).feasible_count
    assert not [each for each in buttons(lab) if each.startswith("Answer")]
    assert "The best reaches" in region(lab, "attempt")


@over_places
def test_a_wrong_reply_is_kept_may_be_revised_once_and_then_it_is_over(track, variant):
    found, right = truth(track, variant)
    lab = lab_at(track, variant)

    answer(lab, NOTHING, right[0])

    assert lab.said[-1].startswith("Your answer is incorrect;")
    told = region(lab)
    assert "You may revise it once" in told and ANSWER_AGAIN in buttons(lab)
    assert not [words for words in optimum_words(track, variant) if words in told + region(lab, "attempt")]
    assert "every target is met" not in told
    assert "the best feasible one" not in str(report(lab.app.ledger))

    lab = Lab(lab.store.text, fragment=f"#{track}/3")  # as after a reload
    answer(lab, found.leading[0], right[0])

    first, second = lab.entries(Reply)
    assert (first.right, first.revision, second.right, second.revision) == (False, False, True, True)
    told = region(lab)
    assert "Your answer is correct" in told and "Revised" in told and "Your first answer" in told
    assert not [each for each in buttons(lab) if each.startswith("Answer")]
    answer(lab, NOTHING, ACCEPT)
    assert len(lab.entries(Reply)) == 2
    lines = [line for each in report(lab.app.ledger).tracks[0].parts for line in each.results]
    assert [line.name for line in lines if "stakeholder" in line.name or "Revised" in line.name] == ["To the stakeholder", "Revised, not counted"]


@over_places
def test_a_decision_that_does_not_follow_is_wrong_whatever_is_attributed(track, variant):
    place, (found, right) = setting(track, 3, variant), truth(track, variant)
    wrong = [each for each, _ in replies(place.mission, place.part.demand) if each not in right]

    for decision in wrong[:2]:
        lab = lab_at(track, variant)
        answer(lab, found.leading[0], decision)
        assert [entry.right for entry in lab.entries(Reply)] == [False]


@over_places
def test_the_defended_design_is_named_and_the_final_one_can_be_put_back(track, variant):
    place = setting(track, 3, variant)
    lab = lab_at(track, variant)
    lab.app.bench.take(demand_answer(*place.key).closest)
    assert "your final design" in region(lab)
    assert "Put my final design back" not in buttons(lab)

    lab.app.bench.take(place.start)

    assert "You defend an unscored design: 1.00×" in region(lab)
    assert "Put my final design back" in buttons(lab)
    lab.app.lesson.mission.demand.param.trigger("put_back")
    assert lab.app.bench.design() == demand_answer(*place.key).closest


@over_places
def test_active_and_stored_parameters_stand_as_numbers_bars_and_words(track, variant):
    place = setting(track, 3, variant)
    lab = lab_at(track, variant)
    lab.app.bench.take(place.start.replace(experts=place.part.controls[[c.id for c in place.part.controls].index("experts")].space[-1]))

    counts = place.scenario.parameters(lab.app.bench.design())
    told = region(lab)
    assert counts.stored_count > counts.active_count
    assert counts.stored_count > place.scenario.parameters(place.start).stored_count
    widths = [float(each) for each in re.findall(r"rp-length rp-active\" style=\"width:([\d.]+)%", told)]
    assert widths[1] == pytest.approx(100 * counts.active_count / counts.stored_count, abs=0.06)


@over_places
def test_a_reply_of_an_earlier_lab_reads_and_shows_as_it_was(track, variant):
    """It has a decision, a design and two figures, and accepting praised nothing."""
    place = setting(track, 3, variant)
    found = demand_answer(*place.key)
    made = parse(asked(track, variant))
    decision = found.right[0]
    old = Reply(
        at=AT,
        track=track,
        part=3,
        decision=decision if decision == ACCEPT else "refuse",
        named_id="" if decision == ACCEPT else decision,
        design=found.closest.to_json(),
        figures={"factor": attribute(place.mission, place.part.controls, place.part.demand, found.closest).total_factor, "best-factor": found.best_factor},
        right=True,
    )
    lab = Lab(dump(append(made, old)), fragment=f"#{track}/3")

    told = region(lab)
    assert "Your answer is correct" in told and "Most of the gain: " not in told
    assert "attributed_id" not in dump(lab.app.ledger) and "revision" not in dump(lab.app.ledger).split('"reply"')[1]
    assert replay(lab.app.ledger).differences == ()
    assert not [each for each in buttons(lab) if each.startswith("Answer")]


@pytest.mark.parametrize("track", [each.id for each in TRACKS])
def test_in_some_variant_each_kind_of_decision_is_right(track):
    kinds = {(ACCEPT if each == ACCEPT else OTHERWISE if each == OTHERWISE else "refuse") for variant in range(8) for each in truth(track, variant)[1]}

    assert len(kinds) >= 2


def test_the_glasses_fixed_power_is_what_decides():
    place = setting("mobile-nomad", 3, 0)
    outcome = evaluate(place.scenario, place.start)
    words = place.part.demand.mechanism(place.scenario, place.start, place.start)

    for value in (outcome.idle_power_w, outcome.power_w, outcome.power_w - outcome.idle_power_w):
        assert format_reading(float(value), "W") in words
    assert outcome.idle_power_w > outcome.power_w / 2 and "leaves the networks nothing" in words


@pytest.mark.parametrize("track", [each.id for each in TRACKS])
def test_a_gain_may_be_attributed_to_every_control_by_its_label(track):
    controls = setting(track, 3, 0).part.controls

    assert [words for _, words in attributable(controls)][:-1] == [each.label for each in controls]
    assert set(setting(track, 3, 0).part.demand.claimed) <= {each.id for each in controls}


def test_of_a_design_that_is_no_better_than_the_start_nothing_brought_most():
    """Fewer states take back what the earbud's experts bring: to say so is right."""
    place = setting("tiny-pioneer", 3, 0)
    control = next(each for each in place.part.controls if each.id == "hidden")
    lab = lab_at("tiny-pioneer", 0, hidden=min(control.space))

    answer(lab, NOTHING, truth("tiny-pioneer", 0)[1][0])

    told = region(lab)
    assert "it is no better than the start" in told and "brought most of the" not in told and "half of the gain" not in told
    assert [said for said in re.findall(r"(Correct|Incorrect)</span>(.*?)</p>", told) if "None: no better" in said[1]][0][0] == "Correct"
