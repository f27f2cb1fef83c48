"""The page's own modules, each alone in a real browser on the static shell."""

import functools
import hashlib
import http.server
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from landing import landing
from tests.browser.access import violations
from tests.browser.learner import eventually
from tests.browser.scripts import FILL_STORAGE

from rooflab.lab.ledger.files import READ_LIMIT_BYTES, ZIP_LIMIT_BYTES

SITE = Path(__file__).parents[2] / "site"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line a request."""

    def log_message(self, *args):
        pass


def serve(folder):
    """Serve a folder on a free port; the caller shuts it down."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def put_shell(folder):
    """Copy the page as it stands in the sources, with the landing that the build puts in."""
    shutil.copytree(SITE, folder)
    page = folder / "index.html"
    page.write_text(page.read_text().replace("<!-- build:landing -->", landing()))
    return folder


@pytest.fixture(scope="module")
def site_url(tmp_path_factory):
    server = serve(put_shell(tmp_path_factory.mktemp("shell") / "site"))
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def context(browser):
    made = browser.new_context(accept_downloads=True)
    # The shell alone: what boots the lab is tested with the lab.
    alone = "import { takeOver } from './failure.js'; takeOver();"
    made.route("**/js/boot.js", lambda route: route.fulfill(body=alone, content_type="text/javascript"))
    yield made
    made.close()


@pytest.fixture
def page(context, site_url):
    made = context.new_page()
    problems = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    made.goto(site_url)
    yield made
    assert problems == []


def opened(page, script, argument=None):
    """Run a script body with `store` and the `news` it heard kept on the window."""
    return page.evaluate(
        """async ([body, argument]) => {
            if (!window.store) {
                const { openLedgerStore } = await import("./js/ledger.js");
                window.news = [];
                window.store = openLedgerStore({ onNews: (item) => news.push(item) });
            }
            return STEPS[body](window.store, argument);
        }""".replace(
            "STEPS[body]", f"(async (store, argument) => {{ {script} }})"
        ),
        [script, argument],
    )


def news(page):
    """Return the kinds of what `store` has heard."""
    return opened(page, "return news.map((item) => item.kind)")


# Ledger store


def test_a_save_is_read_back(page):
    result = opened(page, "store.read(); return [store.save('one'), localStorage['rooflab:/:ledger']]")

    assert result == [{"ok": True, "reason": ""}, "one"]


def test_a_browser_that_forgets_is_found_out(page):
    result = page.evaluate(
        """async () => {
            const { openLedgerStore } = await import("./js/ledger.js");
            const forgetful = { getItem: () => null, setItem() {}, removeItem() {} };
            const store = openLedgerStore({ storage: () => forgetful });
            return [store.save("one").reason, store.exportText(), store.hasUnsaved()];
        }"""
    )

    assert result == ["unconfirmed", "one", True]


@pytest.mark.parametrize(
    ("storage", "reason"),
    [("() => null", "absent"), ("() => { throw new DOMException('', 'SecurityError'); }", "forbidden")],
    ids=["absent", "forbidden"],
)
def test_a_page_without_storage_says_so_and_still_exports(page, storage, reason):
    result = page.evaluate(
        """async () => {
            const { openLedgerStore } = await import("./js/ledger.js");
            const store = openLedgerStore({ storage: STORAGE });
            return [store.read(), store.save("one").reason, store.readEarly(), store.exportText()];
        }""".replace("STORAGE", storage)
    )

    assert result == [{"text": None, "reason": reason}, reason, None, "one"]


def test_a_full_disk_keeps_what_was_saved_and_what_was_not(page):
    result = opened(
        page,
        f"""store.save("before");
        {FILL_STORAGE}
        const saved = store.save("after, and longer than before");
        return [saved.reason, localStorage["rooflab:/:ledger"], store.exportText()];""",
    )

    assert result == ["full", "before", "after, and longer than before"]


def test_unreadable_text_is_set_aside_before_the_next_save(page):
    result = opened(
        page,
        """localStorage["rooflab:/:ledger"] = "{broken";
        store.read();
        const ok = store.save("fresh", "unreadable").ok;
        const aside = Object.keys(localStorage).filter((key) => key.startsWith("rooflab:/:aside:"));
        return [ok, localStorage["rooflab:/:ledger"], aside.map((key) => localStorage[key])];""",
    )

    assert result == [True, "fresh", ["{broken"]]


def test_text_that_could_not_be_set_aside_yet_is_not_overwritten_later(page):
    result = page.evaluate(
        """async () => {
            const { openLedgerStore } = await import("./js/ledger.js");
            localStorage["rooflab:/:ledger"] = "{broken";
            let full = true;
            const small = {
                getItem: (key) => localStorage.getItem(key),
                setItem(key, text) {
                    if (full) throw new DOMException("", "QuotaExceededError");
                    localStorage.setItem(key, text);
                },
                removeItem: (key) => localStorage.removeItem(key),
            };
            const store = openLedgerStore({ storage: () => small });
            store.read();
            const first = store.save("one", "unreadable").reason;
            full = false;
            const second = store.save("two").ok;
            const aside = Object.keys(localStorage).filter((key) => key.startsWith("rooflab:/:aside:"));
            return [first, second, aside.map((key) => localStorage[key])];
        }"""
    )

    assert result == ["full", True, ["{broken"]]


def test_an_import_can_be_undone_and_redone(page):
    result = opened(
        page,
        """store.save("mine");
        const before = store.canUndo();
        store.save("imported", "import");
        store.undo();
        const undone = store.read().text;
        store.undo();
        return [before, store.canUndo(), undone, store.read().text];""",
    )

    assert result == [False, True, "mine", "imported"]


def test_starting_over_keeps_the_old_ledger_aside(page):
    result = opened(
        page,
        """store.save("mine");
        store.writeEarly({ track: "cloud-titan" });
        store.startOver();
        const aside = Object.keys(localStorage).filter((key) => key.startsWith("rooflab:/:aside:"));
        return [store.read().text, store.readEarly(), aside.map((key) => localStorage[key])];""",
    )

    assert result == [None, None, ["mine"]]


ASIDES = "Object.keys(localStorage).filter((key) => key.startsWith('rooflab:/:aside:'))"


def test_starting_over_needs_no_room_for_the_ledger_twice(page):
    result = opened(
        page,
        f"""store.save("m".repeat(4_000_000));
        const {{ ok }} = store.startOver();
        return [ok, store.read().text, {ASIDES}.map((key) => localStorage[key].length), news];""",
    )

    assert result == [True, None, [4_000_000], []]


def test_a_copy_and_the_ledger_change_places_where_there_is_no_room_for_one_more(page):
    result = opened(
        page,
        f"""store.save("a".repeat(2_400_000));
        store.startOver();
        store.save("b".repeat(2_400_000));
        const {{ ok }} = store.restore(store.copies()[0].key);
        return [ok, store.read().text[0], {ASIDES}.map((key) => localStorage[key][0])];""",
    )

    assert result == [True, "a", ["b"]]


def test_starting_over_without_room_for_a_name_changes_nothing_until_the_copy_is_given_up(page):
    result = opened(
        page,
        f"""store.save("mine");
        {FILL_STORAGE}
        const kept = [store.startOver().reason, store.read().text, {ASIDES}.length];
        return [...kept, store.drop().ok, store.read().text];""",
    )

    assert result == ["full", "mine", 0, True, None]


def test_the_ledger_of_another_tab_is_not_dropped(page):
    result = opened(page, "store.save('mine'); localStorage['rooflab:/:ledger'] = 'theirs'; return [store.drop().reason, store.read().text]")

    assert result == ["conflict", "theirs"]


def test_a_step_that_does_not_fit_costs_the_oldest_copies_and_each_is_told(page):
    result = opened(
        page,
        f"""for (const day of [11, 12, 13]) localStorage[`rooflab:/:aside:2026-01-${{day}} start-over`] = "c".repeat(1_000_000);
        {FILL_STORAGE}
        const {{ ok }} = store.save("m".repeat(1_500_000));
        return [ok, {ASIDES}.map((key) => key.split(":").at(-1)), news.map((item) => item.kind)];""",
    )

    assert result == [True, ["2026-01-13 start-over"], ["pruned", "pruned"]]


def test_a_tab_does_not_bring_back_what_another_has_started_over(page, context, site_url):
    opened(page, "store.read(); store.save('old')")
    other = context.new_page()
    other.goto(site_url)
    # What the first tab saved may be told after this tab was opened: only the removal counts.
    opened(
        other,
        """store.read();
        window.told = new Promise((tell) => addEventListener("storage", ({ key, newValue }) => key === "rooflab:/:ledger" && newValue === null && tell()));""",
    )
    opened(page, "store.startOver()")

    result = opened(
        other,
        """await told;
        return [store.save("old and more").reason, localStorage["rooflab:/:ledger"] ?? null];""",
    )

    assert result == ["conflict", None]


def test_an_early_submission_outlives_a_reload(page):
    entry = {"track": "cloud-titan", "part": 1, "at": "2026-11-02T09:30:00Z", "answers": {"slope": {"choice": 1}}}
    opened(page, "store.writeEarly(argument)", entry)
    page.reload()

    assert opened(page, "return store.readEarly()") == entry


def test_a_damaged_early_submission_reads_as_none(page):
    assert opened(page, "localStorage['rooflab:/:early'] = '{'; return store.readEarly()") is None


def test_text_of_another_tab_is_never_overwritten(page, context, site_url):
    other = context.new_page()
    other.goto(site_url)
    opened(page, "store.read(); store.save('first')")
    opened(other, "store.read(); store.save('theirs')")
    eventually(page, lambda: sorted(news(page)) == ["overtaken", "second-tab"])

    result = opened(
        page,
        """const saved = store.save("ours");
        const conflict = news.find((item) => item.kind === "conflict");
        return [saved.reason, localStorage["rooflab:/:ledger"], localStorage[conflict.aside]];""",
    )

    assert result == ["conflict", "theirs", "ours"]
    assert sorted(news(page)) == ["conflict", "overtaken", "second-tab"]


def test_two_tabs_notice_each_other(page, context, site_url):
    other = context.new_page()
    other.goto(site_url)
    opened(page, "store.read()")
    opened(other, "store.read()")

    for tab in (page, other):
        eventually(tab, lambda tab=tab: news(tab) == ["second-tab"])


# Erasing everything


def test_what_another_tab_writes_before_it_hears_of_the_erasure_goes_too(page):
    left = page.evaluate(
        """async () => {
            const { openErasure } = await import("./js/erase.js");
            localStorage["rooflab:/:ledger"] = "mine";
            const done = openErasure().erase();
            localStorage["rooflab:/:ledger"] = "a save that was under way";
            return [await done, Object.keys(localStorage)];
        }"""
    )

    assert left == [True, []]


# Status


def test_stages_go_forward_only_and_leave_marks(page):
    result = page.evaluate(
        """async () => {
            const { createStatus } = await import("./js/status.js");
            performance.clearMarks();
            const status = createStatus();
            const moves = ["painted", "painted", "live", "painted"].map((next) => status.stage(next));
            return [moves, document.documentElement.dataset.stage, performance.getEntriesByType("mark").map((m) => m.name)];
        }"""
    )

    assert result == [
        [True, False, True, False],
        "live",
        ["rooflab:shell", "rooflab:painted", "rooflab:live"],
    ]


def test_a_failure_is_final(page):
    result = page.evaluate(
        """async () => {
            const { createStatus } = await import("./js/status.js");
            const status = createStatus();
            status.stage("failed");
            return [status.stage("live"), document.querySelector("#status-stage .words").textContent];
        }"""
    )

    assert result == [False, "Did not start"]


def test_work_that_takes_longer_is_told_while_the_lab_is_live(page):
    words = page.evaluate(
        """async () => {
            const { createStatus } = await import("./js/status.js");
            const status = createStatus(), words = () => document.querySelector("#status-stage .words").textContent;
            const heard = [];
            for (const act of [() => status.busy(true), () => status.stage("live"), () => status.busy(false)]) {
                act();
                heard.push(words());
            }
            return heard;
        }"""
    )

    assert words == ["Getting ready", "Working", "Ready"]


def test_an_equal_state_does_not_notify(page):
    heard = page.evaluate(
        """async () => {
            const { createStatus } = await import("./js/status.js");
            const status = createStatus(), heard = [];
            status.subscribe((state) => heard.push(state.saved));
            status.saved("saving"); status.saved("saving"); status.saved("saved");
            return heard;
        }"""
    )

    assert heard == ["saving", "saved"]


# Path and saved place


def test_the_path_shows_where_the_learner_is(page):
    states = {"brief": "done", "predict": "done", "explore": "current", "reveal": "locked"}
    steps = [{"id": step, "label": step.title(), "state": state} for step, state in states.items()]
    parts = [{"number": n, "title": "Part", "state": state} for n, state in ((1, "open"), (2, "done"), (3, "locked"))]
    page.evaluate(
        "async (place) => (await import('./js/path.js')).showPath(place)",
        {"track": "edge-guardian", "part": 1, "mode": "compact", "step": "explore", "steps": steps, "parts": parts},
    )

    assert page.locator("#path [aria-current=step]").inner_text() == "Explore"
    assert page.locator("#path a.part-name").get_attribute("href") == "#edge-guardian/2"
    assert page.locator("#tracks input:checked").get_attribute("value") == "edge-guardian"
    assert page.locator("#section-workbench .locked-note").is_hidden()
    assert page.locator("#section-reflection").is_hidden()
    assert page.locator("main > .step[data-shown]").evaluate_all("(found) => found.map(({ id }) => id)") == ["section-workbench"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", '{"entries":{}}', '{"entries":[null,1,{"track":"<img src=x onerror=boom()>"}]}', "\ud83d"],
)
def test_any_saved_text_has_a_harmless_summary(page, text):
    shown = page.evaluate("async (text) => (await import('./js/summary.js')).showSavedPlace(text)", text)

    assert shown
    assert page.locator("#saved-place").is_visible()
    assert page.locator("#saved-place img, #saved-place script").count() == 0


def test_a_saved_place_is_told_in_counts(page):
    entries = [
        {"kind": "prediction", "track": "cloud-titan"},
        {"kind": "prediction", "track": "cloud-titan"},
        {"kind": "pin", "track": "cloud-titan", "at": "2026-11-02T12:00:00Z"},
    ]
    page.evaluate(
        "async (text) => (await import('./js/summary.js')).showSavedPlace(text)", json.dumps({"entries": entries})
    )

    words = page.locator("#saved-place").inner_text()
    assert "Cloud Titan, last worked on November 2, 2026" in words
    assert "2 predictions, 1 pinned reading" in words


# Menu


@pytest.fixture
def menu(page):
    page.evaluate(
        """async () => {
            const { startMenu } = await import("./js/menu.js");
            const { startExport } = await import("./js/export.js");
            const { openMemo } = await import("./js/memo.js");
            window.heard = [];
            window.memo = openMemo();
            window.exporting = startExport({
                exportText: () => window.text ?? null, memo, sign: async (name) => { heard.push(["sign", name]); },
            });
            window.menu = startMenu({
                onExport: exporting.ask,
                onCopies: () => heard.push('copies'),
                onImport: (name, data) => heard.push([name, [...new Uint8Array(data.slice(0, 4))], data.byteLength]),
                canUndo: () => false,
                onUndo: () => heard.push("undo"),
                hasLedger: () => Boolean(window.text),
                onErase: () => heard.push("erase"),
                onStartOver: () => heard.push("over"),
            });
        }"""
    )
    return page


def ask_for_export(menu, name=""):
    menu.evaluate("window.text = '{\"claim\":\"\\u00fcber\"}\\n'")
    menu.click("#open-menu")
    menu.click("#export-ledger")
    menu.fill("#export-name", name)


def test_an_export_has_the_text_byte_for_byte_and_the_name_that_was_asked_for(menu):
    ask_for_export(menu, "Jürgen 17/4")
    with menu.expect_download() as download:
        menu.click("#export-confirm")

    assert download.value.suggested_filename.startswith("rooflab-ledger-Jürgen-17-4-2")
    assert Path(download.value.path()).read_bytes() == '{"claim":"\u00fcber"}\n'.encode()
    assert "handed to the browser" in menu.locator("#live").inner_text()
    assert menu.evaluate("memo.read('exported')") != ""


def test_the_name_is_kept_for_the_next_export(menu):
    ask_for_export(menu, "Jürgen")
    with menu.expect_download():
        menu.keyboard.press("Enter")
    menu.click("#open-menu")
    menu.click("#export-ledger")

    assert menu.input_value("#export-name") == "Jürgen"


@pytest.mark.parametrize(
    ("name", "in_file"),
    [
        ("", "rooflab-ledger-2026-11-29.json"),
        ("王小明", "rooflab-ledger-王小明-2026-11-29.json"),
        ("../..\\a:b\x00c", "rooflab-ledger-a-b-c-2026-11-29.json"),
        ("  \u202egnp.  ", "rooflab-ledger-gnp-2026-11-29.json"),
        ("/", "rooflab-ledger-2026-11-29.json"),
    ],
)
def test_a_file_name_has_the_local_day_and_nothing_a_file_system_refuses(browser, site_url, name, in_file):
    context = browser.new_context(timezone_id="Pacific/Auckland")
    context.route("**/js/boot.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page = context.new_page()
    page.goto(site_url)

    made = page.evaluate(
        """async (name) => {
            const { datedName } = await import("./js/download.js");
            const days = [new Date(2026, 10, 29, 0, 5), new Date(2026, 10, 29, 23, 55)];
            return days.map((date) => datedName("ledger", "json", name, date));
        }""",
        name,
    )
    context.close()

    assert made == [in_file, in_file]


INSTALLED_ON_IOS = """Object.defineProperty(navigator, "standalone", { value: true });
    navigator.canShare = ({ files }) => files.length === 1 && CAN;
    navigator.share = async ({ files }) => { window.shared = files[0].name; const fails = FAILS; if (fails) throw new DOMException("", fails); };"""


@pytest.mark.parametrize(
    ("fails", "words", "is_exported"),
    [
        ("", "was shared", True),
        ("AbortError", "was not shared", False),
        ("NotAllowedError", "is ready", False),
    ],
    ids=["accepted", "dismissed", "refused"],
)
def test_the_installed_app_shares_and_says_what_came_of_it(menu, fails, words, is_exported):
    menu.evaluate(f"() => {{ {INSTALLED_ON_IOS.replace('CAN', 'true').replace('FAILS', json.dumps(fails))} }}")
    ask_for_export(menu)
    menu.click("#export-confirm")
    menu.locator("#notices, #live").filter(has_text=words).first.wait_for(state="attached")

    assert menu.evaluate("shared").startswith("rooflab-ledger-2")
    assert (menu.evaluate("memo.read('exported')") != "") == is_exported


def test_a_share_that_was_refused_is_offered_again(menu):
    menu.evaluate(f"() => {{ {INSTALLED_ON_IOS.replace('CAN', 'true').replace('FAILS', 'window.shares++ ? false : ' + repr('NotAllowedError'))} }}")
    menu.evaluate("window.shares = 0")
    ask_for_export(menu)
    menu.click("#export-confirm")
    menu.get_by_role("button", name="Share it").click()
    menu.locator("#live").filter(has_text="was shared").wait_for(state="attached")

    assert menu.evaluate("memo.read('exported')") != ""


def test_a_name_that_the_ledger_has_is_offered_and_not_signed_again(menu):
    menu.evaluate("""window.text = '{"entries":[{"kind":"signed","name":"Ada"}]}'""")
    menu.click("#open-menu")
    menu.click("#export-ledger")
    assert menu.input_value("#export-name") == "Ada"
    with menu.expect_download():
        menu.click("#export-confirm")
    menu.click("#open-menu")
    menu.click("#export-ledger")
    menu.fill("#export-name", "Grace")
    with menu.expect_download():
        menu.click("#export-confirm")

    assert menu.evaluate("heard") == [["sign", "Grace"]]


def test_where_files_cannot_be_shared_the_browser_downloads(menu):
    menu.evaluate(f"() => {{ {INSTALLED_ON_IOS.replace('CAN', 'false').replace('FAILS', 'false')} }}")
    ask_for_export(menu)
    with menu.expect_download() as download:
        menu.click("#export-confirm")

    assert download.value.suggested_filename.startswith("rooflab-ledger-2")


def test_an_import_hands_over_the_bytes_and_opens_the_preview(menu):
    menu.set_input_files("#import-file", {"name": "l.json", "mimeType": "application/json", "buffer": b'{"a":1}'})
    menu.wait_for_selector("#dialog-transfer[open]")

    assert menu.evaluate("heard") == [["l.json", [*b'{"a"'], 7]]


def test_no_more_of_a_large_file_is_read_than_shows_that_it_is_too_large(menu):
    menu.set_input_files("#import-file", {"name": "l.json", "mimeType": "", "buffer": b"[" + b" " * READ_LIMIT_BYTES * 2})
    menu.wait_for_selector("#dialog-transfer[open]")

    assert menu.evaluate("heard[0][2]") == READ_LIMIT_BYTES + 1


def test_the_page_reads_as_much_of_a_file_as_the_command_line(page):
    assert page.evaluate("import('./js/files.js').then((files) => [files.READ_LIMIT_BYTES, files.ZIP_LIMIT_BYTES])") == [
        READ_LIMIT_BYTES,
        ZIP_LIMIT_BYTES,
    ]


def test_the_menu_closes_on_escape_and_gives_the_focus_back(menu):
    menu.click("#open-menu")
    menu.keyboard.press("Escape")

    assert menu.locator("#menu").is_hidden()
    assert menu.evaluate("document.activeElement.id") == "open-menu"


def test_starting_over_asks_first(menu):
    menu.click("#open-menu")
    menu.click("#start-over")
    assert menu.evaluate("heard") == []
    assert menu.locator("#start-over-export").is_hidden()
    menu.click("#start-over-confirm")

    assert menu.evaluate("heard") == ["over"]


def test_starting_over_offers_to_export_or_erase_instead(menu):
    menu.evaluate("window.text = '{}'")
    menu.click("#open-menu")
    menu.click("#start-over")
    menu.click("#start-over-export")
    assert menu.locator("#dialog-export").is_visible()
    menu.keyboard.press("Escape")
    menu.click("#start-over-erase")

    assert menu.evaluate("heard") == ["erase"]
    assert menu.locator("#dialog-start-over").is_hidden()


def test_nothing_to_export_is_said(menu):
    menu.click("#open-menu")
    menu.click("#export-ledger")

    assert "nothing to export yet" in menu.locator("#notices").inner_text()


# Theme, failure, progress


def test_a_chosen_theme_is_there_before_the_first_paint_of_the_next_visit(page):
    page.evaluate("async () => { (await import('./js/theme.js')).startTheme(); }")
    page.click("#open-menu", trial=True)
    page.evaluate("document.querySelector('#theme [value=dark]').click()")
    page.reload(wait_until="commit")
    page.wait_for_selector("body")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_failed_start_says_what_failed_and_offers_ways_on(page):
    page.evaluate(
        """async () => {
            (await import("./js/failure.js")).showFailure("The file <b>x</b> did not arrive.");
        }"""
    )
    assert page.locator("#failed-what").inner_text() == "The file <b>x</b> did not arrive."
    assert page.locator("#failed [data-export]").is_visible()
    assert page.evaluate("document.activeElement.id") == "failed"
    page.evaluate("window.before = true")
    with page.expect_navigation():
        page.click("#failed-retry")

    assert page.evaluate("window.before ?? null") is None


def test_progress_is_told_in_megabytes(page):
    page.evaluate(
        """async () => {
            const { createProgress } = await import("./js/progress.js");
            createProgress({ delayMs: 0 }).update({ words: "Loading the lab", received: 2_500_000, total: 9_000_000 });
        }"""
    )

    assert page.locator("#progress").inner_text() == "Loading the lab: 2.5 of 9.0 MB"


# Accessible names


def test_names_from_tags_reach_controls_in_shadow_roots(page):
    names = page.evaluate(
        """async () => {
            const { labelViews } = await import("./js/a11y.js");
            const host = document.createElement("div");
            host.attachShadow({ mode: "open" });
            document.getElementById("region-lock").append(host);
            const listeners = [];
            const tags = { change: { connect: (listener) => listeners.push(listener) } };
            const view = { el: host, model: { tags: ["rooflab:label:Batch"], properties: { tags } } };
            const labels = labelViews({ index: { query: () => [view] } }, []);
            const handle = document.createElement("div");
            handle.className = "noUi-handle";
            host.shadowRoot.append(handle);
            labels.sweep();
            const first = handle.getAttribute("aria-label");
            view.model.tags = ["rooflab:label:Context"];
            for (const listener of listeners) listener();
            return [first, handle.getAttribute("aria-label")];
        }"""
    )

    assert names == ["Batch", "Context"]


# Offline copy


@pytest.fixture
def offline_site(tmp_path, context):
    folder = put_shell(tmp_path / "lab")
    (folder / "js" / "boot.js").write_text(
        "import { startOffline } from './offline.js';"
        "startOffline({ onNetwork: (n) => { document.documentElement.dataset.network = n; } });"
    )
    context.unroute("**/js/boot.js")
    release(folder, "one")
    server = serve(tmp_path)
    yield folder, f"http://127.0.0.1:{server.server_port}/lab/"
    server.shutdown()


def release(folder, version, *, spoil=None):
    """Fill in the precache list as the build does."""
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "sw.js"]
    files = [
        [path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest() if path.name != spoil else "0"]
        for path in names
    ]
    head, _, rest = (SITE / "sw.js").read_text().partition("/* build:precache */")
    tail = rest.partition("/* build:end */")[2]
    listed = json.dumps({"version": version, "files": files})
    (folder / "sw.js").write_text(f"{head}/* build:precache */ {listed} /* build:end */{tail}")


def test_the_second_visit_needs_no_network(offline_site, context):
    _, url = offline_site
    page = context.new_page()
    page.goto(url)
    page.get_by_text("Kept on this device").wait_for()
    context.set_offline(True)
    page.goto(url + "?from=link#here")

    assert page.locator(".opening h1").inner_text() == "Find what binds before you optimise"
    assert page.evaluate("caches.keys()") == ["rooflab-one@/lab/"]


def test_a_copy_that_was_thrown_away_is_made_again(offline_site, context):
    _, url = offline_site
    page = context.new_page()
    page.goto(url)
    page.get_by_text("Kept on this device").wait_for()
    page.evaluate("caches.delete('rooflab-one@/lab/')")
    page.reload()
    page.get_by_text("Kept on this device").wait_for()
    context.set_offline(True)
    page.goto(url + "?from=link")

    assert page.locator(".opening h1").inner_text() == "Find what binds before you optimise"


def test_a_file_that_is_not_as_built_is_not_kept(offline_site, context):
    folder, url = offline_site
    release(folder, "one", spoil="page.css")
    page = context.new_page()
    page.goto(url)
    page.get_by_text("An offline copy could not be kept").wait_for()

    assert page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found?.active ?? null)") is None


def test_an_update_waits_for_the_learner_and_leaves_other_caches_alone(offline_site, context):
    folder, url = offline_site
    page = context.new_page()
    page.goto(url)
    page.get_by_text("Kept on this device").wait_for()
    page.evaluate("Promise.all([caches.open('rooflab-one@/other/'), caches.open('someone-else')])")
    (folder / "index.html").write_text((folder / "index.html").read_text().replace("<h1>Find", "<h1>Now find"))
    release(folder, "two")
    # A server tells versions apart by whole seconds, and less than one has passed.
    later = (folder / "sw.js").stat().st_mtime + 2
    os.utime(folder / "sw.js", (later, later))
    page.reload()
    page.wait_for_selector("#notice-update")
    assert page.locator(".opening h1").inner_text().startswith("Find")
    page.click("#notice-update >> text=Reload now")
    page.get_by_text("Now find").wait_for()

    assert set(page.evaluate("caches.keys()")) == {"rooflab-two@/lab/", "rooflab-one@/other/", "someone-else"}


def test_an_update_takes_what_did_not_change_from_the_older_copy(offline_site, context):
    folder, url = offline_site
    for name in ("image-0123456789.bin", "image.bin"):
        (folder / name).write_text("packed")
    release(folder, "one")
    page = context.new_page()
    page.goto(url)
    page.get_by_text("Kept on this device").wait_for()
    page.evaluate("""async () => {
        const kept = await caches.open("rooflab-one@/lab/");
        for (const name of ["image-0123456789.bin", "image.bin"]) await kept.put(new URL(name, location.href).href, new Response("unpacked since"));
    }""")
    release(folder, "two")
    later = (folder / "sw.js").stat().st_mtime + 2
    os.utime(folder / "sw.js", (later, later))
    page.reload()
    page.click("#notice-update >> text=Reload now")
    page.wait_for_function("caches.keys().then((names) => names.join() === 'rooflab-two@/lab/')")
    kept = page.evaluate("""Promise.all(["image-0123456789.bin", "image.bin"].map((name) =>
        caches.match(new URL(name, location.href).href).then((found) => found.text())))""")

    assert kept == ["unpacked since", "packed"]  # only the first is named by its content


# The shell itself


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
def test_no_width_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_target_is_large_enough(page):
    page.set_viewport_size({"width": 360, "height": 800})
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, label:has(input), summary")]
            .map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && (box.height < 24 || box.width < 24))
            .map(([text]) => text)"""
    )

    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shell_has_no_accessibility_violation(page, scheme):
    
    page.emulate_media(color_scheme=scheme)
    page.click("#open-help")

    assert violations(page) == []
    page.keyboard.press("Escape")
    assert violations(page) == []
