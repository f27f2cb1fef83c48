"""A tab that Playwright drives: Chromium, its own Firefox and WebKit, and the distribution's Firefox over WebDriver BiDi."""

from contextlib import contextmanager


@contextmanager
def open_tabs(playwright, browser):
    """Start the engine; give a function that opens a tab with a storage of its own."""
    running = getattr(playwright, browser.engine).launch(**_launch_words(browser))

    def tab():
        context = running.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(0)  # pytest's own limit is the only one
        yield PlaywrightTab(context.new_page())
        context.close()

    yield tab
    running.close()


def _launch_words(browser):
    words = {"executable_path": browser.path} if browser.path else {}
    if browser.engine == "chromium":
        words["args"] = ["--no-sandbox", "--disable-background-networking"]
    if browser.engine == "firefox" and browser.path:
        words["channel"] = "moz-firefox"
    return words


class PlaywrightTab:
    """Finds controls by role and name."""

    def __init__(self, page):
        self.page = page

    def open(self, address):
        self.page.goto(address)

    def reload(self):
        self.page.reload()

    def script(self, body, given=None):
        """Return what the body of a function gives in the page, where `given` is its argument."""
        return self.page.evaluate(f"(given) => {{ {body} }}", given)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def check(self, group, choice):
        self.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=choice, exact=True).check()

    def select(self, name, index):
        self.page.get_by_role("combobox", name=name, exact=True).select_option(index=index)

    def selected(self, name):
        """Return the index of the chosen option; None where there is no such field yet."""
        field = self.page.get_by_role("combobox", name=name, exact=True)
        return field.evaluate("field => field.selectedIndex") if field.count() else None

    def click(self, x, y):
        """Click at a place of the window."""
        self.page.mouse.click(x, y)
