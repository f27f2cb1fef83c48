"""The pages of text in a browser: they fit, are accessible, run nothing, and open from disk."""

import pytest
from tests.browser.access import serious, serious_in_any_light

PAGES = ["model.html", "measured.html", "glossary.html"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_text_page_fits_and_is_accessible(watched, url, name, width):
    # Axe needs to run its own script, which the page's policy forbids: the test alone sets it aside.
    context = watched.context(viewport={"width": width, "height": 850}, bypass_csp=True)
    page = context.new_page()
    page.goto(url + name)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1120px"
    # Colours do not depend on the width.
    assert (serious if width == 360 else serious_in_any_light)(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_text_page_is_reached_from_the_lab_and_leads_back(context, url, name):
    page = context.new_page()
    page.goto(url)

    page.locator(f'footer a[href="{name}"]').click()
    page.locator("h1").wait_for()
    assert page.url == url + name
    page.get_by_role("link", name="The lab", exact=True).click()

    page.locator("#section-brief").wait_for()


@pytest.mark.parametrize("name", PAGES)
def test_a_text_page_opens_from_disk_with_its_styles(watched, bundle, name):
    page = watched.context().new_page()
    page.goto((bundle.parent / name).as_uri())

    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1120px"
    assert page.locator("h1").is_visible()
