"""One Chromium for all tests, one context for each, and nothing that goes wrong unnoticed."""

import re

import browsers
import pytest
from playwright.sync_api import expect
from tests import patience
from tests.browser.learner import KeyboardLearner, Learner
from tests.host import LabHost

# The browser reports what the policy refused as a console error of its own wording; this adds the rest to it.
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`), true);"""

# Pictures rest, since one that moves takes half a core without a GPU; the tests of pictures, and one journey, ask for motion.
USUAL = {"service_workers": "block", "accept_downloads": True, "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def server(site):
    """The site on the loopback address, with a list of what was asked of it."""
    made = LabHost(site)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def url(server):
    return server.url


@pytest.fixture(scope="session")
def browser(playwright):
    """The one Chromium. It does not compile Python a second time as it warms up, a fifth of all work here: no page lives long enough."""
    words = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--js-flags=--liftoff-only"]
    expect.set_options(timeout=patience.limit_ms())
    made = playwright.chromium.launch(executable_path=browsers.windowless(), args=words)
    yield made
    made.close()


class Watched:
    """Contexts whose every page is watched: errors, refusals and requests to anywhere else fail the test."""

    def __init__(self, browser, home):
        self.browser, self.home = browser, home
        self.contexts, self.problems = [], []
        self.allowed = ["Service Worker registration blocked by Playwright"]

    def context(self, **words):
        words = USUAL | words
        made = self.browser.new_context(**words)
        made.set_default_timeout(patience.limit_ms())
        made.add_init_script(REPORT_VIOLATIONS)
        made.on("page", self._watch)
        made.on("request", self._judge)
        self.contexts.append(made)
        return made

    def allow(self, *patterns):
        """Accept problems that a test brings about on purpose."""
        self.allowed += patterns

    def _watch(self, page):
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("console", lambda message: self.problems.append(message.text) if message.type in ("error", "warning") else None)
        page.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _judge(self, request):
        if not request.url.startswith((self.home, "data:", "blob:", "file:")):
            self.problems.append(f"foreign request: {request.url}")

    def remaining(self):
        return [each for each in self.problems if not any(re.search(pattern, each) for pattern in self.allowed)]

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture
def watched(browser, server):
    made = Watched(browser, server.url)
    yield made
    made.close()
    assert made.remaining() == []


@pytest.fixture
def context(watched):
    return watched.context()


@pytest.fixture
def learner(context):
    return Learner(context.new_page())


@pytest.fixture
def keyboard_learner(context):
    return KeyboardLearner(context.new_page())
