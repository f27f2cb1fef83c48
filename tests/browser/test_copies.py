"""What Start over sets aside: listed, restored, deleted, and never in the way of starting over."""

import json

from playwright.sync_api import expect
from tests.browser.learner import eventually
from tests.browser.scripts import FILL_STORAGE
from tests.browser.test_saved_work import GOOD, remember

FILL = """(count) => {
    for (let i = 0; i < count; i++) localStorage[`rooflab:/rooflab/:aside:2026-01-${10 + i}T00:00:00.000Z start-over`] = "x".repeat(400_000);
    %s
}""" % FILL_STORAGE


def start_over(learner):
    learner.page.click("#open-menu")
    learner.page.click("#start-over")
    learner.page.click("#start-over-confirm")
    eventually(learner.page, lambda: learner.ledger_text() is None)
    learner.wait("live")


def open_copies(learner):
    learner.page.click("#open-menu")
    learner.page.click("#open-copies")
    return learner.page.locator("#dialog-copies")


def test_a_copy_is_listed_and_restored(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    start_over(learner)
    copies = open_copies(learner).get_by_role("listitem")
    expect(copies).to_have_count(1)
    expect(copies).to_contain_text(f"set aside by Start over, {len(json.loads(GOOD)['entries'])} entries")
    copies.get_by_role("button", name="Restore").click()
    eventually(learner.page, lambda: learner.ledger_text() == GOOD)
    learner.wait("live")

    assert learner.step() == "reveal"
    assert learner.asides() == []


def test_a_copy_is_deleted_at_the_second_press(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    start_over(learner)
    copies = open_copies(learner).get_by_role("listitem")
    copies.get_by_role("button", name="Delete").click()
    assert learner.asides() == [GOOD]
    copies.get_by_role("button", name="Delete permanently").click()
    expect(copies).to_have_count(0)

    assert learner.asides() == []


def test_old_copies_make_room_for_the_one_of_start_over(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    learner.page.evaluate(FILL, 9)
    start_over(learner)

    expect(learner.page.locator("#notice-pruned")).to_contain_text("the oldest of your saved copies was deleted")
    asides = learner.asides()
    assert GOOD in asides
    assert len(asides) == 9
    learner.reload()
    expect(learner.page.locator("#notice-pruned")).to_have_count(0)


def test_a_storage_with_no_room_for_a_copy_lets_the_learner_export_and_start_over(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    learner.page.evaluate(FILL, 0)
    learner.page.click("#open-menu")
    learner.page.click("#start-over")
    learner.page.click("#start-over-confirm")
    notice = learner.page.locator("#notice-storage")
    with learner.page.expect_download() as download:
        notice.get_by_role("button", name="Export my ledger").click()
    assert download.value.path().read_text() == GOOD == learner.ledger_text()

    notice.get_by_role("button", name="Start over without a copy").click()

    eventually(learner.page, lambda: learner.ledger_text() is None)
