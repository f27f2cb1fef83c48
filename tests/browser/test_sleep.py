"""A page that the browser or the machine put to sleep: frozen, kept for the Back button, thrown away."""

import browsers
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Watched
from tests.browser.learner import Learner, eventually
from tests.browser.test_saved_work import GOOD, PLACES, ledger_of, remember


@pytest.fixture
def reflecting(learner, url):
    """A learner at the reflection of the first part."""
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    return learner


def turn(page, state):
    page.context.new_cdp_session(page).send("Page.setWebLifecycleState", {"state": state})


def claim(learner):
    return learner.page.get_by_role("textbox", name="Claim")


def test_a_tab_that_was_frozen_goes_on_where_it_was(reflecting):
    claim(reflecting).press_sequentially("Half a thought")
    reflecting.open_step("Explore")
    reflecting.ask_for("Profiler mode")
    turn(reflecting.page, "frozen")
    turn(reflecting.page, "active")

    expect(reflecting.region("workbench").get_by_text("Modelled, not measured")).to_be_visible()
    reflecting.open_step("Reflect")
    expect(claim(reflecting)).to_have_value("Half a thought")
    assert reflecting.page.locator("#notice-stalled").count() == 0


def test_a_frozen_tab_that_is_thrown_away_loses_nothing(context, reflecting, url):
    claim(reflecting).press_sequentially("Half a thought")
    turn(reflecting.page, "frozen")
    reflecting.page.close(run_before_unload=False)
    again = Learner(context.new_page()).open(url)

    expect(claim(again)).to_have_value("Half a thought")


# Kept for the Back button


@pytest.fixture
def keeping(playwright, server):
    """A context of a browser that keeps pages for the Back button, as it does outside tests."""
    made = playwright.chromium.launch(
        executable_path=browsers.find("chromium").path or None,
        args=["--no-sandbox", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    watched = Watched(made, server.url)
    yield watched.context()
    watched.close()
    made.close()
    assert watched.remaining() == []


def away(learner, url):
    """Leave for the model page; the lab's page notes whether it was kept when it is shown again."""
    learner.page.evaluate("addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.kept = persisted))")
    learner.page.goto(f"{url}model.html")


def back(learner):
    learner.page.evaluate("history.back()")
    learner.page.wait_for_selector("html[data-kept=true]")


def test_a_page_that_was_kept_is_as_it_was_left_and_answers(keeping, url):
    learner = Learner(keeping.new_page())
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    claim(learner).press_sequentially("Half a thought")
    away(learner, url)
    back(learner)

    expect(claim(learner)).to_have_value("Half a thought")
    learner.reflect()
    eventually(learner.page, lambda: learner.kinds()[-1:] == ["reflection"])


def test_a_page_that_was_kept_hears_what_was_saved_meanwhile(keeping, url):
    learner = Learner(keeping.new_page())
    remember(learner.page, GOOD)
    learner.open(url)
    away(learner, url)
    newer = ledger_of(PLACES["done"])
    learner.page.evaluate("text => localStorage.setItem('rooflab:/rooflab/:ledger', text)", newer)
    back(learner)

    expect(learner.page.locator("#notice-tabs")).to_contain_text("Another tab has saved newer work")
    assert learner.ledger_text() == newer
