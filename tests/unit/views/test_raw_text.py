"""No text that a reader sees is raw: no Python, no bare subscript, no word for memory that is not its name, no words run together."""

import html
import re
from dataclasses import replace
from functools import cache

import panel as pn
import pytest
from tests.browser.ledgers import ledger
from tests.unit.drawn_screen import all_in_sight
from tests.unit.views.test_app import Lab, shown

from rooflab.__main__ import main
from rooflab.app.desk import Desk
from rooflab.cards.writing import write_card
from rooflab.facts.devices import device
from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.ledger.ledger import dump, parse
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_markdown
from rooflab.tracks import TRACKS
from rooflab.units import format_time
from rooflab.views.markup import element

LAPTOP = write_card(replace(device("radeon-8060s"), id="mine", name="My laptop")).encode()
PARTS = [(each, part) for each in TRACKS for part in each.parts]
each_part = pytest.mark.parametrize(("track", "part"), PARTS, ids=[f"{each.id}-{part.number}" for each, part in PARTS])
each_track = pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.id)
LABELS = ("label", "title", "labels", "options", "categories", "placeholder")
INLINE = "span|b|em|strong|i|a|mark|code"
PYTHON = re.compile(r"\(['\"<]|\w+\(\w+=|=None\b|\bNone\)|\bnan\b|\binf\b|\bTrue\b|\bFalse\b|<\w+\.\w+|\bobject at 0x|\{'|\['")
BARE_SUBSCRIPT = re.compile(r"\b(?:BW|[A-Za-z])_[a-z]+\b")
RUN_TOGETHER = re.compile(rf"[\w.,;:)%](?:</(?:{INLINE})>)+\w|\w<(?:{INLINE})(?: [^>]*)?>\w")


@cache
def entries(track_id):
    return parse(ledger(track_id, attempts=1))


def states(track, part):
    """Yield the lab at a part's lock, before its last entry, and at its end, the bench's drawers open."""
    whole = entries(track.id)
    places = [at for at, each in enumerate(whole.entries) if each.part == part.number]
    for end in (places[0], places[-1], places[-1] + 1):
        lab = Lab(dump(replace(whole, entries=whole.entries[:end])), fragment=f"#{track.id}/{part.number}")
        if lab.app.lesson.pieces is not None:
            all_in_sight(lab.app.lesson.pieces.panel)
        for root in lab.app.roots.values():
            for each in root.select(pn.widgets.Toggle):
                each.value = True
        yield lab


@cache
def texts(track, number):
    """Return every markup and every label that a part shows, from its lock to its end."""
    marked, plain = set(), set()
    for lab in states(track, track.part(number)):
        for model in shown(lab.app).models:
            names = model.properties()
            if "text" in names and isinstance(model.text, str):
                marked.add(model.text)
            for name in LABELS:
                value = getattr(model, name) if name in names else None
                plain.update([value] if isinstance(value, str) else [each for each in value or () if isinstance(each, str)] if isinstance(value, list) else [])
    return marked, plain


def screen(name, files=(), before=lambda desk: None):
    """Return markup and labels of a screen beside the tracks."""
    lab = Lab(ledger(TRACKS[0].id, attempts=1))
    desk = Desk(lab.app)
    desk.open(name)
    if files:
        desk.take_files(list(files), refused=(), first=True, last=True)
    before(desk)
    for each in lab.app.roots[name].select(pn.widgets.Toggle):
        each.value = True
    models = shown(lab.app).models
    return {each.text for each in models if isinstance(getattr(each, "text", None), str)}


SCREENS = {
    "report": lambda: screen("report"),
    "classroom": lambda: screen("classroom", files=[(f"{each.id}.json", ledger(each.id, session=each.id, attempts=1).encode()) for each in TRACKS]),
    "open-bench": lambda: screen("open-bench", before=lambda desk: desk.open_bench.load("card.toml", LAPTOP)),
}


@pytest.mark.parametrize("name", SCREENS)
def test_no_screen_beside_the_tracks_shows_raw_text(name):
    marked = SCREENS[name]()

    assert len(marked) > 3
    assert {found for words in map(read, marked) for found in raw(words)} == set()
    assert {found[0] for words in marked if (found := RUN_TOGETHER.search(words))} == set()
    assert name != "open-bench" or not [words for words in map(read, marked) if re.search(r"\bHBM\b", words)]


@each_part
def test_the_command_line_shows_neither_python_nor_another_memory(track, part, capsys):
    main(["evaluate", "--track", track.id, "--part", str(part.number)])
    told = "".join(capsys.readouterr())  # a design that cannot run is refused with its reason

    assert len(told) > 50 and not raw(told.replace("_", " "))
    assert track.id == "cloud-titan" or "HBM" not in told


def read(markup):
    """Return what a reader reads: subscripts apart from their letter, elements apart, entities resolved."""
    return html.unescape(re.sub("<[^>]*>", " ", re.sub("</?sub>", "~", markup)))


def raw(words):
    return {found[0] for pattern in (PYTHON, BARE_SUBSCRIPT) if (found := pattern.search(words))}


@each_part
def test_no_part_shows_python_or_a_bare_subscript(track, part):
    marked, plain = texts(track, part.number)

    assert len(marked) > 20
    assert {found for words in (*map(read, marked), *plain) for found in raw(words)} == set()


@each_part
def test_facts_leave_out_what_a_record_lacks(track, part):
    facts = [read(each) for each in texts(track, part.number)[0] if "rp-facts" in each]

    assert facts and not any(re.search(r"\bNone\b", each) for each in facts)


@each_part
def test_no_two_words_run_together_when_a_text_is_copied(track, part):
    marked, _ = texts(track, part.number)

    assert {found[0] for words in marked if (found := RUN_TOGETHER.search(words))} == set()


@each_part
def test_only_memory_that_is_hbm_is_called_so(track, part):
    marked, plain = texts(track, part.number)
    said = [words for words in (*map(read, marked), *plain) if re.search(r"\bHBM\b", words)]

    assert not said or track.id == "cloud-titan"


@each_track
def test_no_report_and_no_answer_key_shows_python(track):
    lines = [line.words for part in answer_key(track.id, 0).parts for line in (*part.mission,)]
    told = to_markdown(report(entries(track.id)))

    assert len(told) > 2000
    assert [each for each in told.splitlines() if each != each.rstrip() or re.search(r"\. ?\.|[,;:] \.|\( ?\)", each)] == []  # a place left for words has some
    assert PYTHON.findall(told) == [] and [each for each in lines if PYTHON.search(each)] == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("('INT8', 'SCALAR') McuKernel(call_cycles=0.0)", True),
        ("kernel Kernel(cycles=3)", True),
        ("lanes=None", True),
        ("a limit of nan", True),
        ("<enum.Word", True),
        ("moves D_vol", True),
        ("None: each gate by itself", False),
        ("a kernel (INT8, plain C) takes 3 cycles", False),
    ],
)
def test_what_is_raw_is_found(words, found):
    assert bool(raw(words)) == found


def test_a_symbol_has_its_subscript_and_a_label_its_small_letters():
    assert element("p", "BW_mem binds") == element("p", "BWₘₑₘ binds") == "<p>BW<sub>mem</sub> binds</p>"
    assert element("p", "T = D_vol / BW_mem") == "<p>T = D<sub>vol</sub> / BW<sub>mem</sub></p>"
    assert element("p", "tokens_per_s and <i>R_peak") == "<p>tokens_per_s and &lt;i&gt;R<sub>peak</sub></p>"


def test_what_never_comes_is_never():
    assert format_time(float("inf")) == "never"
