"""The open bench: opened anyway, models and devices from files, every control, and all of it found again."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from tests.browser.access import serious_in_any_light
from tests.browser.learner import BUILT, KeyboardLearner, Learner, eventually
from tests.browser.ledgers import ledger
from tests.unit.checkpoints.models import config

from rooflab.cards.writing import write_card
from rooflab.facts.devices import device

SCREEN = "open-bench"
MODEL = json.dumps(config("Qwen/Qwen3-8B") | {"_name_or_path": "Qwen/Qwen3-8B"})
CARD = write_card(replace(device("radeon-8060s"), id="mine", name="My laptop"))
BATCH = "Batch, exactly"


class Visitor(Learner):
    """Someone at the open bench."""

    def at(self, url):
        self.open(f"{url}#open-bench")
        return self.shown()

    def shown(self):
        self.page.locator(f"#section-{SCREEN}[data-shown]").wait_for()
        return self

    def anyway(self):
        self.press("Open it anyway")
        expect(self.finding()).to_be_visible()
        return self

    def load(self, *files):
        """Choose files, name and text each."""
        made = [{"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()} for name, text in files]
        self.page.set_input_files("#bench-files", made)

    def finding(self):
        return self.region(SCREEN).get_by_role("heading", name="A step takes")

    def said(self):
        return self.region(SCREEN).get_by_role("status").first

    def field(self, name):
        return self.region(SCREEN).get_by_label(name, exact=True)

    def chosen(self, name):
        return self.field(name).evaluate("(field) => field.selectedOptions[0].label")


@pytest.fixture
def visitor(context):
    return Visitor(context.new_page())


def test_the_tracks_list_leads_to_it_and_it_asks_first(visitor, url):
    visitor.open(url)

    visitor.page.get_by_role("link", name="Open bench").click()
    visitor.shown()

    assert visitor.page.evaluate("document.activeElement.id") == "title-open-bench"
    expect(visitor.finding()).to_have_count(0)
    visitor.anyway()
    visitor.saved("bench_opened")


def test_a_model_a_device_and_a_design_are_found_again_after_a_reload(visitor, url):
    visitor.at(url).anyway()

    visitor.load(("config.json", MODEL))
    expect(visitor.said()).to_contain_text("config.json is loaded: Qwen3-8B, 8.191 billion parameters")
    visitor.load(("laptop.toml", CARD))
    expect(visitor.said()).to_contain_text("laptop.toml is loaded: My laptop.")
    before = visitor.finding().inner_text()
    visitor.field(BATCH).fill("48")
    visitor.field(BATCH).press("Enter")
    expect(visitor.finding()).not_to_have_text(before)
    after = visitor.finding().inner_text()

    visitor.reload()
    visitor.shown()

    expect(visitor.finding()).to_have_text(after)
    expect(visitor.field(BATCH)).to_have_value("48")
    assert visitor.chosen("Model") == "Qwen3-8B (config.json)"
    assert visitor.chosen("Device") == "My laptop (laptop.toml)"
    assert visitor.kinds() == ["bench_opened"]


def test_two_choices_one_right_after_the_other_are_both_taken(visitor, url):
    visitor.at(url).anyway()

    visitor.field("Model").select_option(label="Llama-3.1-70B")
    visitor.field("Device").select_option(label="NVIDIA GeForce RTX 4090")

    expect(visitor.region(SCREEN).get_by_text(re.compile("Out of memory: .* only 24.0 GB available")).first).to_be_visible()
    assert visitor.chosen("Model") == "Llama-3.1-70B"
    assert visitor.chosen("Device") == "NVIDIA GeForce RTX 4090"


def test_a_bad_file_is_one_sentence_and_loses_nothing(visitor, url):
    visitor.at(url).anyway()
    visitor.load(("config.json", MODEL))
    expect(visitor.said()).to_contain_text("config.json is loaded")
    before = visitor.finding().inner_text()

    visitor.load(("bad.json", '{"model_type": "<img src=x onerror=alert(1)>"}'))

    expect(visitor.said()).to_contain_text('bad.json: model_type is "<img src=x onerror=alert(1)>"')
    assert visitor.finding().inner_text() == before
    assert visitor.chosen("Model") == "Qwen3-8B (config.json)"


def test_a_dropped_file_is_taken_as_a_model_and_not_as_a_ledger(visitor, url):
    visitor.at(url).anyway()

    carried = visitor.page.evaluate_handle(
        "(text) => { const made = new DataTransfer(); made.items.add(new File([text], 'config.json')); return made; }", MODEL
    )
    visitor.page.dispatch_event("main", "drop", {"dataTransfer": carried})

    expect(visitor.said()).to_contain_text("config.json is loaded")
    expect(visitor.page.locator("#dialog-transfer")).to_be_hidden()


def test_every_instrument_opens_and_nothing_scores(visitor, url):
    visitor.at(url).anyway()
    region = visitor.region(SCREEN)

    instrument = region.get_by_role("combobox", name="Instrument", exact=True)
    instrument.select_option(label="Profiler mode")
    expect(region.get_by_text("Modelled, not measured")).to_be_visible()
    instrument.select_option(label="Math Peek")
    for name in ("Facts and sources", "All layers"):
        region.get_by_role("button", name=name).click()

    expect(region.get_by_text("formula, with your numbers")).to_be_visible()
    expect(region.get_by_text("The requests that were set here").first).to_be_visible()
    for name in ("Pin MBU", "Score this design", "Copy a link to this design"):
        expect(region.get_by_role("button", name=name)).to_have_count(0)


def test_whoever_has_done_a_track_meets_no_gate(watched, url):
    context = watched.context()
    text = json.dumps(ledger("mobile-nomad"))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}")

    visitor = Visitor(context.new_page()).at(url)

    expect(visitor.finding()).to_be_visible()
    assert "bench_opened" not in visitor.kinds()


def test_it_opens_in_the_slower_start_too(visitor, url):
    visitor.at(f"{url}?start=fallback")

    visitor.anyway()


def test_a_keyboard_alone_opens_it_sets_a_control_and_leaves(context, url):
    learner = KeyboardLearner(context.new_page()).open(url)
    page = learner.page

    learner.focus(part_of_name="Open bench")
    page.keyboard.press("Enter")
    page.locator(f"#section-{SCREEN}[data-shown]").wait_for()
    learner.press("Open it anyway")
    finding = learner.region(SCREEN).get_by_role("heading", name="A step takes")
    expect(finding).to_be_visible()
    before = finding.inner_text()
    learner.focus("Number of devices")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(finding).not_to_have_text(before)
    page.keyboard.press("Escape")

    expect(page.locator(f"#section-{SCREEN}")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_accessible_and_no_wider_than_the_screen(watched, url, width):
    context = watched.context(viewport={"width": width, "height": 900})
    visitor = Visitor(context.new_page()).at(url)
    assert serious_in_any_light(visitor.page) == []
    visitor.anyway()
    visitor.load(("config.json", MODEL))
    expect(visitor.said()).to_contain_text("config.json is loaded")
    eventually(visitor.page, lambda: visitor.page.evaluate(BUILT))

    assert serious_in_any_light(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_takes_a_model_in_a_double_clicked_file_too(watched, bundle):
    watched.home = "file:"
    visitor = Visitor(watched.context().new_page()).open(f"{bundle.as_uri()}#open-bench")

    visitor.shown().anyway()
    visitor.load(("config.json", MODEL))

    expect(visitor.said()).to_contain_text("config.json is loaded")
