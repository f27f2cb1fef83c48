"""The app: regions open as the ledger grows, and nothing of the learner's is lost."""

import json
from pathlib import Path

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.models import Button, RadioGroup

from rooflab.app import REGIONS, App
from rooflab.lab.ledger.entries import TEXT_LIMIT, Diagnosis, Pin, Prediction, Reflection, Reveal, Signed
from rooflab.lab.ledger.ledger import dump, parse
from rooflab.lab.steps.share import encode
from tests.unit.drawn_screen import all_in_sight
from tests.unit.memory_store import MemoryStore

INPUTS = Path(__file__).parents[2] / "inputs"
NOW = "2026-11-02T09:30:00Z"
EARLY_AT = "2026-11-02T09:29:58Z"
BENCH = ["controls", "roofline", "verdict", "tasks", "panel", "pins", "baseline"]


class Lab:
    """An app with its store, its clock, and what it told the page: words, where an action made something, pictures."""

    def __init__(self, text=None, early=None, fragment="", benches=None):
        self.said, self.made, self.pictures = [], [], []
        self.store = MemoryStore(text)
        self.lasting = []
        self.app = App(self.store, lambda: NOW, self.announce, self.hand_out)
        self.app.resume(text, early, fragment, "session-1", benches)

    def announce(self, words, lasting=False):
        self.said.append(words)
        if lasting:
            self.lasting.append(words)

    def hand_out(self, kind, /, **fields):
        {"made": self.made, "picture": self.pictures}.get(kind, []).append(fields)

    def built(self):
        return [name for name, root in self.app.roots.items() if len(root)]

    def entries(self, kind):
        return [entry for entry in self.app.ledger.entries if isinstance(entry, kind)]

    def predict(self, choices=("no", "large"), confidence=0.8):
        for answer, choice in zip(self.app.lesson.form.answers, choices, strict=True):
            answer.param.update(choice=choice, confidence=confidence)
        self.app.lesson.form.param.trigger("submit")

    def observe(self, choice="bandwidth-half"):
        form = self.app.lesson.observation
        form.choice = choice
        form.param.trigger("submit")

    def press(self, region, label):
        button = next(each for each in self.app.roots[region].select(has_label(label)))
        button._process_event(None)  # what a click in the browser comes to

    def go(self, step):
        self.predict()
        if step == "explore":
            return self
        self.app.bench.pin("mbu")
        if step == "observe":
            return self
        self.observe()
        if step == "reveal":
            return self
        self.press("reveal", "Compare with the model")
        if step == "diagnose":
            return self
        self.app.lesson.diagnosis.choice = "memory"
        self.app.lesson.diagnosis.param.trigger("submit")
        return self


def has_label(label):
    return lambda each: getattr(each, "label", None) == label and hasattr(each, "clicks")


def early(*answers):
    return {
        "track": "cloud-titan",
        "part": 1,
        "at": EARLY_AT,
        "answers": {
            question: {"choice": choice, "confidence": confidence} for question, choice, confidence in answers
        },
    }


def test_the_regions_stand_in_order_from_the_start():
    assert tuple(Lab().app.roots) == REGIONS


def test_what_is_locked_is_not_built():
    assert Lab().built() == ["lock"]


def test_a_fresh_resume_leaves_every_view_as_it_was():
    app = App(MemoryStore(), lambda: NOW, print)
    before = list(app.roots["lock"].objects)

    app.resume(None, None, "#variant=3", "session-1")

    assert app.roots["lock"].objects == before


def test_a_submission_with_gaps_says_which_and_keeps_the_rest():
    lab = Lab()
    lab.app.lesson.form.answers[0].choice = "no"

    lab.app.lesson.form.param.trigger("submit")

    assert lab.app.lesson.form.message.startswith("Still missing: how sure you are of question 1")
    assert lab.app.lesson.form.answers[0].choice == "no"
    assert lab.store.text is None


def test_predictions_unlock_the_workbench_and_are_saved():
    lab = Lab()

    lab.predict()

    assert lab.built() == ["lock", *BENCH, "hints"]
    assert len(parse(lab.store.text).entries) == 2


def test_a_revision_is_kept_beside_the_first_answer():
    lab = Lab().go("explore")
    lab.app.lesson._revise()

    lab.predict(choices=("partly", "small"))

    assert [entry.revision for entry in lab.entries(Prediction)] == [False, False, True, True]
    assert "Revised to" in markup(lab, "lock")


def test_a_revision_that_changes_nothing_is_not_recorded():
    lab = Lab().go("explore")
    lab.app.lesson._revise()

    lab.app.lesson.form.param.trigger("submit")

    assert len(lab.entries(Prediction)) == 2
    assert lab.said[-1] == "Nothing was changed."


def test_pinning_while_reflecting_loses_nothing_and_offers_equal_readings_apart():
    lab = Lab().go("reflect")
    form = lab.app.lesson.reflection
    form.claim = "half a thought"
    form.evidence = [lab.app.lesson.board.pins[0].seq]

    lab.app.bench.pin("mbu")

    assert lab.app.lesson.reflection is form
    assert (form.claim, form.evidence) == ("half a thought", [lab.app.lesson.board.pins[0].seq])
    assert len(form.param.evidence.objects) == 2


def test_a_bench_that_was_moved_is_as_it_was_left():
    lab = Lab().go("explore")
    lab.app.bench.batch = 8
    lab.app.bench.layer = lab.app.bench.outcome().operators.ids[-1]

    again = Lab(lab.store.text, benches=lab.store.benches)

    assert (again.app.bench.batch, again.app.bench.layer) == (8, lab.app.bench.layer)


def test_a_bench_that_was_kept_gives_way_to_a_newer_design_and_to_a_link():
    lab = Lab().go("explore")
    lab.app.bench.batch = 8
    before = dict(lab.store.benches)
    lab.app.bench.batch = 16
    link = encode(*lab.app.lesson.place.key, lab.app.bench.design())

    assert Lab(lab.store.text, fragment=link, benches=before).app.bench.batch == 16
    lab.app.bench.pin("mbu")
    assert Lab(lab.store.text, benches=before).app.bench.batch == 16
    assert Lab(lab.store.text, benches=lab.store.benches).app.bench.batch == 16


@pytest.mark.parametrize("kept", [None, [], "text", {"link": 3}, {"after": 0, "link": "#design=x.y"}, {"after": 0, "layer": []}], ids=str)
def test_a_bench_that_no_lab_kept_is_left(kept):
    text, benches = Lab().go("explore").store.text, {"cloud-titan:1": kept}
    again = Lab(text, benches=benches)

    assert again.app.bench.design() == again.app.lesson.place.start


def test_a_pin_unlocks_the_reveal_and_carries_its_design():
    lab = Lab().go("reveal")

    assert lab.built() == ["lock", *BENCH, "hints", "observation", "reveal"]
    assert lab.entries(Pin)[0].design["batch"] == lab.app.lesson.place.scenario.crisis.batch


def test_the_workbench_is_kept_while_later_regions_open():
    lab = Lab().go("explore")
    before = {name: list(lab.app.roots[name]) for name in BENCH}

    lab.app.bench.pin("mfu")

    assert {name: list(lab.app.roots[name]) for name in BENCH} == before


def test_no_answer_is_in_the_reveal_before_the_learner_looks():
    lab = Lab().go("reveal")

    assert "Brier" not in markup(lab, "reveal")


def test_the_reveal_lays_the_answer_beside_the_prediction():
    lab = Lab().go("diagnose")

    assert len(lab.entries(Reveal)) == 2
    assert "Brier" in markup(lab, "reveal")


def test_the_diagnosis_is_checked_and_explained():
    lab = Lab().go("reflect")

    right = lab.app.lesson.place.part.diagnosis.answer(lab.app.lesson.place.scenario) == "memory"
    assert lab.entries(Diagnosis)[0].right is right
    assert ("not supported" in markup(lab, "reflection")) is not right


def test_a_reflection_says_what_it_lacks():
    lab = Lab().go("reflect")

    lab.app.lesson.reflection.param.trigger("submit")

    assert "a pinned reading as evidence" in lab.app.lesson.reflection.message


def test_a_reflection_that_is_too_long_is_said_beside_its_field_and_never_cut():
    lab = Lab().go("reflect")
    form = lab.app.lesson.reflection
    written = "a" * TEXT_LIMIT + "bcd"
    values = {"stance": "memory", "tradeoff": "cost", "residual_risk": "risk", "evidence": [lab.app.lesson.board.pins[0].seq]}

    form.param.update(claim=written, **values)
    form.param.trigger("submit")

    assert "3 characters too many" in form.message
    assert "3 characters too many" in markup(lab, "reflection")
    assert (form.claim, lab.entries(Reflection)) == (written, [])

    form.claim = written[3:]
    form.param.trigger("submit")
    form.param.trigger("submit")  # asked again for what says nothing, and kept

    assert lab.entries(Reflection)[0].claim == written[3:]


SAID = {
    "claim": "Traffic binds the step: the bus is 78% busy.",
    "tradeoff": "A kernel of our own has to be maintained.",
    "residual_risk": "Short contexts would not profit from it.",
}


def reflecting(instrument):
    """Return a lab at the reflection, with one reading pinned on the bench as it stands, and chosen as evidence."""
    lab = Lab().go("reflect")
    lab.app.lesson.bench.take(lab.app.lesson.place.start)
    lab.app.lesson.bench.pin(instrument)
    form = lab.app.lesson.reflection
    form.param.update(stance="memory", evidence=[lab.app.lesson.board.pins[-1].seq], **SAID)
    return lab, form


@pytest.mark.parametrize(("instrument", "said"), [
    ("bus", "Supports your claim"), ("mfu", "Does not bear on your claim"), ("throughput", "Does not bear on your claim"),
])  # fmt: skip
def test_what_a_chosen_reading_shows_is_said_when_it_is_chosen(instrument, said):
    lab, _form = reflecting(instrument)

    assert said in markup(lab, "reflection")


def test_a_reading_that_bears_is_kept_at_once():
    lab, form = reflecting("bus")

    form.param.trigger("submit")

    assert lab.entries(Reflection)[0].asked_again == ""


def test_a_reading_that_points_the_other_way_is_asked_for_once_and_then_kept():
    lab, form = reflecting("bus")
    form.stance = "compute"

    assert "Contradicts your claim" in markup(lab, "reflection")

    form.param.trigger("submit")

    assert lab.entries(Reflection) == []
    assert "enter it again to keep it as it is" in markup(lab, "reflection")

    form.param.trigger("submit")

    assert lab.entries(Reflection)[0].asked_again == "evidence"
    assert "Asked again, kept" in markup(lab, "reflection")


def test_texts_that_say_nothing_are_asked_for_once_and_then_kept():
    lab, form = reflecting("bus")
    form.param.update(claim="a", tradeoff="b", residual_risk="c")

    form.param.trigger("submit")

    assert lab.entries(Reflection) == []
    assert set(form.doubts) == {"claim", "tradeoff", "residual_risk"}

    form.param.trigger("submit")

    kept = lab.entries(Reflection)[0]
    assert (kept.claim, kept.asked_again) == ("a", "claim tradeoff residual_risk")


def test_what_is_mended_after_it_was_asked_for_is_not_recorded_as_kept():
    lab, form = reflecting("bus")
    form.claim = "a"

    form.param.trigger("submit")
    form.claim = SAID["claim"]
    form.param.trigger("submit")

    assert lab.entries(Reflection)[0].asked_again == ""


def test_every_text_field_of_a_reflection_takes_more_than_its_limit():
    lab = Lab().go("reflect")

    fields = [each for each in lab.app.roots["reflection"].select(pn.widgets.TextAreaInput)]

    assert len(fields) == 3
    assert all(each.max_length > TEXT_LIMIT for each in fields)


def test_what_was_answered_early_is_entered_wherever_the_address_leads():
    given = early(("slope", "no", 0.9), ("half-the-bits", "small", 0.6))

    lab = Lab(early=given, fragment="#edge-guardian/1")

    assert [(entry.track, entry.at) for entry in lab.entries(Prediction)] == [("cloud-titan", EARLY_AT)] * 2
    assert lab.app.place()["track"] == "cloud-titan"


def test_a_whole_journey_ends_in_a_done_state_and_resumes_there():
    lab = Lab().go("reflect")
    form = lab.app.lesson.reflection
    form.param.update(
        stance="memory",
        claim="HBM <b>binds</b>: the bus is 78% busy",
        tradeoff="A kernel of our own to maintain",
        residual_risk="Short contexts would not profit from it",
        evidence=[lab.app.lesson.board.pins[0].seq],
    )
    form.param.trigger("submit")
    form.param.trigger("submit")  # the reading does not bear, and is kept

    again = Lab(lab.store.text)

    assert lab.entries(Reflection)
    assert lab.app.place()["step"] == again.app.place()["step"] == "done"
    assert markup(again, "reflection") == markup(lab, "reflection")
    assert "HBM &lt;b&gt;binds&lt;/b&gt;" in markup(again, "reflection")


def test_every_stage_resumes_where_it_was():
    for step in ("explore", "reveal", "diagnose", "reflect"):
        lab = Lab().go(step)

        assert Lab(lab.store.text).built() == lab.built()


def test_an_early_lock_is_entered_with_its_own_time():
    lab = Lab(early=early(("slope", 2, 3), ("half-the-bits", "small", 0.9)))

    assert [(entry.choice_id, entry.confidence, entry.at) for entry in lab.entries(Prediction)] == [
        ("no", 0.8, EARLY_AT),
        ("small", 0.9, EARLY_AT),
    ]
    assert set(BENCH) <= set(lab.built())


def test_an_early_lock_with_gaps_keeps_what_was_answered():
    lab = Lab(early=early(("slope", 2, None), ("half-the-bits", 99, "nonsense")))

    assert lab.built() == ["lock"]
    assert lab.app.lesson.form.answers[0].choice == "no"
    assert "how sure you are of question 1" in lab.app.lesson.form.message


def test_an_early_lock_does_not_override_a_ledger():
    lab = Lab().go("explore")

    again = Lab(lab.store.text, early=early(("slope", 0, 0), ("half-the-bits", 0, 0)))

    assert len(again.entries(Prediction)) == 2


@pytest.mark.parametrize("broken", [{"track": "cloud-titan"}, "text", 3, []])
def test_a_damaged_early_lock_is_said(broken):
    lab = Lab(early=broken)

    assert "submit it once more" in lab.lasting[0]
    assert lab.built() == ["lock"]


def test_unreadable_text_is_set_aside_and_said():
    lab = Lab("{broken")

    assert lab.store.aside == [("unreadable", "{broken")]
    assert "set aside" in lab.lasting[0]
    assert lab.built() == ["lock"]


def test_a_newer_ledger_is_set_aside_only_when_something_replaces_it():
    text = dump(Lab().app.ledger).replace('"schema_version":2', '"schema_version":99')
    lab = Lab(text)
    assert lab.store.text == text

    lab.predict()

    assert lab.store.aside == [("newer", text)]


def test_an_import_changes_nothing_until_it_is_confirmed_and_can_be_undone():
    mine, theirs = Lab().go("explore"), Lab().go("diagnose")
    before = mine.app.ledger

    mine.app.offer_import("theirs.json", theirs.store.text.encode())
    assert mine.app.ledger == before
    mine.press("transfer", "Replace my ledger with this one")
    assert mine.built() == ["lock", *BENCH, "hints", "observation", "reveal", "reflection", "transfer"]
    mine.press("transfer", "Undo the import")

    assert mine.app.ledger == before
    assert mine.built() == ["lock", *BENCH, "hints"]


def test_a_refused_import_says_why():
    lab = Lab()

    lab.app.offer_import("a.json", b"<script>alert(1)</script>")

    assert "not imported" in markup(lab, "transfer")
    assert "<script>" not in markup(lab, "transfer")


def test_the_page_finds_the_lock_by_its_tags():
    document = shown(Lab().app)

    tags = {tag for model in document.models for tag in model.tags if isinstance(model, (RadioGroup, Button))}
    assert {
        "rooflab:answer:slope",
        "rooflab:confidence:slope",
        "rooflab:answer:half-the-bits",
        "rooflab:confidence:half-the-bits",
        "rooflab:submit",
    } <= tags


def test_the_locked_document_is_the_same_whatever_the_answer_is():
    question = Lab().app.lesson.place.part.questions[1]
    other = next(
        variant
        for variant in range(1, 50)
        if question.answer(Lab(fragment=f"#variant={variant}").app.lesson.place.scenario) != question.answer(Lab().app.lesson.place.scenario)
    )

    assert serialised(Lab().app) == serialised(Lab(fragment=f"#variant={other}").app)


def shown(app, tabs=None):
    """Return a document of all regions, with the instruments behind these tabs of the bench in sight; else behind all."""
    if app.lesson.pieces is not None:
        all_in_sight(app.lesson.pieces.panel, tabs)
    document = Document()
    with document.models.freeze():  # looked through once, not once a root
        for root in app.roots.values():
            document.add_root(root.get_root(document))
    return document


def serialised(app):
    """Write the document with ids numbered in order of appearance; Panel numbers names over the process."""
    document = shown(app).to_json(deferred=False)
    numbers = {}

    def plain(value):
        if isinstance(value, dict):
            kept = {key: plain(item) for key, item in value.items() if not (key == "name" and "id" not in value)}
            if "id" in kept:
                kept["id"] = numbers.setdefault(kept["id"], len(numbers))
            return kept
        return [plain(item) for item in value] if isinstance(value, list) else value

    return json.dumps(plain(document["roots"]))


def markup(lab, region):
    document = Document()
    document.add_root(lab.app.roots[region].get_root(document))
    return "".join(sorted(model.text for model in document.models if isinstance(getattr(model, "text", None), str)))


def test_a_name_is_entered_once_and_as_one_line():
    lab = Lab().go("explore")

    for name in (" Ada\n<b> ", "Ada <b>", "Grace", ""):
        lab.app.sign(name)

    assert [entry.name for entry in lab.entries(Signed)] == ["Ada <b>", "Grace", ""]
    assert parse(lab.store.text) == lab.app.ledger
    assert lab.app.place()["step"] == "explore"


def test_entries_of_unknown_kinds_are_said_and_kept_through_a_save():
    text = (INPUTS / "unknown-entry-kind.json").read_text(encoding="utf-8")
    lab = Lab(text)

    lab.app.sign("Ada")

    said = [words for words in lab.lasting if "of a kind that this version does not know" in words]
    assert said == ["2 entries are of a kind that this version does not know; they are kept."]
    kept = [line for line in text.splitlines() if '"bench-opened"' in line or '"version":2' in line]
    assert len(kept) == 2
    assert all(line.rstrip(",") in lab.store.text for line in kept)


def test_a_ledger_of_schema_1_is_written_anew_only_when_something_is_committed():
    text = (INPUTS / "schema-1-all-parts.json").read_text(encoding="utf-8")
    lab = Lab(text)
    assert lab.store.text == text

    lab.app.sign("Ada")

    assert json.loads(lab.store.text)["schema_version"] == 2
    assert parse(lab.store.text).entries[:-1] == parse(text).entries
