"""While sources are watched: a change comes to the open page, the page says how it starts, and what fails is on it."""

from dataclasses import replace

import image
import pytest
import serve
import watched_site
from playwright.sync_api import expect
from tests import patience
from watch import Watch, handler_of

BROKEN = "raise ValueError('as it must')"


class WatchedLab:
    """A watched site over a folder with one source; a build puts the lab together without its image, as it is told."""

    def __init__(self, folder):
        self.site, self.source = folder / "site", folder / "sources" / "style.css"
        self.source.parent.mkdir()
        self.source.touch()
        self.lab = replace(image.kept_lab(), image=None)
        self.watch = Watch([self.source.parent], self._make)
        self.server = serve.start(self.site, handler=handler_of(self.watch))
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.change()

    def change(self, **facts):
        """Let the lab have other facts, save the source, and let the watch do what it has to."""
        self.lab = replace(self.lab, facts={**self.lab.facts, **facts})
        self.source.write_text(self.source.read_text() + "/* changed */\n")
        self.watch.turn()
        self.watch.turn()

    def _make(self, version, rehearse):
        watched_site.assemble_watched(self.lab, self.site, version)
        return ""


@pytest.fixture
def lab(tmp_path):
    made = WatchedLab(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def page(browser):
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(patience.limit_ms())
    yield context.new_page()
    context.close()


def test_a_change_comes_to_the_open_page_and_the_terminal_says_when(lab, page, capsys):
    page.goto(lab.url)
    expect(page.locator("html")).to_have_attribute("data-stage", "live")
    expect(page.locator("html")).to_have_attribute("data-start", "fallback")
    expect(page.locator("#watch")).to_contain_text("starts without it")
    capsys.readouterr()

    with page.expect_response("**/watch/news"):
        lab.change()

    assert "s after it was saved" in capsys.readouterr().out
    expect(page.locator(f"script[data-version='{lab.watch.state.version}']")).to_be_attached()


def test_an_exception_at_the_start_is_on_the_page_and_in_the_terminal(lab, page, capsys):
    lab.change(run=BROKEN)
    with page.expect_response("**/watch/news"):
        page.goto(lab.url)

    expect(page.locator("#watch[data-state=failed] pre")).to_contain_text("ValueError: as it must")
    assert "ValueError: as it must" in capsys.readouterr().out

    lab.change(run=image.kept_lab().facts["run"])

    expect(page.locator("html")).to_have_attribute("data-stage", "live")


def test_a_build_that_fails_is_told_on_the_page_that_stays(lab, page):
    page.goto(lab.url)
    broken = lab.source.with_name("model.py")
    broken.write_text("ONE = = 1\n")
    lab.watch.turn()
    lab.watch.turn()

    expect(page.locator("#watch[data-state=failed] pre")).to_contain_text('model.py", line 1')
