"""Hosts and caches that send the lab's files in ways of their own: it starts, or says in words why not and exports the ledger."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.access import serious
from tests.browser.conftest import Watched
from tests.browser.learner import Learner, eventually
from tests.faulty_host import faulty_host
from tests.patience import limit_ms

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
POLICY = re.search(r"^Content-Security-Policy: (.*)$", README, re.M)[1]

LEDGER = '{"schema_version": 2, "entries": [1, 2, 3]}'
NEW, OLD = "rooflab:/:ledger", "ridgepoint:ledger"
DRAFT = "rooflab:/:draft:x"


# Faults: what each changes of a reply


def packed_files(sent, kind, encoding=None, only=""):
    def fault(reply):
        if not reply.path.endswith(".bin") or only not in ("", reply.name):
            return
        reply.body = sent(reply.body)
        reply.headers["Content-Type"] = kind
        if encoding:
            reply.headers["Content-Encoding"] = encoding

    return fault


def policy(text):
    return lambda reply: reply.headers.update({"Content-Security-Policy": text})


def scripts_as_text(reply):
    if reply.path.endswith(".js"):
        reply.headers["Content-Type"] = "text/plain"


def scripts_as_text_nosniff(reply):
    scripts_as_text(reply)
    reply.headers["X-Content-Type-Options"] = "nosniff"


def missing(*names):
    def fault(reply):
        if reply.name in names:
            reply.status, reply.body = 404, b"not found"

    return fault


def busy(name):
    def fault(reply):
        if reply.name == name:
            reply.status, reply.body = 503, b"come back later"

    return fault


def as_page(name):
    """What a host does that answers every address with its start page, and a captive portal."""

    def fault(reply):
        if reply.name == name:
            reply.body = b"<!doctype html><title>Log in</title>"
            reply.headers["Content-Type"] = "text/html"

    return fault


def cut(*names, share=0.5):
    def fault(reply):
        if reply.name in names:
            reply.body = reply.body[: int(len(reply.body) * share)]

    return fault


def damaged(name):
    """Send a file with one wrong bit in its last kilobyte."""

    def fault(reply):
        if reply.name == name:
            reply.body = reply.body[:-1000] + bytes([reply.body[-1000] ^ 1]) + reply.body[-999:]

    return fault


def half_once(name, caching):
    """Send half of a file at first, all of it afterwards, and let the browser's cache keep either."""
    asked = []

    def fault(reply):
        if reply.name != name:
            return
        asked.append(reply)
        reply.headers["Cache-Control"] = caching
        if len(asked) == 1:
            cut(name)(reply)

    return fault


def emptied(name):
    def fault(reply):
        if reply.name == name:
            reply.body = b""

    return fault


def together(*faults):
    return lambda reply: [each(reply) for each in faults]


LIVE = {
    "plain": (lambda reply: None, ""),
    "packed twice": (packed_files(gzip.compress, "application/octet-stream", "gzip"), ""),
    "packed twice, fall-back": (packed_files(gzip.compress, "application/octet-stream", "gzip"), "?start=fallback"),
    "decoder encoded": (packed_files(bytes, "application/octet-stream", "gzip", only="decoder"), ""),
    "decoder unpacked": (packed_files(gzip.decompress, "application/x-gzip", only="decoder"), ""),
    "decoder unpacked, fall-back": (packed_files(gzip.decompress, "application/wasm", only="decoder"), "?start=fallback"),
    "README's policy": (policy(POLICY), ""),
    "README's policy, fall-back": (policy(POLICY), "?start=fallback"),
    "without early.js": (missing("early.js"), ""),
    "byte order marks": (lambda reply: setattr(reply, "body", b"\xef\xbb\xbf" * reply.path.endswith((".js", ".html", ".css")) + reply.body), ""),
}
KEPT = "Kept on this device: it works without a network from now on."
NOT_KEPT = "An offline copy could not be kept, so the lab needs the network."


@pytest.mark.parametrize("case", LIVE)
def test_the_lab_starts_whatever_a_host_may_do(browser, site, case):
    fault, query = LIVE[case]
    with faulty_host(site, fault) as url:
        watched = Watched(browser, url)
        watched.allow(*["Failed to load resource"] * (case == "without early.js"))
        page = watched.context(service_workers="allow").new_page()

        Learner(page).open(url + query)
        assert page.locator("html").get_attribute("data-start") == ("fallback" if query else "resumed")
        assert page.locator("#failed").is_hidden()
        page.get_by_text(NOT_KEPT if case in ("without early.js", "byte order marks") else KEPT).wait_for(timeout=limit_ms())
        watched.close()

    assert watched.remaining() == []


def test_readmes_policy_lets_the_fall_back_compute_and_build_its_screens(browser, site):
    with faulty_host(site, policy(POLICY)) as url:
        watched = Watched(browser, url)
        learner = Learner(watched.context().new_page()).open(url + "?start=fallback")
        learner.predict()
        learner.explore()
        learner.page.evaluate("location.hash = '#report'")
        learner.page.locator("#section-report[data-shown]").wait_for(timeout=limit_ms())
        watched.close()

    assert watched.remaining() == []


# What is told

# By name: the fault, and what the notice says of it. Of the first kind nothing of the lab's own script ever runs.
WITHOUT_THE_LABS_SCRIPT = {
    "scripts as text": (scripts_as_text, r"js/boot\S*\.js .*text/plain.*text/javascript"),
    "scripts as text, nosniff": (scripts_as_text_nosniff, r"js/boot\S*\.js .*text/plain.*text/javascript"),
    "main script missing": (missing("boot"), r"js/boot\S*\.js .*404"),
    "main script cut off": (cut("boot"), r"js/boot\S*\.js .*cut off"),
    "main script a web page": (as_page("boot"), r"js/boot\S*\.js .*web page"),
    "main script busy": (busy("boot"), r"js/boot\S*\.js .*503"),
    "page cut off": (cut("index.html", share=0.66), "page itself arrived cut off"),
}
WITH_THE_LABS_SCRIPT = {
    "policy of the host": (policy("default-src 'self'"), "Content-Security-Policy.*'wasm-unsafe-eval'"),
    "policy without workers": (policy("worker-src 'none'"), "Content-Security-Policy.*worker-src"),
    "policy without requests": (policy("connect-src 'none'"), "Content-Security-Policy.*connect-src"),
    "policy of trusted types": (policy("require-trusted-types-for 'script'"), "Content-Security-Policy.*require-trusted-types-for"),
    "worker missing": (missing("worker"), r"js/worker\S*\.js .*404"),
    "worker cut off": (cut("worker"), r"js/worker\S*\.js .*cut off"),
    "runtime's script missing": (missing("asm"), r"runtime/asm\S*\.js .*missing"),
    "runtime's script cut off": (cut("asm"), r"runtime/asm\S*\.js .*damaged"),
    "program missing": (missing("wasm"), r"runtime/wasm\S*\.bin .*404"),
    "program cut off": (cut("wasm"), r"runtime/wasm\S*\.bin .*cut off"),
    "program damaged": (damaged("wasm"), r"runtime/wasm\S*\.bin .*damaged"),
    "program a web page": (as_page("wasm"), r"runtime/wasm\S*\.bin .*damaged"),
    "decoder missing": (missing("decoder"), r"runtime/decoder\S*\.bin .*404"),
    "decoder a web page": (as_page("decoder"), r"runtime/decoder\S*\.bin .*damaged"),
    "image and library cut off": (cut("image", "library"), r"runtime/library\S*\.bin .*cut off"),
}
ENGINES_OWN_WORDS = re.compile(r"SyntaxError|CompileError|TypeError|Unexpected|undefined|WebAssembly\.|instantiat|'unsafe-eval'|magic")


@pytest.fixture
def visitor(browser):
    """Open pages with a ledger stored under a key, whatever goes to the console."""
    contexts = []

    def visit(key=NEW, **words):
        made = browser.new_context(**{"service_workers": "block", "accept_downloads": True, "viewport": {"width": 1280, "height": 900}} | words)
        made.set_default_timeout(limit_ms())
        stored = f"if (location.protocol === 'http:') Object.assign(localStorage, {{ [{key!r}]: {LEDGER!r}, [{DRAFT!r}]: 'as typed' }});"
        made.add_init_script(stored)
        contexts.append(made)
        return made.new_page()

    yield visit
    for each in contexts:
        each.close()


def take_clock(page):
    """Take the page's clock, but leave it the list of what has arrived, which Playwright's clock would empty."""
    page.add_init_script("window.arrived = performance.getEntriesByName.bind(performance)")
    page.clock.install()
    page.add_init_script("performance.getEntriesByName = window.arrived")


def told(page, pattern):
    """Wait for the notice and check what it and the line of status say."""
    failed = page.locator("#failed[data-told]")
    expect(failed).to_be_visible()
    expect(failed).to_be_focused()
    expect(page.locator("#failed-what")).to_have_text(re.compile(pattern))
    expect(page.locator("#status-stage")).to_have_text("Did not start")
    expect(page.locator("#status-saved")).to_have_text("Saved in this browser")
    assert page.locator("html").get_attribute("data-stage") == "failed"
    assert not ENGINES_OWN_WORDS.search(failed.inner_text())
    assert serious(page) == []


def downloaded(page, press):
    with page.expect_download() as download:
        press()
    assert re.fullmatch(r"rooflab-ledger-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    return Path(download.value.path()).read_text()


def from_the_menu(page):
    page.click("#open-menu")
    page.click("#export-ledger")


def named_from_the_menu(page):
    from_the_menu(page)
    page.click("#export-confirm")


@pytest.mark.parametrize("key", [NEW, OLD])
@pytest.mark.parametrize("case", WITHOUT_THE_LABS_SCRIPT)
def test_without_the_labs_script_the_guard_tells_why_and_exports(visitor, site, case, key):
    fault, pattern = WITHOUT_THE_LABS_SCRIPT[case]
    with faulty_host(site, fault) as url:
        page = visitor(key)
        page.goto(url)

        told(page, pattern)
        assert downloaded(page, lambda: page.click("#failed [data-export]")) == LEDGER
        assert downloaded(page, lambda: from_the_menu(page)) == LEDGER
        assert page.locator("#menu").is_hidden()
        assert page.evaluate("(keys) => keys.map((key) => localStorage[key])", [key, DRAFT]) == [LEDGER, "as typed"]


@pytest.mark.parametrize("key", [NEW, OLD])
@pytest.mark.parametrize("case", WITH_THE_LABS_SCRIPT)
def test_a_file_that_python_lacks_is_told_and_the_ledger_exported(visitor, site, case, key):
    fault, pattern = WITH_THE_LABS_SCRIPT[case]
    with faulty_host(site, fault) as url:
        page = visitor(key)
        page.goto(url)

        told(page, pattern)
        assert downloaded(page, lambda: page.click("#failed [data-export]")) == LEDGER
        assert downloaded(page, lambda: named_from_the_menu(page)) == LEDGER


def test_the_guard_comes_as_a_file_where_a_policy_forbids_it_in_the_page(visitor, site):
    with faulty_host(site, together(policy("default-src 'self'"), missing("boot"))) as url:
        page = visitor()
        take_clock(page)
        page.goto(url)
        eventually(page, lambda: page.evaluate("Boolean(window.labGuard)"))
        page.clock.run_for(10_000)

        told(page, r"js/boot\S*\.js .*404")
        assert downloaded(page, lambda: from_the_menu(page)) == LEDGER


@pytest.mark.parametrize(("name", "after_ms"), [("boot", 8_500), ("worker", 20_500)])
def test_a_script_that_comes_empty_is_noticed_by_its_silence(visitor, site, name, after_ms):
    with faulty_host(site, emptied(name)) as url:
        page = visitor()
        take_clock(page)
        page.goto(url)
        page.clock.run_for(after_ms)

        told(page, rf"js/{name}\S*\.js .*damaged")


@pytest.mark.parametrize("script", ["bokeh-[0-9a-f]+", "bokeh-widgets", "bokeh-later", "panel"])
def test_a_script_that_draws_and_comes_empty_is_named(visitor, site, script):
    def empty(reply):
        if re.match(f"/js/{script}", reply.path):
            reply.body = b""

    with faulty_host(site, empty) as url:
        page = visitor()
        page.goto(url)

        told(page, rf"js/{script}\S*\.js .*damaged")


LOSE_THE_FIRST_WORKER = """{
    const Real = window.Worker;
    let made = 0;
    window.Worker = class extends Real {
        isLost = made++ === 0;
        postMessage(message, ...more) { if (!this.isLost) super.postMessage(message, ...more); }
    };
}"""


def test_a_worker_that_the_browser_loses_is_made_again(visitor, site):
    with faulty_host(site, together()) as url:
        page = visitor("another")
        page.add_init_script(LOSE_THE_FIRST_WORKER)
        take_clock(page)
        page.goto(url)
        page.clock.run_for(10_500)

        page.clock.resume()
        Learner(page).wait("live")
        expect(page.locator("#failed")).to_be_hidden()


@pytest.mark.parametrize("name", ["inflate", "image"])
def test_without_the_image_the_lab_starts_the_slower_way(visitor, site, name):
    with faulty_host(site, cut(name)) as url:
        page = visitor("another")
        Learner(page).open(url)

        assert page.locator("html").get_attribute("data-start") == "fallback"


# The page links the first two; views bring the others into their shadow roots, the last of them Panel's own.
@pytest.mark.parametrize("name", ["tokens.css", "page.css", "widgets.css", "views.css", "loading.css"])
def test_a_missing_style_sheet_is_named_and_the_lab_works(visitor, site, name):
    with faulty_host(site, missing(name)) as url:
        page = visitor("another")
        Learner(page).open(url)

        expect(page.locator("#notice-styles")).to_contain_text(f"css/{name} could not be used: the site answers 404")
        expect(page.locator("#failed")).to_be_hidden()


def test_style_sheets_that_all_come_are_not_told_of(visitor, site):
    with faulty_host(site) as url:
        page = visitor("another")
        Learner(page).open(url)
        expect(page.locator("head link[media='not all']")).to_have_count(0)

        assert page.locator("#notice-styles").count() == 0


@pytest.mark.parametrize("removed", [["boot.js"], ["boot.js", "guard.js", "early.js"]], ids=["main script", "every script"])
def test_a_script_that_was_removed_from_the_bundle_is_named(visitor, bundle, tmp_path, removed):
    copy = shutil.copytree(bundle.parent, tmp_path / "unpacked")
    for name in removed:
        (copy / "js" / name).unlink()
    page = visitor()
    page.add_init_script(f"localStorage[{OLD!r}] = {LEDGER!r}")
    page.goto((copy / "index.html").as_uri())

    told(page, "js/boot.js is missing beside this page, or damaged")
    expect(page.locator("#failed-ways")).to_contain_text("Unpack the whole zip into a new folder")
    assert downloaded(page, lambda: from_the_menu(page)) == LEDGER


# Slow, not broken


@pytest.mark.parametrize("words", [{}, {"reduced_motion": "reduce", "forced_colors": "active", "color_scheme": "dark"}], ids=["plain", "reduced motion, forced colours"])
def test_without_any_script_a_text_appears_by_itself_after_ten_seconds(visitor, site, words):
    with faulty_host(site, policy("script-src 'none'")) as url:
        page = visitor(**words)
        page.goto(url)
        failed = page.locator("#failed")
        assert failed.is_hidden()
        assert "not started" not in page.locator("main").aria_snapshot()
        top = page.locator(".opening h1").bounding_box()
        waits = page.evaluate("document.getAnimations().find((each) => each.animationName === 'not-yet').effect.getTiming()")
        page.evaluate("document.getAnimations().filter((each) => each.animationName === 'not-yet').forEach((each) => (each.currentTime = 10_010))")

        assert (waits["delay"], waits["duration"]) == (10_000, 1)
        expect(failed).to_be_visible()
        for said in ("has not started yet", "A ledger that you saved here", "past the browser's cache", "whoever runs this site"):
            expect(failed).to_contain_text(said)
        assert page.get_by_role("alert").filter(has_text="has not started yet").is_visible()
        assert failed.get_by_role("button").count() == 0  # none that would do nothing
        assert page.locator(".opening h1").bounding_box()["y"] > top["y"]


def test_once_the_lab_runs_no_such_text_waits_to_appear(learner, url):
    learner.open(url)

    assert learner.page.evaluate("document.getAnimations().filter((each) => each.animationName === 'not-yet').length") == 0
    assert learner.page.locator("#failed").is_hidden()


def test_a_slow_script_is_not_called_a_failure_and_the_words_go_when_it_comes(visitor, site):
    with faulty_host(site) as url:
        page = visitor()
        held = []
        take_clock(page)
        page.route("**/js/boot-*", lambda route: held.append(route))
        page.goto(url, wait_until="commit")
        eventually(page, lambda: held and page.evaluate("Boolean(window.labGuard) && document.readyState !== 'loading'"))
        page.clock.run_for(10_000)

        expect(page.locator("#failed")).to_be_visible()
        expect(page.locator("#failed-title")).to_have_text("The lab has not started yet")
        expect(page.locator("#failed-what")).to_contain_text("still waiting for js/boot-")
        expect(page.locator("#status-saved")).to_have_text("Saved in this browser")
        assert page.locator("html").get_attribute("data-stage") == "shell"
        assert downloaded(page, lambda: from_the_menu(page)) == LEDGER
        held[0].continue_()
        expect(page.locator("#failed")).to_be_hidden()
        page.click("#open-menu")
        expect(page.locator("#export-ledger")).to_be_visible()


def test_bytes_that_stop_coming_are_told_and_the_lab_goes_on_when_they_come(learner, url):
    page, held = learner.page, []
    take_clock(page)
    page.route("**/js/worker-*", lambda route: held.append(route))
    page.goto(url)
    learner.wait("painted")
    eventually(page, lambda: held)
    page.clock.run_for(10_500)

    expect(page.locator("#progress")).to_contain_text("Nothing has come for 10 seconds")
    expect(page.locator("#failed")).to_be_hidden()
    page.clock.run_for(15_000)
    assert page.locator("html").get_attribute("data-stage") == "painted"
    held[0].continue_()
    learner.wait("live")
    expect(page.locator("#progress")).to_be_hidden()


# Old files in the browser's cache


class OldPage:
    """A page that names files which are gone, before the host's newer one or instead of it."""

    def __init__(self, *, for_ever=False):
        self.for_ever, self.sent = for_ever, 0

    def __call__(self, reply):
        if reply.path in ("/css/page.css", "/index.html"):
            reply.headers["Cache-Control"] = "max-age=600"
        if reply.path == "/index.html":
            self.sent += 1
        if self.sent > 1 and not self.for_ever:
            return
        if reply.path == "/index.html":
            reply.body = re.sub(rb"js/(boot|worker)-\w+", rb"js/\1-%010d" % self.sent, reply.body)
        elif reply.path == "/css/page.css":
            reply.body += b":root { --old: 1 }"


def loads_of(page):
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    return loads


def test_an_old_page_in_the_cache_is_fetched_anew_once_with_its_styles(visitor, site):
    with faulty_host(site, OldPage()) as url:
        page = visitor("another")
        loads = loads_of(page)
        Learner(page).open(url)

        assert len(loads) == 2
        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--old')") == ""


def test_an_old_page_that_comes_again_and_again_is_reloaded_once_and_told(visitor, site):
    with faulty_host(site, OldPage(for_ever=True)) as url:
        page = visitor()
        loads = loads_of(page)
        page.goto(url)

        told(page, "This browser holds an old page of the lab: it names js/boot-")
        assert len(loads) == 2
        assert downloaded(page, lambda: from_the_menu(page)) == LEDGER


def test_without_session_storage_an_old_page_is_told_and_not_reloaded(visitor, site):
    with faulty_host(site, OldPage()) as url:
        page = visitor()
        page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError'); } })")
        loads = loads_of(page)
        page.goto(url)

        told(page, "This browser holds an old page of the lab: it names js/boot-")
        assert len(loads) == 1
        page.click("#failed-retry")
        Learner(page).wait("live")


def test_half_a_script_in_the_cache_is_fetched_anew(visitor, site):
    with faulty_host(site, half_once("boot", "max-age=600")) as url:
        Learner(visitor("another")).open(url)


def test_half_a_runtime_in_the_cache_is_fetched_anew_before_one_tries_again(visitor, site):
    with faulty_host(site, half_once("asm", "max-age=31536000, immutable")) as url:
        page, came = visitor("another"), []
        page.on("requestfinished", lambda request: came.append(request.url) if "runtime/asm" in request.url else None)
        page.goto(url)
        expect(page.locator("#failed-what")).to_have_text(re.compile(r"runtime/asm\S*\.js .*damaged"))
        eventually(page, lambda: len(came) == 2)
        page.click("#failed-retry")
        Learner(page).wait("live")
