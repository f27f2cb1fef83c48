"""The pictures of glasses, earbud, roof and tiles on the page: drawn, moving with the hand, and with words for all that they show."""

import json
import re

import pytest
from playwright.sync_api import expect
from tests.browser.learner import MOVING, Learner, eventually
from tests.browser.ledgers import midway

# How many pixels of the picture are painted in something, and a number that changes with any of them.
PAINTED = """() => {
  const canvas = document.querySelector(".picture-canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0, sum = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at]) { painted += 1; sum = (sum * 31 + data[at - 1] + data[at - 2] * 7 + data[at - 3] * 13 + at) % 4294967291; }
  return { share: painted / (canvas.width * canvas.height), sum };
}"""


def at_bench(watched, url, track, part, *, before="pin", **words):
    """Return a learner before the bench of a part, its picture drawn."""
    context = watched.context(**MOVING | words)
    text = midway(track, part, before=before)
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {json.dumps(text)}")
    learner = Learner(context.new_page()).open(f"{url}#{track}/{part}")
    expect(title(learner.page)).not_to_be_empty()
    return learner.page


def title(page):
    return page.locator(".picture-title")


def look_at(page, name):
    page.locator(".picture-choice").select_option(name)


@pytest.mark.parametrize(("track", "words"), [("mobile-nomad", "FPS fall to"), ("tiny-pioneer", "they pile up")])
def test_a_system_is_drawn_moves_and_stops(watched, url, track, words):
    page = at_bench(watched, url, track, 1)

    expect(title(page)).to_contain_text(words)
    first = page.evaluate(PAINTED)
    assert first["share"] > 0.02
    eventually(page, lambda: page.evaluate(PAINTED)["sum"] != first["sum"])
    page.get_by_role("button", name="Stop the picture").click()
    stopped = page.evaluate(PAINTED)["sum"]
    page.wait_for_timeout(400)
    assert page.evaluate(PAINTED)["sum"] == stopped


def test_a_still_of_the_glasses_shows_where_they_are_throttled(watched, url):
    page = at_bench(watched, url, "mobile-nomad", 1, reduced_motion="reduce")

    eventually(page, lambda: page.evaluate(PAINTED)["share"] > 0.02)
    still = page.evaluate(PAINTED)["sum"]
    page.wait_for_timeout(400)
    assert page.evaluate(PAINTED)["sum"] == still
    page.get_by_role("button", name="One step").click()
    eventually(page, lambda: page.evaluate(PAINTED)["sum"] != still)


def test_the_roof_rises_with_what_is_supposed_while_the_dot_stays(watched, url):
    page = at_bench(watched, url, "cloud-titan", 1)
    look_at(page, "roof")
    expect(title(page)).to_contain_text("memory-bound under")

    page.get_by_role("slider", name="Rₚₑₐₖ (× its own)").press("ArrowRight")

    expect(title(page)).to_contain_text("Rₚₑₐₖ × 2: the roof rises, Attention stays: memory-bound")
    expect(page.locator(".picture-canvas")).to_have_attribute("aria-label", re.compile("What if: A100"))


def test_tiles_follow_the_sizes_and_have_their_times_once_proposed(watched, url):
    page = at_bench(watched, url, "mobile-nomad", 2, before="proposal")
    expect(title(page)).to_contain_text("choose rows and columns of a tile")
    expect(page.locator(".picture-canvas")).to_be_in_viewport()

    for label, size in (("Rows of a tile", "32"), ("Columns of a tile", "64"), ("Split-K", "1")):
        page.get_by_label(label, exact=True).select_option(size)

    expect(title(page)).to_contain_text("144 tiles in 36 waves: no processor is idle")
    page.get_by_role("button", name="Propose this tiling").click()
    expect(title(page)).to_contain_text("LPDDR4X binds, kernel")


def test_the_bench_has_its_own_picture_again_after_the_tiles(watched, url):
    page = at_bench(watched, url, "mobile-nomad", 2, before="proposal")
    expect(page.locator(".picture-choice")).to_have_value("tiles")

    page.locator("#path [data-step='explore'] a").click()

    expect(page.locator(".picture-choice")).to_have_value("system")
    expect(title(page)).to_contain_text("The skin")
