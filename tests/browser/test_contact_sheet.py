"""The screens beside the tracks, photographed at three widths, light and dark; none is wider than its window."""

import json

from playwright.sync_api import expect
from tests.browser.contact_sheet import Camera, assert_on_sheet
from tests.browser.ledgers import ledger
from tests.browser.traveller import Traveller

from rooflab.tracks import TRACKS

SCREENS = ("report", "open-bench", "your-machine", "instructors")


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

    assert len(camera.taken) == 2 + len(SCREENS)
    assert_on_sheet(camera)
