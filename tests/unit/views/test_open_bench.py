"""The open bench on the page: the gate, files, what is chosen, and that all of it is found again."""

import json
from dataclasses import replace

import pytest
from bokeh.models import Div
from bokeh.models.widgets.buttons import AbstractButton
from tests.unit.checkpoints.models import config
from tests.unit.drawn_screen import all_in_sight
from tests.unit.lab.conftest import track  # noqa: F401
from tests.unit.lab.fakes import studied
from tests.unit.views.test_app import Lab, markup

from rooflab.app.desk import Desk
from rooflab.cards.writing import write_card
from rooflab.facts.devices import device
from rooflab.lab.instruments import instruments_of
from rooflab.lab.ledger.entries import BenchOpened
from rooflab.lab.ledger.ledger import Ledger, append, dump
from rooflab.open_bench.setup import LOADED

SCREEN = "open-bench"
AT = "2026-11-29T10:00:00Z"
QWEN = json.dumps(config("Qwen/Qwen3-8B") | {"_name_or_path": "Qwen/Qwen3-8B"}).encode()
GPT_OSS = json.dumps(config("openai/gpt-oss-20b")).encode()
LAPTOP = write_card(replace(device("radeon-8060s"), id="mine", name="My laptop")).encode()


class Opened:
    """An app whose learner is at the open bench."""

    def __init__(self, text=None, benches=None):
        self.lab = Lab(text)
        if benches:
            self.lab.app.benches = benches
        self.desk = Desk(self.lab.app)
        self.desk.open(SCREEN)

    @property
    def on(self):
        return self.desk.open_bench

    @property
    def bench(self):
        return self.on.bench

    @property
    def form(self):
        return self.on.form

    def load(self, name, data):
        self.on.load(name, data)
        return self.form.message

    def markup(self):
        return markup(self.lab, SCREEN)

    def again(self):
        """Return the bench after a reload."""
        return Opened(self.lab.app.store.text or ANYWAY, dict(self.lab.app.store.benches))


HUGE = '{"setup": {"chips": 100000}, "design": {}, "layer": ""}'
ANYWAY = dump(append(Ledger.new(AT, "session"), BenchOpened(at=AT)))


@pytest.fixture
def opened():
    return Opened(ANYWAY)


# The gate


def test_before_a_track_is_done_only_the_gate_is_built():
    opened = Opened()

    assert "open it anyway" in opened.markup().lower()
    assert "A step takes" not in opened.markup()
    assert opened.bench is None


def test_opening_it_anyway_is_one_entry_and_builds_the_bench():
    opened = Opened()

    opened.lab.press(SCREEN, "Open it anyway")

    assert [each["kind"] for each in json.loads(opened.lab.app.store.text)["entries"]] == ["bench_opened"]
    assert "A step takes" in opened.markup()


def test_it_stays_open_after_a_reload_without_another_entry():
    opened = Opened()
    opened.lab.press(SCREEN, "Open it anyway")
    text = opened.lab.app.store.text

    again = opened.again()

    assert "A step takes" in again.markup()
    assert again.lab.app.store.text == text


def test_whoever_has_done_a_track_meets_no_gate(track):  # noqa: F811
    opened = Opened(dump(studied(track)))

    assert "A step takes" in opened.markup()


def test_a_file_before_the_gate_is_open_is_not_taken():
    opened = Opened()

    opened.on.load("config.json", QWEN)

    assert opened.lab.app.store.benches == {}
    assert "The open bench takes files once it is open." in opened.lab.said


def test_a_file_is_not_taken_before_the_bench_is_built():
    lab = Lab(ANYWAY)

    Desk(lab.app).open_bench.load("config.json", QWEN)

    assert "once it is open" in lab.said[-1]
    assert not lab.app.store.benches


def test_closing_takes_it_out_of_the_document(opened):
    opened.desk.open("")

    assert opened.markup() == ""


# The bench


def test_it_has_the_tracks_instruments_and_nothing_that_scores_or_pins(opened):
    all_in_sight(instruments(opened))
    words = labels(opened)

    assert [each.id for each in instruments_of(opened.bench.part)] == ["roofline", "readings", "traffic", "memory", "profiler", "peek"]
    assert {"Readings", "Memory traffic", "Memory", "Profiler mode", "Math Peek"} <= set(instruments(opened).param.looked_at.names)
    assert {"Facts and sources", "All layers"} <= set(words)
    assert not [each for each in words if each.startswith(("Pin ", "Score", "Copy a link"))]
    assert "Back to the usual design" in words


def test_the_instruments_say_whether_the_time_is_validated(opened):
    opened.form.device = "radeon-8060s"
    assert "Not validated" in opened.markup()

    opened.form.device = "h100-sxm"
    opened.bench.param.update(precision="fp8", kv_precision="fp8")

    assert "published serving times" in opened.markup()


def test_facts_and_assumptions_are_one_click_away(opened):
    opened.form.device = "radeon-8060s"
    instruments(opened).look_at("peek")

    opened.bench.sourcing = True

    assert "What is assumed of a device whose record lacks it" in opened.markup()
    assert "The requests that were set here" in opened.markup()


def test_a_mixture_that_stands_in_two_places_is_listed_once(opened):
    opened.form.model = "mixtral-8x7b"
    instruments(opened).look_at("peek")

    opened.bench.sourcing = True

    assert opened.markup().count("Mixtral-8x7B: layers 32") == 1


def test_another_device_keeps_the_design(opened):
    opened.bench.batch = 77
    before = opened.bench

    opened.form.device = "mi300x"

    assert opened.bench is not before
    assert opened.bench.design().batch == 77
    assert opened.bench.design().device_id == "mi300x"


def test_other_requests_bring_their_mean_context(opened):
    opened.form.prompt_tokens = 3000

    assert opened.bench.design().context_tokens == 3000 + opened.form.output_tokens // 2


def test_a_smaller_model_has_no_use_for_a_draft_of_half_its_size(opened):
    opened.form.model = "llama-3-70b"
    opened.form.draft = "llama-3-8b"
    assert "draft_tokens" in opened.bench.controls

    opened.form.model = "llama-3-8b"

    assert opened.form.draft == ""
    assert "draft_tokens" not in opened.bench.controls


def test_a_model_that_does_not_fit_is_shown_and_said(opened):
    opened.form.model = "deepseek-v3"

    assert "Out of memory" in opened.markup()


# Files


def test_a_configuration_is_on_the_bench_as_soon_as_it_is_loaded(opened):
    said = opened.load("config.json", QWEN)

    assert said.startswith("config.json is loaded: Qwen3-8B, 8.191 billion parameters, weights in BF16.")
    assert opened.form.model == LOADED
    assert opened.bench.scenario.workload.layers == 36


def test_a_loaded_model_comes_in_the_format_of_its_file(opened):
    opened.load("config.json", GPT_OSS)

    assert opened.bench.design().precision == "w4a16"
    assert opened.form.notes


def test_a_second_configuration_takes_the_place_of_the_first(opened):
    opened.load("a.json", GPT_OSS)
    opened.load("b.json", QWEN)

    assert opened.bench.scenario.workload.layers == 36
    assert opened.bench.design().precision == "bf16"


def test_a_card_is_on_the_bench_as_soon_as_it_is_loaded(opened):
    said = opened.load("laptop.toml", LAPTOP)

    assert said == "laptop.toml is loaded: My laptop."
    assert opened.bench.scenario.devices[0].name == "My laptop"


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"\xff", b"a = 1"])
def test_a_bad_file_is_said_and_loses_nothing(opened, data):
    opened.load("config.json", QWEN)
    before, kept = opened.bench, dict(opened.lab.app.store.benches)

    said = opened.load("bad.json", data)

    assert said.startswith("bad.json: ") and opened.form.refused
    assert opened.bench is before
    assert opened.lab.app.store.benches == kept


def test_the_text_of_a_file_never_becomes_markup(opened):
    evil = "<img src=x onerror=alert(1)>"
    opened.load("config.json", json.dumps(config("Qwen/Qwen3-8B") | {"_name_or_path": f"x/{evil.replace('/', '')}"}).encode())
    opened.load("card.toml", LAPTOP.replace(b"My laptop", evil.encode()).replace(b"https://", b"javascript:"))
    opened.load("bad.json", json.dumps({"model_type": evil}).encode())
    all_in_sight(instruments(opened))
    opened.bench.sourcing = True

    shown, root = opened.markup(), opened.lab.app.roots[SCREEN].get_root()
    assert "&lt;img" in shown
    assert "<img" not in "".join(each.text for each in root.select({"type": Div}))
    assert "javascript:" not in shown and 'href="file:' not in shown


# What is kept


def test_all_of_it_is_found_again(opened):
    opened.load("config.json", QWEN)
    opened.load("laptop.toml", LAPTOP)
    opened.form.param.update(prompt_tokens=2000, chips=2)
    opened.bench.batch = 48
    opened.bench.layer = "attention"

    again = opened.again()

    assert again.form.setup() == opened.form.setup()
    assert again.bench.design() == opened.bench.design()
    assert again.bench.layer == "attention"
    assert again.bench.scenario.workload.layers == 36
    assert again.bench.scenario.devices[0].name == "My laptop"


@pytest.mark.parametrize(
    "left",
    [{"state": "{broken"}, {}, {"state": "[]"}, {"state": '{"setup": {"model": "gone"}, "design": {}, "layer": ""}'}, "text", {"state": 1}, {"state": HUGE}],
)
def test_what_the_lab_did_not_write_is_left(left):
    opened = Opened(ANYWAY, {"open-bench:1": left, "open-bench:2": left})

    assert "A step takes" in opened.markup()


def test_a_model_chosen_from_a_file_that_is_gone_is_not_chosen_again(opened):
    opened.load("config.json", QWEN)
    kept = {"open-bench:1": opened.lab.app.store.benches["open-bench:1"]}

    again = Opened(ANYWAY, kept)

    assert again.form.model != LOADED


def test_another_learners_ledger_begins_with_another_bench(opened):
    opened.load("config.json", QWEN)
    other = dump(append(Ledger.new(AT, "other"), BenchOpened(at=AT)))

    opened.lab.app.offer_import("other.json", other.encode())
    opened.lab.press("transfer", "Replace my ledger with this one")

    assert opened.form.model != LOADED
    opened.lab.press("transfer", "Undo the import")
    assert opened.form.model == LOADED


def instruments(opened):
    """Return the panel that shows one instrument at a time."""
    return opened.on.view.pieces.panel


def labels(opened):
    """Return the words on every button that can be seen."""
    root = opened.lab.app.roots[SCREEN].get_root()
    return [each.label for each in root.select({"type": AbstractButton}) if each.visible]
