"""A readable ledger opens on every screen, whatever it holds; what cannot be computed is kept and left out."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooflab.app import App
from rooflab.app.app import CANNOT_FOLLOW, CANNOT_IMPORT, CANNOT_OPEN
from rooflab.app.desk import Desk
from rooflab.errors import LedgerError
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.computable import computable, offered
from rooflab.lab.ledger.entries import SetApart, TrackOpened
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.tracks import TRACKS
from tests.unit.memory_store import MemoryStore

INPUTS = Path(__file__).parents[2] / "inputs"
NOW = "2026-11-02T09:32:00Z"
WHOLE = json.loads((INPUTS / "schema-1-all-parts.json").read_text(encoding="utf-8"))
NO_WAY = {CANNOT_OPEN, CANNOT_FOLLOW, CANNOT_IMPORT}


class Lab:
    """An app that resumed a text, and what it said."""

    def __init__(self, text):
        self.said = []
        self.store = MemoryStore(text)
        self.app = App(self.store, lambda: NOW, lambda words, lasting=False: self.said.append(words))
        self.app.hold_bench()
        self.app.resume(text, None, "", "session-1")
        self.app.build_bench()

    def visit(self, track_id):
        """Open every part of a track, and every screen."""
        for number in (1, 2, 3):
            self.app.follow(f"#{track_id}/{number}")
        desk = Desk(self.app)
        desk.open("report")
        desk.open("classroom")
        desk.take_files([("one.json", self.store.text.encode())], refused=[], first=True, last=True)
        assert desk._detail("one.json")


def changed(change):
    """Return the whole ledger, of all tracks and parts, after `change` has had its entries."""
    document = json.loads(json.dumps(WHOLE))
    change(document["entries"])
    return json.dumps(document)


def last(entries, kind, part=None, **held):
    """Return the last entry of a kind, in part `part`, that holds these values."""
    return next(
        each
        for each in reversed(entries)
        if each["kind"] == kind and part in (None, each["part"]) and held.items() <= each.items()
    )


def designs(values, **where):
    """Return a change of the designs of every entry that is as `where` says."""

    def change(entries):
        for each in entries:
            if "design" in each and where.items() <= each.items():
                each["design"].update(values)

    return change


IMPOSSIBLE = {
    "batch of 0": designs({"batch": 0}, track="cloud-titan"),
    "batch of -1": designs({"batch": -1}, track="cloud-titan"),
    "batch of 1e300": designs({"batch": 1e300}, track="cloud-titan"),
    "a batch no longer offered": designs({"batch": 33}, track="cloud-titan"),
    "a batch of a fraction": designs({"batch": 16.5}, track="cloud-titan"),
    "batch as text": designs({"batch": "many"}, track="cloud-titan"),
    "frames of 0": designs({"frames_batched": 0}, track="mobile-nomad"),
    "unknown kind of design": designs({"kind": "abacus"}),
    "another kind of design": designs({"kind": "frame"}),
    "a field of a later release": designs({"telepathy": 1}),
    "a value in a list": designs({"batch": [1, 2]}, track="cloud-titan"),
    "a choice that is gone": designs({"precision": "fp3"}, track="cloud-titan"),
    "a choice its device cannot compute": designs({"precision": "fp8"}, track="cloud-titan", part=1),
    "a fixed value that differs": designs({"phase": "prefill"}, track="cloud-titan", part=2),
    "a track that is gone": lambda entries: [each.update(track="sea") for each in entries],
    "the last track gone": lambda entries: [
        each.update(track="sea") for each in entries[-20:] if each["kind"] not in ("pin", "reflection")
    ],
    "a question that is gone": lambda entries: [
        each.update(question_id="gone") for each in entries if each["kind"] in ("prediction", "reveal")
    ],
    "a choice of a question gone": lambda entries: [
        each.update(choice_id="gone") for each in entries if each["kind"] == "prediction"
    ],
    "an answer that is gone": lambda entries: [
        each.update(answer_id="gone") for each in entries if each["kind"] == "reveal"
    ],
    "a diagnosis that is gone": lambda entries: [
        each.update(choice_id="gone") for each in entries if each["kind"] == "diagnosis"
    ],
    "a layer that is gone": lambda entries: [each.update(layer="gone") for each in entries if each["kind"] == "pin"],
    "an instrument that is gone": lambda entries: [
        each.update(instrument="gone") for each in entries if each["kind"] == "pin"
    ],
    "a tile size that is gone": lambda entries: [
        each.update(tile_rows=7) for each in entries if each["kind"] == "proposal"
    ],
    "a reply that is gone": lambda entries: [
        each.update(decision="refuse", named_id="gone") for each in entries if each["kind"] == "reply"
    ],
    "a refusal that names nothing": lambda entries: [
        each.update(decision="refuse", named_id="") for each in entries if each["kind"] == "reply"
    ],
    "a stance that is gone": lambda entries: [
        each.update(choice_id="gone", task="gone") for each in entries if each["kind"] == "reflection"
    ],
    "figures beyond all bounds": lambda entries: [
        each.update(figures=dict.fromkeys(each["figures"], 1.7e308)) for each in entries if "figures" in each
    ],
    "one pin on a track that is gone": lambda entries: last(entries, "pin", 1, track="cloud-titan").update(track="moon"),
    "one pin of a part 9": lambda entries: last(entries, "pin", 1, track="cloud-titan").update(part=9),
    "one pin at no time": lambda entries: last(entries, "pin", 1, track="cloud-titan").update(at="noon"),
    "an entry that is no object": lambda entries: entries.__setitem__(3, "pin"),
    "a reflection that cites no pin": lambda entries: last(entries, "reflection", 1).update(evidence=[0]),
    "entries in another order": lambda entries: entries.reverse(),
    "a diagnosis in part 3": lambda entries: last(entries, "diagnosis").update(part=3),
    "a reply in part 1": lambda entries: last(entries, "reply").update(part=1),
    "attempts in part 1": lambda entries: [each.update(part=1) for each in entries if each["kind"] == "design"],
}


@pytest.mark.parametrize("change", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_every_screen_opens_over_what_cannot_be_computed(change):
    text = changed(change)

    lab = Lab(text)
    lab.visit("mobile-nomad" if change is IMPOSSIBLE["frames of 0"] else "cloud-titan")

    assert not NO_WAY & set(lab.said)
    assert lab.store.text == text
    assert lab.app.ledger.recorded == parse(text).entries
    assert dump(computable(parse(text))) == dump(parse(text))


def test_an_entry_set_apart_is_said_and_listed_with_its_reason():
    text = changed(designs({"batch": 33}, kind="pin", track="cloud-titan", part=2))

    lab = Lab(text)
    lab.app.follow("#cloud-titan/2")
    made = report(lab.app.ledger)

    assert [words for words in lab.said if "1 entry cannot be computed under this version" in words]
    (line,) = made.set_apart
    assert "Cloud Titan, part 2" in line.name
    assert "does not offer '33'" in line.words
    assert "does not offer '33'" in to_markdown(made)
    assert json.loads(to_json(made, lab.app.ledger))["report"]["set_apart"][0]["words"] == line.words


@pytest.mark.parametrize("wrong", [{"track": "moon"}, {"part": 9}, {"at": "noon"}], ids=str)
def test_a_cited_pin_that_cannot_be_read_costs_nothing_but_itself(wrong):
    def change(entries):
        cited = last(entries, "reflection", 1, track="cloud-titan")["evidence"][0]
        entries[cited].update(wrong)
        places.append(cited)

    places = []
    text = changed(change)

    lab = Lab(text)
    made, again = report(lab.app.ledger), replay(parse(text))

    assert lab.store.text == text
    assert [line.name.partition(" (")[0] for line in made.set_apart] == [f"Entry {places[0] + 1}"]
    assert made.tracks[0].parts[0].reflection == report(parse(json.dumps(WHOLE))).tracks[0].parts[0].reflection
    assert classroom([("a", text)]).learners[0].set_apart_count == 1
    assert [each.seq for each in again.findings if "cannot be" in each.words] == (places if "track" not in wrong else [])
    assert [each.seq for each in again.uncomputed] == (places if "track" in wrong else [])


def test_a_reflection_that_cites_no_reading_is_left_out_and_listed():
    text = changed(lambda entries: last(entries, "reflection", 1, track="cloud-titan").update(evidence=[0]))

    (line,) = report(parse(text)).set_apart

    assert "reflection" in line.name
    assert "cites entry 1, which is not a reading pinned earlier" in line.words


def test_scoring_leaves_out_what_is_set_apart():
    whole = json.dumps(WHOLE)
    without = changed(designs({"batch": 33}, kind="design", track="cloud-titan", part=2))

    points = [classroom([("a", text)]).learners[0].rubrics[0].points for text in (whole, without)]
    missions = [classroom([("a", text)]).missions for text in (whole, without)]

    assert points[1] < points[0]
    assert len(missions[1]) == len(missions[0]) - 1
    assert classroom([("a", without)]).learners[0].set_apart_count == 2


def test_what_was_done_stays_done_and_can_be_done_again():
    text = changed(designs({"batch": 33}, kind="design", track="cloud-titan", part=2))
    lab = Lab(text)
    lab.app.follow("#cloud-titan/2")
    board = lab.app.lesson.mission.board

    assert lab.app.place()["parts"][2]["state"] != "locked"
    assert (board.attempts, board.revealed) == ([], None)

    board.param.trigger("submit")
    board.param.trigger("finish")

    assert board.revealed is not None
    assert parse(lab.store.text).entries[: len(WHOLE["entries"])] == parse(text).entries


@pytest.mark.parametrize(
    ("where", "broken"),
    [("hint_state", lambda: broken_over_a_long_ledger), ("Bench", lambda: no_bench)],
    ids=["the place", "the bench alone"],
)
def test_what_no_check_foresaw_still_starts_with_the_text_kept(monkeypatch, where, broken):
    text = json.dumps(WHOLE)
    monkeypatch.setattr(f"rooflab.app.lesson.{where}", broken())

    lab = Lab(text)

    assert CANNOT_OPEN in lab.said
    assert lab.store.text == text
    assert lab.app.ledger.entries == ()
    assert lab.app.place()["step"] == "predict"
    assert len(lab.app.roots["lock"])

    lab.app.commit(TrackOpened(at=NOW, track="cloud-titan", part=1, mode="compact"))

    assert lab.store.aside == [("unreadable", text)]


def test_an_import_that_cannot_be_built_changes_nothing(monkeypatch):
    lab = Lab(None)
    monkeypatch.setattr("rooflab.app.lesson.hint_state", broken_over_a_long_ledger)
    before = lab.app.ledger

    lab.app.offer_import("a.json", json.dumps(WHOLE).encode())
    confirm = next(
        each
        for each in lab.app.roots["transfer"].select()
        if getattr(each, "label", None) == "Replace my ledger with this one" and hasattr(each, "clicks")
    )
    confirm._process_event(None)

    assert CANNOT_IMPORT in lab.said
    assert lab.app.ledger is before
    assert lab.store.text is None


def broken_over_a_long_ledger(track_id, part, ledger):
    """Stand for a fault that nobody foresaw."""
    if len(ledger.entries) > 1:
        raise ZeroDivisionError
    return ()


def no_bench(**_values):
    """Stand in for a bench that cannot be built from what was saved."""
    raise ZeroDivisionError("no such bench")


IDS = st.sampled_from(
    ["cloud-titan", "edge-guardian", "sea", "attempt", "final", "explored", "no", "up", "accept", "refuse", "memory"]
    + ["roofline", "mfu", "w4a16", "fp8", "graph", "serving", "frame", "hop", "loop", "slope", "attention", "compact"]
)
NUMBERS = st.sampled_from([0, -1, 1, 2, 3, 33, 128, 1e300, -1e300, 0.5, 2**53 - 1]) | st.integers(-3, 300)
LIKE = {
    str: IDS | st.sampled_from(["0", "1" * 9, ""]),
    bool: st.booleans(),
    int: NUMBERS,
    float: NUMBERS,
    list: st.lists(st.integers(0, 99), max_size=3),
    dict: st.dictionaries(IDS, NUMBERS | IDS, max_size=3),
}


@given(data=st.data(), edits=st.integers(1, 4), length=st.integers(1, len(WHOLE["entries"])))
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_any_readable_ledger_opens_every_screen(data, edits, length):
    document = json.loads(json.dumps(WHOLE))
    entries = document["entries"] = document["entries"][:length]
    for _ in range(edits):
        entry = data.draw(st.sampled_from(entries))
        inside = [entry, *(entry[name] for name in ("design", "figures") if isinstance(entry.get(name), dict))]
        if target := data.draw(st.sampled_from(inside)):
            name = data.draw(st.sampled_from(sorted(target)))
            target[name] = data.draw(LIKE.get(type(target[name]), st.none()))
    document["variant"] = data.draw(st.sampled_from([0, 0, 1, 5, 1_000_000]))
    text = json.dumps(document)
    try:
        ledger = parse(text)
    except LedgerError:
        return

    lab = Lab(text)
    lab.visit(data.draw(st.sampled_from([track.id for track in TRACKS])))

    assert not NO_WAY & set(lab.said)
    assert lab.store.text == text
    assert replay(ledger).entry_count == len(ledger.entries)
    assert not any(isinstance(entry, SetApart) for entry in ledger.entries)
    for judged in (computable(ledger), offered(ledger)):
        assert dump(judged) == dump(ledger)
    kept = append(computable(ledger), TrackOpened(at=NOW, track="cloud-titan", part=1))
    assert parse(dump(kept)).entries[:-1] == ledger.entries
