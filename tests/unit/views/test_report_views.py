"""The report, the class, a replay and the answer key: built when opened, true to the ledger, and without a leak."""

import csv
import io
import json
from dataclasses import replace

import pytest
from bokeh.document import Document
from tests.unit.lab.conftest import track  # noqa: F401
from tests.unit.lab.fakes import SCHOOL, reflected, school, studied
from tests.unit.views.test_app import Lab, markup

from rooflab import tracks
from rooflab.app.desk import Desk
from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.ledger.files import FILES_LIMIT
from rooflab.lab.ledger.ledger import dump
from rooflab.lab.report.compare import comparison
from rooflab.lab.report.report import report
from rooflab.lab.report.takeaways import TAKEAWAYS, met
from rooflab.views.screens.classroom import MARK, class_table
from rooflab.views.screens.compare import comparison_markup
from rooflab.views.screens.report import report_markup, takeaways_markup
from rooflab.workbench.screens import KeyForm


class Opened:
    """An app over a ledger, its desk, and what was handed to the page."""

    def __init__(self, ledger=None):
        self.lab = Lab(dump(ledger) if ledger else None)
        self.handed = []
        self.lab.app.hand_out = lambda kind, /, **fields: self.handed.append((kind, fields))
        self.desk = Desk(self.lab.app)

    def markup(self, region):
        return markup(self.lab, region)

    def take(self, *files, refused=()):
        self.desk.take_files([(name, text.encode()) for name, text in files], refused=refused, first=True, last=True)

    def files(self):
        return [fields for kind, fields in self.handed if kind == "download"]


def named(ledger, session):
    """Return a ledger's text as another learner's."""
    return dump(replace(ledger, session=session))


# The report


def test_nothing_of_the_screens_is_built_before_they_are_opened(track):
    opened = Opened(studied(track))

    assert opened.markup("report") == opened.markup("classroom") == ""


def test_the_report_tells_what_the_ledger_holds(track):
    opened = Opened(studied(track))

    opened.desk.open("report")

    shown = opened.markup("report")
    for words in ("School, Pupil", "Yes, in proportion to the TFLOPS added", "2, final", "Calibration", "Residual risk"):
        assert words in shown


def test_closing_takes_the_report_out_of_the_document(track):
    opened = Opened(studied(track))
    opened.desk.open("report")

    opened.desk.open("")

    assert opened.markup("report") == ""


def test_a_learner_who_has_done_nothing_is_told_where_a_report_begins():
    opened = Opened()

    opened.desk.open("report")

    assert "begins with your first prediction" in opened.markup("report")


def test_what_is_not_done_is_marked_open(track):
    assert "open" in report_markup(report(studied(track, parts=1)))


def test_words_of_the_learner_stay_words(track):
    ledger = studied(track, parts=1)
    text = dump(ledger).replace(reflected(1).claim, "<img src=x onerror=boom()>")
    lab = Lab(text)
    desk = Desk(lab.app)

    desk.open("report")

    assert "&lt;img src=x onerror=boom()&gt;" in markup(lab, "report")
    assert "<img" not in markup(lab, "report")


@pytest.mark.parametrize(("wish", "kind", "ending"), [("markdown", "text/markdown", "md"), ("json", "application/json", "json")])
def test_the_report_is_handed_out_as_a_file(track, wish, kind, ending):
    opened = Opened(studied(track))
    opened.desk.open("report")

    opened.desk.report_view.form.param.trigger(wish)

    (file,) = opened.files()
    assert (file["what"], file["ending"], file["kind"]) == ("report", ending, kind)


def test_the_json_carries_the_neighbours_names(track):
    opened = Opened(studied(track))
    opened.desk.open("report")
    opened.desk.report_view.form.param.trigger("json")

    record = json.loads(opened.files()[0]["text"])["records"][SCHOOL]
    assert {"chapter_id", "track_id", "binding_constraint", "residual_risk"} <= set(record)


def test_the_report_follows_an_import(track):
    opened = Opened()
    opened.desk.open("report")

    opened.lab.app.offer_import("a.json", dump(studied(track)).encode())
    opened.lab.press("transfer", "Replace my ledger with this one")

    assert "School, Pupil" in opened.markup("report")


def test_before_the_reveal_a_report_is_the_same_whatever_the_answer_is():
    asked = Lab().app.lesson.place.part.questions[1]
    places = {variant: Lab(fragment=f"#variant={variant}") for variant in range(50)}
    answers = {variant: asked.answer(lab.app.lesson.place.scenario) for variant, lab in places.items()}
    other = next(variant for variant, answer in answers.items() if answer != answers[0])
    shown = []
    for variant in (0, other):
        lab = places[variant]
        lab.predict()
        made = joined(report(lab.app.ledger), met(lab.app.ledger))
        shown.append(made.replace(f"variant {variant}.", "variant."))

    assert shown[0] == shown[1]


def joined(made, takeaways):
    return report_markup(made) + takeaways_markup(takeaways)


def test_takeaways_not_met_say_where_and_not_what():
    shown = takeaways_markup(met(Lab().app.ledger))

    for each in TAKEAWAYS:
        assert each.words not in shown
        assert not (each.fallacy and each.title in shown)


def test_takeaways_met_say_what_was_seen(track):
    shown = takeaways_markup(met(Lab().go("reflect").app.ledger))

    assert "More FLOPS is faster" in shown
    assert "You said" in shown


def test_two_finished_tracks_are_compared(track, monkeypatch):
    second = school(track_id="second-school")
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, second))
    one, two = studied(track), studied(second)
    shift = len(one.entries)
    entries = [*one.entries]
    for entry in two.entries:
        moved = replace(entry, seq=entry.seq + shift)
        if getattr(moved, "evidence", ()):
            moved = replace(moved, evidence=tuple(seq + shift for seq in moved.evidence))
        entries.append(moved)
    both = replace(one, entries=tuple(entries))

    shown = comparison_markup(comparison(both))

    assert "What changed because of your track" in shown
    assert shown.count("Best design") == 2


# The class


def test_a_class_is_counted_in_batches_and_told_of(track):
    opened = Opened()
    ledger = studied(track)
    opened.desk.take_files([("a.json", named(ledger, "a").encode())], refused=[], first=True, last=False)
    opened.desk.take_files([("b.json", named(ledger, "b").encode())], refused=[["c.json", "too large"]], first=False, last=True)

    shown = opened.markup("classroom")
    assert "2 ledgers" in shown and "too large" in shown
    assert [fields["last"] for kind, fields in opened.handed if kind == "counted"] == [False, False, True]


def test_a_broken_file_is_listed_and_the_rest_is_served(track):
    opened = Opened()

    opened.take(("good.json", dump(studied(track))), ("bad.json", "{"), ("good.json", "[]"))

    shown = opened.markup("classroom")
    assert "1 ledger<" in shown
    assert "bad.json" in shown and "good.json (2)" in shown


def test_files_past_the_limit_are_named(track):
    opened = Opened()
    everyone = [(f"{number:04}.json", b"{}") for number in range(FILES_LIMIT)]

    opened.desk.take_files(everyone, refused=[], first=True, last=False)
    opened.desk.take_files([("one-more.json", b"{}")], refused=[], first=False, last=True)

    assert "one-more.json" in opened.markup("classroom")
    assert "At most 5,000 files" in opened.markup("classroom")


def test_a_class_of_nothing_but_leftovers_is_told_as_such():
    opened = Opened()

    opened.take((".DS_Store", ""), ("Thumbs.db", ""))

    shown = opened.markup("classroom")
    assert "0 ledgers" in shown
    assert "2 files of the system passed over (.DS_Store, Thumbs.db)" in shown


def test_one_ledger_alone_is_replayed_at_once(track):
    opened = Opened()

    opened.take(("only.json", dump(studied(track))))

    shown = opened.markup("classroom")
    assert "only.json: replay" in shown
    assert "✓ Every value agrees to 1e-09." in shown
    assert "points suggested" in shown


def test_a_replay_says_where_a_ledger_differs(track):
    text = dump(studied(track))
    value = json.loads(text)["entries"][2]["value"]
    opened = Opened()

    opened.take(("forged.json", text.replace(f'"value":{value!r}', '"value":123.0', 1)))

    shown = opened.markup("classroom")
    assert "1 value differs" in shown
    assert "123" in shown
    assert "changed after the lab wrote it" in shown


def test_the_table_of_a_class_holds_no_formula(track):
    opened = Opened()
    opened.take(*((name, named(studied(track), f"s{number}")) for number, name in enumerate(('=cmd|"x"!A1.json', "+1.json", "-2.json", "@a.json", "plain.json"))))

    opened.desk.class_view.form.param.trigger("table")

    (file,) = opened.files()
    rows = list(csv.reader(io.StringIO(file["text"].removeprefix(MARK))))
    assert file["text"].startswith(MARK)
    assert file["kind"] == "text/csv"
    assert [row[0] for row in rows[1:]] == ["'+1.json", "'-2.json", '\'=cmd|"x"!A1.json', "'@a.json", "plain.json"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert len({len(row) for row in rows}) == 1


def test_the_class_table_has_a_line_a_learner(track):
    opened = Opened()
    opened.take(("a.json", named(studied(track), "a")), ("b.json", named(studied(track), "b")))

    rows = list(csv.DictReader(io.StringIO(class_table(opened.desk._classroom).removeprefix(MARK))))
    assert [row["session"] for row in rows] == ["a", "b"]
    assert [row["school of"] for row in rows] == ["39", "39"]


# The answer key


def test_the_answer_key_wants_a_variant_and_a_word():
    opened = Opened()
    opened.desk.open("classroom")
    view = opened.desk.key_view

    view.form.param.trigger("show")

    assert "the variant" in view.form.message and "your word" in view.form.message
    assert view.answers is None


def test_the_answer_key_is_that_of_the_variant_and_goes_with_it():
    opened = Opened()
    opened.desk.open("classroom")
    view = opened.desk.key_view
    view.form.param.update(variant="3", word=["given"])
    view.form.param.trigger("show")
    right = answer_key(view.form.track, 3).parts[0].answers[0].choice

    assert right in opened.markup("classroom")
    view.form.variant = "4"
    assert view.answers is None
    assert "variant 3" not in opened.markup("classroom")


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "three", "٣", "9999999"])
def test_what_is_no_variant_is_not_taken_for_one(typed):
    assert KeyForm({"Track": "track"}, variant=typed).number is None


def test_the_screens_survive_a_document():
    opened = Opened()
    opened.desk.open("report")
    document = Document()
    for root in opened.lab.app.roots.values():
        document.add_root(root.get_root(document))

    assert document.to_json(deferred=False)["roots"]
