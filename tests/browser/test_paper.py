"""The workbench on paper: light whatever the theme, figures and bars included, and as before afterwards."""

import pytest
from tests.browser.learner import BUILT, eventually
from tests.browser.ledgers import ledger
from tests.browser.test_extras import with_ledger

from rooflab.charts.palette import DARK, LIGHT

A4 = {"width": 718, "height": 1000}


def grey(colour):
    """Return the mean of the three channels, as INKS does."""
    return round(sum(bytes.fromhex(colour[1:])) / 3)


DARK_INK, INK = DARK["ink"], LIGHT["ink"]

# The page's ink, and of each chart and then of the picture the darkest and the lightest opaque pixel.
INKS = """() => {
    const colours = getComputedStyle(document.documentElement);
    const canvases = [];
    const walk = (root) => { for (const each of root.querySelectorAll("*")) {
        if (each.localName === "canvas" && each.offsetHeight > 0) canvases.push(each);
        if (each.shadowRoot) walk(each.shadowRoot);
    } };
    walk(document.getElementById("region-workbench"));
    canvases.sort((one, other) => one.matches(".picture-canvas") - other.matches(".picture-canvas"));
    const luminances = canvases.map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let darkest = null, lightest = null;
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] < 250) continue;
            const grey = (data[at] + data[at + 1] + data[at + 2]) / 3;
            darkest = Math.min(darkest ?? grey, grey);
            lightest = Math.max(lightest ?? grey, grey);
        }
        return darkest === null ? null : [Math.round(darkest), Math.round(lightest)];
    }).filter(Boolean);
    return [colours.getPropertyValue("--rp-ink"), luminances];
}"""
ADJUST = """() => {
    const found = new Set();
    const walk = (root) => { for (const each of root.querySelectorAll("*")) {
        if (each.matches(".rp-bar, .rp-bar > i, .rp-swatch, .rp-stack > *, .noUi-connect")) found.add(getComputedStyle(each).printColorAdjust);
        if (each.shadowRoot) walk(each.shadowRoot);
    } };
    walk(document);
    return [...found];
}"""


@pytest.fixture
def page(watched, url):
    watched.allow("willReadFrequently")
    learner = with_ledger(watched, url, ledger("cloud-titan", parts=1), color_scheme="dark")
    learner.open_step("Explore")
    eventually(learner.page, lambda: learner.page.evaluate(BUILT))
    return learner.page


def test_figures_are_drawn_for_paper_and_then_again_for_the_screen(page):
    page.evaluate(f"addEventListener('beforeprint', () => window.onPaper = ({INKS})())")
    eventually(page, lambda: len(page.evaluate(INKS)[1]) == 2)  # the roofline, and the picture, which comes after the lab is live
    before = page.evaluate(INKS)
    page.pdf()

    ink, figures = page.evaluate("onPaper")
    assert before[0] == DARK_INK and ink == INK
    assert len(figures) == len(before[1])
    for (dark, light), (darkest, lightest) in zip(before[1][:-1], figures[:-1], strict=True):
        assert darkest < dark and lightest < 0xE0 < light  # on paper nothing is as pale as labels on a dark screen
    # The picture has the ground of the page beneath its labels: in the dark its darkest, on paper its lightest.
    assert before[1][-1][0] <= grey(DARK["paper"]) and figures[-1][1] == grey(LIGHT["paper"])
    assert figures[-1][0] <= grey(LIGHT["ink"])
    assert page.evaluate(INKS) == before


@pytest.mark.parametrize("choice", ["light", "dark", "system"])
def test_the_chosen_theme_is_the_same_after_printing(page, choice):
    page.evaluate("(choice) => document.querySelector(`#theme [value=${choice}]`).click()", choice)
    chosen = page.evaluate("document.documentElement.dataset.theme ?? 'system'")
    page.pdf()

    assert page.evaluate("document.documentElement.dataset.theme ?? 'system'") == chosen == choice


def test_bars_and_swatches_are_printed_and_so_are_the_settings_of_the_design(page):
    page.emulate_media(media="print")
    page.set_viewport_size(A4)

    assert page.evaluate(ADJUST) == ["exact"]
    assert page.get_by_role("combobox", name="Attention kernel").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
