"""A learner at the page: what they do, in the words that are written on the controls."""

import json
import re
import time
from pathlib import Path

from tests import patience
from playwright.sync_api import Download, Page, expect

MOVING = {"reduced_motion": "no-preference"}

SLOPE = "If a layer sits on the sloped section of the roofline, will adding more TFLOPS speed it up?"
BITS = "Suppose attention is repaired"
CLAIM = "KV traffic fills HBM: the bus is busy with copies."
RISK = "Launch gaps bind next, where contexts are short."
NEITHER_ROOF = "BWₘₑₘ now, neither roof after: launches, gaps and synchronisation take the largest share"

ACTIVE = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const group = at.closest("[role=radiogroup], [role=group], fieldset");
    const named = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.closest("label")?.innerText;
    if (at === document.body) return ["", "the page"];
    return [group?.getAttribute("aria-label") ?? "", (named || at.innerText || at.id || "").trim()];
}"""

# Whether everything built has its style sheets, and the names that it gets a moment later; in shadow roots too.
BUILT = """() => {
    const styled = (each) => each.localName !== "link" || each.rel !== "stylesheet" || each.sheet;
    const named = (each) =>
        (each.type !== "radio" || each.closest("[role=radiogroup][aria-label]")) && (each.getAttribute("role") !== "slider" || each.ariaLabel);
    const built = (root) => [...root.querySelectorAll("*")].every(
        (each) => styled(each) && (root === document || named(each)) && (!each.shadowRoot || built(each.shadowRoot)));
    return built(document);
}"""


class Learner:
    """One person with one page; works with the mouse."""

    def __init__(self, page: Page):
        self.page = page

    # Places

    def open(self, url: str, *, stage: str = "live") -> "Learner":
        self.page.goto(url)
        return self.wait(stage)

    def reload(self, *, stage: str = "live") -> "Learner":
        self.page.reload()
        return self.wait(stage)

    def wait(self, stage: str) -> "Learner":
        """Wait until a stage is reached; what was painted may be live by the time that it is seen."""
        reached = {"live": "html[data-stage=live] #main:not([aria-busy=true])", "painted": "html:is([data-stage=painted], [data-stage=live])"}
        self.page.wait_for_selector(reached.get(stage, f"html[data-stage={stage}]"), timeout=patience.limit_ms())
        return self

    def data(self, name: str) -> str:
        """Return a data attribute of the page, such as the kind of start."""
        return self.page.locator("html").get_attribute(f"data-{name}")

    def region(self, name: str):
        return self.page.locator(f"#region-{name}")

    def step(self) -> str:
        """Return the step that the path marks as the present one, or `done`."""
        current = self.page.locator("#path [aria-current=step]")
        return current.inner_text().lower() if current.count() else "done"

    # Acts

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def look_at(self, tab: str) -> None:
        """Open a tab of the bench."""
        self.ask_for(tab)
        self.has_turned_to(tab)

    def ask_for(self, tab: str) -> None:
        """Press a tab of the bench, whether or not Python answers."""
        self.page.get_by_role("tab", name=tab, exact=True).click()

    def has_turned_to(self, tab: str) -> None:
        """Wait until what is behind a tab is on the screen, and nothing of what was there before."""
        name = self.page.get_by_role("tab", name=tab, exact=True).get_attribute("data-tab")
        own = self.page.locator(f"#tab-panel > [data-tab={name}]")
        expect(own.or_(self.region("panel").locator(f".rp-instrument-{name}")).filter(visible=True).first).to_be_visible()
        expect(self.region("panel").locator("[class*=rp-instrument-]").filter(visible=True)).to_have_count(int(not own.count()))

    def open_step(self, name: str) -> None:
        """Follow the path's link to a step of the part."""
        self.page.locator("#path").get_by_role("link", name=name, exact=True).click()

    def go_on(self) -> None:
        """Leave a step that is done for the next one, unless that is open already."""
        if self.may_go_on():
            self.page.locator("#go-on-button").click()

    def may_go_on(self) -> bool:
        """Wait until the page has settled, and say whether it offers the next step."""
        button = self.page.locator("#go-on-button")
        expect(button.or_(self.page.locator("#path li.open a[aria-current=step]")).filter(visible=True).first).to_be_visible()
        return button.is_visible()

    def close_controls(self) -> None:
        """Put the sheet with the controls away."""
        if self.page.locator("#open-controls[aria-expanded=true]").is_visible():
            self.press("Close")

    def open_controls(self) -> None:
        """On a narrow window, bring up the sheet with the controls."""
        if self.page.locator("#open-controls[aria-expanded=false]").is_visible():
            self.press("Controls")

    def choose(self, group: str, choice: str) -> None:
        self.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=choice, exact=True).check()

    def tick(self, choice: str) -> None:
        self.region("reflection").get_by_role("checkbox", name=choice).check()

    def write(self, field: str, text: str) -> None:
        self.page.get_by_role("textbox", name=field).fill(text)

    def set(self, control: str, choice: str) -> None:
        """Choose from a drop-down of the bench and wait until the instruments have followed."""
        gauges = self.region("workbench").get_by_role("heading", name="A step takes")
        before = gauges.inner_text()
        self.region("workbench").get_by_role("combobox", name=control).select_option(label=choice)
        expect(gauges).not_to_have_text(before)

    def predict(self, slope: str = "No, its time stays the same", bits: str = "Shorter by less than 5%") -> None:
        self.choose(SLOPE, slope)
        self.choose("Question 1: How sure are you?", "90%")
        self.choose(BITS, bits)
        self.choose("Question 2: How sure are you?", "60%")
        self.press("Lock in my predictions")

    def explore(self) -> None:
        """Look with every instrument and pin one reading."""
        expect(self.region("workbench").get_by_text("A step takes").first).to_be_visible()
        self.look_at("Profiler mode")
        expect(self.region("workbench").get_by_text("Modelled, not measured")).to_be_visible()
        self.look_at("Math Peek")
        expect(self.region("workbench").get_by_text("formula, with your numbers")).to_be_visible()
        self.pin("MBU")

    def pin(self, reading: str) -> None:
        """Pin a reading, and see that it took."""
        self.press(f"Pin {reading}")
        expect(self.page.get_by_role("button", name=f"Pin {reading}", exact=True)).to_contain_text(re.compile("pinned", re.IGNORECASE))

    def observe(self, choice: str = "Rₚₑₐₖ: it stayed. BWₘₑₘ: it fell by about half") -> None:
        """Say what the exploration showed."""
        self.look_at("Task")
        self.choose("alone were doubled", choice)
        self.press("Say what it showed")
        self.has_said_what_it_showed()

    def has_said_what_it_showed(self) -> None:
        """Wait until the answer to what was observed is judged."""
        expect(self.page.get_by_role("button", name="Say what it showed")).to_have_count(0)
        expect(self.region("observation").get_by_text("showed").first).to_be_visible()

    def reveal(self) -> None:
        self.go_on()
        self.press("Compare with the model")
        expect(self.region("reveal").get_by_text("predictions correct")).to_be_visible()

    def diagnose(self, choice: str = NEITHER_ROOF) -> None:
        self.go_on()
        self.choose("Name the binding constraint", choice)
        self.press("Commit to this diagnosis")
        expect(self.region("reflection").get_by_text("Your diagnosis")).to_be_visible()

    def reflect(self) -> None:
        self.choose("The constraint you claim", "BWₘₑₘ: memory bandwidth binds")
        self.write("Claim", CLAIM)
        self.tick("MBU")
        self.write("Trade-off", "Another kernel has to be maintained by us.")
        self.write("Residual risk", RISK)
        self.enter_reflection()
        expect(self.region("reflection").get_by_text("Part 1 is done")).to_be_visible()

    def enter_reflection(self) -> None:
        """Enter the reflection, and once more where something is asked for again."""
        self.press("Enter it in the ledger")
        self.keep_as_it_is()

    def keep_as_it_is(self) -> None:
        """Keep a reflection as it is, where something of it was asked for again."""
        asked = self.region("reflection").get_by_text("enter it again to keep it as it is")
        expect(asked.or_(self.region("reflection").get_by_text("is done: it is in the ledger")).first).to_be_visible()
        if asked.count():
            self.press("Enter it in the ledger")

    # The ledger

    def ledger_text(self) -> str | None:
        return self.page.evaluate("Object.entries(localStorage).find(([key]) => /^rooflab:.*:ledger$/.test(key))?.[1] ?? null")

    def kinds(self) -> list[str]:
        """Return the kinds of the saved entries, in order."""
        text = self.ledger_text()
        return [] if text is None else [entry["kind"] for entry in json.loads(text)["entries"]]

    def asides(self) -> list[str]:
        """Return the texts that were set aside."""
        return self.page.evaluate(
            "Object.keys(localStorage).filter((key) => /^rooflab:.*:aside:/.test(key)).map((key) => localStorage[key])"
        )

    def saved(self, *kinds: str) -> None:
        """Wait until entries of these kinds are in the ledger, and the page says so."""
        eventually(self.page, lambda: self.kinds() == list(kinds))
        expect(self.page.locator("#status-saved")).to_have_text("Saved in this browser")

    def offer(self, text: str) -> None:
        """Choose a file to import."""
        file = {"name": "ledger.json", "mimeType": "application/json", "buffer": text.encode()}
        self.page.set_input_files("#import-file", file)

    def export(self, name: str = "") -> str:
        return Path(self.exported(name).path()).read_text()

    def exported(self, name: str = "") -> Download:
        """Export the ledger under a name, and return the file."""
        self.page.click("#open-menu")
        self.page.click("#export-ledger")
        self.page.fill("#export-name", name)
        with self.page.expect_download() as download:
            self.page.click("#export-confirm")
        return download.value


class KeyboardLearner(Learner):
    """The same person without a mouse: Tab, arrows, Space and letters; `tabs` counts how often Tab was pressed."""

    tabs = 0

    def focus(self, name: str = "", *, group: str = "", part_of_name: str = "") -> None:
        """Press Tab until the control of that name, or any control of that group, has the focus."""
        seen = []
        for _ in range(120):
            at_group, at_name = self.page.evaluate(ACTIVE)
            if (name and (at_name == name or at_name.startswith(f"{name} (at most "))) or (group and group in at_group) or (part_of_name and part_of_name in at_name):
                return
            seen.append(at_name or "a control without a name")
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"Tab never reached {name or group or part_of_name!r}; it went through {seen}")

    def press(self, name: str) -> None:
        self.focus(name)
        self.page.keyboard.press("Enter")

    def look_at(self, tab: str) -> None:
        tabs = self.page.get_by_role("tab")
        self.focus(tabs.and_(self.page.locator("[aria-selected=true]")).inner_text())
        self.page.keyboard.press("Home")
        for _ in range(tabs.count()):
            if self.page.evaluate(ACTIVE)[1] == tab:
                break
            self.page.keyboard.press("ArrowRight")
        self.has_turned_to(tab)

    def open_step(self, name: str) -> None:
        self.focus(name)
        self.page.keyboard.press("Enter")

    def go_on(self) -> None:
        if self.may_go_on():
            self.focus(part_of_name="Next: ")
            self.page.keyboard.press("Enter")

    def choose(self, group: str, choice: str) -> None:
        self.focus(group=group)
        for _ in range(10):
            self.page.keyboard.press("ArrowDown")
            if self.page.evaluate(ACTIVE)[1] == choice:
                return
        raise AssertionError(f"the arrow keys never reached {choice!r} of {group!r}")

    def tick(self, choice: str) -> None:
        self.focus(part_of_name=choice)
        self.page.keyboard.press("Space")

    def write(self, field: str, text: str) -> None:
        self.focus(field)
        self.page.keyboard.type(text)


def eventually(page: Page, holds):
    """Return what `holds()` gives as soon as it is true; the page's policy forbids Playwright's own wait_for_function."""
    end = time.monotonic() + patience.limit_s
    while not (found := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"it never came about; at the end it was {found!r}")
        page.wait_for_timeout(50)
    return found
