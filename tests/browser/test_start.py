"""The start on the built site: stages, the image and the fall-back, early input, what can be missing."""

import json
import math
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.learner import BITS, SLOPE, eventually
from tests.packing import HEAD_BYTES, flipped_late, framed, packed_again, unpacked

from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.lab.ledger.ledger import parse
from rooflab.tracks import track
from rooflab.workbench import make_workbench

IMAGE = "**/runtime/image-*"
MARK = """() => {
    document.querySelector("#region-lock").firstElementChild.dataset.mark = "painted";
    window.documentBefore = Bokeh.documents[0];
}"""
SAME = """() => Bokeh.documents.length === 1 && Bokeh.documents[0] === window.documentBefore
    && document.querySelector("#region-lock").firstElementChild.dataset.mark === "painted" """


@contextmanager
def held(page, pattern):
    """Keep back the answer to a request; it is let go at the end of the block."""
    routes = []
    page.route(pattern, lambda route: routes.append(route))
    yield
    eventually(page, lambda: routes)
    for route in routes:
        route.continue_()
    page.unroute(pattern)


def image_bytes(site):
    return next((site / "runtime").glob("image-*")).read_bytes()


def test_the_stages_come_in_order_and_leave_marks(learner, url):
    learner.open(url)
    marks = learner.page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    stages = ["rooflab:shell", "rooflab:painted", "rooflab:live"]

    assert [name for name, _ in sorted(marks, key=lambda mark: mark[1]) if name in stages] == stages
    assert learner.data("start") == "resumed"


def test_python_attaches_without_painting_again(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.page.evaluate(MARK)
        learner.page.evaluate("scrollTo({ top: 400, behavior: 'instant' })")
        radio = learner.page.get_by_role("radiogroup", name=SLOPE).get_by_role("radio").first
        radio.focus()
        before = radio.bounding_box()
    learner.wait("live")

    assert learner.page.evaluate(SAME)
    assert radio.bounding_box() == pytest.approx(before, abs=2)  # also where the progress bar above it has gone
    expect(radio).to_be_focused()


def test_a_change_leaves_a_measured_round_trip(learner, url):
    learner.open(url)
    learner.choose(SLOPE, "No, its time stays the same")

    eventually(learner.page, lambda: learner.page.evaluate("performance.getEntriesByName('rooflab:round-trip').length"))


BROKEN = {
    "missing": lambda content: {"status": 404, "body": "not here"},
    "truncated": lambda content: {"body": content[: len(content) // 2]},
    "one bit wrong": lambda content: {"body": flipped_late(content)},
    "too long": lambda content: {"body": packed_again(unpacked(content) + b"more")},
    "going on after its end": lambda content: {"body": framed(content[HEAD_BYTES:] + b"more", len(content))},
    "of another build": lambda content: {"body": packed_again(b"\x10\0\0\0\0\0\0\0" + b"{}" * 40)},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_image_is_given_up_for_the_slower_start(learner, watched, url, site, broken):
    watched.allow("memory image could not be restored", "Failed to load resource")
    learner.page.route(IMAGE, lambda route: route.fulfill(**BROKEN[broken](image_bytes(site))))
    learner.open(url, stage="painted")
    learner.page.evaluate(MARK)
    learner.wait("live")

    assert learner.data("start") == "fallback"
    assert learner.page.evaluate(SAME)
    expect(learner.page.locator("#status-stage")).to_have_text("Ready (slower start)")


def test_the_slower_start_can_be_asked_for_and_leads_to_the_bench(learner, url):
    learner.open(url + "?start=fallback", stage="painted")
    learner.page.evaluate(MARK)
    learner.wait("live")
    assert learner.data("start") == "fallback"
    assert learner.page.evaluate(SAME)

    learner.predict()
    learner.explore()

    assert learner.kinds() == ["prediction", "prediction", "pin"]


# Early input


def test_a_lock_submitted_early_is_recorded_with_its_time(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.predict()
        expect(learner.page.locator("#live")).to_contain_text("Your predictions are recorded")
        early = json.loads(learner.page.evaluate("localStorage['rooflab:/rooflab/:early']"))
    learner.wait("live")
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    entries = parse(learner.ledger_text()).entries
    assert [(entry.question_id, entry.choice_id, entry.confidence) for entry in entries] == [
        ("slope", "no", 0.9),
        ("half-the-bits", "small", 0.6),
    ]
    assert {entry.at for entry in entries} == {early["at"]}
    assert learner.page.evaluate("localStorage.getItem('rooflab:/rooflab/:early')") is None


def test_an_early_submission_outlives_a_tab_closed_before_python(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.predict()
        early = json.loads(learner.page.evaluate("localStorage['rooflab:/rooflab/:early']"))
    learner.reload()
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert {entry.at for entry in parse(learner.ledger_text()).entries} == {early["at"]}


def test_what_is_chosen_early_is_not_lost(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.choose(SLOPE, "Yes, but by less than the TFLOPS added")
        learner.choose("Question 1: How sure are you?", "50%")
        learner.choose("Question 1: How sure are you?", "70%")
        expect(learner.page.locator("#progress")).to_contain_text(" MB")
    learner.wait("live")
    expect(learner.page.locator("#progress")).to_be_hidden()
    learner.choose(BITS, "Shorter by 5% to 8%")
    learner.choose("Question 2: How sure are you?", "100%")
    learner.press("Lock in my predictions")
    learner.saved("prediction", "prediction")

    answers = [(entry.choice_id, entry.confidence) for entry in parse(learner.ledger_text()).entries]
    assert answers == [("partly", 0.7), ("middle", 1.0)]


def test_an_early_submission_with_a_gap_is_answered_when_python_is_there(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.choose(SLOPE, "No, its time stays the same")
        learner.press("Lock in my predictions")
    learner.wait("live")

    expect(learner.region("lock").get_by_role("alert")).to_contain_text("Still missing")
    assert learner.kinds() == []


@pytest.mark.parametrize("early", ["{", "[]", '{"track":"cloud-titan","part":1,"at":"now","answers":{"slope":{"choice":9,"confidence":-1}}}'])
def test_a_damaged_early_submission_does_no_harm(learner, url, early):
    learner.page.add_init_script(f"localStorage.getItem('rooflab:seen') ?? (localStorage['rooflab:/rooflab/:early'] = {json.dumps(early)}, localStorage['rooflab:seen'] = 1)")
    learner.open(url)
    learner.predict()

    learner.saved("prediction", "prediction")


# NumPy in the restored memory


def test_numpy_in_the_restored_worker_equals_cpythons(learner, url):
    learner.open(url)
    learner.predict()
    bench = learner.region("workbench")
    settings = [
        {},
        {"Attention kernel": "Fused, KV heads grouped", "KV cache": "FP8, unpacked to BF16"},
        {"Dispatch": "Graph: launch once", "Phase": "Prefill: whole prompts"},
    ]
    count = 0
    for setting in settings:
        for control, choice in setting.items():
            learner.set(control, choice)
        learner.look_at("Readings")
        for name in ("this layer's intensity", "MBU", "MFU", "KV share", "Throughput", "Time in memory traffic"):
            learner.pin(name)
            count += 1
            expect(learner.region("pins")).to_contain_text("1 reading pinned" if count == 1 else f"{count} readings pinned")

    pins = parse(learner.ledger_text()).of("cloud-titan", 1)[2:]
    native = make_workbench(
        scenario=track("cloud-titan").scenario(0), part=track("cloud-titan").part(1), start=track("cloud-titan").scenario(0).crisis
    )
    for pin in pins:
        native.take(design_from_json(thaw(pin.design)))
        native.layer = pin.layer or native.layer
        assert math.isclose(native.reading(pin.instrument).value, pin.value, rel_tol=1e-12), pin
    assert len({json.dumps(dict(pin.design)) for pin in pins}) == len(settings)


# What can be missing


BLOCKED = {
    "runtime/wasm": "**/runtime/wasm-*",
    "runtime/asm": "**/runtime/asm-*",
    "a library": "**/runtime/_multiarray_umath-*",
    "worker": "**/js/worker-*",
    "bokeh": "**/js/bokeh-5*",
}


@pytest.mark.parametrize(
    ("file", "answer"),
    [("runtime/wasm", "aborted"), ("runtime/wasm", "404"), ("runtime/asm", "404"), ("a library", "aborted"), ("worker", "404"), ("bokeh", "aborted")],
)
def test_a_blocked_file_is_named_and_trying_again_helps(learner, watched, url, site, file, answer):
    watched.allow("Failed to load resource", "memory image could not be restored", "MIME type", "wasm instantiation failed", "Aborted")
    if file == "bokeh":
        watched.allow("load it prior to loading plugins", "Bokeh is not defined", "reading '(register_plugin|safely)'")
    pattern = BLOCKED[file] if file != "bokeh" else "**/" + next((site / "js").glob("bokeh-[0-9a-f]*")).name
    act = (lambda route: route.abort()) if answer == "aborted" else (lambda route: route.fulfill(status=404, body=""))
    learner.page.route(pattern, act)
    learner.open(url, stage="failed")
    failed = learner.page.locator("#failed")
    expect(failed).to_be_visible()
    expect(failed).to_be_focused()
    if file.startswith("runtime"):
        expect(failed).to_contain_text(file)
    expect(learner.page.locator("#progress")).to_be_hidden()
    learner.page.unroute(pattern)
    learner.page.click("#failed-retry")
    learner.wait("live")

    assert failed.is_hidden()


OLD = {"DecompressionStream": "gzip decompression", "Worker": "web workers"}


@pytest.mark.parametrize("missing", OLD)
def test_an_old_browser_is_told_what_it_lacks(learner, url, missing):
    learner.page.add_init_script(f"delete window.{missing}")
    learner.open(url, stage="failed")

    expect(learner.page.locator("#old-browser")).to_contain_text(f"Missing here: {OLD[missing]}.")


def test_a_browser_with_webassembly_switched_off_is_not_called_old(learner, url):
    learner.page.add_init_script("delete window.WebAssembly")
    learner.open(url, stage="failed")

    expect(learner.page.locator("#webassembly-off")).to_be_visible()
    expect(learner.page.locator("#old-browser")).to_be_hidden()


@pytest.mark.parametrize("missing", ["WebAssembly", "Worker"])
def test_a_browser_that_cannot_run_the_lab_still_exports_what_is_saved(learner, url, missing):
    text = '{"schema_version": 2, "entries": []}'
    learner.page.add_init_script(f"delete window.{missing}; localStorage['rooflab:/rooflab/:ledger'] = {json.dumps(text)}")
    learner.open(url, stage="failed")
    notice = learner.page.locator("#webassembly-off" if missing == "WebAssembly" else "#old-browser")

    expect(learner.page.locator("#status-saved")).to_have_text("Saved in this browser")
    expect(learner.page.locator("#status-stage")).to_have_text("Did not start")
    expect(learner.page.locator("#failed")).to_be_hidden()
    assert learner.export() == text
    with learner.page.expect_download() as download:
        notice.get_by_role("button", name="Export my ledger").click()
    assert Path(download.value.path()).read_text() == text
