"""A browser may delete what a page keeps: it is asked not to, the learner is told once, and reminded of the export."""

import pytest
from playwright.sync_api import expect
from tests.browser.learner import eventually
from tests.browser.test_saved_work import PLACES, ledger_of, remember

ASKED = """{
    window.asked = 0;
    navigator.storage.persisted = async () => PERSISTED;
    navigator.storage.persist = async () => { asked++; return GRANTED; };
}"""
APPLE = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => 'Apple Computer, Inc.' });"
HOME_SCREEN = "Object.defineProperty(Navigator.prototype, 'standalone', { get: () => true });"
NO_MANAGER = "Object.defineProperty(Navigator.prototype, 'storage', { value: undefined });"
SPACE, DAYS = "short of space", "seven days"


def browser_that(persisted=False, granted=False):
    return ASKED.replace("PERSISTED", str(persisted).lower()).replace("GRANTED", str(granted).lower())


def opened(learner, url, script):
    learner.page.add_init_script(script)
    return learner.open(url)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (browser_that(), SPACE),
        (browser_that(granted=True), None),
        (browser_that(persisted=True), None),
        (NO_MANAGER, SPACE),
        (APPLE + browser_that(granted=True), DAYS),
        (APPLE + HOME_SCREEN + browser_that(granted=True), None),
    ],
    ids=["refused", "granted", "granted before", "cannot be asked", "WebKit", "home screen"],
)
def test_what_a_browser_may_delete_is_said_after_the_first_commit(learner, url, script, words):
    opened(learner, url, script)
    notice = learner.page.locator("#notice-persist")
    expect(notice).to_have_count(0)
    learner.predict()
    learner.saved("prediction", "prediction")

    if words:
        expect(notice).to_contain_text(words)
    else:
        eventually(learner.page, lambda: learner.page.evaluate("localStorage['rooflab:/rooflab/:told']"))
        expect(notice).to_have_count(0)


def test_the_browser_is_asked_after_the_first_commit_and_the_hint_is_given_once(learner, url):
    opened(learner, url, browser_that())
    assert learner.page.evaluate("asked") == 0
    learner.predict()
    notice = learner.page.locator("#notice-persist")
    notice.get_by_role("button", name="Dismiss").click()
    assert learner.page.evaluate("asked") == 1

    learner.reload()
    learner.explore()
    learner.saved("prediction", "prediction", "pin")

    assert learner.page.evaluate("asked") == 0
    assert notice.count() == 0


def test_an_export_is_offered_when_a_part_is_done_and_only_then(learner, url):
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    nudge = learner.page.locator("#notice-nudge")
    learner.reflect()
    expect(nudge).to_contain_text("Part 1 is done")
    assert not learner.page.evaluate("document.getElementById('notice-nudge').contains(document.activeElement)")
    nudge.get_by_role("button", name="Export my ledger").click()
    with learner.page.expect_download():
        learner.page.click("#export-confirm")
    expect(nudge).to_have_count(0)

    learner.reload()
    learner.open_step("Explore")
    learner.press("Pin MBU")
    learner.saved(*(entry.kind for entry in PLACES["done"]), "pin")

    assert nudge.count() == 0


def test_an_export_from_the_menu_takes_the_offer_away(learner, url):
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    learner.reflect()
    nudge = learner.page.locator("#notice-nudge")
    expect(nudge).to_be_visible()
    learner.export()

    expect(nudge).to_have_count(0)


def test_a_part_that_was_imported_is_not_followed_by_the_offer(learner, url):
    learner.open(url)
    learner.offer(ledger_of(PLACES["done"]))
    learner.press("Replace my ledger with this one")
    learner.saved(*(entry.kind for entry in PLACES["done"]), "import")

    assert learner.page.locator("#notice-nudge").count() == 0
