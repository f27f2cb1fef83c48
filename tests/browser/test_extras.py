"""The screens beside the lab: report, link to a design, the class, a replay, the answer key."""

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from tests.browser.access import serious_in_any_light
from tests.browser.learner import ACTIVE, BUILT, KeyboardLearner, Learner, eventually
from tests.browser.ledgers import ledger
from tests.inputs import INPUTS, class_of
from playwright.sync_api import expect

from rooflab.__main__ import main

TRACK = "mobile-nomad"
VISIBLE = """() => [...document.querySelectorAll("main > *")].filter((each) => each.offsetHeight > 0).map((each) => each.id)"""


@pytest.fixture(scope="module")
def done():
    """The ledger of one whole track, every attempt of both missions spent."""
    return ledger(TRACK)


def with_ledger(watched, url, text, kind=Learner, **words):
    """Return a learner whose browser holds this ledger."""
    context = watched.context(**words)
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {json.dumps(text)}")
    return kind(context.new_page()).open(url)


def open_report(learner):
    learner.page.click("#open-menu")
    learner.page.click("#open-report")
    shown(learner.page, "report")


def shown(page, name):
    page.locator(f"#section-{name}[data-shown]").wait_for()


def open_class(learner, url):
    learner.open(f"{url}#instructors")
    shown(learner.page, "classroom")


def file(name, text):
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def downloaded(page, label):
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_text(encoding="utf-8-sig")


# The report


def test_the_report_stands_alone_and_leads_back(watched, url, done):
    learner = with_ledger(watched, url, done)
    page = learner.page
    title, before = page.title(), page.evaluate(VISIBLE)

    open_report(learner)

    assert page.evaluate(VISIBLE) == ["section-report"]
    assert page.title() == "My report: Rooflab"
    assert page.evaluate("document.activeElement.id") == "title-report"
    expect(learner.region("report")).to_contain_text("Mobile Nomad, AR-glasses developer")
    expect(learner.region("report")).to_contain_text("10, final")
    page.keyboard.press("Escape")
    eventually(page, lambda: page.title() == title)
    assert page.evaluate(VISIBLE) == before
    assert page.evaluate("document.activeElement.id") == "open-menu"
    learner.open_step("Explore")
    eventually(page, lambda: page.evaluate(CANVAS) > 300)


CANVAS = """() => {
    const widths = [0];
    const walk = (root) => {
        for (const each of root.querySelectorAll("*")) {
            if (each.localName === "canvas") widths.push(each.clientWidth);
            if (each.shadowRoot) walk(each.shadowRoot);
        }
    };
    walk(document.getElementById("region-workbench"));
    return Math.max(...widths);
}"""


def test_the_browsers_own_way_back_closes_the_report(watched, url, done):
    learner = with_ledger(watched, url, done)
    open_report(learner)

    learner.page.go_back()

    expect(learner.page.locator("#section-report")).to_be_hidden()
    expect(learner.page.locator("#section-reflection")).to_be_visible()


def test_a_keyboard_alone_opens_the_report_and_leaves_it(watched, url, done):
    learner = with_ledger(watched, url, done, kind=KeyboardLearner)

    learner.press("Menu")
    learner.press("My report")
    shown(learner.page, "report")
    learner.press("Back to the lab")

    expect(learner.page.locator("#section-report")).to_be_hidden()
    assert learner.page.evaluate(ACTIVE)[1] == "Menu"


def test_a_link_to_the_report_opens_it_at_the_start(learner, url):
    learner.open(f"{url}#report")
    shown(learner.page, "report")

    expect(learner.region("report")).to_contain_text("Your report begins with your first prediction")


def test_the_report_opens_in_the_slower_start_too(learner, url):
    learner.open(f"{url}?start=fallback#report")

    shown(learner.page, "report")


def test_the_report_opens_from_a_double_clicked_file(watched, bundle):
    watched.home = "file:"
    learner = Learner(watched.context().new_page()).open(f"{bundle.as_uri()}#report")

    shown(learner.page, "report")
    expect(learner.region("report")).to_contain_text("Your report begins")


def test_the_report_comes_as_files(watched, url, done):
    learner = with_ledger(watched, url, done)
    open_report(learner)

    name, markdown = downloaded(learner.page, "Download as Markdown")
    assert name.endswith(".md") and markdown.startswith("# Rooflab: report")
    name, text = downloaded(learner.page, "Download as JSON")
    assert name.endswith(".json")
    assert json.loads(text)["records"][TRACK]["chapter_id"] == "v2_09"


def test_one_track_prints_on_one_to_three_pages(watched, url, done):
    learner = with_ledger(watched, url, done, color_scheme="dark")
    open_report(learner)
    page = learner.page

    printed = page.pdf(format="A4")

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 3
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector in (".bar", ".foot", "#print-report"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.get_by_role("button", name="Download as JSON")).to_be_hidden()


# A link to a design


def copy_link(learner):
    """Set the bench to an own design and return the link to it, as the clipboard has it."""
    learner.region("workbench").get_by_role("combobox", name="Attention kernel").select_option(index=1)
    learner.press("Copy a link to this design")
    expect(learner.page.locator("#notice-copied")).to_contain_text("was copied")
    return learner.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def link(watched, url):
    learner = Learner(watched.context(permissions=["clipboard-read", "clipboard-write"]).new_page()).open(url)
    learner.predict()
    return copy_link(learner)


def kernel(learner):
    field = learner.region("workbench").get_by_role("combobox", name="Attention kernel")
    return field.evaluate("(field) => field.selectedIndex")


def test_a_link_waits_for_the_predictions_and_then_lies_on_the_bench(learner, url, link):
    assert link.startswith(f"{url}#design=")

    learner.open(link)
    notices = learner.page.locator("#notices")
    expect(notices).to_contain_text("until your predictions there are in")
    assert "Fused" not in learner.page.locator("main").inner_text()
    learner.predict()

    expect(notices).to_contain_text("The link's design lies on your bench")
    eventually(learner.page, lambda: kernel(learner) == 1)


def test_a_link_pasted_into_an_open_lab_is_followed(learner, url, link):
    learner.open(url)
    learner.predict()
    assert kernel(learner) == 0

    learner.page.goto(link)

    eventually(learner.page, lambda: kernel(learner) == 1)


def test_a_link_that_was_cut_off_is_said(learner, url, link):
    learner.open(link[:-4])

    expect(learner.page.locator("#notices")).to_contain_text("cut off or changed on its way")
    assert learner.step() == "predict"


def test_without_a_clipboard_the_link_is_shown(learner, url):
    learner.open(url)
    learner.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    learner.predict()

    learner.press("Copy a link to this design")

    expect(learner.page.locator("#notice-copied a")).to_have_attribute("href", re.compile(f"^{re.escape(url)}#design="))


# The class


def test_a_class_is_counted_and_its_broken_files_are_named(learner, url):
    open_class(learner, url)
    page = learner.page
    own = [file(f"ledger-{number}.json", ledger(TRACK, session=f"s{number}", variant=number, attempts=2)) for number in range(3)]
    broken = [file("cut.json", own[0]["buffer"].decode()[:500]), file("large.json", "[" + " " * 1_000_001), file("=x.txt", "")]

    page.set_input_files("#class-files", [*own, *broken])

    region = learner.region("classroom")
    expect(region.get_by_role("heading", name="3 ledgers")).to_be_visible()
    expect(region).to_contain_text("3 files not counted")
    expect(region).to_contain_text("a ledger is at most 1 MB")
    expect(region.get_by_role("heading", name="Misconceptions")).to_be_visible()
    expect(page.locator("#counting")).to_be_hidden()
    name, text = downloaded(page, "Download the class as CSV")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert name.endswith(".csv")
    assert [row["ledger"] for row in rows] == [each["name"] for each in own]


def test_a_folder_is_read_and_dropped_files_are_too(learner, url, tmp_path):
    open_class(learner, url)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "one.json").write_text(ledger(TRACK, parts=1))

    learner.page.set_input_files("#class-folder", tmp_path / "class")

    region = learner.region("classroom")
    expect(region.get_by_role("heading", name="class/one.json: replay")).to_be_visible()
    expect(region).to_contain_text("Every value agrees to 1e-09.")
    learner.page.evaluate(
        """(text) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], "dropped.json"));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
        }""",
        ledger(TRACK, parts=1),
    )
    expect(region.get_by_role("heading", name="dropped.json: replay")).to_be_visible()
    assert learner.kinds() == []


def test_a_replay_shows_what_was_changed_by_hand(learner, url, done):
    open_class(learner, url)
    pin = next(entry for entry in json.loads(done)["entries"] if entry["kind"] == "pin")

    forged = done.replace(f'"value":{json.dumps(pin["value"])}', '"value":123.5', 1)
    learner.page.set_input_files("#class-files", [file("forged.json", forged)])

    region = learner.region("classroom")
    expect(region).to_contain_text("1 value differs")
    expect(region).to_contain_text("changed after the lab wrote it")


def test_the_answer_key_is_not_there_before_it_is_asked_for(learner, url):
    open_class(learner, url)
    region = learner.region("classroom")

    learner.press("Show the answer key")
    expect(region.get_by_role("alert")).to_contain_text("your word that you teach")
    region.get_by_role("textbox", name="Variant").fill("7")
    region.get_by_role("textbox", name="Variant").press("Tab")
    region.get_by_role("checkbox").check()
    learner.press("Show the answer key for variant 7")

    expect(region.get_by_role("heading", name="Cloud Titan, variant 7")).to_be_visible()
    learner.press("Back to the lab")
    eventually(learner.page, lambda: "variant 7" not in region.inner_text())


TURNS = """{
    const Real = window.Worker;
    window.turns = [];
    window.Worker = class extends Real {
        constructor(...words) {
            super(...words);
            this.addEventListener("message", ({ data }) => { if (data.type === "counted") turns.push(["told", data.done]); });
        }
        postMessage(message, ...more) {
            if (message.purpose === "classroom") turns.push(["sent", message.files.length + message.refused.length]);
            super.postMessage(message, ...more);
        }
    };
}"""


def test_three_hundred_ledgers_do_not_freeze_the_page(learner, url, done, tmp_path):
    for number in range(299):
        (tmp_path / f"{number:03}.json").write_text(done.replace('"session":"learner"', f'"session":"s{number}"'))
    (tmp_path / "broken.json").write_text("{")
    learner.page.add_init_script(TURNS)
    open_class(learner, url)
    page = learner.page

    page.set_input_files("#class-folder", tmp_path)

    expect(learner.region("classroom").get_by_role("heading", name="299 ledgers")).to_be_visible()
    expect(learner.region("classroom")).to_contain_text("1 file not counted")
    turns = page.evaluate("window.turns")
    sent = [count for kind, count in turns if kind == "sent"]
    told = [count for kind, count in turns if kind == "told"]
    # The page reads a few files, then waits for Python: no two batches without an answer between them.
    assert sum(sent) == 300 and max(sent) <= 20
    assert all({before, after} == {"sent", "told"} for (before, _), (after, _) in pairwise(turns[: 2 * len(sent)]))
    # Python tells the page how far it is every few ledgers.
    counting = [0, *filter(None, told)]
    assert max(after - before for before, after in pairwise(counting)) <= 20


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screens_fit_and_are_accessible(watched, url, done, width):
    learner = with_ledger(watched, url, done, viewport={"width": width, "height": 850})
    page = learner.page
    open_report(learner)
    found = {"report": serious_in_any_light(page), "report, width": page.evaluate("document.documentElement.scrollWidth") > width}
    page.goto(f"{url}#instructors")
    shown(page, "classroom")
    page.set_input_files("#class-files", [file("a.json", done)])
    expect(learner.region("classroom")).to_contain_text("a.json: replay")
    eventually(page, lambda: page.evaluate(BUILT))
    found |= {"class": serious_in_any_light(page), "class, width": page.evaluate("document.documentElement.scrollWidth") > width}

    assert found == {"report": [], "report, width": False, "class": [], "class, width": False}


# The same files on the page and on the command line


WORDS = """(region) => {
    const words = (root) => [...root.childNodes].map((each) => (each.nodeType === 3 ? each.data : words(each.shadowRoot ?? each))).join(" ");
    return words(region);
}"""


def counted(words):
    """Return how many ledgers, refusals and leftovers the words tell of."""
    found = [re.search(rf"(\d+) {what}", words) for what in ("ledgers?", "files? not counted", "files? of the system passed over")]
    return tuple(int(each[1]) if each else 0 for each in found)


def test_a_nested_class_with_odd_files_counts_alike_on_page_and_command_line(learner, url, tmp_path, capsys):
    folder = tmp_path / "class"
    folder.mkdir()
    ledgers, refused, passed_over = class_of(300, folder)
    assert main(["classroom", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    open_class(learner, url)
    page = learner.page

    page.set_input_files("#class-folder", folder)

    expect(learner.region("classroom").get_by_role("heading", name=f"{ledgers} ledgers")).to_be_visible()
    expect(page.locator("#counting")).to_be_hidden()
    assert not page.locator("#counting[data-counting]").count()
    words = page.locator("#region-classroom").evaluate(WORDS)
    assert counted(words) == (ledgers, refused, passed_over)
    assert (len(told["learners"]), len(told["refused"]), len(told["passed_over"])) == (ledgers, refused, passed_over)
    for each in told["refused"]:
        assert each["reason"] in words


def test_files_dropped_while_others_are_counted_are_refused_in_words(learner, url, done):
    open_class(learner, url)
    page = learner.page
    page.set_input_files("#class-files", [file(f"{number}.json", done.replace('"session":"learner"', f'"session":"s{number}"')) for number in range(40)])
    page.set_input_files("#class-files", [file("late.json", done)])

    expect(page.locator("#notice-class")).to_contain_text("still being counted")
    expect(learner.region("classroom").get_by_role("heading", name="40 ledgers")).to_be_visible()
    expect(page.locator("#counting")).to_be_hidden()


DROP = """(files) => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
}"""


def test_several_dropped_ledgers_are_offered_as_a_class(learner, url, done):
    learner.open(url)

    learner.page.evaluate(DROP, [[f"{number}.json", done.replace('"session":"learner"', f'"session":"s{number}"')] for number in range(2)])

    expect(learner.page.locator("#notice-import")).to_contain_text("You dropped 2 files")
    learner.page.get_by_role("button", name="Count them as a class").click()
    expect(learner.region("classroom").get_by_role("heading", name="2 ledgers")).to_be_visible()


@pytest.mark.parametrize("name", ["utf-16-le-mark.json", "utf-8-mark.json", "one-ledger.zip"])
def test_one_ledger_is_imported_in_any_encoding_or_zipped(learner, url, name):
    learner.open(url)

    learner.page.set_input_files("#import-file", INPUTS / name)

    expect(learner.region("transfer")).to_contain_text("Replace your ledger with this one?")


def test_a_picture_is_not_imported_in_words(learner, url):
    learner.open(url)

    learner.page.set_input_files("#import-file", INPUTS / "picture.json")

    expect(learner.region("transfer")).to_contain_text("This file is a PNG picture, not text.")


def drag(page, path):
    """Drop a file or a folder of this machine onto the page, as a file manager does."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})


def test_a_dropped_folder_is_walked(learner, url, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    ledgers, refused, passed_over = class_of(3, folder)
    open_class(learner, url)

    drag(learner.page, folder)

    expect(learner.region("classroom").get_by_role("heading", name=f"{ledgers} ledgers")).to_be_visible()
    words = learner.page.locator("#region-classroom").evaluate(WORDS)
    assert counted(words) == (ledgers, refused, passed_over)
    assert "class/group 2/week 2/learner 2/ledger.json" in words


def test_an_empty_folder_is_said(learner, url, tmp_path):
    open_class(learner, url)
    (tmp_path / "empty").mkdir()

    drag(learner.page, tmp_path / "empty")

    expect(learner.page.locator("#notice-class")).to_contain_text("There is no file in what you chose.")


def test_a_file_that_the_browser_cannot_read_is_named(learner, url, done):
    open_class(learner, url)
    page = learner.page
    page.evaluate("() => { Blob.prototype.slice = () => { throw new Error('the disk is gone'); }; }")

    page.set_input_files("#class-files", [file("a.json", done)])

    expect(learner.region("classroom")).to_contain_text("The file cannot be read.")
    expect(page.locator("#counting")).to_be_hidden()
    assert page.locator("#counting[data-counting]").count() == 0
