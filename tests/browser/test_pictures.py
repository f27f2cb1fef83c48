"""The living picture in a real page: it moves with the control, stops and steps, and draws no frame that nobody sees."""

import json

import pytest
from tests.browser.learner import MOVING, Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.test_touch import PHONE
from playwright.sync_api import expect

# Every frame of a picture begins with an empty canvas.
COUNT = """(() => {
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    window.drawn = 0;
    CanvasRenderingContext2D.prototype.clearRect = function (...words) {
        if (this.canvas.closest("#picture")) window.drawn++;
        return clear.apply(this, words);
    };
})()"""
WHILE = """(ms) => new Promise((resolve) => {
    const before = window.drawn;
    setTimeout(() => resolve(window.drawn - before), ms);
})"""
PIXELS = "() => document.querySelector('#picture canvas').toDataURL()"
MEASURES = "(name) => performance.getEntriesByName(name).length"
MOVES = 5  # frames in half a second, of 30 at the usual rate: the machine may be busy


def at_the_bench(watched, url, track="cloud-titan", part=1, *, before_opening="", **words):
    """Return a learner whose bench has just opened, and whose picture is drawn."""
    context = watched.context(**MOVING | words)
    text = json.dumps(midway(track, part, before="pin"))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}; {COUNT}; {before_opening}")
    learner = Learner(context.new_page()).open(f"{url}#{track}/{part}")
    expect(learner.page.locator("#picture canvas")).to_be_visible()
    eventually(learner.page, lambda: learner.page.evaluate("window.drawn") > 0)
    return learner


def frames_in(page, ms=500):
    """Return the frames that are drawn meanwhile, once what was asked for before is drawn."""
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    return page.evaluate(WHILE, ms)


def button(page, name):
    return page.locator("#picture").get_by_role("button", name=name, exact=True)


def fuse_attention(page):
    page.get_by_role("combobox", name="Attention kernel").select_option(index=1)


def test_it_moves_by_itself_and_no_chart_is_redrawn(watched, url):
    page = at_the_bench(watched, url).page
    trips, before = page.evaluate(MEASURES, "rooflab:round-trip"), page.evaluate(PIXELS)

    assert frames_in(page) >= MOVES
    assert page.evaluate(PIXELS) != before
    assert page.evaluate(MEASURES, "rooflab:round-trip") == trips


def test_a_moved_control_is_in_the_next_frame(watched, url):
    page = at_the_bench(watched, url).page
    title = page.locator("#picture figcaption")
    expect(title).to_contain_text("copied 8 times")

    fuse_attention(page)

    expect(title).not_to_contain_text("copied")
    eventually(page, lambda: page.evaluate(MEASURES, "rooflab:picture") == 1)
    label = page.locator("#picture canvas").get_attribute("aria-label")
    assert label.startswith(title.inner_text()) and "KV cache 16.6 GB" in label


def test_it_stops_steps_and_changes_its_pace(watched, url):
    page = at_the_bench(watched, url).page
    pace = page.locator(".picture-pace")
    expect(pace).to_have_text("50 ms here is 1 s")

    button(page, "Stop the picture").click()
    assert frames_in(page) == 0
    before = page.evaluate(PIXELS)
    button(page, "One step").click()
    eventually(page, lambda: page.evaluate(PIXELS) != before)
    assert frames_in(page) == 0

    button(page, "Slower").click()
    expect(pace).to_have_text("20 ms here is 1 s")
    button(page, "Faster").click()
    button(page, "Faster").click()
    expect(pace).to_have_text("100 ms here is 1 s")
    button(page, "Let the picture run").click()
    assert frames_in(page) >= MOVES


def test_its_clock_is_one_stop_of_the_keyboard(watched, url):
    page = at_the_bench(watched, url).page
    button(page, "Stop the picture").focus()
    page.keyboard.press("ArrowRight")
    expect(button(page, "One step")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")

    expect(button(page, "Let the picture run")).to_be_focused()
    assert page.locator("#picture button:not([tabindex='-1']):visible, #picture select:visible, #picture summary").count() <= 4


def test_no_frame_is_drawn_out_of_sight(watched, url):
    page = at_the_bench(watched, url).page
    page.evaluate("location.hash = '#report'")
    expect(page.locator("#section-report")).to_be_visible()
    assert frames_in(page) == 0

    page.evaluate("history.back()")
    expect(page.locator("#picture canvas")).to_be_visible()
    eventually(page, lambda: frames_in(page, 200) > 0)


def test_a_still_shows_all_where_motion_is_not_wanted(watched, url):
    page = at_the_bench(watched, url, reduced_motion="reduce").page
    assert frames_in(page) == 0

    before = page.evaluate(PIXELS)
    fuse_attention(page)
    eventually(page, lambda: page.evaluate(PIXELS) != before)
    assert frames_in(page) == 0

    before = page.evaluate(PIXELS)
    button(page, "One step").click()
    eventually(page, lambda: page.evaluate(PIXELS) != before)


def test_its_table_has_its_numbers(watched, url):
    page = at_the_bench(watched, url).page
    page.locator("#picture summary").click()

    table = page.locator("#picture table")
    expect(table.get_by_role("row", name="Next token in")).to_contain_text("192 ms")
    expect(table.locator("caption")).to_have_text(page.locator("#picture figcaption").inner_text())


def test_it_is_painted_again_in_another_theme(watched, url):
    page = at_the_bench(watched, url, reduced_motion="reduce").page
    before = page.evaluate(PIXELS)

    page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    eventually(page, lambda: page.evaluate(PIXELS) != before)
    assert frames_in(page) == 0


# What happens where the canvas comes into sight between two calls, which a busy machine does about once in twenty starts.
TOLD_TOGETHER = """(() => {
    const Usual = window.IntersectionObserver;
    window.IntersectionObserver = class extends Usual {
        constructor(act, options) {
            super((entries, observer) => act([{ target: entries[0].target, isIntersecting: false }, ...entries], observer), options);
        }
    };
})()"""


def test_a_picture_that_came_into_sight_at_once_is_drawn(watched, url):
    learner = at_the_bench(watched, url, before_opening=TOLD_TOGETHER)

    assert learner.page.evaluate("window.drawn") > 0


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_the_slowest_frame_is_looked_at(watched, url, way):
    page = at_the_bench(watched, url, "edge-guardian").page
    look = page.locator("#picture").get_by_role("button", name="Slowest frame")
    if way == "keyboard":
        look.focus()
        page.keyboard.press("Enter")
    else:
        canvas = page.locator("#picture canvas").bounding_box()
        place = row_of_the_slow_frame(page)
        page.mouse.click(canvas["x"] + 100, canvas["y"] + place)

    expect(look).to_be_hidden()  # it is looked at already
    page.get_by_role("tab", name="Recording").click()
    expect(page.get_by_role("combobox", name="Slow frame, the longest first").locator("option:checked")).to_contain_text("63.4 ms")


def row_of_the_slow_frame(page):
    """Return the height at which the pointer says that something may be clicked, and that is the row in the middle."""
    canvas = page.locator("#picture canvas")
    box = canvas.bounding_box()
    rows = []
    for y in range(int(box["height"])):
        page.mouse.move(box["x"] + 100, box["y"] + y)
        if canvas.evaluate("(each) => each.style.cursor") == "pointer":
            rows.append(y)
    return rows[len(rows) // 2]


def test_on_a_phone_it_is_above_the_verdict(watched, url):
    page = at_the_bench(watched, url, **PHONE).page
    picture, verdict = page.locator("#picture").bounding_box(), page.locator("#region-verdict").bounding_box()

    assert picture["width"] > 300 and picture["y"] + picture["height"] <= verdict["y"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_from_a_double_clicked_file_it_moves_too(watched, bundle):
    context = watched.context(**MOVING)
    context.add_init_script(COUNT)
    learner = Learner(context.new_page()).open(bundle.as_uri())
    learner.predict()
    page = learner.page

    expect(page.locator("#picture canvas")).to_be_visible()
    expect(page.locator("#picture figcaption")).to_contain_text("copied 8 times")
    assert frames_in(page) >= MOVES
