"""The recording in a real page: a slow frame is picked with a mouse, a finger or the keyboard alone, and traced."""

import json

import pytest
from tests.browser.learner import BUILT, KeyboardLearner, Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.test_touch import PHONE, Finger
from tests.triangles import TRIANGLES
from playwright.sync_api import expect

from rooflab.evaluate import evaluate
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.ledger import parse
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.tracks import track
from rooflab.units import format_count, format_time

LIST = "Slow frame, the longest first"


@pytest.fixture(scope="module")
def trace():
    """The recording with which the bench begins."""
    found = track("edge-guardian").scenario(0)
    return loop_trace(found, found.crisis, evaluate(found, found.crisis))


def at_the_bench(watched, url, kind=Learner, **words):
    context = watched.context(**words)
    text = json.dumps(midway("edge-guardian", 1, before="reveal"))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}")
    learner = kind(context.new_page()).open(f"{url}#edge-guardian/1")
    learner.open_step("Explore")
    learner.look_at("Recording")
    expect(learner.page.get_by_role("combobox", name=LIST)).to_be_visible()
    eventually(learner.page, lambda: learner.page.evaluate(BUILT))
    return learner


def triangle(page, frame):
    """Return where a triangle is, once the page has come to rest."""
    places = []

    def at_rest():
        places.append((page.evaluate(f"() => {{ {TRIANGLES} }}") or {}).get(str(frame)))
        return len(places) > 1 and places[-1] is not None and places[-1] == places[-2]

    eventually(page, at_rest)
    return places[-1]


def listed(trace, frame):
    return f"Frame {format_count(frame)}: {format_time(trace.frame_s[frame])}"


def chosen(page):
    return page.get_by_role("combobox", name=LIST).locator("option:checked")


def is_traced(page, frame):
    """Wait until the frame is laid beside the typical one, with the stage that differs."""
    expect(page.get_by_role("heading", name=f"Frame {format_count(frame)} takes")).to_contain_text("Image copy waits")
    expect(page.get_by_role("region", name=f"Frame {format_count(frame)} beside typical frame")).to_be_visible()


def test_a_click_on_a_triangle_and_tracing_find_the_stage_and_pin_it(watched, url, trace):
    page = (learner := at_the_bench(watched, url)).page
    (first,) = trace.slowest(1)

    learner.press("Enlarge")
    page.mouse.click(*triangle(page, first))
    expect(chosen(page)).to_have_text(listed(trace, first))
    assert "Image copy" not in page.get_by_role("heading", name=f"Frame {format_count(first)} takes").inner_text()
    learner.region("workbench").get_by_role("combobox", name="Tracing profiler").select_option(index=1)
    is_traced(page, first)
    page.get_by_role("combobox", name="Stage").select_option(label="Image copy")
    learner.pin("its extra waiting")

    ledger = eventually(page, lambda: (found := parse(learner.ledger_text())).entries[-1].kind == "pin" and found)
    assert (ledger.entries[-1].layer, ledger.entries[-1].frame) == ("copy", f"1-{first}")
    assert replay(ledger).differences == ()


def test_a_finger_picks_a_frame_on_a_phone(watched, url, trace):
    page = at_the_bench(watched, url, **PHONE).page
    x, y = triangle(page, trace.slowest(1)[0])

    Finger(page).tap(x + 5, y + 5)

    expect(chosen(page)).to_have_text(listed(trace, trace.slowest(1)[0]))


def test_a_keyboard_alone_picks_traces_and_goes_on_to_the_next_frame(watched, url, trace):
    page = (learner := at_the_bench(watched, url, KeyboardLearner)).page
    first, second = trace.slowest(2)

    learner.focus("Tracing profiler")
    page.keyboard.press("ArrowDown")
    expect(learner.region("workbench").get_by_text("Profiling: trace level")).to_be_visible()
    learner.focus(LIST)
    page.keyboard.press("ArrowDown")
    is_traced(page, first)
    page.keyboard.press("ArrowDown")
    is_traced(page, second)
    learner.press("Record again")

    expect(learner.region("workbench").get_by_text("Recording 2: p99.9")).to_be_visible()
