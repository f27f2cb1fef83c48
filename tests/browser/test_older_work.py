"""What versions of before the lab was called Rooflab saved under other names: taken once, and never lost."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.learner import eventually
from tests.browser.ledgers import ledger

OLD = "ridgepoint:ledger"
KEY = "rooflab:/rooflab/:ledger"


@pytest.fixture(scope="module")
def older():
    """A ledger as an earlier version left it."""
    return ledger("cloud-titan")


@pytest.fixture
def remember(context):
    """Put texts into the storage of every page before it opens, once."""

    def put(**texts):
        for name, text in texts.items():
            context.add_init_script(f"if (location.protocol !== 'about:') localStorage[{json.dumps(name)}] ??= {json.dumps(text)}")

    return put


def stored(learner, key):
    return learner.page.evaluate("(key) => localStorage.getItem(key)", key)


def test_the_first_folder_takes_the_old_work_and_leaves_the_original(learner, url, remember, older):
    remember(**{OLD: older})

    learner.open(url)

    assert stored(learner, KEY) == older == stored(learner, OLD)
    assert learner.page.locator("#notice-older").count() == 0


def test_another_folder_asks_and_takes_it_only_when_told(learner, url, remember, older):
    remember(**{OLD: older, "rooflab:taken-by": "/elsewhere/"})
    learner.open(url)
    assert stored(learner, KEY) is None

    learner.page.locator("#notice-older").get_by_role("button", name="Use it here").click()

    eventually(learner.page, lambda: stored(learner, KEY) == older)


def test_what_was_left_is_not_offered_again(learner, url, remember, older):
    remember(**{OLD: older, "rooflab:taken-by": "/elsewhere/"})
    learner.open(url)
    learner.page.locator("#notice-older").get_by_role("button", name="Leave it").click()

    learner.reload()

    expect(learner.page.locator("#notice-older")).to_have_count(0)
    assert (stored(learner, KEY), stored(learner, OLD)) == (None, older)


def test_what_an_old_version_saves_later_is_offered_beside_the_present_ledger(learner, url, remember, older):
    remember(**{OLD: older})
    learner.open(url)
    later = ledger("tiny-pioneer")
    learner.page.evaluate("([key, text]) => { localStorage[key] = text; }", [OLD, later])
    learner.reload()

    learner.page.locator("#notice-older").get_by_role("button", name="Use it here").click()

    eventually(learner.page, lambda: stored(learner, KEY) == later)
    assert older in learner.asides()


def test_two_folders_of_one_origin_have_a_ledger_each(page_of):
    first = page_of("/a/index.html")
    second = page_of("/b/")

    assert first("save", "one") and second("save", "two")

    assert (first("read"), second("read")) == ("one", "two")


@pytest.fixture
def page_of(browser, server):
    """The page's own storage module, as two pages of one origin would use it."""
    from tests.browser.test_page_modules import SITE, serve

    static = serve(SITE)
    context = browser.new_context()
    context.route("**/js/boot.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{static.server_port}/")

    def made(pathname):
        def call(act, text=""):
            return page.evaluate(
                """async ([pathname, act, text]) => {
                    const { openLedgerStore } = await import("./js/ledger.js");
                    const store = openLedgerStore({ pathname });
                    const read = store.read().text;
                    return act === "save" ? store.save(text).ok : read;
                }""",
                [pathname, act, text],
            )

        return call

    yield made
    context.close()
    static.shutdown()
