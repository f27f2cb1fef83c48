"""The landing: whole for a newcomer, one row for anybody who has begun, and a chooser either way."""

import pytest
from playwright.sync_api import expect
from tests.browser.learner import Learner

from rooflab.tracks import TRACKS

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
KEPT = "rooflab:/rooflab/:draft:0123456789abcdef:cloud-titan:1"
FIRST_STATE = """new MutationObserver((_, seen) => {
    if (!document.getElementById("landing")) return;
    window.firstState = document.documentElement.dataset.landing ?? "whole";
    seen.disconnect();
}).observe(document, { childList: true, subtree: true });"""


def visitor(watched, **words):
    page = watched.context(**words).new_page()
    page.add_init_script(FIRST_STATE)
    return page


def folded(page):
    return page.locator("html").get_attribute("data-landing") == "row"


def card(page, track_id):
    return page.locator(f"#tracks input[value={track_id}]")


def test_a_newcomer_sees_four_crises_and_the_brief_without_any_script(watched, url):
    page = watched.context(viewport=WIDE, java_script_enabled=False).new_page()
    page.goto(url)

    for each in TRACKS:
        expect(page.locator(".track").filter(has_text=each.name)).to_contain_text(each.symptom)
    assert page.locator("#tracks svg").evaluate_all("(found) => found.every((each) => each.getBoundingClientRect().height > 60)")
    brief = page.locator("#title-brief").bounding_box()
    assert brief["y"] + brief["height"] < WIDE["height"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_landing_is_short_and_fits(watched, url, size):
    page = visitor(watched, viewport=size)
    page.goto(url)
    box = page.locator("#landing").bounding_box()

    assert box["height"] < (420 if size is WIDE else 830)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    outside = page.locator("#tracks .track").evaluate_all("(cards) => cards.filter((card) => card.scrollWidth > card.clientWidth).length")
    assert outside == 0


@pytest.mark.parametrize("before", [f"localStorage.setItem({KEPT!r}, '{{}}')", ""], ids=["work is kept", "a link into a track"])
def test_who_has_begun_never_sees_the_cards(watched, url, before):
    page = visitor(watched)
    page.add_init_script(before)
    page.goto(url + ("" if before else "#edge-guardian/1"))

    assert page.evaluate("window.firstState") == "row"
    assert page.locator("#landing").bounding_box()["height"] < 60
    expect(page.locator("#tracks svg").first).to_be_hidden()


def test_the_arrow_keys_choose_a_track_and_keep_the_focus_in_the_row(watched, url):
    page = visitor(watched)
    learner = Learner(page).open(url)
    card(page, "cloud-titan").focus()
    page.keyboard.press("ArrowRight")

    expect(card(page, "edge-guardian")).to_be_checked()
    expect(card(page, "edge-guardian")).to_be_focused()
    assert folded(page)
    expect(page.locator("#briefing")).to_contain_text("safety loop")
    page.keyboard.press("ArrowRight")
    expect(card(page, "mobile-nomad")).to_be_focused()
    expect(page.locator("#briefing")).to_contain_text("AR translation")
    assert learner.step() == "predict"


def test_the_track_that_is_chosen_already_can_be_taken_as_it_is(watched, url):
    page = visitor(watched)
    Learner(page).open(url)
    assert not folded(page)
    page.locator(".track").first.click()

    assert folded(page)
    expect(page.get_by_role("radio", name="Cloud Titan LLM architect")).to_be_checked()


def test_the_first_predictions_fold_the_landing(watched, url):
    page = visitor(watched)
    learner = Learner(page).open(url)
    learner.predict()

    expect(page.locator("#path [aria-current=step]")).to_have_text("Explore")
    assert folded(page)
    expect(page.locator(".opening h1")).to_have_text("Find what binds before you optimise")  # still the page's heading


def test_the_open_bench_stays_beside_the_tracks(watched, url):
    page = visitor(watched)
    Learner(page).open(url)
    page.get_by_role("link", name="Open bench").click()

    expect(page.locator("#title-open-bench")).to_be_visible()
    expect(page.locator("#landing")).to_be_hidden()


BOXES = """() => [...document.querySelectorAll("#tracks label, #tracks legend, #tracks .beside a")].map((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return [left, right, top, bottom];
})"""


@pytest.mark.parametrize("width", [1280, 901, 700, 360])
def test_no_choice_lies_over_another(watched, url, width):
    page = watched.context(viewport={"width": width, "height": 800}).new_page()
    Learner(page).open(url)

    boxes = page.evaluate(BOXES)
    assert len(boxes) > len(TRACKS)
    for at, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert right <= other[0] + 1 or other[1] <= left + 1 or bottom <= other[2] + 1 or other[3] <= top + 1, (at, other)
