"""The ledger's text: exact round trips, and refusal of everything that is not one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.errors import LedgerError, LedgerTooNew, LedgerUnreadable
from rooflab.lab.ledger.entries import (
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
    Signed,
    TrackOpened,
    UnknownEntry,
    UnreadEntry,
    clean_text,
)
from rooflab.lab.ledger.ledger import Ledger, append, digest, dump, parse, summary, was_edited
from rooflab.lab.ledger.model_version import MODEL, ModelVersion
from tests.unit.lab.likely import like

INPUTS = Path(__file__).parents[2] / "inputs"
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
        Signed(at=NOW, name="Ada <b>"),
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


def first(change):
    """Return the text of a ledger of schema 1 after `change` has had its document."""
    document = json.loads((INPUTS / "schema-1.json").read_text(encoding="utf-8"))
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


SCHEMA_1 = sorted(each.name for each in INPUTS.glob("schema-1*.json"))


def test_a_ledger_of_the_first_lab_has_the_digest_that_it_wrote():
    text = (INPUTS / "schema-1.json").read_text(encoding="utf-8")

    assert json.loads(text)["digest"] == FIRST_DIGEST
    assert not was_edited(text)
    assert was_edited(text.replace("latency", "Latency"))


@pytest.mark.parametrize("name", SCHEMA_1)
def test_a_ledger_of_schema_1_becomes_one_of_schema_2_when_it_is_written(name):
    before = parse((INPUTS / name).read_text(encoding="utf-8"))

    text = dump(before)

    assert json.loads(text)["schema_version"] == 2
    assert not was_edited(text)
    assert parse(text) == before
    assert before.models == () and {before.model_of(entry) for entry in before.entries} == {None}


@pytest.mark.parametrize("name", SCHEMA_1)
def test_what_is_added_to_a_ledger_of_schema_1_names_its_model(name):
    before = parse((INPUTS / name).read_text(encoding="utf-8"))

    after = parse(dump(append(before, Hint(**HERE, step="explore", level=1))))

    assert after.entries[:-1] == before.entries
    assert after.model_of(after.entries[-1]) == MODEL
    assert after.entries[-1].version == Hint.kind_version


def test_entries_of_two_models_keep_each_its_own():
    older = ModelVersion(version="0.9", digest="sha256:" + "a" * 64)
    document = json.loads(dump(ledger_of(Hint(**HERE, step="explore", level=1))))
    document["models"] = [{"version": older.version, "digest": older.digest}]

    after = parse(dump(append(parse(json.dumps(document)), Hint(**HERE, step="explore", level=2))))

    assert [after.model_of(entry) for entry in after.entries] == [older, MODEL]


def test_the_same_version_with_another_digest_is_another_model():
    fork = ModelVersion(version=MODEL.version, digest="sha256:" + "b" * 64)

    after = append(replace(ledger_of(), models=(fork,)), Hint(**HERE, step="explore", level=1))

    assert after.models == (fork, MODEL)
    assert after.model_of(after.entries[0]) == MODEL


def test_a_changed_model_or_version_is_noticed():
    for field, value in (("version", "0.9"), ("digest", "sha256:" + "0" * 63 + "1")):
        assert was_edited(edited(lambda d, field=field, value=value: d["models"][0].update({field: value})))


# Entries of labs to come.

GRADE = {"kind": "grade", "seq": 0, "at": NOW, "version": 3, "model": 0, "b": [1, 1.0, -0.5, 1e300], "a": {"Z z": None}}


def with_unknown(*items):
    """Return the text of the full ledger with `items` at its end, numbered."""
    document = json.loads(dump(full_ledger()))
    for item in items:
        document["entries"].append(item | {"seq": len(document["entries"])})
    return json.dumps(document)


def entry_lines(text):
    start, end = text.index('"entries":['), text.index('\n"digest"')
    return [line.rstrip(",") for line in text[start:end].splitlines()[1:-1]]


def test_an_entry_of_an_unknown_kind_is_kept_as_it_came_and_written_after():
    ledger = append(parse(with_unknown(GRADE)), Hint(**HERE, step="explore", level=1))
    text = dump(ledger)

    grade, hint = entry_lines(text)[-2:]
    assert grade == json.dumps(GRADE | {"seq": 11}, separators=(",", ":"))
    assert json.loads(hint)["kind"] == "hint"
    assert not was_edited(text)
    assert was_edited(text.replace("1e+300", "1e+299"))


def test_a_later_version_of_a_known_kind_is_kept_as_it_came():
    later = {"kind": "hint", "seq": 0, "at": NOW, "version": 2, "model": 0, "steps": ["explore"], "level": 9}

    ledger = parse(with_unknown(later))

    assert isinstance(ledger.entries[-1], UnknownEntry)
    assert entry_lines(dump(ledger))[-1] == json.dumps(later | {"seq": 11}, separators=(",", ":"))


def test_a_reflection_may_cite_a_reading_of_a_later_lab():
    document = json.loads(dump(full_ledger()))
    document["entries"][4] |= {"version": Pin.kind_version + 1, "spread": [0.6, 0.62]}

    ledger = parse(json.dumps(document))

    assert isinstance(ledger.entries[4], UnknownEntry)
    assert parse(dump(ledger)) == ledger


def test_unknown_entries_are_said_once_in_a_summary():
    lines = summary(parse(with_unknown(GRADE, GRADE))).lines()

    assert [line for line in lines if "does not know" in line] == [
        "2 entries are of a kind that this version does not know; they are kept."
    ]
    assert not [line for line in summary(full_ledger()).lines() if "does not know" in line]


kept_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=9), inner, max_size=3),
    max_leaves=10,
)
unknown_fields = st.dictionaries(
    st.from_regex(r"[a-z_]{1,9}", fullmatch=True).filter(lambda name: name not in GRADE), kept_values, max_size=4
)


@given(st.lists(unknown_fields, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_whatever_an_unknown_entry_holds_comes_back_in_its_order(items):
    given_items = [{"kind": "grade", "seq": 0, "at": NOW, "version": 1, "model": 0} | item for item in items]
    text = dump(parse(with_unknown(*given_items)))

    back = entry_lines(text)[-len(items) :]

    assert back == [
        json.dumps(item | {"seq": 11 + place}, separators=(",", ":"), ensure_ascii=False)
        for place, item in enumerate(given_items)
    ]
    assert not was_edited(text)
    assert dump(parse(text)) == text


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
def test_damage_to_what_later_labs_write_is_not_read(where, change):
    document = json.loads(dump(later_ledger()))
    document["entries"][where] |= change

    entries = parse(json.dumps(document)).entries

    assert [entry.seq for entry in entries if isinstance(entry, UnreadEntry)] == [where]


def test_appending_numbers_the_entry_and_leaves_the_old_ledger_alone():
    before = full_ledger()

    after = append(before, Hint(**HERE, step="explore", level=1))

    assert len(before.entries) == 11
    assert after.entries[:11] == before.entries
    assert after.entries[11].seq == 11


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
    "models in schema 1": first(lambda d: d.update(models=[])),
    "models as object": edited(lambda d: d.update(models={})),
    "too many models": edited(lambda d: d.update(models=d["models"] * 65)),
    "model version as markup": edited(lambda d: d["models"][0].update(version="<b>")),
    "model digest malformed": edited(lambda d: d["models"][0].update(digest="sha256:0")),
    "model with more fields": edited(lambda d: d["models"][0].update(html="<b>")),
}


DAMAGED = {
    "escaped lone surrogate": dump(full_ledger()).replace("latency", "\\ud800", 1),
    "control character": dump(full_ledger()).replace("latency", "\\u0000", 1),
    "entry as text": edited(lambda d: d["entries"].append("x")),
    "entry of unknown kind in schema 1": first(lambda d: d["entries"][0].update(kind="grade")),
    "version of an entry in schema 1": first(lambda d: d["entries"][0].update(version=1, model=0)),
    "entry under no model": edited(lambda d: d["entries"][0].update(model=1)),
    "entry with a version alone": edited(lambda d: d["entries"][0].pop("model")),
    "entry with a model alone": edited(lambda d: d["entries"][0].pop("version")),
    "version of an entry as text": edited(lambda d: d["entries"][0].update(version="1")),
    "unknown kind without a version": edited(lambda d: d["entries"][0].update(kind="grade", version=0)),
    "unknown kind as markup": edited(lambda d: d["entries"][0].update(kind="<b>")),
    "unknown kind without a time": edited(lambda d: d["entries"][0].update(kind="grade", at="now")),
    "unknown kind out of order": edited(lambda d: d["entries"][0].update(kind="grade", seq=4)),
    "unknown kind too deep": edited(lambda d: d["entries"][0].update(kind="grade", x=[[[[[[[[[1]]]]]]]]])),
    "unknown kind too large": edited(lambda d: d["entries"][0].update(kind="grade", x=[0] * 2001)),
    "unknown kind with long text": edited(lambda d: d["entries"][0].update(kind="grade", x="a" * 20_001)),
    "unknown kind with a control character": edited(lambda d: d["entries"][0].update(kind="grade", x="\x00")),
    "unknown kind with a long name": edited(lambda d: d["entries"][0].update({"kind": "grade", "n" * 121: 0})),
    "signature of two lines": edited(lambda d: d["entries"][10].update(name="Ada\nGrace")),
    "signature too long": edited(lambda d: d["entries"][10].update(name="a" * 81)),
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
    "evidence as text": edited(lambda d: d["entries"][8].update(evidence="4")),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_entry_is_kept_as_it_came_and_says_why(text):
    ledger = parse(text)
    unread = [entry for entry in ledger.entries if isinstance(entry, UnreadEntry)]
    again = dump(ledger)

    assert unread
    assert all(10 < len(each.reason) < 400 and each.reason.isascii() and "<" not in each.reason for each in unread)
    assert [json.loads(line) for line in entry_lines(again)] == json.loads(text)["entries"]
    assert dump(parse(again)) == again
    assert was_edited(text)


def test_the_entries_around_a_damaged_one_are_read():
    ledger = parse(edited(lambda d: d["entries"][4].update(part=9)))

    others = [entry for entry in ledger.entries if not isinstance(entry, UnreadEntry)]
    assert others == [entry for entry in full_ledger().entries if entry.seq != 4]
    assert ledger.entries[4].at == ledger.entries[3].at
    assert "Cannot be read, and is kept as it came: 1 entry." in summary(ledger).lines()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_in_plain_words(text):
    with pytest.raises(LedgerUnreadable) as refusal:
        parse(text)

    message = str(refusal.value)
    assert 20 < len(message) < 400
    assert message.isascii() and "<" not in message and "Traceback" not in message


def test_a_newer_ledger_is_told_apart_from_a_broken_one():
    text = edited(lambda d: d.update(schema_version=3, entries="of another shape"))

    with pytest.raises(LedgerTooNew, match="schema version 3"):
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
    entry = document["entries"][where]
    entry[field] = data.draw(like(entry[field])) if data.draw(st.booleans()) else value
    text = json.dumps(document)

    try:
        ledger = parse(text)
    except (LedgerUnreadable, LedgerTooNew):
        return
    assert parse(dump(ledger)) == ledger


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_ledger_with_a_piece_cut_out_is_never_read_as_another(data):
    document = json.loads(dump(full_ledger()))
    entries = document["entries"]
    where = data.draw(st.integers(0, len(entries) - 1))
    names = [name for name, value in entries[where].items() if isinstance(value, str | list | dict) and value]
    name = data.draw(st.sampled_from(["", *names]))
    if not name:
        del entries[where]
    elif isinstance(entries[where][name], dict):
        del entries[where][name][data.draw(st.sampled_from(sorted(entries[where][name])))]
    else:
        entries[where][name] = entries[where][name][1:]
    cut = json.dumps(document)

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
        "Begun 2026-11-02, last entry 2026-11-02, 11 entries.",
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
