"""One browser for all tests, one context for each, and nothing that goes wrong unnoticed."""

import os
import re
import zipfile
from pathlib import Path

import pytest
import serve
from tests.browser.learner import KeyboardLearner, Learner
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SYSTEM_CHROMIUM = "/usr/bin/chromium"
WAIT_MS = 60_000  # generous: a shared machine with two cores may be busy

# The browser reports what the policy refused as a console error of its own wording; this adds the rest to it.
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`), true);"""


ENGINE = os.environ.get("ROOFLAB_BROWSER", "chromium")


def only_chromium(item):
    """Say why a test is left out of another engine; None where it is not."""
    if ENGINE == "chromium":
        return None
    if mark := item.get_closest_marker("chromium"):
        return mark.args[0]
    if "link" in item.fixturenames:
        return "reads the clipboard"
    if ENGINE == "webkit" and "bundle" in item.fixturenames:
        return "opens pages from disk, which README says is not tested in Safari"
    return None


def pytest_collection_modifyitems(config, items):
    """Leave out, and name, what another engine than Chromium cannot be asked."""
    left_out = {item: why for item in items if (why := only_chromium(item))}
    for item, why in left_out.items():
        print(f"left out of {ENGINE}: {item.name} ({why})")
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


class UnderSubPath(serve.Handler):
    """Serve the site under /rooflab/, as a project page is, and note what was asked for."""

    asked: list[tuple[str, int]] = []

    def translate_path(self, path):
        if not path.startswith("/rooflab/"):
            return "/nowhere"
        return super().translate_path(path.removeprefix("/rooflab"))

    def log_request(self, code="-", size="-"):
        self.asked.append((self.path, int(code)))


@pytest.fixture(scope="session")
def site():
    """The built site."""
    folder = Path(os.environ.get("ROOFLAB_SITE", ROOT / "dist" / "site"))
    if not (folder / "index.html").exists():
        pytest.fail(f"There is no built site at {folder}; run: python3 build_scripts test")
    return folder


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """The double-click bundle, unpacked where a learner may: in a folder with a space in its name."""
    archive = Path(os.environ.get("ROOFLAB_BUNDLE", ROOT / "dist" / "rooflab-offline.zip"))
    if not archive.exists():
        pytest.fail(f"There is no bundle at {archive}; run: python3 build_scripts test")
    folder = tmp_path_factory.mktemp("my downloads")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return next(folder.rglob("index.html"))


@pytest.fixture(scope="session")
def server(site):
    """The site on the loopback address, with a list of what was asked of it."""
    UnderSubPath.asked.clear()
    made = serve.start(site, handler=UnderSubPath)
    made.handle_error = lambda *_: None  # a page that is closed leaves connections half way
    made.asked = UnderSubPath.asked
    made.url = f"http://127.0.0.1:{made.server_port}/rooflab/"
    yield made
    made.shutdown()


@pytest.fixture(scope="session")
def url(server):
    return server.url


@pytest.fixture(scope="session")
def browser():
    """The one browser, as the command found it; other engines by name where Playwright has them."""
    kind = ENGINE
    path = os.environ.get("ROOFLAB_CHROMIUM", SYSTEM_CHROMIUM if Path(SYSTEM_CHROMIUM).exists() else "") or None
    words = {"executable_path": path, "args": ["--no-sandbox", "--disable-background-networking"]} if kind == "chromium" else {}
    with sync_playwright() as playwright:
        made = getattr(playwright, kind).launch(**words)
        yield made
        made.close()


class Watched:
    """Contexts whose every page is watched: errors, refusals and requests to anywhere else fail the test."""

    def __init__(self, browser, home):
        self.browser, self.home = browser, home
        self.contexts, self.problems = [], []
        self.allowed = ["Service Worker registration blocked by Playwright"]

    def context(self, **words):
        words = {"service_workers": "block", "accept_downloads": True, "viewport": {"width": 1280, "height": 900}} | words
        made = self.browser.new_context(**words)
        made.set_default_timeout(WAIT_MS)
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
