"""Dialogs by keyboard: whichever way one closes, the focus is where it can go on from."""

import pytest
from playwright.sync_api import expect
from tests.browser.test_saved_work import GOOD, remember

ITEMS = {
    "Export my ledger": "dialog-export",
    "Saved copies": "dialog-copies",
    "Start over": "dialog-start-over",
    "Erase everything": "dialog-erase",
}
WIDTHS = {"wide": 1280, "narrow": 360}


@pytest.fixture
def at_menu(keyboard_learner, url):
    """A learner with a ledger, whose keyboard is at the menu."""
    remember(keyboard_learner.page, GOOD)
    return keyboard_learner.open(url)


def by_keyboard(learner, item):
    learner.press("Menu")
    learner.press(item)
    dialog = learner.page.locator(f"#{ITEMS[item]}")
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_is_at_the_menu_again_when_a_dialog_of_it_closes(at_menu, width):
    page = at_menu.page
    page.set_viewport_size({"width": WIDTHS[width], "height": 740})
    for item in ITEMS:
        for close in ("Escape", "its button"):
            dialog = by_keyboard(at_menu, item)
            if close == "Escape":
                page.keyboard.press("Escape")
            else:
                dialog.locator("[data-close]").press("Enter")
            expect(dialog).to_be_hidden()
            expect(page.locator("#open-menu"), f"{item}, closed by {close}").to_be_focused()


def test_the_keyboard_is_at_the_menu_when_what_opened_a_dialog_is_gone(at_menu):
    page = at_menu.page
    at_menu.open_step("Explore")
    at_menu.press("Pin MFU")
    page.locator("#notice-persist").get_by_role("button", name="Export my ledger").press("Enter")
    expect(page.locator("#dialog-export")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#open-menu")).to_be_focused()
