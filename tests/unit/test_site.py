"""The static site, read as text: its policy, its addresses, its colours."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from landing import landing

from rooflab.charts.palette import DARK, LIGHT, MARKS, PARTS
from rooflab.evaluate import BOUNDS
from rooflab.specs.evidence import Bearing
from rooflab.views.instruments.memory import PART_COLOURS

ROOT = Path(__file__).parents[2]
SITE, PYLIB = ROOT / "site", ROOT / "pylib"
SCRIPTS = sorted((SITE / "js").rglob("*.js"))


class Elements(HTMLParser):
    """Collect every start tag with its attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def elements():
    parser = Elements()
    parser.feed((SITE / "index.html").read_text().replace("<!-- build:landing -->", landing()))
    return parser.found


def test_no_script_or_handler_is_inline(elements):
    assert [attrs for tag, attrs in elements if tag == "script" and "src" not in attrs] == []
    assert [name for _, attrs in elements for name in attrs if name.startswith("on")] == []


def test_every_address_is_relative(elements):
    addresses = [attrs[name] for _, attrs in elements for name in ("src", "href", "action") if name in attrs]

    assert addresses
    assert [address for address in addresses if re.match(r"[a-z]+:|/", address)] == []


def test_ids_are_unique_and_every_reference_meets_one(elements):
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    named = ("aria-labelledby", "aria-controls", "for")
    wanted = [each for _, attrs in elements for name in named for each in attrs.get(name, "").split()]
    wanted += [attrs["href"][1:] for _, attrs in elements if attrs.get("href", "").startswith("#")]
    screens = re.findall(r'^  \["#([a-z-]+)", \{ name', (SITE / "js/extras.js").read_text(), re.M)

    assert len(ids) == len(set(ids))
    assert "open-bench" in screens
    assert set(wanted) <= {*ids, *screens}


def test_the_policy_allows_no_eval_and_no_foreign_origin(elements):
    policy = next(attrs["content"] for _, attrs in elements if attrs.get("http-equiv") == "Content-Security-Policy")

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "eval" not in policy and "http" not in policy


@pytest.mark.parametrize("marker", ["<!-- build:briefing -->", "<!-- build:head -->", "<!-- build:landing -->"])
def test_the_page_has_the_places_that_the_build_fills(marker):
    assert (SITE / "index.html").read_text().count(marker) == 1


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.relative_to(SITE).as_posix())
def test_no_script_makes_markup_from_text(script):
    text = script.read_text()

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_every_ground(palette):
    inks = ("ink", "ink-2", "machine-ink", "limit-ink", "met-ink")
    pairs = [(ink, ground) for ink in inks for ground in ("paper", "paper-2")]
    pairs += [(f"{name}-ink", f"{name}-wash") for name in ("machine", "limit", "met")]
    pairs += [("ink", f"{name}-wash") for name in ("machine", "limit", "met")]
    pairs += [("ink-2", "machine-wash"), ("on-machine", "machine")]

    assert [pair for pair in pairs if contrast(palette[pair[0]], palette[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_and_control_edges_stand_out(palette):
    marks = ("machine", "limit", "met", "edge")

    assert [mark for mark in marks if contrast(palette[mark], palette["paper"]) < 3] == []


def test_light_and_dark_have_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_stand_out_from_both_papers(palette):
    assert [mark for mark in (*MARKS.values(), *PARTS) if contrast(mark, palette["paper"]) < 3] == []


def test_one_table_has_every_colour():
    written = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b(?=[\"'; ])", re.IGNORECASE)
    places = [*SITE.rglob("*"), *PYLIB.rglob("*.py"), *(ROOT / "build_scripts" / "templates").iterdir()]
    found = {
        str(path.relative_to(ROOT)): written.findall(path.read_text())
        for path in places
        if path.suffix in (".css", ".html", ".js", ".py", ".svg", ".webmanifest")
    }

    assert [name for name, colours in found.items() if colours] == ["pylib/rooflab/charts/palette.py"]


def test_every_class_that_is_styled_is_put_on_something():
    """Written out, or made of a state, of what a reading does for a claim, or of a part's number."""
    styled = {name for sheet in SITE.rglob("*.css") for name in re.findall(r"\.(rp-[a-z0-9-]+)", sheet.read_text())}
    written = {name for path in (*SITE.rglob("*.js"), *SITE.rglob("*.html"), *PYLIB.rglob("*.py")) for name in re.findall(r"rp-[a-z0-9-]+", path.read_text())}
    made = {f"rp-{each}" for each in (*BOUNDS, *(bearing.name.lower() for bearing in Bearing))} | {f"rp-part-{place}" for place in range(PART_COLOURS)}

    assert len(styled) > 100
    assert styled - written - made == set()


def test_the_page_takes_over_every_element_that_the_views_make():
    """What a changed text replaces in place is copied by name: anything else would become plain words."""
    copied = (SITE / "js" / "markup.js").read_text()
    taken = set(re.search(r'ELEMENTS = new Set\(\s*\("([A-Z0-9 ]+)"\)', copied)[1].split())
    views = "".join(path.read_text() for path in (PYLIB / "rooflab" / "views").rglob("*.py"))
    made = {name.upper() for name in re.findall(r'element\(\s*"([a-z0-9]+)"', views)}

    assert len(made) > 20
    assert made <= taken


def test_only_the_page_makes_threads():
    """In Firefox a worker that a worker makes does not begin once in about a hundred times, and its maker hangs."""
    makers = [script.relative_to(SITE).as_posix() for script in SCRIPTS if re.search(r"new Worker\(", script.read_text())]

    assert makers
    assert [maker for maker in makers if maker.startswith("js/worker/")] == []
