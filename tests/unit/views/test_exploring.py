"""Exploring: experiments are ticked and recorded, what is supposed stays out of everything kept, and one question stands before the reveal."""

import re
from dataclasses import replace
from itertools import islice

import pytest
from tests.browser.ledgers import midway
from tests.unit.drawn_screen import all_in_sight, plain
from tests.unit.tracks.test_experiments import PARTS, designs, doing, each_part
from tests.unit.views.test_app import Lab, markup, serialised
from tests.unit.views.test_locks_leak import text

from rooflab.analyses.trials import Trial
from rooflab.evaluate import evaluate
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.replay import AGREES, DIFFERS, replay
from rooflab.lab.instruments import figure
from rooflab.lab.ledger.entries import DesignCommitted, Experimented, Observation, Pin
from rooflab.lab.ledger.ledger import dump, parse
from rooflab.lab.report.report import report
from rooflab.lab.setting import setting
from rooflab.lab.steps.commits import experimented
from rooflab.systems.picture import HIDDEN
from rooflab.units import format_reading
from rooflab.views.markup import joined

WITH_MISSION = [(track, number) for track, number in PARTS if number > 1]


def exploring(track_id, number):
    """Return a lab at the bench of a part, with nothing done on it."""
    return Lab(midway(track_id, number, before="pin"), fragment=f"#{track_id}/{number}")


def lay(bench, trial):
    """Set the bench as the learner of a trial would."""
    bench.take(trial.design)
    if trial.layer:
        bench.layer = trial.layer
    supposed = {each.id: getattr(trial.what_if, each.id) for each in bench.part.what_ifs}
    if "acceptance_fraction" in supposed:
        share = supposed["acceptance_fraction"]
        supposed["acceptance_fraction"] = "assumed" if share is None else f"{share:g}"
    bench.param.update(**{name: int(value) if name.endswith("factor") else value for name, value in supposed.items()})


@each_part
def test_experiments_are_ticked_once_each_recorded_and_told(track_id, number):
    lab = exploring(track_id, number)
    place = setting(track_id, number, 0)
    assert f"0 of {len(place.part.experiments)} done" in markup(lab, "tasks")

    for count, (experiment_id, trial) in enumerate(doing(track_id, number, 0).items(), 1):
        lay(lab.app.bench, trial)
        lab.app.bench.param.trigger("layer")
        assert experiment_id in [entry.experiment_id for entry in lab.entries(Experimented)]
        assert place.part.experiment(experiment_id).finding(trial) in lab.app.lesson.tasks.findings.values()
        assert f"{len(lab.entries(Experimented))} of 3 done" in markup(lab, "tasks") and count <= len(lab.entries(Experimented))

    recorded = [entry.experiment_id for entry in lab.entries(Experimented)]
    assert sorted(recorded) == sorted(each.id for each in place.part.experiments)
    assert any(words.startswith("Experiment done. ") for words in lab.said)
    assert lab.app.lesson.progress.current == "explore"


@each_part
def test_what_is_observed_opens_the_reveal_and_is_told_at_once(track_id, number):
    place = setting(track_id, number, 0)
    asked = place.part.observation
    right = place.answer(asked)
    wrong = next(each.id for each in asked.choices if each.id != right)
    for choice in (right, wrong):
        lab = exploring(track_id, number)
        assert "observation" not in lab.built()
        experiment_id, trial = next(iter(doing(track_id, number, 0).items()))
        lay(lab.app.bench, trial)
        lab.app.bench.param.trigger("layer")
        assert experiment_id and "observation" in lab.built() and "reveal" not in lab.built()
        assert asked.text in serialised(lab.app)

        lab.observe(choice)

        entry = lab.entries(Observation)[-1]
        assert (entry.question_id, entry.choice_id, entry.right) == (asked.id, choice, choice == right)
        assert "reveal" in lab.built() and lab.app.lesson.progress.current == "reveal"
        told = markup(lab, "observation")
        assert ("That is what it showed" in told) == (choice == right)
        words = asked.explain(place.scenario, choice).replace("_", "")
        assert "".join(words.split())[:30] in "".join(plain(told).split())


@pytest.mark.parametrize(("track_id", "number"), WITH_MISSION)
def test_what_lies_on_the_bench_when_it_is_opened_is_no_experiment(track_id, number):
    """The board of attempts seals and unseals the objective as a part opens, and all that is drawn follows."""
    lab = exploring(track_id, number)
    _, trial = next(iter(doing(track_id, number, 0).items()))
    lay(lab.app.bench, trial)
    done = {each.experiment_id for each in lab.entries(Experimented)}
    without = [each for each in lab.app.ledger.recorded if not isinstance(each, Experimented)]

    again = Lab(dump(replace(lab.app.ledger, entries=tuple(without))), fragment=f"#{track_id}/{number}", benches=lab.store.benches)

    assert done and again.app.bench.design() == trial.design
    assert again.entries(Experimented) == []


def test_an_answer_is_asked_for_and_only_one_is_recorded():
    lab = exploring("cloud-titan", 1)
    lab.app.bench.pin("mbu")
    lab.app.lesson.observation.param.trigger("submit")

    assert lab.app.lesson.observation.message.startswith("Still missing: an answer") and not lab.entries(Observation)


def test_a_ledger_from_before_the_question_goes_on_after_its_reveal():
    text = midway("cloud-titan", 1, before="diagnosis")
    ledger = parse(text)
    older = [entry for entry in ledger.entries if not isinstance(entry, Observation)]
    lab = Lab(dump(type(ledger)(created_at=ledger.created_at, session=ledger.session, models=ledger.models, entries=tuple(_renumbered(older)))))

    assert lab.app.lesson.progress.current == "diagnose"
    assert "observation" not in lab.built() and "reflection" in lab.built()


def _renumbered(entries):
    return (replace(entry, seq=seq) for seq, entry in enumerate(entries))


@each_part
def test_what_was_done_replays_reports_and_is_counted_in_class(track_id, number):
    lab = exploring(track_id, number)
    for trial in doing(track_id, number, 0).values():
        lay(lab.app.bench, trial)
        lab.app.bench.param.trigger("layer")
    lab.observe(setting(track_id, number, 0).part.observation.choices[0].id)
    ledger = lab.app.ledger

    again = replay(ledger)
    assert again.verdict == AGREES
    names = [each.name for each in again.values if (entry := ledger.entries[each.seq]).track == track_id and entry.part == number]
    assert names.count("experiment is done") == 3 and names.count("observation is right") == 1
    told = [line for part in report(ledger).tracks[0].parts if part.number == number for line in part.results]
    assert ("Experiments", "3 of 3 done") in [(line.name, line.words) for line in told] and "Observed" in [line.name for line in told]
    counted = [each for each in classroom([("one", dump(ledger))]).questions if each.question_id == lab.entries(Observation)[-1].question_id]
    assert [each.count for each in counted if each.part == number] == [1]


def test_an_experiment_that_its_design_does_not_do_stands_out_in_replay():
    lab = exploring("cloud-titan", 2)
    place = lab.app.lesson.place
    false = Trial(scenario=place.scenario, start=place.start, design=place.start)
    lab.app.commit(experimented(place, "paged-cache", false, at="2026-11-02T09:30:00Z"))

    again = replay(lab.app.ledger)
    assert again.verdict == DIFFERS and "does not do the experiment" in again.findings[-1].words
    Lab(dump(lab.app.ledger), fragment="#cloud-titan/2")  # and opens all the same


# What is supposed


def suppose(bench):
    for control in bench.part.what_ifs:
        setattr(bench, control.id, control.choices[-1].id if control.choices else control.maximum)


@pytest.mark.parametrize(("track_id", "number"), [each for each in PARTS if each[1] != 2])
def test_what_is_supposed_moves_the_instruments_and_nothing_that_is_kept(track_id, number):
    lab = exploring(track_id, number)
    bench = lab.app.bench
    bench.take(list(doing(track_id, number, 0).values())[1].design)
    before, design = float(bench.outcome().step_time_s), bench.design()
    own = bench.scenario.roofs(design)[0]

    suppose(bench)

    assert bench.design() == design and bench.outcome().step_time_s != before
    assert joined(bench.what_if.words) in markup(lab, "verdict")
    if number == 1:
        supposed, real = bench.roofs()
        assert supposed.name.startswith("What if") and real == own
        assert supposed.peak_flop_per_s == pytest.approx(4 * own.peak_flop_per_s)
    pins = len(lab.entries(Pin))
    lab.app.bench.pin("roofline")
    assert len(lab.entries(Pin)) == pins and "cannot be pinned" in lab.said[-1]

    bench.param.trigger("stop_supposing")

    assert bench.scenario is bench.real and float(bench.outcome().step_time_s) == before
    lab.app.bench.pin("roofline")
    assert len(lab.entries(Pin)) == pins + 1


@pytest.mark.parametrize("track_id", ["cloud-titan", "edge-guardian", "mobile-nomad", "tiny-pioneer"])
def test_an_attempt_is_scored_at_what_the_scenario_assumes(track_id):
    lab = Lab(midway(track_id, 3, before="design"), fragment=f"#{track_id}/3")
    bench, place = lab.app.bench, lab.app.lesson.place
    bench.take(doing(track_id, 3, 0)["acceptance"].design)
    suppose(bench)

    lab.app.lesson.mission.board.param.trigger("submit")

    attempt = lab.entries(DesignCommitted)[-1]
    quantity = place.mission.objective.quantity
    real = evaluate(place.scenario, bench.design())
    assert attempt.figures[quantity.replace("_", "-")] == float(figure(real, quantity))
    assert f"Assumed: {place.part.assumed(place.scenario)}" in markup(lab, "controls")


# The objective of a design that is not scored


def every_text(lab):
    """Open all that can be opened on the bench, and return what it says."""
    lab.app.bench.layers_tabled = True
    for view in all_in_sight(lab.app.lesson.pieces.panel).values():
        if "tabled" in view.param:
            view.tabled = True
    return re.sub(r"<[^>]+>", " ", "\n".join(each for _, _, each in text(lab.app)))


def told(text, words):
    return re.search(rf"(?<![\d.\u00a0]){re.escape(words)}(?![\d.])", text) is not None


@pytest.mark.parametrize(("track_id", "number"), WITH_MISSION)
def test_the_objective_is_hidden_until_the_design_is_scored(track_id, number):
    lab = Lab(midway(track_id, number, before="design", attempts=2), fragment=f"#{track_id}/{number}")
    bench, place = lab.app.bench, lab.app.lesson.place
    objective = place.mission.objective
    hidden = []

    def words(design):
        return format_reading(figure(evaluate(place.scenario, design), objective.quantity), objective.unit)

    others = list({words(each): each for each in islice(designs(place), 40) if words(each) != words(place.start)}.values())[:8]
    at_first = every_text(lab)
    others = [each for each in others if not told(at_first, words(each))]  # a figure of two digits may stand for another quantity too
    assert told(at_first, words(place.start)) and not bench.hides(objective.quantity)
    for design in others:
        bench.take(design)
        assert bench.hides(objective.quantity)
        hidden.append(told(every_text(lab), words(design)))
    assert others and sum(hidden) <= len(hidden) // 4, [each for each, seen in zip(others, hidden, strict=True) if seen]
    assert HIDDEN in every_text(lab) or number == 3

    lab.app.lesson.mission.board.param.trigger("submit")

    outcome = evaluate(place.scenario, others[-1])
    verdict = "and feasible." if outcome.feasible else "and not feasible: " if outcome.runs else "and cannot run: "
    assert re.search(rf"^Attempt \d+ is scored,? {verdict}", lab.app.lesson.mission.board.message)
    assert not bench.hides(objective.quantity) and told(every_text(lab), words(others[-1]))


@pytest.mark.parametrize(("track_id", "number"), WITH_MISSION)
def test_a_hidden_figure_cannot_be_pinned_and_the_end_shows_all(track_id, number):
    lab = Lab(midway(track_id, number, before="design", attempts=2), fragment=f"#{track_id}/{number}")
    bench, place = lab.app.bench, lab.app.lesson.place
    objective = place.mission.objective
    gauge = next(each for each in place.part.gauges if each.quantity == objective.quantity)
    bench.take(next(each for each in designs(place) if each != place.start))
    pins = len(lab.entries(Pin))

    bench.pin(gauge.id)
    assert len(lab.entries(Pin)) == pins and "hidden until the design is scored" in lab.said[-1]

    lab.app.lesson.mission.board.param.trigger("submit")
    lab.app.lesson.mission.board.param.trigger("finish")
    bench.take([each for each in designs(place) if each != place.start][-1])
    assert not bench.hides(objective.quantity)
    bench.pin(gauge.id)
    assert len(lab.entries(Pin)) == pins + 1


def test_where_nothing_is_attempted_nothing_is_hidden():
    lab = Lab(midway("cloud-titan", 3, before="pin"), fragment="#cloud-titan/3&mode=compact")
    lab.app.bench.take(next(each for each in designs(lab.app.lesson.place) if each != lab.app.lesson.place.start))

    assert "attempt" not in lab.app.lesson.progress.steps and not lab.app.bench.hides("tokens_per_s")
