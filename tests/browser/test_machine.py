"""The learner's machine, measured by the page: a complete run, what refuses one, and what is there when.

What Python asks and hears is spoken for here; how the screen looks and what it concludes is tested with its views.
"""

import base64
import json

import browsers
import pytest
from playwright.sync_api import expect
from tests import patience
from tests.browser.access import serious
from tests.browser.learner import Learner, eventually
from tests.checksums import expected
from tests.measuring import FRAGMENT, LISTEN, ROWS, SHORT, TOLD, ask, change_plan

from rooflab.machine.plan import KERNELS, plan

MEASURING = "#measuring"
LOADED = ("js/machine-", "js/meter-", "machine/", "css/machine.css")
# The first line of a thread's script, by what its browser lacks or does.
THREADS = {
    "no-simd": "WebAssembly.validate = () => false;",
    "no-memory": "WebAssembly.Memory = function () { throw new RangeError('out of memory'); };",
    "coarse-clock": "{ const real = performance.now.bind(performance); performance.now = () => Math.floor(real() / 16) * 16; }",
    "paused": "{ const real = Date.now; let asked = 0; Date.now = () => real() + (asked++ > 12 ? 3_600_000 : 0); }",
    "failed": "WebAssembly.instantiate = () => Promise.reject(new Error('out of luck'));",
}

HIDE = """() => Object.defineProperty(document, "hidden", { value: true, configurable: true })"""


@pytest.fixture
def page(learner, url):
    """The screen of the machine, with a plan that takes a second."""
    return opened(learner, url)


def opened(learner, url, changed=SHORT):
    page = learner.open(url).page
    page.evaluate(f"() => {change_plan(changed)}")
    page.evaluate(f"() => {LISTEN}")
    show(page)
    return page


def show(page):
    page.evaluate("place => { location.hash = place }", FRAGMENT)
    page.locator("#section-machine[data-shown]").wait_for()
    want(page, "texts")
    page.locator("#machine-kernels:not([hidden])").wait_for()


def want(page, what):
    page.evaluate(f"() => {{ {ask(what)} }}")


def told(page):
    """Wait for what the page tells Python, and return it."""
    eventually(page, lambda: page.evaluate(TOLD) is not None)
    expect(page.locator(MEASURING)).to_be_hidden()
    return {name: value for name, value in page.evaluate(TOLD).items() if name != "focused"}


def told_anew(page, what):
    """Ask again on the same page, and return what is told."""
    page.evaluate("() => { machineTold.length = 0; }")
    want(page, what)
    return told(page)


def by_row(rows):
    return [{name: row[name] for name in ("kernel", "variant", "size")} for row in rows]


def test_a_complete_run_tells_every_row_with_its_samples_and_its_checksum(learner, url):
    learner.page.add_init_script("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 })")
    page = opened(learner, url)
    want(page, "measure")
    eventually(page, lambda: "all 2 cores are busy" in page.locator("#live").inner_text())
    found = told(page)

    assert found["event"] == "measured"
    single, together = ([row for row in found["rows"] if row["workers"] == workers] for workers in (1, 2))
    assert by_row(single) == ROWS
    assert by_row(together) == SHORT["all_cores"]
    assert [row["checksum"] for row in found["rows"]] == [expected(row) for row in found["rows"]]
    assert all(len(row["samples_s"]) == SHORT["rounds"] and row["where"] == "wasm" for row in single)
    assert all(len(row["samples_s"]) == SHORT["windows"] for row in together)
    assert all(float(f"{sample:.3g}") == sample > 0 for row in found["rows"] for sample in row["samples_s"])
    told_of = {"date": "", "clock_s": 0, "simd": "relaxed", "cores": 2, "hidden": False, "engine": "Chromium", "gpu": None}
    assert found["run"] | {"date": "", "clock_s": 0} == told_of


def test_one_core_has_no_rows_of_several(learner, url):
    learner.page.add_init_script("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 })")
    page = opened(learner, url, SHORT | {"rows": ROWS[:2]})
    want(page, "measure")

    assert {row["workers"] for row in told(page)["rows"]} == {1}


def test_every_row_of_the_plan_is_measured(learner, url):
    """Each at its own size, which takes memory and a right sum; once and shortly, for how long a sample lasts is the bench's matter."""
    page = opened(learner, url, plan() | {"sample_s": 0.004, "rounds": 1, "burst_s": 0.3, "unplanned_s": 60.0})
    want(page, "measure")
    found = told(page)

    assert found["event"] == "measured"
    assert by_row(row for row in found["rows"] if row["workers"] == 1) == plan()["rows"]
    assert [row["checksum"] for row in found["rows"]] == [expected(row) for row in found["rows"]]


def test_progress_is_shown_by_kernel_and_the_run_can_be_stopped(page):
    want(page, "measure")
    bars = page.locator(f"{MEASURING} progress")
    names = page.locator(f"{MEASURING} li").all_inner_texts()
    eventually(page, lambda: bars.first.evaluate("(bar) => bar.value") > 0)
    page.get_by_role("button", name="Stop", exact=True).click()

    assert names[: len(KERNELS)] == [each["name"] for each in KERNELS]
    assert told(page) == {"type": "machine", "event": "refused", "why": "stopped"}
    page.wait_for_timeout(300)
    assert page.evaluate("machineTold.map((each) => each.focused)") == [True]
    assert page.evaluate("document.activeElement.id") == "title-machine"


def test_after_a_stop_it_starts_again_at_once_and_a_second_wish_waits(page):
    for _ in range(3):
        want(page, "measure")
        page.get_by_role("button", name="Stop", exact=True).click()
    want(page, "measure")
    want(page, "jitter")
    eventually(page, lambda: "running already" in page.locator("#live").inner_text())
    eventually(page, lambda: page.evaluate("machineTold.length") == 4)

    assert page.evaluate("machineTold.map((each) => each.why ?? each.event)") == [*["stopped"] * 3, "measured"]


def test_a_tab_that_is_hidden_in_the_middle_ends_the_run(page):
    want(page, "measure")
    eventually(page, lambda: page.locator(f"{MEASURING} progress").first.evaluate("(bar) => bar.value") > 0)
    page.evaluate(f"({HIDE})(); document.dispatchEvent(new Event('visibilitychange'))")

    assert told(page) == {"type": "machine", "event": "refused", "why": "hidden"}


def test_python_can_stop_a_run_and_a_hidden_tab_begins_none(page):
    want(page, "measure")
    want(page, "measure")
    want(page, "stop")
    assert told(page)["why"] == "stopped"

    page.evaluate(HIDE)

    assert told_anew(page, "measure") == {"type": "machine", "event": "refused", "why": "hidden"}


def test_what_a_browser_lacks_is_told_and_nothing_is_recorded(watched, url):
    watched.allow("could not be measured")
    context = watched.context()
    lines = []

    def serve(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=f"{lines[-1]}\n{answer.text()}")

    context.route("**/js/meter-*.js", serve)
    page = opened(Learner(context.new_page()), url, SHORT | {"all_cores": []})

    for why, line in THREADS.items():
        lines.append(line)
        assert told_anew(page, "measure") == {"type": "machine", "event": "refused", "why": why}
    lines.append("")
    assert told_anew(page, "measure")["event"] == "measured"


def test_jitter_has_each_run_twice_and_heat_is_a_rate_over_time(page):
    want(page, "jitter")
    found = told(page)
    row = found["row"]
    assert found["event"] == "jitter"
    assert len(row["samples_s"]) == len(row["observed_s"]) > 0
    assert row["checksum"] == expected(row)
    assert row["repeats"] > 1

    found = told_anew(page, "thermal")

    assert found["event"] == "thermal"
    times = [at_s for at_s, _ in found["rows"]]
    assert times == sorted(times) and 0.7 < times[-1] < 2
    assert all(flop_per_s > 1e8 for _, flop_per_s in found["rows"])


def test_nothing_that_measures_is_loaded_before_the_screen_is_opened(watched, server):
    context = watched.context()
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = Learner(context.new_page()).open(server.url).page

    assert [each for each in asked if any(name in each for name in LOADED)] == []
    show(page)
    assert all(any(name in each for each in asked) for name in LOADED if name != "js/meter-")


def test_the_texts_of_the_kernels_can_be_read(page):
    place = page.locator("#machine-kernels")
    place.locator("summary").first.click()

    for each in KERNELS:
        section = place.locator("section").filter(has=page.get_by_role("heading", name=each["name"], exact=True))
        expect(section).to_contain_text(f"FLOP: {each['flop']}")
        section.locator("summary").first.click()
        expect(section.locator("pre")).to_contain_text(f'(export "{each["kernel"]}')
    assert serious(page, "#section-machine") == []


def test_a_double_clicked_file_measures_too(watched, bundle):
    watched.home = "file:"
    page = watched.context().new_page()
    kernels = base64.b64encode(json.dumps({"plan": SHORT, "kernels": list(map(_without_text, KERNELS))}).encode()).decode()
    page.add_init_script("""{
        const Real = window.Worker;
        window.Worker = class extends Real {
            constructor(...words) {
                super(...words);
                window.labWorker ??= this;
            }
        };
    }""")
    page.add_init_script(f"""window.labFiles = Object.defineProperty({{}}, "machine-kernels", {{ get: () => {json.dumps(kernels)}, set() {{}} }});""")
    Learner(page).open(bundle.as_uri())
    page.evaluate(f"() => {LISTEN}")
    show(page)
    want(page, "measure")
    found = told(page)

    assert found["event"] == "measured"
    assert [row["checksum"] for row in found["rows"]] == [expected(row) for row in found["rows"]]


def _without_text(kernel):
    return kernel | {"texts": {"plain": "", "relaxed": ""}}


def test_a_software_adapter_is_named_and_computes_the_same(playwright, url):
    words = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
    browser = playwright.chromium.launch(executable_path=browsers.find("chromium").path or None, args=words)
    try:
        context = browser.new_context(service_workers="block")
        context.set_default_timeout(patience.limit_ms())
        page = opened(Learner(context.new_page()), url, SHORT | {"rows": ROWS[:1]})
        if not page.evaluate("async () => Boolean(await navigator.gpu?.requestAdapter())"):
            pytest.skip("this Chromium has no WebGPU adapter")
        want(page, "measure")
        found = told(page)
    finally:
        browser.close()

    if found["run"]["gpu"] is None:
        pytest.skip("the adapter did not answer in time")
    drawn = [row for row in found["rows"] if row["where"] == "webgpu"]
    assert found["run"]["gpu"]["software"] is True
    assert "swiftshader" in found["run"]["gpu"]["name"].lower()
    assert by_row(drawn) == plan()["webgpu_software"]
    assert [row["checksum"] for row in drawn] == [expected(row) for row in drawn]
