"""Erase everything: what goes is named first, then all of it goes, and no tab brings it back."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.learner import ACTIVE, KeyboardLearner, Learner, eventually
from tests.browser.test_saved_work import GOOD, HOLD_ANSWERS, REFUSALS, remember

HERE = "rooflab:/rooflab/:"
KEPT = {
    f"{HERE}undo": GOOD,
    f"{HERE}aside:2026-01-10T00:00:00.000Z start-over": GOOD,
    f"{HERE}draft:abc:cloud-titan:1": "{}",
    f"{HERE}name": "Ada",
    "rooflab:theme": "dark",
    "ridgepoint:ledger": GOOD,
}
NOT_OURS = {"rooflab:/elsewhere/:ledger": GOOD, "somebody": "else"}
REST = "Object.fromEntries(Object.entries(localStorage))"


def fill(learner, texts):
    learner.page.evaluate("(texts) => { for (const [key, text] of Object.entries(texts)) localStorage[key] = text; }", texts)


def ask(learner):
    learner.page.click("#open-menu")
    learner.page.click("#erase-all")
    dialog = learner.page.locator("#dialog-erase")
    expect(dialog).to_be_visible()
    return dialog


def erase(learner):
    dialog = ask(learner)
    dialog.get_by_role("button", name="Erase everything").click()
    expect(dialog).to_contain_text("Everything was erased")
    return dialog


def test_what_goes_is_named_and_goes_and_nothing_else(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    fill(learner, KEPT | NOT_OURS)
    dialog = ask(learner)
    named = dialog.get_by_role("listitem").all_inner_texts()
    dialog.get_by_role("button", name="Erase everything").click()
    expect(dialog).to_contain_text("Everything was erased")

    assert learner.page.evaluate(REST) == NOT_OURS
    assert [line.split(",")[0] for line in named[:4]] == [
        "your ledger",
        "the ledger that Undo the last import brings back",
        "1 saved copy",
        "answers that you have filled in but not committed",
    ]
    assert f"{len(json.loads(GOOD)['entries'])} entries" in named[0]
    dialog.get_by_role("button", name="Start afresh").click()
    expect(learner.page.get_by_role("button", name="Lock in my predictions")).to_be_visible()
    learner.wait("live")
    begun = learner.page.evaluate(REST)
    assert begun.pop("rooflab:/rooflab/:session") not in GOOD  # of the ledger that now begins
    assert begun == NOT_OURS


def test_the_offline_copy_goes_and_another_folders_stays(watched, url):
    learner = Learner(watched.context(service_workers="allow").new_page())
    learner.open(url)
    expect(learner.page.locator("#offline-words")).to_have_attribute("data-state", "kept")
    learner.page.evaluate("caches.open('rooflab-one@/elsewhere/')")
    expect(ask(learner)).to_contain_text("the offline copy")
    learner.page.keyboard.press("Escape")
    erase(learner)

    assert learner.page.evaluate("caches.keys()") == ["rooflab-one@/elsewhere/"]
    assert learner.page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_another_tab_is_told_and_saves_no_more(context, url):
    first, second = Learner(context.new_page()), Learner(context.new_page())
    first.open(url)
    first.predict()
    first.saved("prediction", "prediction")
    second.open(url)
    erase(first)
    notice = second.page.locator("#notice-tabs")
    expect(notice).to_contain_text("Another tab has erased everything")
    second.page.evaluate("document.querySelector('#theme [value=dark]').click()")
    second.explore()
    expect(second.page.locator("#status-saved")).to_have_text("Not saved")

    assert second.page.evaluate(REST) == {}
    with second.page.expect_download() as download:
        notice.get_by_role("button", name="Export my ledger").click()
    assert [entry["kind"] for entry in json.loads(download.value.path().read_text())["entries"]] == ["prediction", "prediction", "pin"]


def test_a_save_that_was_under_way_does_not_bring_the_ledger_back(learner, url):
    learner.page.add_init_script(HOLD_ANSWERS)
    remember(learner.page, GOOD)
    learner.open(url)
    learner.open_step("Explore")
    learner.page.evaluate("heldAnswers = []")
    learner.press("Pin MBU")
    eventually(learner.page, lambda: learner.page.evaluate("heldAnswers.some(([, { data }]) => data.type === 'save')"))
    erase(learner)
    learner.page.evaluate("giveAnswers()")
    expect(learner.page.locator("#status-saved")).to_have_text("Not saved")

    assert learner.page.evaluate(REST) == {}


def test_it_can_be_done_without_a_mouse_and_called_off(context, url):
    learner = KeyboardLearner(context.new_page())
    remember(learner.page, GOOD)
    learner.open(url)
    learner.press("Menu")
    learner.press("Erase everything")
    eventually(learner.page, lambda: learner.page.evaluate(ACTIVE)[1] == "Cancel")
    learner.page.keyboard.press("Escape")
    assert learner.ledger_text() == GOOD
    learner.press("Menu")
    learner.press("Erase everything")
    eventually(learner.page, lambda: learner.page.evaluate(ACTIVE)[1] == "Cancel")
    learner.page.keyboard.press("Shift+Tab")
    learner.page.keyboard.press("Enter")
    eventually(learner.page, lambda: learner.page.evaluate(ACTIVE)[1] == "Start afresh")

    assert learner.ledger_text() is None


def test_the_export_is_offered_first(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    dialog = ask(learner)
    dialog.get_by_role("button", name="Export my ledger").click()
    with learner.page.expect_download() as download:
        learner.page.click("#export-confirm")

    assert download.value.path().read_text() == GOOD
    expect(dialog).to_be_visible()


@pytest.mark.parametrize("refusal", REFUSALS)
def test_where_nothing_can_be_kept_nothing_is_offered(learner, url, refusal):
    learner.page.add_init_script(REFUSALS[refusal])
    learner.open(url)
    dialog = ask(learner)

    expect(dialog).to_contain_text("Nothing is kept in this browser")
    expect(dialog.get_by_role("button", name="Erase everything")).to_be_hidden()
