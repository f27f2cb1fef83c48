"""What must hold on every screen: the locked screen tells nothing, everybody can use it, nothing scrolls sideways."""

import functools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from learner import Learner
from playwright.sync_api import expect

from ridgepoint.tracks import track

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
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

    assert dict(part.strip().split(" ", 1) for part in content.split(";")) == POLICY


# Non-interference


@functools.cache
def answers(variant):
    scenario, part = track("cloud-titan").scenario(variant), track("cloud-titan").part(1)
    return tuple(question.answer(scenario) for question in (*part.questions, part.diagnosis))


def another_variant():
    """Return a variant whose answers differ from those of variant 0 wherever answers differ at all."""
    return next(variant for variant in range(1, 200) if sum(map(str.__ne__, answers(variant), answers(0))) >= 2)


def locked_screen(watched, url, fragment):
    page = watched.context().new_page()
    page.add_init_script(NOTE_MESSAGES)
    Learner(page).open(url + fragment)
    page.evaluate("document.getElementById('progress').remove()")  # how many bytes had come when the lab went live
    # BokehJS draws the names of radio groups at random.
    markup = re.sub(r'name="[0-9A-F]{32}"', "", page.evaluate(WHOLE_TEXT))
    return {
        "markup": markup,
        "document": page.evaluate(WHOLE_DOCUMENT),
        "accessibility tree": page.locator("body").aria_snapshot(),
        "what Python said": page.evaluate("fromPython"),
    }


def difference(one, other):
    one, other = str(one), str(other)
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"...{one[max(at - 120, 0) : at + 80]}... against ...{other[max(at - 120, 0) : at + 80]}..."


def test_the_locked_screen_is_the_same_whatever_the_answers_are(watched, url):
    variant = another_variant()
    one = locked_screen(watched, url, "#variant=0")
    other = locked_screen(watched, url, f"#variant={variant}")

    assert "Shorter by" in one["document"] and "Shorter by" in one["markup"]
    for part in one:
        assert one[part] == other[part], f"the {part} tells variant {variant} from variant 0: {difference(one[part], other[part])}"


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
    for words in ("Pin MBU", "Math Peek", "Profiler mode", "A step takes"):
        assert words not in everything


# Everybody


def serious(page, **options):
    found = Axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
    return [(each["id"], node["target"], node["failureSummary"]) for each in found if each["impact"] in ("serious", "critical") for node in each["nodes"]]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_is_accessible_and_fits(watched, url, width):
    page = watched.context(viewport={"width": width, "height": 850}).new_page()
    learner = Learner(page)
    found = {}

    def look(screen):
        # All rules on light; of them only contrast depends on the colours.
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if problems := serious(page, **options):
                found[f"{screen}, {scheme}"] = problems
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
    for toggle in ("Table of all layers", "Facts and sources"):
        learner.press(toggle)
    expect(learner.region("workbench").get_by_text("facts, each with its source")).to_be_visible()
    look("bench with everything open")
    for toggle in ("Profiler mode", "Math Peek", "Table of all layers", "Facts and sources"):
        learner.press(toggle)
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
