"""The steps at "Your machine" as a learner takes them: lock, measure, see, explain, pin, reflect; and found again.

What the page measures is spoken for: it is what the reference machine measured.
"""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.access import serious
from tests.browser.learner import ACTIVE, KeyboardLearner, Learner, eventually
from tests.browser.scripts import FILL_STORAGE
from tests.measuring import change_plan
from tests.unit.machine.measurements import RUN, rows

from rooflab.lab.ledger.ledger import parse
from rooflab.machine.questions import QUESTIONS

SCREEN = "machine"
TELL = """message => labWorker.postMessage({ type: "machine", ...message })"""
MEASURED = {"event": "measured", "run": RUN, "rows": rows()}


# What the tab keeps of a measurement becomes another; returns which events it kept.
SPEAK = """(spoken) => {
    const key = Object.keys(sessionStorage).find((each) => each.endsWith(":measured"));
    const { session, messages } = JSON.parse(sessionStorage[key]);
    sessionStorage[key] = JSON.stringify({ session, messages: [{ type: "machine", ...spoken }] });
    return messages.map(({ event }) => event);
}"""


class Measurer(Learner):
    """Someone at their machine."""

    def at(self, url):
        self.open(f"{url}#your-machine")
        return self.shown()

    def shown(self):
        self.page.locator(f"#section-{SCREEN}[data-shown]").wait_for()
        return self

    def predict(self):
        for asked in QUESTIONS:
            self.group(asked.text).get_by_text(asked.choices[0].text, exact=True).click()
        for number in range(1, len(QUESTIONS) + 1):
            self.group(f"Question {number}: How sure are you?").get_by_text("70%", exact=True).click()
        self.press("Lock in my predictions")
        expect(self.page.get_by_role("button", name="Measure this machine", exact=True)).to_be_visible()
        return self

    def group(self, name):
        return self.region(SCREEN).get_by_role("radiogroup", name=name, exact=True)

    def measured(self):
        self.page.evaluate(TELL, MEASURED)
        expect(self.heading("Your ridge is at")).to_be_visible()
        return self

    def heading(self, words):
        return self.region(SCREEN).get_by_role("heading", name=words).first

    def ledger_kinds(self):
        text = self.page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(':ledger'))?.[1] ?? null")
        return [each["kind"] for each in json.loads(text)["entries"]]


@pytest.fixture
def measurer(context):
    return Measurer(context.new_page())


def test_the_steps_follow_one_another_and_are_found_again_after_a_reload(measurer, url):
    counts = measurer.at(url).page.locator("#machine-kernels")
    expect(counts).to_be_hidden()  # they answer what is asked
    measurer.predict()
    expect(counts).to_be_visible()
    measurer.measured()
    expect(measurer.heading("predictions correct")).to_be_visible()

    measurer.region(SCREEN).get_by_text("Waiting for loads", exact=False).click()
    measurer.region(SCREEN).get_by_label("In a sentence", exact=True).fill("Each sum waits for the one before it.")
    measurer.press("Enter it in the ledger")
    measurer.region(SCREEN).get_by_label("Figure", exact=True).select_option(index=3)
    measurer.press("Pin")
    measurer.region(SCREEN).get_by_label("What you would do", exact=True).fill("Fuse the epilogue: it gains three times.")
    measurer.region(SCREEN).get_by_role("checkbox").first.check()
    measurer.region(SCREEN).get_by_label("What it costs", exact=True).fill("A kernel more to maintain.")
    measurer.press("Enter it in the ledger")
    expect(measurer.heading("Done")).to_be_visible()

    measurer.reload().shown()

    expect(measurer.heading("Done")).to_be_visible()
    expect(measurer.region(SCREEN).get_by_text("Fuse the epilogue: it gains three times.")).to_be_visible()
    kinds = measurer.ledger_kinds()
    assert kinds == ["machine_prediction"] * 4 + ["machine_measured", "machine_explained", "machine_pin", "machine_reflection"]


def test_what_is_filled_in_is_found_again_after_a_reload(measurer, url):
    measurer.at(url)
    first = QUESTIONS[0]
    measurer.group(first.text).get_by_text(first.choices[1].text, exact=True).click()

    measurer.reload().shown()

    expect(measurer.group(first.text).get_by_role("radio").nth(1)).to_be_checked()


def test_a_page_that_is_left_in_the_middle_of_a_run_records_nothing_and_measures_again(measurer, url):
    page = measurer.at(url).predict().page
    measurer.press("Measure this machine")
    eventually(page, lambda: page.locator("#measuring progress").first.evaluate("(bar) => bar.value") > 0)

    measurer.reload().shown()

    assert measurer.ledger_kinds() == ["machine_prediction"] * len(QUESTIONS)
    expect(page.locator("#measuring")).to_be_hidden()
    measurer.press("Measure this machine")
    eventually(page, lambda: page.locator("#measuring progress").first.evaluate("(bar) => bar.value") > 0)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(measurer.region(SCREEN).get_by_text("You stopped", exact=False)).to_be_visible()


def test_what_was_measured_as_python_ended_is_entered_after_a_restart_and_once(measurer, url):
    page = measurer.page
    page.add_init_script(change_plan())
    measurer.at(url).predict().press("Measure this machine")
    page.locator("#measuring:not([hidden])").wait_for()
    page.evaluate("labWorker.terminate()")
    page.locator("#measuring").wait_for(state="hidden")
    assert "machine_measured" not in measurer.ledger_kinds()
    assert page.evaluate(SPEAK, MEASURED) == ["measured"]  # a run of a second says too little of a machine

    for _ in range(2):
        measurer.reload().shown()
        expect(measurer.heading("Your ridge is at")).to_be_visible()
        eventually(page, lambda: measurer.ledger_kinds().count("machine_measured") == 1)
        assert not page.evaluate("Object.keys(sessionStorage).some((key) => key.endsWith(':measured'))")


def test_a_refusal_is_said_and_nothing_is_in_the_ledger(measurer, url):
    measurer.at(url).predict()

    measurer.page.evaluate(TELL, {"event": "refused", "why": "paused"})

    expect(measurer.region(SCREEN).get_by_text("The machine paused in the middle", exact=False)).to_be_visible()
    assert "machine_measured" not in measurer.ledger_kinds()


def test_the_machine_is_a_device_of_the_open_bench_and_a_card(measurer, url):
    measurer.at(url).predict().measured()

    with measurer.page.expect_download() as handed:
        measurer.press("Device card, one core")
    assert handed.value.suggested_filename.endswith(".toml")
    measurer.page.evaluate("location.hash = '#open-bench'")
    measurer.page.locator("#section-open-bench[data-shown]").wait_for()
    measurer.press("Open it anyway")
    measurer.region("open-bench").get_by_label("Device", exact=True).select_option(label="This machine, one core")
    expect(measurer.region("open-bench").get_by_role("heading", name="Out of memory").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_screen_is_accessible_and_fits(measurer, url, width):
    measurer.page.set_viewport_size({"width": width, "height": 900})
    measurer.at(url).predict().measured()

    assert serious(measurer.page) == []
    assert measurer.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_screen_is_walked_with_the_keyboard_alone(context, url, width):
    """Each action says what it made and gives it the focus, and Tab goes on from there."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    walker = KeyboardLearner(page)
    walker.open(f"{url}#your-machine")
    page.locator(f"#section-{SCREEN}[data-shown]").wait_for()
    for number, asked in enumerate(QUESTIONS, 1):
        walker.choose(asked.text, asked.choices[0].text)
        walker.choose(f"Question {number}: How sure are you?", "80%")
    walker.press("Lock in my predictions")
    arrived(page, "Measure", "Locked in. Now measure.")

    page.evaluate(TELL, MEASURED | {"focused": True})
    arrived(page, "See", "Measured: ")
    unfolded = unfold(walker)
    assert {"Table", "How to read this", "Predicted beside measured", "Every sample"} <= set(unfolded)
    walker.focus(group="What is behind the miss")
    page.keyboard.press("Space")
    walker.write("In a sentence", "Each sum waits for the one before it.")
    walker.press("Enter it in the ledger")
    arrived(page, "Explained", "Your explanation is in the ledger.")
    walker.focus("Figure")
    page.keyboard.type("Ridge")
    walker.press("Pin")
    arrived(page, "Reflect", "Pinned: Ridge of one core")
    walker.write("What you would do", "Fuse the epilogue.")
    walker.tick("Ridge of one core")
    walker.write("What it costs", "A kernel more to maintain.")
    walker.press("Enter it in the ledger")
    arrived(page, "Done", "Your reflection is in the ledger.")
    walker.tick("I want a minute of full load")
    assert walker.tabs < 150
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def arrived(page, heading, words):
    """Wait until what an action made has the focus, is in sight, and was announced."""
    eventually(page, lambda: page.evaluate(ACTIVE)[1] == heading)
    eventually(page, lambda: words in page.locator("#live").inner_text())
    eventually(page, lambda: page.evaluate(IN_SIGHT))


IN_SIGHT = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { top, bottom } = at.getBoundingClientRect();
    return top > -1 && bottom < innerHeight + 1;
}"""


def unfold(walker):
    """Go through everything that unfolds before the question of the miss, and open it; return what it is called."""
    names = []
    for _ in range(60):
        group, name = walker.page.evaluate(ACTIVE)
        if group == "What is behind the miss":
            return names
        if name and walker.page.evaluate(f"({DEEPEST})().localName === 'summary'"):
            walker.page.keyboard.press("Enter")
            names.append(name)
        walker.page.keyboard.press("Tab")
        walker.tabs += 1
    raise AssertionError(f"Tab never reached the question; it went through {names}")


DEEPEST = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
}"""


def test_a_full_storage_loses_no_measurement(measurer, url):
    """The page says that it is not saved, and the export has it."""
    measurer.at(url).predict()
    measurer.page.evaluate(f"() => {{ {FILL_STORAGE} }}")

    measurer.measured()

    expect(measurer.page.locator("#status-saved")).to_have_text("Not saved")
    expect(measurer.page.locator("#notices")).to_contain_text("storage is full")
    assert "machine_measured" not in measurer.ledger_kinds()
    assert [entry.kind for entry in parse(measurer.export()).entries][-1] == "machine_measured"
