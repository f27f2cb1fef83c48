"""Every screen of the lab, photographed at three widths, light and dark; none is wider than its window."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.contact_sheet import SCHEMES, SIZES, Camera, write_sheet
from tests.browser.ledgers import ledger
from tests.browser.traveller import Traveller

from rooflab.tracks import TRACKS, track

SCREENS = ("report", "open-bench", "your-machine", "instructors")


class Photographer(Traveller):
    """A learner who takes a picture of each part as it opens and of what each step led to."""

    def photograph(self):
        place = self.page.locator("#path")
        self.camera.take(f"part {place.get_attribute('data-part')}, {self.step()}")

    def lock(self, part):
        self.photograph()
        super().lock(part)


def pictures(folder):
    return sorted(folder.glob("*.jpg"))


@pytest.mark.parametrize("track_id", [each.id for each in TRACKS])
def test_a_track_is_on_the_contact_sheet(watched, url, output, track_id):
    learner = Photographer(watched.context().new_page())
    learner.open(url)
    learner.camera = camera = Camera(learner.page, output / "contact-sheet" / track_id)
    camera.take("landing")

    learner.travel(track_id, after_step=learner.photograph)

    whole = track(track_id)
    steps = sum(6 + bool(each.diagnosis) + bool(each.mission) + bool(each.tiling) + bool(each.demand) for each in whole.parts)
    sheet = write_sheet(camera.folder.parent)
    assert len(camera.taken) == 1 + steps
    assert len(pictures(camera.folder)) == (1 + steps) * len(SIZES) * len(SCHEMES)
    assert all(f"{track_id}/{each.name}" in sheet.read_text() for each in pictures(camera.folder))
    assert camera.too_wide == {}


def test_the_screens_beside_the_tracks_are_on_the_contact_sheet(watched, url, output, tmp_path):
    context = watched.context()
    page = context.new_page()
    learner = Traveller(page)
    camera = Camera(page, output / "contact-sheet" / "beside")
    learner.open(url)
    page.get_by_role("button", name="Menu").click()
    camera.take("menu")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    camera.take("help")
    page.keyboard.press("Escape")
    for number, each in enumerate(TRACKS):
        (tmp_path / f"{number}.json").write_text(ledger(each.id, session=each.id, attempts=4))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {json.dumps((tmp_path / '0.json').read_text())}")
    for screen in SCREENS:
        page.goto("about:blank")
        learner.open(f"{url}#{screen}")
        expect(page.locator(".extra[data-shown]")).to_be_visible()
        if screen == "instructors":
            page.set_input_files("#class-files", sorted(tmp_path.glob("*.json")))
            expect(page.get_by_role("heading", name=f"{len(TRACKS)} ledgers")).to_be_visible()
        camera.take(screen)

    write_sheet(camera.folder.parent)
    assert len(pictures(camera.folder)) == len(camera.taken) * len(SIZES) * len(SCHEMES) == 6 * 6
    assert camera.too_wide == {}
