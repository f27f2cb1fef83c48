"""The lab inside another page: the learner is told, led to the lab alone, and not failed in silence."""

import pytest
from playwright.sync_api import expect
from tests.browser.learner import Learner
from tests.browser.test_page_modules import serve
from tests.browser.test_saved_work import GOOD, remember

# What a browser says of a frame that it restricts.
RESTRICTED = ("sandboxed", "sandbox", "from origin 'null'", "net::ERR_FAILED", "foreign request: http://127.0.0.1")


@pytest.fixture
def page(watched):
    watched.allow(*RESTRICTED)
    return watched.context().new_page()


@pytest.fixture
def around(tmp_path):
    """Another site's page around the lab, on a port of its own."""
    server = serve(tmp_path)

    def put(url, attributes=""):
        (tmp_path / "index.html").write_text(frame(url, attributes))
        return f"http://127.0.0.1:{server.server_port}/"

    yield put
    server.shutdown()


def frame(url, attributes=""):
    return f'<!doctype html><title>Course</title><link rel="icon" href="data:,"><iframe title="Lab" {attributes} width="1000" height="800" src="{url}"></iframe>'


def framed(page, address):
    page.goto(address)
    return Learner(page.frames[1])


def test_inside_another_sites_page_the_note_says_so_and_leads_to_the_lab_alone(page, around, url):
    learner = framed(page, around(url)).wait("live")
    notice = learner.page.locator("#notice-framed")
    expect(notice).to_contain_text("another ledger than the lab's own")
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name=url).click()
    alone = Learner(opened.value).wait("live")

    assert alone.page.locator("#notice-framed").count() == 0
    assert alone.page.locator("#open-alone").is_hidden()
    learner.page.locator("#notice-framed").get_by_role("button", name="Dismiss").click()
    framed(page, page.url).wait("live")
    learner = Learner(page.frames[1])
    assert learner.page.locator("#notice-framed").count() == 0
    expect(learner.page.get_by_role("link", name="Open the lab alone")).to_have_attribute("href", url)


def test_inside_a_page_of_its_own_site_the_ledger_is_the_same(page, url):
    page.route(f"{url}course.html", lambda route: route.fulfill(body=frame("./"), content_type="text/html"))
    remember(page, GOOD)
    learner = framed(page, f"{url}course.html").wait("live")

    expect(learner.page.locator("#notice-framed")).to_contain_text("Alone, with the same ledger")
    assert learner.step() == "reveal"


def test_where_downloads_and_forms_are_forbidden_the_ledger_goes_out_as_text(page, around, url):
    remember(page, GOOD)
    learner = framed(page, around(url, 'sandbox="allow-scripts allow-same-origin"')).wait("live")
    learner.page.click("#open-menu")
    learner.page.click("#export-ledger")
    learner.page.click("#export-confirm")
    notice = learner.page.locator("#notice-hand-out")
    expect(notice).to_contain_text("does not allow downloads")
    notice.get_by_role("button", name="Show the text instead").click()

    assert learner.page.input_value("#text-content") == GOOD


def test_where_printing_is_forbidden_the_lab_alone_is_offered(page, around, url):
    learner = framed(page, around(f"{url}#report", 'sandbox="allow-scripts allow-same-origin"')).wait("live")
    learner.page.locator("#section-report[data-shown]").wait_for()
    learner.page.click("#print-report")

    expect(learner.page.locator("#notice-print").get_by_role("link")).to_have_attribute("href", f"{url}#report")


def test_a_frame_without_an_origin_says_what_it_lacks(page, around, url):
    learner = framed(page, around(url, 'sandbox="allow-scripts"'))

    expect(learner.page.locator("#sandboxed")).to_contain_text("allow-same-origin")
    expect(learner.page.locator("#sandboxed-address")).to_have_text(url)


def test_a_frame_without_scripts_says_so(page, around, url):
    learner = framed(page, around(url, 'sandbox=""'))

    expect(learner.page.locator("noscript .notice")).to_be_visible()
