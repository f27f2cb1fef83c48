"""The bench on one screen: in every track and part its pieces are in sight together, whole, and what an action makes is shown."""

import json

import pytest
from tests.browser.access import serious
from tests.browser.learner import BUILT, Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.test_touch import Finger
from tests.browser.traveller import Traveller, first_pin
from playwright.sync_api import expect

from rooflab.tracks import TRACKS, track

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
TRACK_IDS = [each.id for each in TRACKS]
PLACES = [(each.id, part.number) for each in TRACKS for part in each.parts]
MOST_WORDS = 350
MOST_HEIGHTS = {1280: 1.05, 360: 3}
CONTRAST = 3

# What all scripts below share: elements in shadow roots too, the parent across their edges, and the part of a box that is in sight.
SHARED = """
    const deep = (root) => [...root.querySelectorAll("*")].flatMap((each) => [each, ...(each.shadowRoot ? deep(each.shadowRoot) : [])]);
    const above = (each) => each.assignedSlot ?? each.parentElement ?? each.getRootNode().host ?? null;
    const line = (each) => (each ? [each, ...line(above(each))] : []);
    const unseen = (each) => line(each).some((one) => getComputedStyle(one).clipPath === "inset(50%)");
    const sight = (each, box) => {
        let { left, top, right, bottom } = box;
        for (const one of [...line(above(each)), null]) {
            if (one && getComputedStyle(one).overflow === "visible") continue;
            const edge = one && one !== document.documentElement && one !== document.body ? one.getBoundingClientRect() : { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
            [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
            [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
        }
        return { wide: right - left, high: bottom - top };
    };
    const name = (each) => `${each.localName}.${each.className} ${(each.innerText ?? "").slice(0, 40)}`;
"""


def script(body, arguments=""):
    return f"({arguments}) => {{ {SHARED} {body} }}"


BENCH_FAULTS = script("""
    const faults = [];
    const pieces = { controls: "#controls", picture: "#picture", roofline: "#region-roofline", verdict: "#region-verdict" };
    for (const [piece, selector] of Object.entries(pieces)) {
        const { left, top, right, bottom, width, height } = document.querySelector(selector).getBoundingClientRect();
        if (width < 100 || height < 60 || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) faults.push([piece, left, top, right, bottom]);
    }
    for (const [inner, outer] of [[document.querySelector("#picture canvas"), "#picture"], [deep(document.getElementById("region-roofline")).find((each) => each.matches(".bk-Figure, .bk-canvas, canvas")), "#region-roofline"]]) {
        const [box, frame] = [inner.getBoundingClientRect(), document.querySelector(outer).getBoundingClientRect()];
        if (box.bottom > frame.bottom + 1 || box.right > frame.right + 1) faults.push([outer, "is cut", box.bottom, frame.bottom]);
    }
    const strip = document.getElementById("region-verdict");
    const texts = deep(strip).filter((each) => each.checkVisibility() && !unseen(each) && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    for (const each of [strip, ...texts]) {
        if (!each.clientWidth) continue; // inline: its box has it
        if (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1) faults.push(["strip", name(each), each.scrollWidth, each.clientWidth, each.scrollHeight, each.clientHeight]);
    }
    return faults;
""")

CUT_CHOICES = script("""
    const cut = [];
    for (const select of deep(document.getElementById("region-workbench")).filter((each) => each.localName === "select" && each.checkVisibility())) {
        const style = getComputedStyle(select);
        const ruler = document.body.appendChild(document.createElement("span"));
        const { fontFamily, fontSize, fontWeight, fontVariantNumeric, letterSpacing } = style; // the shorthand is empty where digits are tabular
        Object.assign(ruler.style, { position: "absolute", whiteSpace: "pre", fontFamily, fontSize, fontWeight, fontVariantNumeric, letterSpacing });
        ruler.textContent = select.selectedOptions[0]?.label ?? "";
        const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        if (ruler.getBoundingClientRect().width > room + 1) cut.push([ruler.textContent, ruler.getBoundingClientRect().width, room]);
        ruler.remove();
    }
    return cut;
""")

WORDS_IN_SIGHT = script("""
    let count = 0;
    const texts = (root) => [...root.childNodes].flatMap((each) => (each.nodeType === 3 ? [each] : each.nodeType === 1 ? [...texts(each), ...(each.shadowRoot ? texts(each.shadowRoot) : [])] : []));
    const range = document.createRange();
    for (const text of texts(document.body)) {
        const parent = text.parentElement ?? text.getRootNode().host;
        if (!text.data.trim() || ["SCRIPT", "STYLE", "OPTION", "NOSCRIPT"].includes(parent.tagName) || !parent.checkVisibility() || unseen(parent)) continue;
        for (const { index, 0: word } of text.data.matchAll(/\\S+/g)) {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const { wide, high } = sight(parent, range.getBoundingClientRect());
            if (wide > 2 && high > 2) count++;
        }
    }
    for (const select of deep(document.body).filter((each) => each.localName === "select" && each.checkVisibility())) {
        const { wide, high } = sight(select, select.getBoundingClientRect());
        if (wide > 2 && high > 2) count += select.selectedOptions[0].label.split(/\\s+/).length;
    }
    return count;
""")

HEIGHTS = "() => document.documentElement.scrollHeight / innerHeight"
SIDEWAYS = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
TRIPS = "() => performance.getEntriesByName('rooflab:round-trip').length"
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
STEP_IN_ROW = """() => {
    const [step, row] = ["#path [aria-current=step]", "#path"].map((each) => document.querySelector(each).getBoundingClientRect());
    return step.left >= row.left && step.right <= row.right;
}"""

MADE = script("""
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { left, top, right, bottom } = at.getBoundingClientRect();
    const { wide, high } = sight(at, at.getBoundingClientRect());
    const whole = wide >= right - left - 1 && high >= bottom - top - 1;
    return {
        inside: line(at).some((each) => each.id === place),
        words: at.innerText ?? "",
        whole: unseen(at) ? top >= 0 && bottom <= innerHeight : whole,
        said: document.getElementById("live").textContent,
    };
""", "place")

# The middle of the panel, across, at its first lines, free of what sticks to the window's edges.
PANEL_IN_SIGHT = """(panel) => {
    scrollTo({ top: scrollY + panel.getBoundingClientRect().top - innerHeight / 2, behavior: "instant" });
    const { left, top, width } = panel.getBoundingClientRect();
    return [left + width / 2, top + 20];
}"""

# Fills, marks and frames that carry data: how far from what lies under them, and whether anything of them is drawn.
MARKS = script("""
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parsed = (colour) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (rgb) => rgb.slice(0, 3).map((each) => each / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)).reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const opaque = (colour) => parsed(colour)[3] === 255;
    const ground = (each) => {
        const own = getComputedStyle(each);
        if (each.localName === "b" && own.outlineStyle !== "none" && parseFloat(own.outlineWidth)) return parsed(own.outlineColor);
        for (const one of line(above(each))) if (opaque(getComputedStyle(one).backgroundColor)) return parsed(getComputedStyle(one).backgroundColor);
        return parsed("Canvas");
    };
    const drawn = (each) => {
        const style = getComputedStyle(each);
        const found = style.backgroundImage === "none" ? [style.backgroundColor] : (style.backgroundImage.match(/(?:rgba?|color|oklab)\\([^)]*\\)/g) ?? []);
        for (const side of ["Top", "Left"]) if (parseFloat(style[`border${side}Width`]) && style[`border${side}Style`] !== "none") found.push(style[`border${side}Color`]);
        if (each.localName !== "b" && parseFloat(style.outlineWidth) && style.outlineStyle !== "none") found.push(style.outlineColor);
        if (each.classList.contains("rp-mark")) found.push(style.color);
        if (style.boxShadow !== "none") found.push(...(style.boxShadow.match(/(?:rgba?|color|oklab)\\([^)]*\\)/g) ?? []));
        return found.map(parsed).filter((each) => each[3] > 200);
    };
    const marks = deep(document.getElementById("region-workbench")).filter((each) => each.matches(".rp-bar, .rp-bar > i, .rp-bar > b, .rp-lane > i, .rp-swatch, .rp-mark, .rp-length") && each.checkVisibility());
    const faint = marks.filter((each) => each.getBoundingClientRect().width >= 1).map((each) => [name(each), Math.max(0, ...drawn(each).map((colour) => contrast(colour, ground(each))))]).filter(([, most]) => most < least);
    return { count: marks.length, faint };
""", "least")


def at_the_bench(watched, url, track_id, number, *, before="pin", **words):
    """Return a traveller whose ledger ends before the first entry of a kind, at that part, with everything drawn."""
    context = watched.context(**{"viewport": WIDE, "has_touch": True} | words)
    text = json.dumps(midway(track_id, number, before=before))
    context.add_init_script(f"if (location.protocol !== 'about:') localStorage['rooflab:/rooflab/:ledger'] ??= {text}")
    learner = Traveller(context.new_page()).open(f"{url}#{track_id}/{number}")
    rest(learner)
    if before == "pin":
        expect(learner.page.locator("#picture canvas")).to_be_visible()
        rest(learner)
    return learner


def rest(learner):
    """Wait until the lab is at rest, with style sheets, and painted."""
    page = learner.page
    eventually(page, lambda: page.locator("#status-stage .words").inner_text() == "Ready")
    eventually(page, lambda: page.evaluate(BUILT))
    page.evaluate(FRAMES)


def bench_faults(page):
    return page.evaluate(BENCH_FAULTS) + page.evaluate(CUT_CHOICES)


def move(control):
    """Give a control another value, by what it is."""
    kind = control.evaluate("(each) => each.localName === 'select' ? 'select' : each.type === 'checkbox' ? 'checkbox' : 'number'")
    if kind == "select":
        control.select_option(index=(control.evaluate("(each) => each.selectedIndex") + 1) % control.locator("option").count())
    elif kind == "checkbox":
        control.click()
    else:
        control.evaluate("(each) => (each.select(), each.value)")
        now = float(control.input_value().replace(" ", "") or 0)
        control.fill(str(int(now) + 1))
        control.press("Enter")


@pytest.mark.parametrize(("track_id", "number"), PLACES, ids=[f"{each}-{number}" for each, number in PLACES])
def test_the_bench_is_whole_in_one_window(watched, url, track_id, number):
    learner = at_the_bench(watched, url, track_id, number)
    page = learner.page
    assert bench_faults(page) == []
    assert page.evaluate(WORDS_IN_SIGHT) <= MOST_WORDS
    assert page.evaluate(HEIGHTS) <= MOST_HEIGHTS[1280]
    assert page.evaluate(SIDEWAYS) == 0

    page.set_viewport_size(NARROW)
    rest(learner)
    assert page.evaluate(HEIGHTS) <= MOST_HEIGHTS[360]
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(CUT_CHOICES) == []
    eventually(page, lambda: page.evaluate(STEP_IN_ROW))
    page.set_viewport_size(WIDE)
    rest(learner)

    controls = page.locator("#region-controls").locator("select:visible, input[type=checkbox]:visible, .rp-exact input:visible, input.bk-input:visible")
    found = {}
    for at in range(controls.count()):
        control, before = controls.nth(at), page.evaluate(TRIPS)
        control.focus()
        found[at, "focused"] = bench_faults(page)
        move(control)
        eventually(page, lambda before=before: page.evaluate(TRIPS) > before)
        rest(learner)
        found[at, "changed"] = bench_faults(page)
    assert controls.count() >= 4
    assert {each: faults for each, faults in found.items() if faults} == {}


def shows(learner, place, *, heading="", said):
    """See that what an action made has the focus, is in the window, and is told in the live region."""
    page, made = learner.page, None

    def there():
        nonlocal made
        made = page.evaluate(MADE, place)
        return made["inside"] and made["whole"] and heading.casefold() in made["words"].casefold() and said.casefold() in made["said"].casefold()

    try:
        eventually(page, there)
    except AssertionError as error:
        raise AssertionError(f"{place}, {heading!r}, {said!r}: {made}") from error


@pytest.mark.parametrize("track_id", TRACK_IDS)
def test_what_an_action_makes_is_in_sight_has_the_focus_and_is_said(watched, url, track_id):
    part, following = track(track_id).part(1), track(track_id).part(2)
    learner = Traveller(watched.context(viewport=WIDE).new_page()).open(url)
    if track_id != TRACK_IDS[0]:
        learner.enter(track_id)
    learner.lock(part)
    shows(learner, "title-workbench", said="workbench is open")
    rest(learner)
    learner.pin(first_pin(part))
    shows(learner, "region-verdict", heading="Pinned", said=first_pin(part))
    learner.look_at("Task")
    learner.region("hints").get_by_role("button").first.click()
    shows(learner, "region-hints", heading="Hints", said="hint")
    learner.say_what_it_showed(part)
    shows(learner, "region-observation", said="showed")
    learner.go_on()
    shows(learner, "title-reveal", said="Reveal")
    learner.press("Compare with the model")
    shows(learner, "region-reveal", said="predictions")
    learner.go_on()
    shows(learner, "title-reflection", said="Diagnose")
    learner.name_the_cause(part, track(track_id).scenario(0))
    shows(learner, "region-reflection", heading="Your diagnosis", said="diagnosis")
    learner.argue(part)
    shows(learner, "region-reflection", heading="Part 1 is done", said="Part 1 is done")
    learner.go_to_part(track_id, 2)
    shows(learner, "section-lock", heading="Predict", said=following.title)


@pytest.mark.parametrize("track_id", TRACK_IDS)
def test_a_scored_attempt_and_a_proposed_tiling_are_in_sight(watched, url, track_id):
    part = track(track_id).part(2)
    learner = at_the_bench(watched, url, track_id, 2, before="design")
    learner.press("Score this design")
    shows(learner, "region-controls", heading="Attempt 1", said="Attempt 1")
    learner.press("End without a feasible design" if learner.page.get_by_role("button", name="End without a feasible design").count() else "Stand by the best")
    shows(learner, "region-attempt", said="attempt 1")
    if not part.tiling:
        return
    learner.propose()
    shows(learner, "region-reflection", heading="Your tiling", said="tiling")
    expect(learner.page.locator("#picture canvas")).to_be_in_viewport(ratio=0.9)
    assert learner.page.evaluate("() => document.getElementById('title-reflection').getBoundingClientRect().top <= document.getElementById('picture').getBoundingClientRect().top + 1")


@pytest.mark.parametrize("track_id", TRACK_IDS)
def test_every_mark_is_seen_in_light_dark_and_forced_colours(watched, url, track_id):
    learner = at_the_bench(watched, url, track_id, 3)
    page, found, marks = learner.page, {}, 0
    for tab in page.get_by_role("tab").all():
        learner.look_at(tab.inner_text())
        rest(learner)
        for look in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"color_scheme": "light", "forced_colors": "active"}, {"color_scheme": "dark", "forced_colors": "active"}):
            page.emulate_media(**look)
            seen = page.evaluate(MARKS, CONTRAST)
            marks += seen["count"]
            found[tab.inner_text(), *look.values()] = seen["faint"]
        page.emulate_media(color_scheme="light", forced_colors="none")

    assert marks > 100
    assert {each: faults for each, faults in found.items() if faults} == {}


def test_the_landing_is_accessible(watched, url):
    learner = Learner(watched.context(viewport=WIDE).new_page()).open(url)
    rest(learner)

    assert serious(learner.page) == []


def chosen_tab(page):
    return page.locator("#tabs [aria-selected=true]").inner_text()


def test_on_a_phone_tabs_follow_arrows_and_a_swipe_and_escape_closes_the_sheet(watched, url):
    learner = at_the_bench(watched, url, TRACK_IDS[0], 1, viewport=NARROW, is_mobile=True)
    page = learner.page
    names = page.get_by_role("tab").all_inner_texts()
    page.get_by_role("tab").first.focus()

    page.keyboard.press("ArrowRight")
    assert chosen_tab(page) == names[1]
    expect(page.get_by_role("tab", name=names[1])).to_be_focused()
    expect(page.get_by_role("tab", name=names[1])).to_be_in_viewport(ratio=0.99)
    page.keyboard.press("End")
    assert chosen_tab(page) == names[-1]
    page.keyboard.press("Home")
    assert chosen_tab(page) == names[0]

    finger = Finger(page)
    for across, name in ((-160, names[1]), (160, names[0])):
        rest(learner)
        left, top = page.locator("#tab-panel").evaluate(PANEL_IN_SIGHT)
        finger.drag(left - across / 2, top, across=across)
        eventually(page, lambda name=name: chosen_tab(page) == name)

    learner.open_controls()
    expect(page.locator("#controls")).to_be_in_viewport()
    expect(page.locator("#close-controls")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("#open-controls")).to_be_focused()
