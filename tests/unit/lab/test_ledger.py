"""The ledger's text: exact round trips, and refusal of everything that is not one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import LedgerError, LedgerTooNew, LedgerUnreadable
from rooflab.lab.entries import (
    DesignCommitted,
    Diagnosis,
    Hint,
    Imported,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
    TrackOpened,
    clean_text,
)
from rooflab.lab.ledger import Ledger, append, digest, dump, parse, summary, was_edited

NOW = "2026-11-02T09:30:00Z"
FIRST_DIGEST = "sha256:e618e19475bcdff707d736a6ab1f06e01489583daaed694d7fa3f667aa19aaf7"
HERE = {"at": NOW, "track": "cloud-titan", "part": 1}
DESIGN = {"phase": "decode", "batch": 32, "attention_kernel": "eager", "groups": [["qkv", "rope"], ["mlp"]]}


def ledger_of(*entries):
    ledger = Ledger.new(NOW, "a-session", 0)
    for entry in entries:
        ledger = append(ledger, entry)
    return ledger


def full_ledger():
    return ledger_of(
        TrackOpened(**HERE),
        Prediction(**HERE, question_id="slope", choice_id="no", confidence=0.9),
        Prediction(**HERE, question_id="slope", choice_id="yes", confidence=0.6, revision=True),
        DesignCommitted(**HERE, design=DESIGN, digest=digest(DESIGN), figures={"mbu_fraction": 0.61}),
        Pin(**HERE, instrument="mbu-gauge", design=DESIGN, name="MBU", value=0.61, unit="%"),
        Reveal(**HERE, question_id="slope"),
        Diagnosis(**HERE, choice_id="bandwidth", right=True),
        Hint(**HERE, step="diagnose", level=2),
        Reflection(
            **HERE,
            task="patterson",
            claim="Bandwidth binds: \u00fcber 60 %.\nSee the gauge.",
            evidence=(4,),
            tradeoff="latency",
            residual_risk="<script>alert(1)</script>",
        ),
        Imported(at=NOW, entries=9, edited=False),
    )


def later_ledger():
    """Return a ledger with what labs after the first write."""
    return ledger_of(
        Pin(**HERE, instrument="roofline", design=DESIGN, name="Intensity", value=2.0, unit="", layer="attention"),
        Reveal(**HERE, question_id="slope", answer_id="no"),
        Proposal(**HERE, design=DESIGN, tile_rows=128, tile_columns=256, split=1, score_fraction=0.95),
        Reply(**HERE, decision="refuse", named_id="deadline", design=DESIGN, figures={"factor": 1.4}, right=True),
    )


def edited(change):
    """Return the text of the full ledger after `change` has had its document."""
    document = json.loads(dump(full_ledger()))
    change(document)
    return json.dumps(document)


ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
numbers = st.floats(allow_nan=False, allow_infinity=False)
places = st.fixed_dictionaries({"at": st.just(NOW), "track": ids, "part": st.integers(1, 3)})
designs = st.dictionaries(ids, st.none() | st.booleans() | numbers | words | st.lists(ids, max_size=3), max_size=5)


def entries_of(kind, **fields):
    return st.builds(lambda place, values: kind(**place, **values), places, st.fixed_dictionaries(fields))


entries = st.one_of(
    entries_of(TrackOpened),
    entries_of(Prediction, question_id=ids, choice_id=ids, confidence=st.floats(0.5, 1.0)),
    entries_of(Pin, instrument=ids, design=designs, name=words.filter(bool), value=numbers, unit=words),
    entries_of(Diagnosis, choice_id=ids, right=st.booleans()),
    entries_of(Reveal, question_id=ids, answer_id=st.just("") | ids),
    entries_of(
        Proposal,
        design=designs,
        tile_rows=st.integers(1, 512),
        tile_columns=st.integers(1, 512),
        split=st.integers(1, 8),
        score_fraction=st.floats(0, 1),
    ),
    entries_of(
        Reply,
        decision=st.sampled_from(("accept", "refuse")),
        named_id=st.just("") | ids,
        design=designs,
        figures=st.dictionaries(ids, numbers, max_size=3),
        right=st.booleans(),
    ),
    entries_of(Reflection, task=ids, claim=words, evidence=st.just(()), tradeoff=words, residual_risk=words),
)


@given(st.lists(entries, max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_ledger_comes_back_byte_for_byte(made):
    ledger = ledger_of(*made)

    text = dump(ledger)

    assert parse(text) == ledger
    assert dump(parse(text)) == text


def test_a_ledger_with_every_kind_of_entry_comes_back():
    ledger = full_ledger()

    assert parse(dump(ledger)) == ledger
    assert not was_edited(dump(ledger))


def test_what_later_labs_write_comes_back():
    ledger = later_ledger()

    assert parse(dump(ledger)) == ledger


def test_a_ledger_of_the_first_lab_is_written_as_that_lab_wrote_it():
    text = dump(full_ledger())

    # The digest that the first lab wrote for these entries.
    assert json.loads(text)["digest"] == FIRST_DIGEST
    assert not was_edited(text)


@pytest.mark.parametrize(
    ("where", "change"),
    [
        (0, {"layer": "<b>"}),
        (1, {"answer_id": 3}),
        (2, {"tile_rows": 0}),
        (2, {"score_fraction": 1.1}),
        (2, {"split": True}),
        (3, {"decision": "perhaps"}),
        (3, {"named_id": "a b"}),
        (3, {"figures": {"factor": "2"}}),
        (3, {"right": 1}),
    ],
    ids=str,
)
def test_damage_to_what_later_labs_write_is_refused(where, change):
    document = json.loads(dump(later_ledger()))
    document["entries"][where] |= change

    with pytest.raises(LedgerUnreadable, match=f"Entry {where}"):
        parse(json.dumps(document))


def test_appending_numbers_the_entry_and_leaves_the_old_ledger_alone():
    before = full_ledger()

    after = append(before, Hint(**HERE, step="explore", level=1))

    assert len(before.entries) == 10
    assert after.entries[:10] == before.entries
    assert after.entries[10].seq == 10


def test_a_design_in_a_ledger_cannot_be_changed():
    entry = full_ledger().entries[3]

    with pytest.raises(TypeError):
        entry.design["batch"] = 1


def test_a_reflection_cites_only_readings_pinned_before_it_on_its_track():
    for seq in (0, 9):
        with pytest.raises(LedgerError, match="not a reading pinned"):
            append(
                full_ledger(),
                Reflection(**HERE, task="t", claim="c", evidence=(seq,), tradeoff="", residual_risk=""),
            )


def test_the_digest_of_a_design_does_not_depend_on_the_order_of_its_keys():
    assert digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1})


HOSTILE = {
    "empty": "",
    "not json": "hello",
    "a number": "1",
    "a list": "[]",
    "null": "null",
    "byte-order mark": "\ufeff" + dump(full_ledger()),
    "truncated": dump(full_ledger())[:-200],
    "two documents": dump(full_ledger()) * 2,
    "oversized": '{"schema_version":1,"x":"' + "a" * 1_000_001 + '"}',
    "oversized in bytes": '{"schema_version":1,"x":"' + "\u20ac" * 400_000 + '"}',
    "deep lists": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "unending string": '"' + '\\"' * 400_000,
    "duplicate keys": dump(full_ledger()).replace('"lab_id"', '"variant":0,"lab_id"', 1),
    "duplicate keys within": dump(full_ledger()).replace('"seq":0', '"seq":0,"seq":0', 1),
    "NaN": dump(full_ledger()).replace("0.61", "NaN", 1),
    "Infinity": dump(full_ledger()).replace("0.61", "-Infinity", 1),
    "infinite by exponent": dump(full_ledger()).replace("0.61", "1e999", 1),
    "huge whole number": dump(full_ledger()).replace('"batch":32', '"batch":' + "9" * 5000, 1),
    "unsafe whole number": dump(full_ledger()).replace('"batch":32', '"batch":9007199254740993', 1),
    "lone surrogate": dump(full_ledger()) + "\ud800",
    "escaped lone surrogate": dump(full_ledger()).replace("latency", "\\ud800", 1),
    "control character": dump(full_ledger()).replace("latency", "\\u0000", 1),
    "raw control character": dump(full_ledger()).replace("latency", "\x00", 1),
    "version as text": edited(lambda d: d.update(schema_version="1")),
    "version zero": edited(lambda d: d.update(schema_version=0)),
    "version true": edited(lambda d: d.update(schema_version=True)),
    "another lab": edited(lambda d: d.update(lab_id="v1_01")),
    "unknown top key": edited(lambda d: d.update(__proto__={"admin": True})),
    "missing top key": edited(lambda d: d.pop("session")),
    "session as markup": edited(lambda d: d.update(session="<img src=x>")),
    "negative variant": edited(lambda d: d.update(variant=-1)),
    "time of day 25": edited(lambda d: d.update(created_at="2026-11-02T25:00:00Z")),
    "entries as object": edited(lambda d: d.update(entries={})),
    "entry as text": edited(lambda d: d["entries"].append("x")),
    "entry of unknown kind": edited(lambda d: d["entries"][0].update(kind="grade")),
    "kind as list": edited(lambda d: d["entries"][0].update(kind=["pin"])),
    "unknown entry key": edited(lambda d: d["entries"][0].update(html="<b>")),
    "missing entry key": edited(lambda d: d["entries"][1].pop("confidence")),
    "entry removed": edited(lambda d: d["entries"].pop(2)),
    "entries swapped": edited(lambda d: d["entries"].reverse()),
    "part four": edited(lambda d: d["entries"][0].update(part=4)),
    "part true": edited(lambda d: d["entries"][0].update(part=True)),
    "track as markup": edited(lambda d: d["entries"][0].update(track="<script>")),
    "confidence of two": edited(lambda d: d["entries"][1].update(confidence=2)),
    "confidence as text": edited(lambda d: d["entries"][1].update(confidence="0.9")),
    "revision as number": edited(lambda d: d["entries"][2].update(revision=1)),
    "design as list": edited(lambda d: d["entries"][3].update(design=[])),
    "design too deep": edited(lambda d: d["entries"][3].update(design={"a": [[[[[[1]]]]]]})),
    "design too large": edited(lambda d: d["entries"][3].update(design={"a": [0] * 600})),
    "digest malformed": edited(lambda d: d["entries"][3].update(digest="md5:0")),
    "figure as text": edited(lambda d: d["entries"][3]["figures"].update(mbu_fraction="0.6")),
    "text too long": edited(lambda d: d["entries"][8].update(claim="a" * 2001)),
    "claim as object": edited(lambda d: d["entries"][8].update(claim={"toString": "x"})),
    "evidence from the future": edited(lambda d: d["entries"][8].update(evidence=[9])),
    "evidence as text": edited(lambda d: d["entries"][8].update(evidence="4")),
    "evidence that is no pin": edited(lambda d: d["entries"][8].update(evidence=[0])),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_in_plain_words(text):
    with pytest.raises(LedgerUnreadable) as refusal:
        parse(text)

    message = str(refusal.value)
    assert 20 < len(message) < 400
    assert message.isascii() and "<" not in message and "Traceback" not in message


def test_a_newer_ledger_is_told_apart_from_a_broken_one():
    text = edited(lambda d: d.update(schema_version=2, entries="of another shape"))

    with pytest.raises(LedgerTooNew, match="schema version 2"):
        parse(text)


def test_markup_in_a_ledger_stays_text():
    assert parse(dump(full_ledger())).entries[8].residual_risk == "<script>alert(1)</script>"


def test_a_number_changed_by_hand_is_noticed():
    text = dump(full_ledger()).replace('"confidence":0.9', '"confidence":0.5')

    assert was_edited(text)
    assert parse(text).entries[1].confidence == 0.5


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused(text):
    with pytest.raises((LedgerUnreadable, LedgerTooNew)):
        parse(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(value=json_values, where=st.integers(0, 9), data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_value_in_any_field_is_read_or_refused(value, where, data):
    document = json.loads(dump(full_ledger()))
    field = data.draw(st.sampled_from(sorted(document["entries"][where])))
    document["entries"][where][field] = value
    text = json.dumps(document)

    try:
        ledger = parse(text)
    except (LedgerUnreadable, LedgerTooNew):
        return
    assert parse(dump(ledger)) == ledger


@given(st.integers(0, 5000), st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_a_ledger_with_a_piece_cut_out_is_never_read_as_another(start, length):
    text = dump(full_ledger())
    cut = text[:start] + text[start + length :]

    try:
        ledger = parse(cut)
    except (LedgerUnreadable, LedgerTooNew):
        return
    assert ledger == full_ledger() or was_edited(cut)


def test_a_full_ledger_says_so():
    full = replace(full_ledger(), entries=full_ledger().entries[:1] * 5000)

    with pytest.raises(LedgerError, match="5000"):
        append(full, Hint(**HERE, step="explore", level=1))


def test_a_summary_counts_in_words():
    lines = summary(full_ledger()).lines()

    assert lines == (
        "Begun 2026-11-02, last entry 2026-11-02, 10 entries.",
        "Tracks: cloud-titan.",
        "Holds 2 predictions, 1 pinned reading, 1 diagnosis, 1 reflection.",
    )


def test_a_summary_counts_attempts_where_there_are_any():
    attempt = DesignCommitted(**HERE, design=DESIGN, digest=digest(DESIGN), figures={}, role="attempt")

    assert "2 attempts" in summary(ledger_of(attempt, attempt)).lines()[2]


def test_a_summary_of_nothing_says_so():
    assert summary(ledger_of()).lines() == ("Begun 2026-11-02; nothing in it yet.",)


def test_typed_text_loses_only_what_no_file_can_hold():
    assert clean_text(" a\r\nb\x00\ud800\u00e9 ") == "a\nb\u00e9"
    assert clean_text("abc", limit=2) == "ab"


def test_the_record_has_the_neighbouring_names():
    record = json.loads(dump(full_ledger()))["record"]

    assert record["chapter_id"] == "v2_09"
    assert record["track_id"] == record["track"] == "cloud-titan"
    assert record["current_design"] == DESIGN
    assert (record["batch_size"], record["operator_fusion"]) == (32, "eager")
    assert record["binding_constraint"] == "bandwidth"
    assert record["evidence"]["A"] == {"instrument": "mbu-gauge", "name": "MBU", "value": 0.61, "unit": "%"}
    assert record["reflections"][0]["task"] == "patterson"


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ({"frames_batched": 2, "precision": "w8a8", "fusion": "11"}, (2, "w8a8", "11")),
        ({"hops_batched": 4, "weights": "int8", "fusion": "0"}, (4, "int8", "0")),
        ({"hidden": 100}, (None, None, None)),
    ],
    ids=str,
)
def test_the_record_finds_what_each_kind_of_design_calls_its_own(design, expected):
    pin = Pin(**HERE, instrument="mfu", design=design, name="MFU", value=0.1, unit="")

    record = json.loads(dump(ledger_of(pin)))["record"]

    assert (record["batch_size"], record["precision"], record["operator_fusion"]) == expected


def test_the_record_of_an_empty_ledger_claims_nothing():
    record = json.loads(dump(ledger_of()))["record"]

    assert not any(record[name] for name in record if name != "chapter_id")
