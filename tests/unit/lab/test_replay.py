"""From the ledger alone the same numbers come out again, and what was changed by hand is found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import LedgerError
from rooflab.evaluate import evaluate
from rooflab.lab.classroom.replay import AGREES, DIFFERS, NOT_CHECKED, replay, verdict_words
from rooflab.lab.ledger.entries import Diagnosis, Imported, Pin, Prediction, Reply
from rooflab.lab.ledger.ledger import append, digest, dump, parse, read
from rooflab.lab.ledger.machine_entries import MACHINE_KINDS
from rooflab.lab.ledger.model_version import MODEL, SAME_MODELS, ModelVersion, is_same_model
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_markdown
from rooflab.tracks import track as real_track
from tests.unit.lab.fakes import BEST, NOW, asked, designed, here, ledger_of, mission, noted, school, studied
from tests.unit.lab.likely import like

INPUTS = Path(__file__).parents[2] / "inputs"


def changed(ledger, kind, change):
    """Return the ledger with the first entry of that kind changed by hand, digest and all."""
    document = json.loads(dump(ledger))
    entry = next(each for each in document["entries"] if each["kind"] == kind)
    change(entry)
    return parse(json.dumps(document)), entry["seq"]


def test_a_learner_of_all_three_parts_is_confirmed(track):
    again = replay(studied(track))

    assert again.verdict == AGREES
    assert {each.name for each in again.values} > {"answer", "digest", "regret-fraction", "factor", "reply is correct"}


@pytest.mark.parametrize("variant", [1, 2])
def test_another_variant_is_confirmed_with_other_numbers(track, variant):
    one, other = replay(studied(track, parts=1)), replay(studied(track, parts=1, variant=variant))

    assert other.verdict == AGREES
    assert [each.recomputed for each in one.values] != [each.recomputed for each in other.values]


def test_a_ledger_is_replayed_after_it_was_written_and_read(track):
    assert replay(parse(dump(studied(track)))).verdict == AGREES


@pytest.mark.parametrize(
    ("kind", "field", "value", "name"),
    [
        ("pin", "value", 12.0, "Intensity of Attention"),
        ("diagnosis", "right", False, "diagnosis is right"),
        ("proposal", "score_fraction", 1.0, "score of the tiling"),
        ("reply", "right", False, "reply is correct"),
        ("reveal", "answer_id", "proportional", "answer"),
    ],
)
def test_a_value_changed_by_hand_is_found(track, kind, field, value, name):
    edited, seq = changed(studied(track), kind, lambda entry: entry.update({field: value}))

    again = replay(edited)

    assert [(each.seq, each.name, each.recorded) for each in again.differences] == [(seq, name, value)]


def test_a_changed_figure_is_found_twice_by_value_and_by_digest(track):
    edited, seq = changed(studied(track), "design", lambda entry: entry["figures"].update({"step-time-s": 1e-3}))

    found = {each.name: each for each in replay(edited).differences}

    assert set(found) == {"step-time-s", "digest"}
    # A millisecond was claimed; the crisis takes 99 sequences / 514.96 tokens/s.
    assert found["step-time-s"].recomputed == pytest.approx(99 / 514.9641)
    assert found["step-time-s"].difference_fraction == pytest.approx(1 - 1e-3 * 514.9641 / 99)


def test_differences_below_the_tolerance_are_none(track):
    def nudge(entry):
        entry["value"] *= 1 + 1e-12

    assert replay(changed(studied(track), "pin", nudge)[0]).verdict == AGREES


def test_a_regret_made_smaller_is_found(track):
    ledger = studied(track, attempts=({"batch": 64, "attention_kernel": "fused"},))
    document = json.loads(dump(ledger))
    final = next(each for each in document["entries"] if each.get("role") == "final")
    final["figures"]["regret-fraction"] = 0.0

    names = {each.name for each in replay(parse(json.dumps(document))).differences}

    assert names == {"regret-fraction", "digest"}


CANNOT = {
    "unknown track": (noted({"kind": "serving"}, track="sea"), "no track 'sea'"),
    "unknown kind of design": (noted({"kind": "abacus"}, track="cloud-titan"), "kind"),
    "design of another track": (
        noted(real_track("mobile-nomad").scenario(0).crisis, track="cloud-titan"),
        "takes a serving design; got a frame one",
    ),
    "no kind of design": (noted({}, track="cloud-titan"), "kind"),
    "design with a field of a later lab": (
        noted(mission().baseline.to_json() | {"telepathy": 1}, track="cloud-titan"),
        "no 'telepathy'",
    ),
    "unknown instrument": (noted(mission().baseline, track="cloud-titan", instrument="barometer"), "no instrument"),
    "unknown layer": (
        noted(mission().baseline, track="cloud-titan", instrument="roofline", layer="soul"),
        "No operator 'soul'",
    ),
    "unknown figure": (
        designed(mission().baseline, "explored", 1, {"beauty": 1.0}, track="cloud-titan"),
        "no figure 'beauty'",
    ),
    "unknown constraint": (Diagnosis(**here(1, "cloud-titan"), choice_id="fate", right=True), "no choice 'fate'"),
    "reply where nothing is asked": (
        Reply(
            **here(1, "cloud-titan"), decision="accept", design=mission().baseline.to_json(), figures={}, right=True
        ),
        "no mission",
    ),
}


@pytest.mark.parametrize(("entry", "words"), CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_computed_is_a_finding(entry, words):
    again = replay(ledger_of(entry))

    assert words in " ".join(each.words for each in again.findings)
    assert again.verdict == DIFFERS


def test_a_prediction_after_the_answer_is_a_finding(track):
    first = studied(track, parts=1)
    late = append(first, asked(track, track.part(1))[0])

    assert [each.seq for each in replay(late).findings] == [len(first.entries)]


def test_an_answer_that_was_never_offered_is_a_finding():
    odd = Prediction(**here(1, "cloud-titan"), question_id="slope", choice_id="perhaps", confidence=0.5)

    (finding,) = replay(ledger_of(odd)).findings
    assert "no choice 'perhaps'" in finding.words


def test_eleven_attempts_are_a_finding(track):
    ledger = ledger_of(*[designed(mission().baseline, "attempt")] * 10)
    document = json.loads(dump(ledger))
    document["entries"].append(document["entries"][-1] | {"seq": 10})

    assert any("10 attempts" in each.words for each in replay(parse(json.dumps(document))).findings)


def test_an_import_of_an_edited_file_is_a_finding():
    (finding,) = replay(ledger_of(Imported(at=NOW, entries=0, edited=True))).findings

    assert "changed outside the lab" in finding.words


def test_predictions_are_scored_anew(track):
    again = replay(studied(track, parts=1, choice="no", confidence=0.9))

    by_question = {each.question_id: each.right for each in again.scored}
    assert by_question["slope"] is True
    assert again.calibration.prediction_count == 2


def test_a_choice_that_an_earlier_lab_did_not_offer_is_as_at_the_start():
    scenario = real_track("cloud-titan").scenario(0)
    plain = scenario.crisis.to_json()
    del plain["kv_precision"]
    pin = noted(plain, track="cloud-titan", value=float(evaluate(scenario, scenario.crisis).mfu_fraction))

    assert replay(ledger_of(pin)).verdict == AGREES


def test_pins_of_the_first_lab_are_read_by_the_name_of_their_layer():
    scenario = real_track("cloud-titan").scenario(0)
    pin = Pin(
        **here(1, "cloud-titan"),
        instrument="roofline",
        design=scenario.crisis.to_json(),
        name="Intensity of Attention",
        value=1.0,
        unit="FLOP/byte",
    )

    (value,) = replay(ledger_of(pin)).values
    assert value.recomputed < 1.0


STUDIED = json.loads(dump(studied(real_track("cloud-titan"), parts=1, choice="no")))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdefgh", max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(value=json_values, where=st.integers(0, len(STUDIED["entries"]) - 1), data=st.data())
@settings(max_examples=150)
def test_a_readable_ledger_is_replayed_whatever_it_holds(value, where, data):
    document = json.loads(json.dumps(STUDIED))
    entry = document["entries"][where]
    inside = entry["design"] if "design" in entry and data.draw(st.booleans()) else entry
    name = data.draw(st.sampled_from(sorted(inside)))
    inside[name] = data.draw(like(inside[name])) if data.draw(st.booleans()) else value
    try:
        ledger = parse(json.dumps(document))
    except LedgerError:
        return

    again = replay(ledger)

    assert again.entry_count == len(ledger.entries)


def test_the_numbers_of_a_design_do_not_depend_on_the_order_of_its_fields(track):
    ledger = studied(school(), attempts=(BEST,))
    document = json.loads(dump(ledger))
    for entry in document["entries"]:
        if "design" in entry:
            entry["design"] = dict(sorted(entry["design"].items()))

    assert replay(parse(json.dumps(document))).verdict == AGREES
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def stored(name):
    return (INPUTS / name).read_text(encoding="utf-8")


def under(ledger, *, version="0.9", digest="sha256:" + "9" * 64):
    """Return the ledger as another model would have named itself in it."""
    return replace(ledger, models=(ModelVersion(version=version, digest=digest),))


def test_a_ledger_of_another_model_is_not_checked_and_nothing_in_it_differs():
    ledger, edited = read(stored("other-model-version.json"))

    again = replay(ledger, edited=edited)

    assert again.verdict == NOT_CHECKED
    assert verdict_words(again) == (f"Not checked: made with model 0.9, this is model {MODEL.version}.",)
    assert any(not each.agrees for each in again.unchecked)
    assert (again.differences, again.findings) == ((), ())


def test_a_ledger_of_another_model_never_agrees_even_where_every_value_does(track):
    again = replay(under(studied(track)))

    assert again.verdict == NOT_CHECKED
    assert all(each.agrees for each in again.unchecked)
    assert {each.name for each in again.values} == {"digest"}


def test_a_model_of_this_version_with_another_digest_is_another():
    again = replay(under(studied(real_track("cloud-titan"), parts=1), version=MODEL.version))

    assert again.verdict == NOT_CHECKED
    assert "of another digest" in verdict_words(again)[0]


@pytest.mark.parametrize("name", ["schema-1.json", "schema-1-all-parts.json"])
def test_a_ledger_of_schema_1_was_made_before_versions_were_recorded(name):
    ledger, edited = read(stored(name))

    again = replay(ledger, edited=edited)

    assert f"Not checked: made before versions were recorded, this is model {MODEL.version}." in verdict_words(again)
    assert again.verdict != AGREES


def test_a_file_changed_by_hand_differs_whatever_its_model(track):
    edited = dump(under(studied(track))).replace('"confidence":0.8', '"confidence":0.9', 1)

    ledger, was_changed = read(edited)
    again = replay(ledger, edited=was_changed)

    assert again.verdict == DIFFERS
    assert verdict_words(again)[0] == "The file was changed after the lab wrote it."


def test_rules_and_digests_are_checked_whatever_the_model(track):
    broken, seq = changed(under(studied(track)), "design", lambda entry: entry["figures"].update({"step-time-s": 1e-3}))

    again = replay(broken)

    assert [(each.seq, each.name) for each in again.differences] == [(seq, "digest")]
    assert again.verdict == DIFFERS


def test_what_this_model_cannot_compute_of_another_is_no_finding():
    again = replay(under(ledger_of(noted({"kind": "abacus"}, track="cloud-titan"))))

    assert again.findings == ()
    assert "cannot be computed under this version" in again.uncomputed[0].words
    assert again.verdict == NOT_CHECKED


def test_a_ledger_continued_under_this_model_has_both_kinds_of_values(track):
    old, new = under(studied(track, parts=1)), studied(track, parts=1)
    for entry in new.entries:
        if isinstance(entry, Pin):
            old = append(old, entry)

    again = replay(old)

    assert {each.seq for each in again.values if each.name != "digest"} == {len(old.entries) - 1}
    assert again.unchecked
    assert again.verdict == NOT_CHECKED


def test_an_entry_whose_model_was_taken_away_stands_out(track):
    document = json.loads(dump(studied(track, parts=1)))
    for name in ("version", "model"):
        del document["entries"][3][name]

    (finding,) = replay(parse(json.dumps(document))).findings

    assert (finding.seq, "names no model" in finding.words) == (3, True)


def test_unknown_entries_are_not_checked():
    again = replay(parse(stored("unknown-entry-kind.json")))

    assert again.verdict == NOT_CHECKED
    assert "2 entries are of a kind that this version does not know; they are kept." in verdict_words(again)


@pytest.mark.parametrize("version", ["1", "2", "3", "4"])
def test_a_ledger_of_a_model_agrees_as_long_as_its_numbers_are_those_of_this_model(version):
    ledger = parse(stored(f"model-{version}.json"))
    again = replay(ledger)

    assert again.verdict == (AGREES if is_same_model(ledger.models[0]) else NOT_CHECKED)


def test_a_ledger_of_a_model_with_the_same_numbers_is_checked_as_its_own(track):
    (same,) = [each for each in SAME_MODELS if each.version == "3"]
    ledger, seq = changed(under(studied(track), version=same.version, digest=same.digest), "pin", lambda entry: entry.update(value=1e-3))

    again = replay(ledger)

    assert [each.seq for each in again.differences] == [seq]
    assert again.others == ()
    assert report(ledger).not_checked == ""


def test_the_stored_ledger_of_this_model_has_a_measured_machine():
    ledger = parse(stored(f"model-{MODEL.version}.json"))

    assert {each.kind for each in MACHINE_KINDS} <= {each.kind for each in ledger.entries}


def test_a_report_says_with_what_a_ledger_was_made():
    words = f"Not checked: made with model 0.9, this is model {MODEL.version}."

    made = report(parse(stored("other-model-version.json")))

    assert made.not_checked == words
    assert "made with model 0" in to_markdown(made)
    assert report(parse(stored(f"model-{MODEL.version}.json"))).not_checked == ""
    assert report(parse(stored("model-1.json"))).not_checked == words.replace("0.9", "1")
