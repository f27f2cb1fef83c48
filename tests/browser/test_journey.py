"""Part 1 of Cloud Titan from the first visit to done: by mouse, by keyboard, narrow, offline and from a file."""

import json

import pytest
from tests.browser.learner import CLAIM, MOVING, RISK, KeyboardLearner, Learner, eventually
from playwright.sync_api import expect

from rooflab.lab.ledger.ledger import dump, parse

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 780}
STEPS = (
    ("predict", "explore", ["prediction"] * 2),
    ("explore", "explore", ["pin"]),
    ("observe", "reveal", ["observation"]),
    ("reveal", "diagnose", ["reveal"] * 2),
    ("diagnose", "reflect", ["design", "diagnosis"]),
    ("reflect", "done", ["reflection"]),
)


def travel(learner, after_step=lambda: None):
    """Take every step; check after each that it is saved and that the path shows the next."""
    kinds = []
    after_step()
    for act, then, adds in STEPS:
        getattr(learner, act)()
        kinds += adds
        learner.saved(*kinds)
        assert learner.step() == then
        after_step()


def fits_the_width(page):
    def check():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"

    return check


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_a_learner_with_a_mouse_reaches_the_end(watched, url, size):
    learner = Learner(watched.context(viewport=size, **MOVING).new_page())
    learner.open(url)
    travel(learner, fits_the_width(learner.page))

    text = learner.ledger_text()
    ledger = parse(text)
    assert dump(ledger) == text
    answers = {entry.question_id: (entry.choice_id, entry.confidence) for entry in ledger.entries[:2]}
    assert answers == {"slope": ("no", 0.9), "half-the-bits": ("small", 0.6)}
    assert ledger.entries[-1].claim == CLAIM
    assert ledger.entries[-1].evidence == (2,)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_a_learner_with_a_keyboard_reaches_the_end(watched, url, size):
    learner = KeyboardLearner(watched.context(viewport=size).new_page())
    learner.open(url)
    travel(learner)

    assert parse(learner.ledger_text()).entries[-1].residual_risk == RISK


def test_the_keyboard_stays_in_the_step_whose_button_is_gone(watched, url):
    learner = KeyboardLearner(watched.context().new_page())
    learner.open(url)
    learner.predict()

    page = learner.page
    eventually(page, lambda: page.evaluate("document.activeElement.closest('section')?.id") == "section-lock")


KEPT_BYTES = """(urls) => Promise.all(urls.map(async (url) =>
    (await (await caches.match(new URL(url, document.baseURI).href)).arrayBuffer()).byteLength))"""


def test_a_second_visit_needs_nothing_from_the_network(watched, server):
    context = watched.context(service_workers="allow")
    learner = Learner(context.new_page())
    learner.open(server.url)
    expect(learner.page.locator("#offline-words")).to_contain_text("Kept on this device")
    files = json.loads(learner.page.locator("#lab-files").text_content())["files"]
    needed = [files[name] for name in ("image", "wasm")]
    assert learner.page.evaluate(KEPT_BYTES, [each["url"] for each in needed]) == [each["raw"] for each in needed]  # this browser has no Brotli
    server.asked.clear()
    learner.reload()
    expect(learner.page.locator("#offline-words")).to_contain_text("Kept on this device")

    assert {path for path, _ in server.asked} <= {"/rooflab/sw.js"}
    assert learner.data("start") == "resumed"


def test_without_a_network_a_returning_learner_reaches_the_end(watched, url):
    watched.allow("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "ERR_INTERNET_DISCONNECTED")
    context = watched.context(service_workers="allow")
    learner = Learner(context.new_page())
    learner.open(url)
    expect(learner.page.locator("#offline-words")).to_contain_text("Kept on this device")
    learner.page.close()
    context.set_offline(True)
    learner = Learner(context.new_page())
    learner.open(url + "#a-link")
    expect(learner.page.locator("#status-network")).to_have_text("Offline")
    travel(learner)
    learner.reload()

    expect(learner.region("reflection").get_by_text("Part 1 is done")).to_be_visible()
    assert learner.step() == "done"


def test_from_a_double_clicked_file_a_learner_reaches_the_end(watched, bundle):
    context = watched.context(offline=True)
    learner = Learner(context.new_page())
    learner.open(bundle.as_uri())
    assert learner.data("start") == "resumed"
    expect(learner.page.locator("#offline-words")).to_contain_text("This copy is on your disk")
    travel(learner)
    learner.reload()

    expect(learner.region("reflection").get_by_text("Part 1 is done")).to_be_visible()
    assert parse(learner.ledger_text()).entries[-1].claim == CLAIM


def test_from_a_file_the_slower_start_works_too(watched, bundle):
    learner = Learner(watched.context(offline=True).new_page())
    learner.open(bundle.as_uri() + "?start=fallback")
    learner.predict()
    learner.saved("prediction", "prediction")

    assert learner.data("start") == "fallback"
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()


ESCAPES = {
    "fetch": "fetch('https://example.invalid/').then(() => 'out', () => 'refused')",
    "image": "new Promise((done) => { const i = new Image(); i.onload = () => done('out'); i.onerror = () => done('refused'); i.src = 'https://example.invalid/x.png'; })",
    "beacon": "Promise.resolve(navigator.sendBeacon('https://example.invalid/', 'x') ? 'perhaps' : 'refused')",
    "inline script": "new Promise((done) => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); done(window.ran ? 'out' : 'refused'); })",
    # Later, because what the debugger itself calls may evaluate whatever the policy says.
    "eval": "new Promise((done) => setTimeout(() => { try { done(Function('return \"out\"')()); } catch { done('refused'); } }))",
}


@pytest.mark.parametrize("where", ["site", "file"])
def test_nothing_may_leave_the_page(watched, url, request, where):
    address = url if where == "site" else request.getfixturevalue("bundle").as_uri()
    watched.allow("policy: ", "Content Security Policy", "Refused to", "violates the following", "example.invalid")
    learner = Learner(watched.context().new_page())
    learner.open(address, stage="painted")
    sent = []
    learner.page.context.on("requestfinished", lambda each: sent.append(each.url))
    results = {name: learner.page.evaluate(script) for name, script in ESCAPES.items()}

    assert {name for name, result in results.items() if result == "out"} == set()
    assert [each for each in sent if "example.invalid" in each] == []
    assert any("policy: connect-src" in each for each in watched.problems)
