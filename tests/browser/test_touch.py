"""Sliders under a finger: a swipe along the sheet scrolls it, a tap and a sideways drag move the slider."""

import json

import pytest
from tests.browser.learner import BUILT, Learner, eventually
from tests.browser.ledgers import ledger

from rooflab.tracks import TRACKS, track

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BOX = "(slider) => { slider.scrollIntoView({ block: 'center' }); const { x, y, width, height } = slider.getBoundingClientRect(); return [x, y + height / 2, width]; }"
TOP = "(slider) => { const { y, height } = slider.getBoundingClientRect(); return y + height / 2; }"

# A page that is computing for long is sent no more of a touch: the browser cancels it.
AT_REST = """async () => {
    const now = () => `${document.getElementById("controls").scrollTop} ${performance.getEntriesByName("rooflab:round-trip").length}`;
    for (let before = now(), still = 0; still < 10; before = now()) {
        await new Promise(requestAnimationFrame);
        still = now() === before ? still + 1 : 0;
    }
}"""
SCROLLED = "document.getElementById('controls').scrollTop"
ROOM = "((sheet) => sheet.scrollHeight - sheet.clientHeight - sheet.scrollTop)(document.getElementById('controls'))"


class Finger:
    """One finger on the glass, through the browser's own recognition of gestures."""

    def __init__(self, page):
        self.devtools = page.context.new_cdp_session(page)

    def _touch(self, kind, *points):
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def tap(self, x, y):
        self._touch("touchStart", (x, y))
        self._touch("touchEnd")

    def drag(self, x, y, *, across=0, along=0):
        self._touch("touchStart", (x, y))
        for step in range(1, 11):
            self._touch("touchMove", (x + across * step / 10, y + along * step / 10))
        self._touch("touchEnd")


def phone_with(watched, url, track_id, number):
    context = watched.context(**PHONE)
    text = json.dumps(ledger(track_id))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}")
    learner = Learner(context.new_page()).open(f"{url}#{track_id}/{number}")
    learner.open_step("Explore")
    learner.open_controls()
    eventually(learner.page, lambda: learner.page.evaluate(BUILT))
    learner.page.evaluate(AT_REST)
    return learner


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_slider_lets_the_sheet_scroll_and_moves_when_it_is_meant(watched, url, track_id, number):
    page = phone_with(watched, url, track_id, number).page
    sliders = page.locator("#region-workbench .noUi-target")
    handles = page.locator("#region-workbench .noUi-handle")
    part = track(track_id).part(number)
    assert sliders.count() == sum(not (each.chain or each.choices or each.values) for each in (*part.controls, *part.what_ifs))
    finger = Finger(page)
    for at, slider in enumerate(sliders.all()):
        value = lambda at=at: handles.nth(at).get_attribute("aria-valuetext")  # noqa: E731
        before = value()
        far = 0.1 if handles.nth(at).evaluate("(handle) => handle.ariaValueNow > (+handle.ariaValueMax + +handle.ariaValueMin) / 2") else 0.9
        x, y, width = slider.evaluate(BOX)
        top, room = page.evaluate(SCROLLED), page.evaluate(ROOM)
        finger.drag(x + far * width, y, along=-150 if room >= top else 150)
        least = min(80, max(room, top) / 2)  # half of the drag, where the sheet is that much higher than its window
        eventually(page, lambda top=top, least=least: abs(page.evaluate(SCROLLED) - top) >= least)
        page.evaluate(AT_REST)
        assert value() == before

        x, y, width = slider.evaluate(BOX)
        finger.tap(x + far * width, y)
        eventually(page, lambda before=before: value() != before)
        page.evaluate(AT_REST)
        tapped = value()

        eventually(page, lambda: slider.evaluate("(slider) => !slider.classList.contains('noUi-state-tap')"))
        x, y, width = slider.evaluate(BOX)
        finger.drag(x + far * width, y, across=(0.5 - far) * width, along=10)
        eventually(page, lambda tapped=tapped: value() != tapped)
        page.evaluate(AT_REST)
        # What a move makes above the slider moves the page by as much, so that the slider stays under the finger.
        assert abs(slider.evaluate(TOP) - y) < 2
