"""Your machine in the ledger: kept as it was measured, bounded, replayed, reported."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.lab.likely import like
from tests.unit.lab.machine_ledgers import AT, JITTER, MINUTE, measured, predicted, undecided, whole
from tests.unit.machine.measurements import RUN, rows

from rooflab.errors import LabError, LedgerError
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.replay import AGREES, DIFFERS, replay
from rooflab.lab.classroom.tallies import asked_words
from rooflab.lab.ledger.kinds import ENTRY_KINDS
from rooflab.lab.ledger.ledger import Ledger, append, dump, parse, was_edited
from rooflab.lab.ledger.machine_entries import (
    MACHINE_KINDS,
    MOST_RUNS,
    MachineMeasured,
    MachinePin,
    MachinePrediction,
    MachineReflection,
)
from rooflab.lab.machine.derive import jitter_entry, measured_devices, measured_entry, pin_entry, thermal_entry
from rooflab.lab.machine.progress import STEPS, machine_progress
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.lab.report.takeaways import met, place_words, taken_counts
from rooflab.lab.steps.own_roof import own_roof
from rooflab.machine.questions import QUESTIONS, question
from rooflab.views.screens.classroom import class_table
from rooflab.views.screens.report import report_markup, takeaways_markup


@pytest.fixture(scope="module")
def done():
    return whole()


# What is kept


def test_every_kind_is_known(done):
    assert {each.kind for each in MACHINE_KINDS} <= set(ENTRY_KINDS)
    assert {type(each) for each in done.entries} == set(MACHINE_KINDS)


def test_a_ledger_is_read_as_it_was_written(done):
    text = dump(done)

    assert parse(text).entries == done.entries
    assert dump(parse(text)) == text
    assert not was_edited(text)


def test_samples_are_kept_with_three_digits_and_all_follows_from_these():
    given_rows = rows()
    given_rows[0]["samples_s"] = [0.000123456, 0.000129876]
    entry = measured_entry(RUN, given_rows, at=AT)

    assert entry.rows[0]["samples_s"] == (0.000123, 0.00013)
    assert entry.figures["peak"] == 96 * 100_000 / 0.000123


def test_nothing_but_the_fields_that_are_known_is_kept():
    entry = measured_entry(RUN | {"user": "me"}, [each | {"host": "mine"} for each in rows()], at=AT)

    assert "user" not in entry.run
    assert all("host" not in each for each in entry.rows)


def test_a_measurement_without_its_roofs_is_none():
    with pytest.raises(LabError):
        measured_entry(RUN, [], at=AT)
    with pytest.raises(LabError):
        measured_entry(RUN, ["row", None, 3], at=AT)


@pytest.mark.parametrize("kind", sorted(MOST_RUNS))
def test_a_ledger_takes_so_many_measurements_and_stays_small(kind):
    make = {
        "machine_measured": lambda: measured_entry(RUN, rows(), at=AT),
        "machine_jitter": lambda: jitter_entry(RUN, JITTER, at=AT),
        "machine_thermal": lambda: thermal_entry(RUN, MINUTE, at=AT),
    }[kind]
    ledger, entry = predicted(), make()
    for _ in range(MOST_RUNS[kind]):
        ledger = append(ledger, entry)

    with pytest.raises(LedgerError, match="all it takes"):
        append(ledger, entry)
    assert len(dump(ledger)) < 300_000


def test_evidence_is_what_was_pinned_and_a_pin_is_of_what_was_measured():
    ledger = measured()

    with pytest.raises(LedgerError, match="not a measurement"):
        append(ledger, MachinePin(at=AT, measured=0, name="ridge", value=1.0, unit="FLOP/byte"))
    with pytest.raises(LedgerError, match="not a figure pinned"):
        append(ledger, MachineReflection(at=AT, claim="a", tradeoff="b", evidence=(0,)))
    with pytest.raises(LedgerError, match="not a figure pinned"):
        append(ledger, MachineReflection(at=AT, claim="a", tradeoff="b", evidence=(99,)))
    with pytest.raises(LedgerError, match="no figure"):
        pin_entry(ledger.entries[-1], "gone", at=AT)


def test_a_first_prediction_comes_before_the_measurement():
    with pytest.raises(LedgerError, match="before the machine is measured"):
        append(measured(), MachinePrediction(at=AT, question_id="tile-1024", choice_id="same", confidence=0.5))


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": "rows"},
        {"run": []},
        {"rows": [[[[[[1]]]]]]},
        {"rows": [{"samples_s": [1.0] * 5000}]},
        {"rows": [{"samples_s": [float("inf")]}]},
        {"figures": {"peak": "fast"}},
        {"figures": {f"f{at}": 1.0 for at in range(65)}},
        {"answers": {"tile-1024": "<b>"}},
        {"answers": {"tile-1024": 3}},
        {"by_reference": [None]},
        {"by_reference": "tile-1024"},
    ],
)
def test_a_damaged_measurement_is_no_entry(changes):
    sound = measured().entries[-1]

    with pytest.raises(LedgerError):
        replace(sound, **changes)


def test_an_older_ledger_opens_as_it_did():
    ledger = Ledger.new(AT, "old")

    assert machine_progress(ledger).touched is False
    assert report(ledger).machine is None
    assert own_roof(ledger) is None
    assert measured_devices(ledger) == ()


# Where the learner is


def test_the_steps_follow_one_another(done):
    found = []
    ledger = Ledger.new(AT, "a-session")
    for entry in done.entries:
        found.append(machine_progress(ledger).step)
        ledger = append(ledger, entry)

    assert list(dict.fromkeys([*found, machine_progress(ledger).step])) == list(STEPS)


def test_predictions_are_scored_by_the_first_measurement():
    ledger = append(measured(choices={"memory-bound": "epilogue", "epilogue-gain": "more"}), measured_entry(RUN, rows(), at=AT))
    scored = {each.question_id: each.right for each in machine_progress(ledger).scored}

    assert scored["memory-bound"] is True
    assert scored["epilogue-gain"] is False
    assert len(scored) == len(QUESTIONS)


def test_numbers_that_do_not_decide_are_told_apart():
    disturbed = [each | ({"samples_s": [0.1, 0.2, 0.3]} if each["kernel"] == "batch" else {}) for each in rows()]
    entry = measured_entry(RUN, disturbed, at=AT)

    assert "free-batch" in entry.by_reference
    assert "epilogue-gain" not in entry.by_reference


# Replay


def test_every_figure_is_derived_again_and_agrees(done):
    again = replay(parse(dump(done)))

    assert again.verdict == AGREES
    names = {each.name for each in again.values}
    assert {"peak", "bend", "median-error", "chain-fused-8", "tile-1024", "p99.9", "drop"} <= names
    assert len(again.values) > 60


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("machine_measured", lambda entry: entry["figures"].update(peak=1e12)),
        ("machine_measured", lambda entry: entry["predicted"].update({"chain-fused-8": 1.0})),
        ("machine_measured", lambda entry: entry["answers"].update({"tile-1024": "slower"})),
        ("machine_measured", lambda entry: entry.update(by_reference=["tile-1024"])),
        ("machine_measured", lambda entry: entry["rows"][0].update(samples_s=[1e-4])),
        ("machine_measured", lambda entry: entry["rows"][0].update(checksum=1.0)),
        ("machine_pin", lambda entry: entry.update(value=99.0)),
        ("machine_pin", lambda entry: entry.update(measured=0)),
        ("machine_jitter", lambda entry: entry["figures"].update(p50=1.0)),
        ("machine_jitter", lambda entry: entry["row"].update(samples_s=[])),
        ("machine_thermal", lambda entry: entry["rows"].pop(0)),
        ("machine_reflection", lambda entry: entry.update(evidence=[0])),
    ],
)
def test_what_was_changed_by_hand_stands_out(done, kind, change):
    document = json.loads(dump(done))
    change(next(each for each in document["entries"] if each["kind"] == kind))

    again = replay(parse(json.dumps(document)))

    assert again.verdict == DIFFERS
    assert again.differences or again.findings


# Report


def test_the_report_has_a_section_in_every_form(done):
    made = report(done)
    markup = report_markup(made)

    for text in (to_markdown(made), markup):
        assert "Your machine" in text
        assert RUN["date"] in text
        assert "Fuse the epilogue." in text
        assert "Bend of the fused curve" in text
    assert '<svg' in markup and "on its roofline" in markup
    assert json.loads(to_json(made, done))["report"]["machine"]["measured_count"] == 1


def test_what_is_not_revealed_stands_in_no_report():
    made = report(predicted())

    assert all(each.right is None and each.answer == "open" for each in made.machine.predictions)
    assert made.machine.figures == ()
    assert "Measure" in made.machine.open_steps


def test_the_report_counts_the_predictions_of_the_machine():
    made = report(measured())

    assert made.calibration.prediction_count == len(QUESTIONS)
    assert made.calibration.points[0].confidence_fraction == 0.8
    assert f"{len(QUESTIONS)} predictions" in report_markup(made)
    assert report(predicted()).calibration.prediction_count == 0


def test_a_question_that_the_numbers_do_not_decide_is_told_so_and_counts_nowhere():
    made = report(undecided("epilogue-gain"))
    line = next(each for each in made.machine.predictions if each.question_id == "epilogue-gain")

    assert made.calibration.prediction_count == len(QUESTIONS) - 1
    assert (line.right, line.undecided) == (None, True)
    for text in (to_markdown(made), report_markup(made)):
        assert "not decided by this machine" in text
        assert "n the reference machine" in text


def test_the_machines_answers_are_takeaways():
    right = dict(measured().entries[-1].answers)
    wrong = next(each for each in question("tile-1024").choices if each.id != right["tile-1024"])
    found = {each.takeaway.id: each for each in met(measured(choices=right | {"tile-1024": wrong.id}))}

    assert {name for name, each in found.items() if each.place} == {"roofline", "ridge-point", "batch", "fusion", "tiling"}
    assert {name for name, each in found.items() if each.understood} == {"roofline", "ridge-point", "batch", "fusion"}
    assert found["tiling"].seen == f"Of your machine you said {wrong.text!r}, 80% sure; incorrect."
    assert place_words(found["tiling"].place) == "Your machine: the lock's questions"
    assert taken_counts(measured(choices=right)) == (5, 5)


def test_what_the_machine_does_not_decide_is_no_takeaway():
    assert next(each for each in met(undecided("epilogue-gain")) if each.takeaway.id == "fusion").place is None


def test_a_takeaway_met_at_the_machine_alone_does_not_answer_the_locks_of_the_tracks():
    found = met(measured())
    markup = takeaways_markup(found)

    assert "Classes of fusion" in markup
    assert not [each for each in found if each.takeaway.words[:30] in markup]


def test_the_class_counts_the_predictions_of_the_machines():
    made = classroom([("a", dump(measured("a"))), ("b", dump(undecided("free-batch"))), ("c", dump(predicted("c")))])
    lines = [each.split(",") for each in class_table(made).splitlines()]
    column = lines[0].index('"predictions"')

    assert made.calibration.prediction_count == 2 * len(QUESTIONS) - 1
    assert [line[column] for line in lines[1:]] == ['"4"', '"3"', '"0"']
    asked = next(each for each in made.fleet.questions if each.question_id == "free-batch")
    assert (asked.count, asked.undecided_count) == (2, 1)
    assert "1 not counted, whose machine does not decide it" in asked_words(asked)


def test_a_replay_scores_by_the_samples_and_not_by_what_was_written():
    document = json.loads(dump(measured(choices=dict(measured().entries[-1].answers))))
    document["entries"][-1]["answers"] = dict.fromkeys(document["entries"][-1]["answers"], "forged")

    again = replay(parse(json.dumps(document)))

    assert again.calibration.right_count == len(QUESTIONS)
    assert again.verdict == DIFFERS


def test_a_measurement_that_cannot_be_computed_again_is_told():
    document = json.loads(dump(measured()))
    document["entries"][-1]["rows"] = []

    made = report(parse(json.dumps(document)))

    assert any("cannot be computed again" in each.words for each in made.machine.results)
    assert "cannot be computed again" in report_markup(made)


def test_a_track_may_draw_the_roof_of_all_cores(done):
    roof = own_roof(done)

    assert roof.name == "This machine, all cores"
    assert roof.peak_flop_per_s == done.entries[len(QUESTIONS)].figures["all-peak"]
    assert [each.id for each in measured_devices(done)] == ["this-machine", "this-machine-all"]


# Whatever a file holds


@given(data=st.data(), edits=st.integers(1, 3))
@settings(max_examples=60)
def test_every_page_is_served_whatever_the_entries_hold(done, data, edits):
    document = json.loads(dump(measured()))
    document["entries"] += [each for each in json.loads(dump(done))["entries"][5:]]
    for _ in range(edits):
        entry = document["entries"][data.draw(st.integers(0, len(document["entries"]) - 1))]
        inner = [entry, *(entry[name] for name in ("run", "figures", "predicted", "answers", "row") if isinstance(entry.get(name), dict)), *_rows_of(entry)]
        target = data.draw(st.sampled_from([each for each in inner if each]))
        name = data.draw(st.sampled_from(sorted(target)))
        target[name] = data.draw(like(target[name]))
    ledger = parse(json.dumps(document))

    made = report(ledger)
    assert to_markdown(made) and report_markup(made)
    assert replay(ledger).entry_count == len(ledger.entries)
    assert len(classroom([("a", dump(ledger))]).learners) == 1
    assert machine_progress(ledger).step in STEPS


def _rows_of(entry):
    rows_held = entry.get("rows")
    return [each for each in rows_held if isinstance(each, dict)] if isinstance(rows_held, list) else []


def test_a_measurement_of_another_session_is_the_same_entry():
    assert isinstance(measured("one").entries[-1], MachineMeasured)
    assert measured("one").entries == measured("two").entries
