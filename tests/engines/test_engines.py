"""What a learner does first, in every engine, from a host under a sub-path: one cell of the table a test."""

import socket
import time

import pytest
from bench_pictures import COUNT_FRAMES

from tests.browser.ledgers import midway
from tests.checksums import expected
from tests.engines import matrix
from tests.measuring import FRAGMENT, LISTEN, TOLD, ask, change_plan
from tests.triangles import TRIANGLES

from rooflab.lab.setting import setting
from rooflab.lab.steps.share import encode
from rooflab.tracks import TRACKS
from rooflab.views.steps.observation import ObservationView

TRACK = TRACKS[0]
PART = TRACK.part(1)
CONTROL = next(control for control in PART.controls if control.choices)

FAULT = """
const said = document.getElementById("notice-stalled") ?? document.getElementById("failed");
return document.documentElement.dataset.stage === "failed" || said.id === "notice-stalled" ? said.innerText : "";
"""
GIVEN_UP = """return performance.getEntriesByName("rooflab-start:given-up").map(({ detail }) => detail);"""
KINDS = """
const key = Object.keys(localStorage).find((each) => /^rooflab:(.*:)?ledger$/.test(each));
return key ? JSON.parse(localStorage[key]).entries.map((entry) => entry.kind) : [];
"""
# All that a region shows, with what lies in shadow roots.
SHOWN = """
const texts = [];
const read = (root) => {
    for (const each of root.querySelectorAll("*")) {
        if (each.shadowRoot) read(each.shadowRoot);
        else if (!each.childElementCount && !["STYLE", "OPTION"].includes(each.tagName)) texts.push(each.textContent);
    }
};
read(document.getElementById(given));
return texts.join(" ");
"""
OPEN = """return document.querySelector(`#path [data-step=${given}]`)?.dataset.state !== "locked";"""
SLOW_FRAME = "Slow frame, the longest first"
PICTURE = """return document.querySelector("#picture:not([hidden]) canvas")?.width > 0;"""
FRAMES = """return window.pictureFrames.splice(0);"""
WATCHED_S = 2.0
LOOK_AT_RECORDING = """
document.querySelector("#path [data-step=explore] a").click();
[...document.querySelectorAll("#tabs [role=tab]")].find(({ textContent }) => textContent === "Recording").click();
document.getElementById("enlarge").click();
"""
ROUND_TRIPS = """return performance.getEntriesByName("rooflab:round-trip").length;"""


def until(tab, holds):
    """Wait until `holds()` gives something true and return it; a page that says that it failed ends the wait."""
    while not (found := holds()):
        if fault := tab.script(FAULT):
            pytest.fail(f"the page says: {fault}")
        time.sleep(0.05)
    return found


def opened(tab, step):
    """Wait until the path no longer has a step locked."""
    until(tab, lambda: tab.script(OPEN, step))


def live(tab, address):
    """Open the lab and wait until Python answers."""
    tab.open(address)
    resumed(tab)


def resumed(tab):
    """Wait until Python answers; it comes from the memory image."""
    until(tab, lambda: tab.script("return document.documentElement.dataset.stage === 'live';"))
    assert tab.script("return document.documentElement.dataset.start") == "resumed", tab.script(GIVEN_UP)


def lock(tab):
    """Answer both questions, say how sure, and lock; the bench opens and the ledger has both."""
    for number, question in enumerate(PART.questions, 1):
        tab.check(question.text, question.choices[-1].text)
        tab.check(f"Question {number}: How sure are you?", "70%")
    tab.press("Lock in my predictions")
    opened(tab, "explore")
    until(tab, lambda: tab.selected(CONTROL.label) is not None)
    assert tab.script(KINDS) == ["prediction", "prediction"]


def test_start(tab, host):
    live(tab, host.url)

    assert {code for _, code in host.asked} <= {200, 304}


def test_bench(tab, host, engine):
    """Lock, watch the picture, pin, move a control, and read the report, one after the other on one page."""
    live(tab, host.url)
    lock(tab)
    watches_the_picture(tab, engine)
    pins(tab)
    moves_a_control(tab)  # to what does not fit, which stands still
    reads_the_report(tab)


def moves_a_control(tab):
    at, shown, before = tab.selected(CONTROL.label), tab.script(SHOWN, "region-workbench"), tab.script(ROUND_TRIPS)

    tab.select(CONTROL.label, (at + 1) % len(CONTROL.choices))

    until(tab, lambda: tab.script(ROUND_TRIPS) > before)
    until(tab, lambda: tab.script(SHOWN, "region-workbench") != shown)
    assert tab.selected(CONTROL.label) == (at + 1) % len(CONTROL.choices)


def no_frame_for_a_while(tab):
    tab.script(FRAMES)
    time.sleep(0.5)
    return tab.script(FRAMES) == []


def watches_the_picture(tab, engine):
    """It moves by itself, and rests when it is stopped; how smoothly is printed beside the table."""
    until(tab, lambda: tab.script(PICTURE))
    tab.script(f"({COUNT_FRAMES})();")
    time.sleep(WATCHED_S)
    costs = sorted(tab.script(FRAMES))
    matrix.smoothness[engine.name] = (len(costs) / WATCHED_S, costs[len(costs) // 2] if costs else 0.0)
    assert costs

    tab.script("document.querySelector('#picture button').click();")

    until(tab, lambda: no_frame_for_a_while(tab))


def pins(tab):
    tab.press(f"Pin {PART.gauges[0].name}")

    until(tab, lambda: ObservationView.EYEBROW in tab.script(SHOWN, "region-observation"))
    assert tab.script(KINDS) == ["prediction", "prediction", "pin"]


def reads_the_report(tab):
    tab.press("Menu")
    tab.press("My report")

    until(tab, lambda: tab.script("return document.getElementById('section-report').dataset.shown;"))
    until(tab, lambda: TRACK.name in tab.script(SHOWN, "region-report"))


def test_reload(tab, host):
    live(tab, host.url)
    lock(tab)

    tab.reload()

    resumed(tab)
    opened(tab, "explore")
    assert tab.script(KINDS) == ["prediction", "prediction"]


def test_offline(tab, host):
    live(tab, host.url)
    lock(tab)
    assert until(tab, lambda: tab.script("return document.getElementById('offline-words').dataset.state;")) == "kept"
    host.stop()
    with pytest.raises(OSError):
        socket.create_connection(host.address)

    tab.reload()

    resumed(tab)
    opened(tab, "explore")
    assert tab.script(KINDS) == ["prediction", "prediction"]


def test_bundle(tab, bundle):
    live(tab, bundle.as_uri())
    lock(tab)


def test_link(tab, host):
    start = setting(TRACK.id, PART.number, 0).start
    index, choice = next((at, each) for at, each in enumerate(CONTROL.choices) if each.id != getattr(start, CONTROL.id))
    live(tab, host.url + encode(TRACK.id, PART.number, 0, start.replace(**{CONTROL.id: choice.id})))
    lock(tab)

    until(tab, lambda: tab.selected(CONTROL.label) == index)


def test_tap(tab, host):
    live(tab, host.url)
    tab.script("localStorage['rooflab:/rooflab/:ledger'] = given;", midway("edge-guardian", 1, before="reveal"))
    tab.reload()
    resumed(tab)
    opened(tab, "reveal")
    tab.script(LOOK_AT_RECORDING)
    until(tab, lambda: tab.selected(SLOW_FRAME) is not None)
    assert tab.selected(SLOW_FRAME) == 0

    tapped = []

    def chosen():
        """Tap the highest, which is the second of the list: once, and again only where the picture has moved since."""
        places = tab.script(TRIANGLES)
        place = min(places.values(), key=lambda each: each[1]) if places else None
        if place and place not in tapped[-1:]:
            tab.click(*place)
            tapped.append(place)
        return tab.selected(SLOW_FRAME) == 1

    until(tab, chosen)


def test_machine(tab, host):
    """A complete run of a plan that takes a second; every kernel computes what NumPy computes."""
    live(tab, host.url)
    tab.script(change_plan())
    tab.script(LISTEN)
    tab.script("location.hash = given;", FRAGMENT)
    until(tab, lambda: tab.script("return document.getElementById('section-machine').dataset.shown;"))

    tab.script(ask("measure"))

    told = until(tab, lambda: tab.script(f"return {TOLD};"))
    assert told["event"] == "measured", told
    assert [row["checksum"] for row in told["rows"]] == [expected(row) for row in told["rows"]]
