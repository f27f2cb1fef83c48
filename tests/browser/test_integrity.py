"""What must hold on every screen: the locked screen tells nothing, everybody can use it, nothing scrolls sideways."""

import base64
import functools
import hashlib
import json
import re

import pytest
from tests.browser.access import serious, serious_in_any_light
from tests.browser.learner import Learner
from tests.browser.ledgers import ledger
from tests.unit.views.seen_before import stated
from playwright.sync_api import expect

from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS, track

POLICY = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
NOTE_MESSAGES = """{
    const Real = window.Worker;
    window.fromPython = [];
    window.Worker = class extends Real {
        constructor(...words) {
            super(...words);
            this.addEventListener("message", ({ data }) => data.type === "stage" || fromPython.push(JSON.stringify(data)));
        }
    };
}"""
WHOLE_TEXT = """() => {
    const markup = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.textContent;
        if (node.nodeType !== Node.ELEMENT_NODE) return "";
        const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${value}"`).join("");
        const children = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(markup).join("");
        return `<${node.localName}${attributes}>${children}</${node.localName}>`;
    };
    return [...document.documentElement.children].map(markup).join("");
}"""

LATER_WORDS = ("Pin MBU", "Math Peek", "Profiler mode", "A step takes")
WHOLE_DOCUMENT = """() => {
    const plain = (value) => {
        if (Array.isArray(value)) return value.map(plain);
        if (value === null || typeof value !== "object") return typeof value === "function" ? "function" : value;
        return value.id ?? value.toString();
    };
    const told = (model) => Object.values(model.properties).filter((each) => !each.is_unset).map((each) => [each.attr, plain(each.get_value())]);
    return JSON.stringify([...Bokeh.documents[0]._all_models.values()].map((model) => [model.id, model.type, told(model)]));
}"""


def test_the_policy_is_the_one_that_was_measured(learner, url):
    learner.page.goto(url)
    content = learner.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")

    inside = learner.page.evaluate("[...document.scripts].filter((each) => !each.src && !each.type).map((each) => each.textContent)")
    digests = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inside)

    assert len(inside) == 1
    assert dict(part.strip().split(" ", 1) for part in content.split(";")) == POLICY | {"script-src": f"'self' {digests}"}


# Non-interference


EVERY_TRACK = [(each.id, 1) for each in TRACKS]
LATER_PARTS = [("edge-guardian", 2), ("mobile-nomad", 3)]
LOCKS = [*EVERY_TRACK, *LATER_PARTS]
each_lock = pytest.mark.parametrize(("track_id", "number"), LOCKS, ids=[f"{each}-{number}" for each, number in LOCKS])


@functools.cache
def answers(track_id, number, variant):
    """Return the right choices: of the quantified question, and of the diagnosis where there is one."""
    place = setting(track_id, number, variant)
    asked = (place.part.questions[1], *([place.part.diagnosis] if place.part.diagnosis else []))
    return tuple(question.answer(place.scenario) for question in asked)


def another_variant(track_id, number):
    """Return a variant in which every answer that may differ is another than in variant 0."""
    here = answers(track_id, number, 0)
    return next(each for each in range(1, 200) if all(map(str.__ne__, answers(track_id, number, each), here)))


def locked_screen(watched, url, track_id, number, variant):
    """Return all that a page holds before the lock of a part is answered, the parts before it done."""
    page = watched.context().new_page()
    page.add_init_script(NOTE_MESSAGES)
    if number > 1:
        text = json.dumps(ledger(track_id, variant=variant, attempts=2, parts=number - 1))
        page.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}")
    Learner(page).open(f"{url}#{track_id}/{number}&variant={variant}")
    expect(page.locator(f"#path[data-track='{track_id}'][data-part='{number}']")).to_have_count(1)
    question = track(track_id).part(number).questions[1].text
    for group in (question, "Question 2: How sure are you?"):
        expect(page.get_by_role("radiogroup", name=group)).to_be_visible()
    expect(page.locator("#offline-words")).not_to_be_empty()  # comes when the copy for offline use is kept, or is not
    page.evaluate("document.getElementById('progress').remove()")  # how many bytes had come when the lab went live
    # BokehJS draws the names of radio groups at random.
    markup = re.sub(r'name="[0-9A-F]{32}"', "", page.evaluate(WHOLE_TEXT))
    return {
        "text": re.sub(r"<[^>]*>", " ", markup),
        "markup": markup,
        "document": page.evaluate(WHOLE_DOCUMENT),
        "accessibility tree": page.locator("body").aria_snapshot(),
        "what Python said": said(page),
    }


def said(page):
    """Return what Python told the page, each message once; the number of the variant is no secret, the link has it."""
    return list(dict.fromkeys(re.sub(r'"variant":\d+', '"variant":0', each) for each in page.evaluate("fromPython")))


def difference(one, other):
    one, other = str(one), str(other)
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"...{one[max(at - 120, 0) : at + 80]}... against ...{other[max(at - 120, 0) : at + 80]}..."


@each_lock
def test_the_locked_screen_is_the_same_whatever_the_answers_are(watched, url, track_id, number):
    variant = another_variant(track_id, number)
    one, other = (locked_screen(watched, url, track_id, number, each) for each in (0, variant))
    choice = track(track_id).part(number).questions[1].choices[0].text

    assert choice in one["document"] and choice in one["text"]
    for kind in one:
        told, untold = one[kind], other[kind]
        assert told == untold, f"the {kind} tells variant {variant} from variant 0: {difference(told, untold)}"
    asked = track(track_id).part(number).questions[0]
    beside = one["accessibility tree"].replace(asked.text, "").splitlines()
    assert [line for line in beside if stated(asked.id, line)] == []


def test_the_page_is_served_with_the_first_lock_and_nothing_that_answers_it(site):
    """What stands in the file before any script has run: the document that is embedded, and all else."""
    html = (site / "index.html").read_text()
    embedded = json.loads(re.search(r'<script type="application/json" id="lab-document">(.*?)</script>', html, re.DOTALL)[1])
    told = json.dumps(embedded, ensure_ascii=False)
    part = track("cloud-titan").part(1)

    for question in part.questions:
        assert question.text in told
        assert all(choice.text in told for choice in question.choices)
    everything = html + told
    for variant in (0, another_variant("cloud-titan", 1)):
        scenario = track("cloud-titan").scenario(variant)
        for question in (*part.questions, part.diagnosis):
            assert not any(question.explain(scenario, choice.id) in everything for choice in question.choices)
    for choice in (*part.diagnosis.choices, *part.hints[0].words):
        assert getattr(choice, "text", choice) not in everything
    for other in TRACKS:
        for each in other.parts:
            if each is not part:
                assert each.questions[1].text not in everything
    for words in LATER_WORDS:
        assert words not in everything


def test_what_is_locked_is_not_in_the_page(learner, url):
    learner.open(url)
    everything = learner.page.evaluate(WHOLE_TEXT) + learner.page.evaluate(WHOLE_DOCUMENT)
    part = track("cloud-titan").part(1)
    scenario = track("cloud-titan").scenario(0)

    for question in (*part.questions, part.diagnosis):
        for choice in question.choices:
            assert question.explain(scenario, choice.id) not in everything
    for choice in part.diagnosis.choices:
        assert choice.text not in everything
    for words in LATER_WORDS:
        assert words not in everything


# Everybody


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_is_accessible_and_fits(watched, url, width):
    page = watched.context(viewport={"width": width, "height": 850}).new_page()
    learner = Learner(page)
    found = {}

    def look(screen):
        if problems := serious_in_any_light(page):
            found[screen] = problems
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[f"{screen}, width"] = "scrolls sideways"

    def in_dialog(opener, dialog):
        page.click("#open-menu") if opener != "#open-help" else None
        page.click(opener)
        look(dialog)
        page.keyboard.press("Escape")

    learner.open(url)
    look("fresh")
    in_dialog("#open-help", "help")
    in_dialog("#start-over", "start over")
    page.click("#open-menu")
    look("menu")
    page.keyboard.press("Escape")
    learner.press("Lock in my predictions")
    expect(learner.region("lock").get_by_role("alert")).to_contain_text("Still missing")
    look("gaps in the lock")
    learner.predict()
    learner.explore()
    learner.press("All layers")
    learner.look_at("Math Peek")
    learner.press("Facts and sources")
    expect(learner.region("workbench").get_by_text("facts, each with its source")).to_be_visible()
    look("bench")  # what is behind its other tabs: test_screens.py
    learner.open_controls()
    look("bench, controls")
    learner.close_controls()
    learner.press("All layers")
    learner.observe()
    learner.reveal()
    look("revealed")
    learner.diagnose()
    look("diagnosed")
    learner.reflect()
    look("done")
    learner.offer(learner.ledger_text())
    expect(page.locator("#dialog-transfer").get_by_text("Replace your ledger")).to_be_visible()
    look("import offered")

    assert found == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_failed_screen_is_accessible_and_fits(watched, url, width):
    watched.allow("Failed to load resource", "memory image could not be restored", "wasm instantiation failed", "Aborted", "MIME type", "could not be loaded")
    page = watched.context(viewport={"width": width, "height": 850}).new_page()
    page.route("**/runtime/wasm-*", lambda route: route.abort())
    Learner(page).open(url, stage="failed")

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_stop_of_the_tab_key_has_a_name(learner, url):
    learner.open(url)
    learner.predict()
    learner.explore()
    learner.page.evaluate("document.activeElement?.blur(), scrollTo(0, 0)")
    nameless = learner.page.evaluate(
        """() => {
            const found = [];
            const walk = (root) => {
                for (const element of root.querySelectorAll("*")) {
                    if (element.shadowRoot) walk(element.shadowRoot);
                    if (element.tabIndex < 0 || element.disabled || !element.checkVisibility()) continue;
                    const name = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.labels?.length
                        || element.closest("label") || element.textContent.trim() || element.title;
                    if (!name) found.push(`${element.localName}.${element.className}`);
                }
            };
            walk(document);
            return found;
        }"""
    )

    assert nameless == []


# Links and ledgers that cannot be followed as they are


def place(page):
    found = page.locator("#path")
    return found.get_attribute("data-track"), found.get_attribute("data-part")


@pytest.mark.parametrize(("fragment", "words"), [("#edge-guardian/3", "That part is locked"), ("#nonsense", ""), ("#tiny-pioneer/9", "")])
def test_a_link_that_leads_nowhere_moves_nobody_and_loses_nothing(learner, url, fragment, words):
    learner.open(url)
    question = track("cloud-titan").part(1).questions[0]
    learner.choose(question.text, question.choices[-1].text)

    learner.page.goto(url + fragment)

    expect(learner.page.get_by_text(words or "Find what binds before you optimise").first).to_be_visible()
    assert place(learner.page) == ("cloud-titan", "1")
    assert learner.page.get_by_role("radiogroup", name=question.text).get_by_role("radio", name=question.choices[-1].text).is_checked()
    assert learner.kinds() == []


def test_a_half_finished_track_and_another_variant_are_kept_beside_what_is_done_next(watched, url):
    text = ledger("edge-guardian", variant=7, attempts=2, parts=1)
    context = watched.context()
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {json.dumps(text)}")
    learner = Learner(context.new_page()).open(f"{url}#variant=3")
    page = learner.page

    expect(page.locator("#notices").get_by_text("asks for variant 3; your ledger is of variant 7")).to_be_visible()
    page.locator("#tracks input[value=cloud-titan]").check()
    expect(page.locator("#path[data-track=cloud-titan]")).to_have_count(1)
    before = learner.kinds()
    learner.predict()
    learner.saved(*before, "prediction", "prediction")

    saved = json.loads(learner.ledger_text())
    assert saved["variant"] == 7
    assert saved["entries"][: len(before)] == json.loads(text)["entries"]
