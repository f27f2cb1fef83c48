"""A tab of the distribution's WebKit, on a display that nobody sees, driven by WebDriver."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from threading import Timer

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.support.ui import Select
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError

BEGIN_S = 90
# Without a GPU, buffers that WebKit would share with one are drawn in software and copied: the lab opens in half the time without them.
DRAWN = {"WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
BEGINNINGS = 3

# WebDriver does not look into shadow roots: this does, for what is on the screen.
FIND = """
const [role, name, within] = arguments;
const KINDS = {button: "button", combobox: "select", radiogroup: "[role=radiogroup]", radio: "input[type=radio]"};
const named = (each) => (each.getAttribute("aria-label") ?? each.labels?.[0]?.innerText ?? each.innerText).trim();
const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
        if (each.matches(KINDS[role]) && each.checkVisibility() && named(each) === name) return each;
        const found = each.shadowRoot && find(each.shadowRoot);
        if (found) return found;
    }
    return null;
};
const found = find(within ?? document);
found?.scrollIntoView({block: "center", behavior: "instant"});
return found;
"""


@contextmanager
def open_tabs(path):
    """Start a display; give a function that opens a tab, which is a browser of its own."""
    with _display() as display:

        def tab():
            driver = _begun(path, display)
            try:
                driver.set_window_size(1280, 900)
                yield WebKitGtkTab(driver)
            finally:
                driver.quit()

        yield tab


def _begun(path, display):
    """Return a driver with its browser. Now and then the driver waits for ever for the browser it has started: then another begins."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = path
    options.add_argument("--automation")
    for more in reversed(range(BEGINNINGS)):
        service = Service(executable_path=shutil.which("WebKitWebDriver"), env=os.environ | DRAWN | {"DISPLAY": display})
        given_up = Timer(BEGIN_S, lambda started=service: started.process.kill())
        given_up.start()
        try:
            return webdriver.WebKitGTK(options=options, service=service)
        except (HTTPError, OSError, WebDriverException):  # a driver that was killed resets what stops it, too
            if not more:
                raise
            print(f"WebKit's driver did not begin within {BEGIN_S} s; {more} more to try")
        finally:
            given_up.cancel()


@contextmanager
def _display():
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        yield f":{number}"
        server.terminate()


class WebKitGtkTab:
    """Finds controls by role and name."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        self.driver.get(address)

    def reload(self):
        self.driver.refresh()

    def script(self, body, given=None):
        """Return what the body of a function gives in the page, where `given` is its argument."""
        return self.driver.execute_script(f"const given = arguments[0]; {body}", given)

    def press(self, name):
        self._wait_for("button", name).click()

    def check(self, group, choice):
        self._wait_for("radio", choice, self._wait_for("radiogroup", group)).click()

    def select(self, name, index):
        Select(self._wait_for("combobox", name)).select_by_index(index)

    def selected(self, name):
        """Return the index of the chosen option; None where there is no such field yet."""
        field = self.driver.execute_script(FIND, "combobox", name)
        return field and self.driver.execute_script("return arguments[0].selectedIndex", field)

    def click(self, x, y):
        """Click at a place of the window."""
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(round(x), round(y)).click()
        actions.perform()

    def _wait_for(self, role, name, within=None):
        while True:
            if found := self.driver.execute_script(FIND, role, name, within):
                return found
