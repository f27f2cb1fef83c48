"""Every screen of every track, light and dark: nothing that shuts anybody out, nothing in the console, nothing fetched elsewhere."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.learner import STYLED, eventually
from playwright.sync_api import expect
from tests.browser.traveller import Traveller

from rooflab.tracks import TRACKS, track

TOGGLES = re.compile(r"^(Table |Profiler mode$|Math Peek$|Facts and sources$|Leave out )")
ALL_RULES = {"resultTypes": ["violations"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}  # of all rules, this alone depends on colours
DARK = ("mobile-nomad",)

UNREACHABLE = """() => {
    const found = [];
    const walk = (root) => {
        for (const each of root.querySelectorAll("*")) {
            if (each.shadowRoot) walk(each.shadowRoot);
            if (each.classList.contains("rp-scroll") && each.tabIndex !== 0) found.push(each.getAttribute("aria-label"));
        }
    };
    walk(document);
    return found;
}"""


class Looker(Traveller):
    """A learner who opens whatever can be opened, and looks at each screen before going on."""

    def __init__(self, page, rules):
        super().__init__(page)
        self.rules, self.seen, self.found = rules, [], {}

    def look(self, screen):
        self.settle()
        self.seen.append(screen)
        violations = Axe().run(self.page, options=self.rules).response["violations"]
        bad = [each for each in violations if each["impact"] in ("serious", "critical")]
        if unreachable := self.page.evaluate(UNREACHABLE):
            self.found[f"{screen}, tables out of reach of the keyboard"] = unreachable
        if bad:
            self.found[screen] = [(each["id"], node["target"], node["failureSummary"]) for each in bad for node in each["nodes"]]

    def settle(self):
        """Wait until the lab is at rest and what it built has its style sheets."""
        eventually(self.page, lambda: self.page.locator("#status-stage .words").inner_text() == "Ready")
        eventually(self.page, lambda: self.page.evaluate(STYLED))

    def toggles(self):
        return self.region("workbench").get_by_role("button", name=TOGGLES)

    def turn_all(self):
        for toggle in self.toggles().all():
            toggle.click()

    # The steps, with a look at what each begins with and leads to

    def lock(self, part):
        self.look(f"part {part.number}, locked")
        super().lock(part)

    def measure(self, part):
        super().measure(part)
        for hint in self.region("hints").get_by_role("button").all():
            hint.click()
        self.turn_all()
        expect(self.region("workbench").get_by_text("facts, each with its source")).to_be_visible()
        self.look(f"part {part.number}, everything open")
        self.turn_all()

    def reveal(self):
        super().reveal()
        self.look(f"revealed, screen {len(self.seen)}")

    def name_the_cause(self, part, scenario):
        super().name_the_cause(part, scenario)
        self.look(f"part {part.number}, diagnosed")

    def attempt_twice(self, part):
        super().attempt_twice(part)
        self.look(f"part {part.number}, attempts ended")

    def propose(self):
        super().propose()
        self.look("part 2, tiling proposed")

    def answer_the_stakeholder(self):
        super().answer_the_stakeholder()
        self.look("part 3, stakeholder answered")

    def argue(self, part):
        super().argue(part)
        self.look(f"part {part.number}, reflected")


JOURNEYS = [(each.id, scheme) for scheme in ("light", "dark") for each in TRACKS if scheme == "light" or each.id in DARK]


@pytest.mark.parametrize(("track_id", "scheme"), JOURNEYS, ids=[f"{each}-{scheme}" for each, scheme in JOURNEYS])
def test_every_screen_of_a_track_is_accessible(watched, url, track_id, scheme):
    page = watched.context(color_scheme=scheme, reduced_motion="reduce").new_page()
    learner = Looker(page, CONTRAST if scheme == "dark" else ALL_RULES)
    learner.open(url)

    learner.travel(track_id)

    whole = track(track_id)
    screens = 4 * len(whole.parts) + sum(bool(each.diagnosis) + bool(each.mission) + bool(each.tiling) + bool(each.demand) for each in whole.parts)
    assert len(learner.seen) == screens
    assert learner.found == {}, json.dumps(learner.found, indent=1)
