"""The two pages of text: complete, escaped, and nothing in them typed in."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import fields
from html import escape
from html.parser import HTMLParser

import offline
import page_markup
import pages
import pytest
import scatter
from paths import ROOT, SITE

from rooflab import values
from rooflab.evaluate import evaluate, formulas
from rooflab.facts import device_sources, sources
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS
from rooflab.facts.workloads import WORKLOADS
from rooflab.measured.kernel_constants import KERNEL_BASES
from rooflab.measured.grade import grade
from rooflab.measured.predict import predict_rows
from rooflab.measured.serving_bases import SERVING_BASES
from rooflab.measured.rows import published_rows
from rooflab.tracks import TRACKS
from rooflab.units import format_fraction

VOID = {"meta", "link", "br"}


class Reading(HTMLParser):
    """Collect elements, headings and words, and check that what opens is closed."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.open, self.words, self.misfits = [], [], [], []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.misfits.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    return {path.name: path.read_text(encoding="utf-8") for path in pages.write_pages(folder)}


@pytest.fixture(scope="module", params=["model.html", "measured.html"])
def page(request, made):
    return Reading(made[request.param])


@pytest.fixture(scope="module")
def model(made):
    return Reading(made["model.html"])


@pytest.fixture(scope="module")
def measured(made):
    return Reading(made["measured.html"])


def test_the_same_sources_make_the_same_bytes(made, tmp_path):
    assert {path.name: path.read_text(encoding="utf-8") for path in pages.write_pages(tmp_path)} == made


def test_a_page_is_well_formed_and_its_places_are_filled(page, made):
    assert page.misfits == []
    assert page.open == []
    assert not any("<!-- page:" in content for content in made.values())


def test_a_page_runs_nothing_and_loads_nothing_from_elsewhere(page):
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv"))
    loaded = [each["href"] for each in page.all("link")]

    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert page.all("script") == [] and page.all("img") == []
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.elements for name in attrs)
    assert all((SITE / address).exists() for address in loaded)


def test_links_meet_what_they_name(page, made):
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    addresses = [each["href"] for each in page.all("a")]

    assert len(ids) == len(set(ids))
    for address in addresses:
        if address.startswith("#"):
            assert address[1:] in ids, address
        else:
            assert address in {*made, "index.html"} or address.startswith("https://"), address
    assert "index.html" in addresses


def test_headings_descend_one_by_one(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]

    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_head_of_a_table_has_a_scope_and_every_table_a_caption(page):
    assert page.all("table")
    assert all(each.get("scope") in ("row", "col") for each in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert page.all("html")[0]["lang"] == "en"
    assert any(each.get("class") == "skip-link" and each["href"] == "#main" for each in page.all("a"))


@pytest.mark.parametrize("package", ["rooflab.model", "rooflab.systems", "rooflab.analyses"])
def test_every_public_function_is_there_with_what_it_says(model, package):
    ids = {attrs.get("id") for _, attrs in model.elements}
    letters = model.text.replace(" ", "")
    found = 0
    for each in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        module = importlib.import_module(each.name)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isfunction(thing) and thing.__module__ == module.__name__:
                found += 1
                assert f"{module.__name__}.{name}" in ids
                first = inspect.getdoc(thing).split("\n")[0].replace("`", "")
                assert first.replace(" ", "") in letters, name
    assert found > 10


@pytest.mark.parametrize("record", [*DEVICES, *WORKLOADS, *MICROCONTROLLERS], ids=lambda each: each.id)
def test_every_record_is_there_with_the_sources_of_its_fields(made, record):
    content = made["model.html"]
    caption = f"<caption>{escape(record.name)}</caption>"
    place = content.index(caption)
    shown = content[place : content.index("</table>", place)]
    known = [each.name for each in fields(record) if getattr(record, each.name) is not None and each.name not in ("id", "name", "note", "sources")]

    assert shown.count("<tr>") == len([each for each in known if getattr(record, each) not in ((), {})]) + 1
    for name in known:
        source = record.source_of(name)
        assert f'href="#source-{page_markup.anchor(source.id)}"' in shown
        assert source.confidence.value in shown


def test_every_source_is_there_with_its_confidence(model):
    for module, name in [(module, name) for module in (sources, device_sources) for name in module.__all__]:
        source = getattr(module, name)
        assert " ".join(source.name.split()) in model.text
        assert " ".join(source.note.split()) in model.text


def test_equations_are_in_symbols_and_hold_no_numbers_of_a_track(made):
    content = made["model.html"]
    for track in TRACKS:
        scenario = track.scenario(0)
        for each in formulas(scenario, scenario.crisis, evaluate(scenario, scenario.crisis)):
            assert escape(each.symbols) in content
            assert escape(each.numbers) not in content or each.numbers == each.symbols


def test_every_symbol_of_the_list_is_used(made):
    content = made["model.html"]
    equations = content[content.index('id="equations"') : content.index('id="physics"')]
    import model_page

    for symbol in model_page.SYMBOLS:
        assert escape(symbol) in equations, symbol


def test_every_ending_that_the_names_may_have_is_explained():
    import model_page

    text = (ROOT / "tests" / "unit" / "test_unit_suffixes.py").read_text()
    allowed = re.search(r'r"\(\^\|_\)\((s\|[^$]*?)\)\$"', text, re.S)[1]

    assert set(re.sub(r'[\s"]|r"', "", allowed.replace('r"', "")).split("|")) == set(model_page.UNITS)


def test_signatures_name_what_may_be_an_array_and_the_page_says_what_it_is(made):
    import model_page

    content = made["model.html"]
    assert set(model_page.VALUES) == set(values.__all__)
    for name in values.__all__:
        assert escape(str(getattr(values, name))) not in content
        assert f"<code>{name}</code>" in content


def test_every_row_is_drawn_titled_and_listed(measured, made):
    rows = published_rows()
    predictions, gaps = predict_rows(rows)
    marks = [attrs for tag, attrs in measured.elements if attrs.get("class") in ("point", "far", "ungraded")]

    assert gaps == {}
    assert len(marks) == len(rows) == len(measured.all("title")) - 1  # and the page's own
    for row in rows:
        assert f'<th scope="row">{row["id"]}</th>' in made["measured.html"]
        assert " ".join(row["source"].split()) in measured.text
        error = f"{100 * (predictions[row['id']] / row['measured'] - 1):+.1f}%".replace("-", "−")
        assert re.search(rf"<title>{row['id']}, [^<]*{re.escape(error)}</title>", made["measured.html"])


def test_grades_are_those_of_the_grading(made):
    rows = published_rows()
    for each in grade(predict_rows(rows)[0], rows):
        cells = [each.rows, *(format_fraction(value) for value in (each.coverage_fraction, each.median_fraction, each.p90_fraction))]
        line = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        assert line in made["measured.html"], each.topic


def test_constants_are_shown_with_their_ranges(measured):
    for each in (*SERVING_BASES, *KERNEL_BASES):
        assert each.words in measured.text
        assert f"{each.ends[0]:g} to {each.ends[1]:g}" in measured.text


def test_text_never_becomes_markup():
    bad = "<script>alert('1')</script> & \"more\""

    for shown in (
        page_markup.text(bad),
        page_markup.docstring(f"Say {bad}.\n\n>>> {bad}"),
        page_markup.table(bad, [bad], [[bad]]),
        page_markup.section("a", bad, ""),
        page_markup.link("https://example.org/\"><script>", bad),
        scatter.panel(bad, bad, bad, [scatter.Point(measured=1.0, predicted=2.0, graded=True, words=bad)]),
    ):
        assert "<script" not in shown
        assert Reading(shown).misfits == []
    assert page_markup.link("javascript:alert(1)", "words") == "words"


def test_a_point_on_the_line_is_drawn_on_the_line():
    drawn = scatter.panel("t", "c", "s", [scatter.Point(measured=3.0, predicted=3.0, graded=True, words="w")])
    x, y = (float(found) for found in re.search(r'cx="([\d.]+)" cy="([\d.]+)"', drawn).groups())

    # As far from the left as from the bottom, within rounding.
    assert x - scatter.LEFT == pytest.approx(scatter.TOP + scatter.SIDE - y, abs=0.1)


def test_the_offline_copy_lets_pages_read_from_disk(made):
    for content in made.values():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', offline._of_disk(content))[1]

        assert "'self'" not in policy
        assert "style-src file:" in policy and "default-src 'none'" in policy
