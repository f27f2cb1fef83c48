"""Your machine on the page: the lock, what is measured, what is refused, and the steps after it."""

import json
import re
from html import escape

import pytest
from bokeh.models import Div, InputWidget
from bokeh.plotting import figure as Figure  # noqa: N812: the class by its own name
from tests.unit.lab.machine_ledgers import AT, JITTER, MINUTE, measured, predicted, undecided, whole
from tests.unit.machine.measurements import RUN, rows, slower
from tests.unit.views.test_app import Lab, markup

from rooflab.app.desk import Desk
from rooflab.cards.reading import read_card
from rooflab.lab.ledger.entries import Imported
from rooflab.lab.ledger.ledger import append, dump, parse
from rooflab.lab.ledger.machine_entries import MOST_RUNS, MachineMeasured, MachinePin, MachinePrediction
from rooflab.machine.questions import QUESTIONS
from rooflab.machine.reference import reference
from rooflab.machine.refusals import REFUSALS

SCREEN = "machine"


class Opened:
    """An app whose learner is at their machine."""

    def __init__(self, text=None):
        self.handed = []
        self.lab = Lab(text)
        self.lab.app.hand_out = lambda kind, /, **fields: self.handed.append((kind, fields))
        self.desk = Desk(self.lab.app)
        self.desk.open(SCREEN)

    @property
    def on(self):
        return self.desk.machine

    @property
    def kinds(self):
        return [each["kind"] for each in json.loads(self.lab.app.store.text or '{"entries": []}')["entries"]]

    def markup(self):
        return markup(self.lab, SCREEN)

    def predict(self):
        for each in self.on.lock.answers:
            each.param.update(choice=each.question.choices[0].id, confidence=0.7)
        self.on.lock.param.trigger("submit")
        return self

    def measure(self, run=RUN, listed=None):
        self.on.take({"event": "measured", "run": run, "rows": rows() if listed is None else listed})
        return self

    def models(self):
        """Return the models of the screen in a document of their own."""
        from bokeh.document import Document

        document = Document()
        document.add_root(self.lab.app.roots[SCREEN].get_root(document))
        return list(document.models)


def answered(opened):
    return opened.handed.count(("machine", {"ask": "taken"}))


def test_the_page_hears_of_each_measurement_that_it_was_taken_or_refused_and_of_nothing_else():
    opened = Opened().predict()
    opened.on.take({"event": "refused", "why": "stopped"})
    assert answered(opened) == 0

    opened.measure(listed=[])  # nothing to record: the page has no reason to tell it again
    assert (answered(opened), "machine_measured" in opened.kinds) == (1, False)
    opened.measure()
    assert (answered(opened), "machine_measured" in opened.kinds) == (2, True)


@pytest.fixture
def seen():
    return Opened(dump(measured()))


# The lock


def test_before_the_predictions_only_the_questions_are_there():
    opened = Opened()
    words = opened.markup()

    assert all(each.text in words for each in QUESTIONS)
    assert "Measure this machine" not in str([getattr(each, "label", "") for each in opened.models()])
    assert not [each for each in opened.models() if isinstance(each, Figure)]


def test_a_prediction_with_gaps_is_not_locked():
    opened = Opened()

    opened.on.lock.param.trigger("submit")

    assert "Still missing: an answer to question 1" in opened.markup()
    assert opened.kinds == []


def test_the_answers_go_into_the_ledger_together():
    opened = Opened().predict()

    assert opened.kinds == ["machine_prediction"] * len(QUESTIONS)
    assert "Your predictions are locked" in opened.markup()


def test_a_measurement_before_the_lock_is_not_recorded():
    opened = Opened().measure()

    assert opened.kinds == []
    assert "Lock in your predictions first" in opened.lab.said[-1]


def told(model):
    """Return every word that a model carries, ids and sizes apart."""
    names = ("text", "label", "labels", "title", "description", "placeholder", "tags", "options", "css_classes", "value")
    return [str(getattr(model, name)) for name in names if name in model.properties()]


def test_the_locked_screen_is_the_same_whatever_the_answers_are(monkeypatch):
    """The answers come from what is measured, and from the reference machine: neither is asked before the lock."""
    one = sorted(told(each) for each in Opened().models())
    other_rows = rows(("epilogue", "passes", None, slower(3)), ("gemm", "tile", 1024, slower(4)), ("batch", "", 8, slower(0.3)))
    monkeypatch.setattr("rooflab.machine.reference.reference_rows", lambda: other_rows)
    reference.cache_clear()
    other = sorted(told(each) for each in Opened().models())
    reference.cache_clear()

    assert one == other


def test_nothing_that_answers_is_in_the_document_before_and_after_the_lock():
    """Between the lock and the measurement the answers are not there either."""
    words = [each.answer(reference()).words for each in QUESTIONS]
    for opened in (Opened(), Opened().predict()):
        document = " ".join(word for model in opened.models() for word in told(model))
        assert not any(each in document for each in words)
        assert "On the reference machine" not in document
        assert "FLOP/s" not in document


def test_the_page_is_asked_for_the_kernels_texts_only_after_the_lock():
    """What they count is on the page: how many bytes a fused pass saves answers a question."""
    opened = Opened()
    assert opened.handed == []

    opened.predict()

    assert ("machine", {"ask": "texts"}) in opened.handed


def test_the_lock_offers_questions_and_nothing_else():
    assert not [each for each in Opened().models() if isinstance(each, InputWidget)]


@pytest.mark.parametrize("text", [None, dump(predicted()), dump(measured()), dump(whole())], ids=["lock", "locked", "measured", "done"])
def test_every_view_begins_with_a_heading_and_none_skips_a_level(text):
    levels = []
    for view in Opened(text).lab.app.roots[SCREEN]:
        shown = view.__panel__() if hasattr(view, "__panel__") else view
        texts = [each.object.text for each in shown.select() if isinstance(getattr(each, "object", None), Div)]
        assert re.match(r"<h[23]", texts[0]), texts[0][:80]
        levels += [int(each) for words in texts for each in re.findall(r"<h(\d)", words)]

    assert levels[0] == 2
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("text", [None, dump(predicted()), dump(whole())], ids=["lock", "locked", "done"])
def test_no_view_has_a_class_without_a_name(text):
    """A browser refuses it, and nothing after it is drawn."""
    assert not [each for each in Opened(text).models() if any(not name for name in getattr(each, "css_classes", None) or ())]


# Measuring


def test_the_button_asks_the_page_and_measures_nothing_by_itself():
    opened = Opened().predict()

    opened.on.measure.param.trigger("measure")

    assert opened.handed[-1] == ("machine", {"ask": "measure"})
    assert "machine_measured" not in opened.kinds


@pytest.mark.parametrize("why", sorted(REFUSALS))
def test_every_refusal_is_said_and_nothing_is_recorded(why):
    opened = Opened().predict()

    opened.on.take({"event": "refused", "why": why})

    assert escape(REFUSALS[why]) in opened.markup()
    assert "Nothing was recorded." in opened.lab.said[-1]
    assert "machine_measured" not in opened.kinds


@pytest.mark.parametrize(
    ("run", "listed"), [(RUN | {"hidden": True}, None), (RUN | {"clock_s": 0.01}, None), (RUN | {"simd": ""}, None), ({}, None), (RUN, []), (RUN, [{"kernel": "peak"}])]
)
def test_what_is_not_sound_is_not_recorded(run, listed):
    opened = Opened().predict().measure(run, listed)

    assert "machine_measured" not in opened.kinds
    assert "Nothing was recorded." in opened.lab.said[-1]


@pytest.mark.parametrize("message", [{}, {"event": "x"}, {"event": "measured"}, {"event": "measured", "run": [], "rows": {}}, {"event": "jitter", "run": RUN}, {"event": "thermal", "run": RUN, "rows": "hot"}])
def test_a_message_that_is_none_is_refused(message):
    opened = Opened().predict()

    opened.on.take(message)

    assert opened.kinds == ["machine_prediction"] * len(QUESTIONS)
    assert "Nothing was recorded." in opened.lab.said[-1]


def test_a_measurement_is_recorded_and_shown():
    opened = Opened().predict().measure()

    assert opened.kinds[-1] == "machine_measured"
    assert "predictions correct" in opened.markup()
    assert len([each for each in opened.models() if isinstance(each, Figure)]) == 4


# Seeing


def test_cores_that_could_not_be_measured_together_are_not_called_one_core():
    opened = Opened().predict().measure(RUN | {"cores": 8}, [each for each in rows() if each["workers"] == 1])

    assert "All 8 cores were not measured" in opened.markup()
    assert "lends the browser one core" not in opened.markup()


@pytest.mark.parametrize(
    ("gpu", "words"),
    [
        (None, "No graphics device was measured"),
        ({"name": "swiftshader", "software": True}, "swiftshader does the work of a graphics device in software"),
        ({"name": "odd <b>", "software": False}, "odd b was not measured"),
    ],
)
def test_a_graphics_device_that_says_nothing_is_told(gpu, words):
    assert words in Opened().predict().measure(RUN | {"gpu": gpu}).markup()


def test_a_measurement_that_came_with_a_file_is_told_until_it_is_measured_again():
    came = append(measured(), Imported(at=AT, entries=5, edited=False))
    opened = Opened(dump(came))
    assert "came with a file that was imported" in opened.markup()

    opened.measure()

    assert "came with a file that was imported" not in opened.markup()


def test_a_full_ledger_is_told_before_the_minute_is_spent():
    full = measured()
    for _ in range(MOST_RUNS["machine_measured"] - 1):
        full = append(full, full.entries[-1])
    opened = Opened(dump(full))
    before = list(opened.handed)

    opened.on.measure.param.trigger("measure")

    assert [each for each in opened.handed[len(before) :] if each[0] == "machine"] == []
    assert "which is all it takes" in opened.markup()
    opened.measure()
    assert "Nothing was recorded." in opened.markup()
    assert opened.kinds.count("machine_measured") == MOST_RUNS["machine_measured"]


IMPOSSIBLE = {
    "negative": [-1.0],
    "nothing": [],
    "none": None,
    "huge": [1e300],
    "endless": [float("inf")],
    "no number": [float("nan")],
    "zero": [0.0],
    "words": ["fast"],
    "true": [True],
    "whole": [10**400],
}


@pytest.mark.parametrize("samples", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_samples_are_left_out_of_a_measurement(samples):
    opened = Opened().predict().measure(listed=rows(("gemm", "tile", 512, lambda row: {"samples_s": samples})))

    if opened.kinds[-1] == "machine_measured":
        assert "1 row not used." in opened.markup()
    else:  # what no ledger can hold
        assert "Nothing was recorded." in opened.lab.said[-1]


@pytest.mark.parametrize("samples", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_measurement_without_a_possible_roof_is_not_recorded(samples):
    opened = Opened().predict().measure(listed=rows(("peak", "simd", None, lambda row: {"samples_s": samples})))

    assert "machine_measured" not in opened.kinds
    assert "Nothing was recorded." in opened.lab.said[-1]


@pytest.mark.parametrize(("kernel", "variant"), [("sort", ""), ("gemm", "gpu"), (None, None), ("<b>", "x" * 500)])
def test_an_unknown_kernel_is_left_out(kernel, variant):
    odd = rows()[-1] | {"kernel": kernel, "variant": variant}

    opened = Opened().predict().measure(listed=[*rows(), odd])

    assert "1 row not used." in opened.markup() or "Nothing was recorded." in opened.lab.said[-1]


@pytest.mark.parametrize("samples", [1e-12, 1e-6, 1.0, 1e3])
def test_any_time_that_is_taken_can_be_drawn(samples):
    listed = rows(*((kernel, variant, None, lambda row: {"samples_s": [samples]}) for kernel, variant in (("chain", "fused"), ("batch", ""), ("gemm", "naive"))))

    opened = Opened().predict().measure(listed=listed)

    assert opened.models()
    assert "Nothing was recorded." in opened.lab.said[-1] or opened.kinds[-1] == "machine_measured"


def test_a_cut_measurement_of_a_file_is_told_and_the_rest_is_there():
    document = json.loads(dump(whole()))
    for each in document["entries"]:
        if each["kind"] == "machine_measured":
            each["rows"] = each["rows"][:2]

    words = Opened(json.dumps(document)).markup()

    assert "The last measurement cannot be shown" in words
    assert "Measure jitter" in str([getattr(each, "label", "") for each in Opened(json.dumps(document)).models()])


# The focus goes to what an action made


def test_whoever_waited_at_the_progress_is_led_to_what_came_of_it():
    opened = Opened().predict()
    opened.on.take({"event": "refused", "why": "stopped", "focused": True})
    assert opened.handed[-1] == ("made", {"region": SCREEN, "heading": "", "mark": "rp-notice"})

    opened.on.take({"event": "measured", "run": RUN, "rows": rows(), "focused": True})
    assert opened.handed[-1] == ("made", {"region": SCREEN, "heading": "See", "mark": ""})
    opened.on.take({"event": "measured", "run": RUN, "rows": rows(), "focused": True})
    assert opened.handed[-1] == ("made", {"region": SCREEN, "heading": "Your ridge", "mark": ""})
    opened.on.take({"event": "jitter", "run": RUN, "row": JITTER, "focused": True})
    assert opened.handed[-1] == ("made", {"region": SCREEN, "heading": "One run in", "mark": ""})
    opened.on.take({"event": "thermal", "run": RUN, "rows": MINUTE, "focused": True})
    assert opened.handed[-1][1]["heading"].startswith("Under load the rate falls")
    for _, made in opened.handed:
        if made.get("heading"):
            assert f">{escape(made['heading'])}" in opened.markup()


def test_whoever_does_something_else_meanwhile_keeps_the_focus():
    opened = Opened().predict()
    before = len(opened.handed)

    opened.measure()

    assert not [each for each in opened.handed[before:] if each[0] == "made"]


def test_each_step_leads_to_the_next():
    opened = Opened().predict()
    assert opened.handed[-1] == ("made", {"region": SCREEN, "heading": "Measure", "mark": ""})
    opened.measure()
    opened.on.explain.param.update(cause="waiting", words="It waits.")
    opened.on.explain.param.trigger("submit")
    opened.on.pin.figure = "ridge"
    opened.on.pin.param.trigger("pin")
    (pin,) = [each for each in opened.lab.app.ledger.entries if isinstance(each, MachinePin)]
    opened.on.argument.param.update(claim="Fuse.", tradeoff="Upkeep.", evidence=[pin.seq])
    opened.on.argument.param.trigger("submit")

    assert [fields["heading"] for kind, fields in opened.handed if kind == "made"] == ["Measure", "Explained", "Reflect", "Done"]


# Reading


def test_every_chart_has_a_finding_and_a_table(seen):
    figures = [each for each in seen.models() if isinstance(each, Figure)]
    words = seen.markup()

    assert all(re.match(r"rooflab:alt:.+\d", each.tags[0]) for each in figures)
    assert all(each.tags[0].removeprefix("rooflab:alt:").partition(". ")[0][:40] in words for each in figures)
    assert words.count("<summary>Table</summary>") == len(figures)
    assert "Predicted beside measured" in words


def test_rows_that_are_not_used_are_told():
    damaged = rows(("gemm", "tile", 512, lambda row: {"checksum": row["checksum"] + 1}))

    opened = Opened().predict().measure(listed=damaged)

    assert "1 row not used." in opened.markup()
    assert "its result is wrong" in opened.markup()


def test_unsteady_rows_are_told_and_decide_nothing():
    unsteady = rows(("epilogue", "fused", None, lambda row: {"samples_s": [0.004, 0.009, 0.01]}))

    opened = Opened().predict().measure(listed=unsteady)

    assert "1 kernel is unsteady" in opened.markup()
    assert "Your numbers do not decide: a kernel was unsteady" in opened.markup()


def test_the_calibration_line_stands_under_the_answers_and_leaves_out_what_is_not_decided():
    words = Opened(dump(undecided("free-batch"))).markup()

    assert re.search(r"Calibration: </strong>\d of 3 correct so far", words)
    assert "of 3 predictions correct" in words
    assert "This is not decided by this machine&#x27;s own numbers, so not counted." in words
    assert words.count("On the reference machine: ") == 2


def test_one_core_is_said_and_no_roof_of_all_is_drawn():
    opened = Opened().predict().measure(RUN | {"cores": 1}, listed=[each for each in rows() if each["workers"] == 1])

    assert "lends the browser one core" in opened.markup()


def test_a_machine_without_a_curve_is_shown_without_it():
    opened = Opened().predict().measure(listed=rows(without={("chain", "fused"), ("batch", "")}))

    assert opened.kinds[-1] == "machine_measured"
    assert len([each for each in opened.models() if isinstance(each, Figure)]) == 2


# Explaining, pinning, reflecting


def test_explanation_pin_and_reflection_follow_one_another(seen):
    seen.on.explain.param.trigger("submit")
    assert "Still missing: a cause" in seen.markup()
    seen.on.explain.param.update(cause="waiting", words="<b>Each load waits.</b>")
    seen.on.explain.param.trigger("submit")
    assert "&lt;b&gt;Each load waits." in seen.markup()

    seen.on.pin.param.trigger("pin")
    assert "Still missing: a figure" in seen.markup()
    seen.on.pin.figure = "ridge"
    seen.on.pin.param.trigger("pin")
    assert "Ridge of one core: " in seen.markup()

    seen.on.argument.param.trigger("submit")
    assert "Still missing: what you would do first" in seen.markup()
    (pin,) = [each for each in seen.lab.app.ledger.entries if isinstance(each, MachinePin)]
    seen.on.argument.param.update(claim="Fuse.", tradeoff="Upkeep.", evidence=[pin.seq])
    seen.on.argument.param.trigger("submit")
    assert seen.kinds[-3:] == ["machine_explained", "machine_pin", "machine_reflection"]


def test_a_pin_is_the_figure_of_the_measurement_that_is_shown(seen):
    seen.on.explain.param.update(cause="waiting", words="It waits.")
    seen.on.explain.param.trigger("submit")
    seen.on.pin.figure = "bend"
    seen.on.pin.param.trigger("pin")

    (entry,) = [each for each in parse(seen.lab.app.store.text).entries if isinstance(each, MachinePin)]
    shown = next(each for each in seen.lab.app.ledger.entries if isinstance(each, MachineMeasured))
    assert entry.value == shown.figures["bend"]
    assert entry.measured == shown.seq


def test_whoever_is_done_sees_all_of_it_again():
    words = Opened(dump(whole())).markup()

    assert "Fuse the epilogue." in words
    assert "The loads of the plain loops wait" in words
    assert "the usual time" in words and "Under load the rate falls" in words


def test_what_is_filled_in_is_kept_by_the_page_until_it_is_entered(seen):
    lock = [tag for model in Opened().models() for tag in model.tags if str(tag).startswith("rooflab:draft:")]
    explain = [tag for model in seen.models() for tag in model.tags if str(tag).startswith("rooflab:draft:")]

    assert len(lock) == 2 * len(QUESTIONS)
    assert all(tag.startswith("rooflab:draft:your-machine:0:prediction:") for tag in lock)
    assert sorted(tag.rpartition(":")[2] for tag in explain) == ["cause", "words"]


def test_a_damaged_ledger_is_shown_as_far_as_it_goes():
    document = json.loads(dump(whole()))
    for each in document["entries"]:
        if each["kind"] in ("machine_jitter", "machine_thermal"):
            each["row" if "row" in each else "rows"] = {} if "row" in each else []

    words = Opened(json.dumps(document)).markup()

    assert "Fuse the epilogue." in words
    assert "Under load the rate falls" not in words


# On request


def test_jitter_is_asked_for_and_shown(seen):
    seen.on.measure.param.trigger("jitter")
    assert seen.handed[-1] == ("machine", {"ask": "jitter"})

    seen.on.take({"event": "jitter", "run": RUN, "row": JITTER})

    assert "One run in a thousand takes" in seen.markup()
    assert "p99.9" in seen.markup()


def test_few_runs_have_no_p999(seen):
    few = JITTER | {name: JITTER[name][:500] for name in ("samples_s", "observed_s")}

    seen.on.take({"event": "jitter", "run": RUN, "row": few})

    assert "too few for a p99.9" in seen.markup()


def test_heat_starts_with_consent_alone(seen):
    before = list(seen.handed)
    seen.on.thermal.param.trigger("start")
    assert seen.handed == before
    assert "Still missing: your consent" in seen.markup()

    seen.on.thermal.consent = ["given"]
    seen.on.thermal.param.trigger("start")
    assert seen.handed[-1] == ("machine", {"ask": "thermal"})
    seen.on.take({"event": "thermal", "run": RUN, "rows": MINUTE})
    assert "Under load the rate falls" in seen.markup()


# The card


def test_the_card_is_handed_out_and_is_one(seen):
    seen.on.measure.param.trigger("card")

    kind, fields = seen.handed[-1]
    assert kind == "download" and fields["ending"] == "toml"
    assert read_card(fields["text"]).id == "this-machine"

    seen.on.measure.param.trigger("card_of_all")
    assert read_card(seen.handed[-1][1]["text"]).id == "this-machine-all"


def test_one_core_has_one_card():
    opened = Opened().predict().measure(listed=[each for each in rows() if each["workers"] == 1])

    labels = [getattr(each, "label", "") for each in opened.models()]
    assert "Device card, one core" in labels and "Device card, all cores" not in labels


def test_closing_takes_it_out_of_the_document(seen):
    seen.desk.open("")

    assert seen.markup() == ""


def test_another_learner_starts_with_the_lock():
    opened = Opened(dump(predicted("other")))

    assert len([each for each in opened.lab.app.ledger.entries if isinstance(each, MachinePrediction)]) == len(QUESTIONS)
    assert "Your predictions are locked" in opened.markup()
