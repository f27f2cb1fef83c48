"""Every screen of every track, light and dark: nothing that shuts anybody out, nothing in the console, nothing fetched elsewhere.

On the way through each track its screens are photographed at three widths, light and dark; none is wider than its window.
"""

import json

import pytest
from tests.browser.access import serious, serious_in_any_light
from tests.browser.contact_sheet import Camera, assert_on_sheet
from tests.browser.learner import BUILT, eventually
from tests.browser.traveller import Traveller, assert_whole

from rooflab.lab.instruments import instruments_of
from rooflab.tracks import TRACKS, track

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
DARK = ("mobile-nomad",)  # looked at in dark colours too

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

    def __init__(self, page, judge, camera):
        super().__init__(page)
        self.judge, self.seen, self.found, self.camera = judge, [], {}, camera

    def look(self, screen, within=None):
        """Judge the screen, or what of it is new."""
        self.settle()
        self.seen.append(screen)
        if unreachable := self.page.evaluate(UNREACHABLE):
            self.found[f"{screen}, tables out of reach of the keyboard"] = unreachable
        if bad := self.judge(self.page, within):
            self.found[screen] = bad

    def settle(self):
        """Wait until the lab is at rest and what it built has its style sheets."""
        eventually(self.page, lambda: self.page.locator("#status-stage .words").inner_text() == "Ready")
        eventually(self.page, lambda: self.page.evaluate(BUILT))

    def turn_all(self, region):
        for toggle in self.region(region).locator(".rp-toggle button:visible").all():
            toggle.click()

    def look_behind_every_tab(self, part):
        for tab in self.page.get_by_role("tab").all():
            self.look_at(tab.inner_text())
            for hint in self.region("hints").get_by_role("button").all():
                hint.click()
            self.turn_all("panel")
            self.look(f"part {part.number}, {tab.inner_text()}", "#tab-panel")

    def look_at_it_narrow(self, part):
        """Look at the same bench on a phone, and at its sheet."""
        wide = self.page.viewport_size
        self.page.set_viewport_size(NARROW)
        self.look(f"part {part.number}, narrow")
        self.open_controls()
        self.look(f"part {part.number}, sheet", "#controls")
        self.close_controls()
        self.page.set_viewport_size(wide)

    def photograph(self):
        """Take a picture of what the last step led to."""
        place = self.page.locator("#path")
        self.camera.take(f"part {place.get_attribute('data-part')}, {self.step()}")

    # The steps, with a look at what each begins with and leads to

    def lock(self, part):
        self.photograph()
        self.look(f"part {part.number}, locked")
        super().lock(part)

    def measure(self, part):
        super().measure(part)
        self.turn_all("roofline")
        self.look(f"part {part.number}, pinned")
        self.look_behind_every_tab(part)
        self.look_at_it_narrow(part)
        self.turn_all("roofline")

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


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_every_screen_of_a_track_is_accessible_and_fits(watched, url, output, track_id):
    page = watched.context(viewport=WIDE).new_page()
    camera = Camera(page, output / "contact-sheet" / track_id)
    learner = Looker(page, serious_in_any_light if track_id in DARK else serious, camera)
    learner.open(url)
    camera.take("landing")
    learner.look("landing")

    learner.travel(track_id, after_step=learner.photograph)

    assert_whole(learner, track_id)
    whole = track(track_id)
    more = sum(bool(each.diagnosis) + bool(each.mission) + bool(each.tiling) + bool(each.demand) for each in whole.parts)
    screens = 1 + more + sum(6 + len(instruments_of(each)) for each in whole.parts)  # behind tabs: all but roofline and verdict, task and pins
    assert len([each for each in learner.seen if "Baseline" not in each]) == screens
    assert learner.found == {}, json.dumps(learner.found, indent=1)
    assert len(camera.taken) == 1 + more + 6 * len(whole.parts)
    assert_on_sheet(camera)
