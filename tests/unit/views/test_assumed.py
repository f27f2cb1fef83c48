"""What no public source states has "assumed" beside it wherever it is shown, and what a source states has not."""

import ast
import itertools
import re
from functools import cache
from pathlib import Path

import pytest
from tests.unit.drawn_screen import Screen, cells, plain, tree

from rooflab.__main__ import main
from rooflab.evaluate import evaluate
from rooflab.facts.devices import DEVICES
from rooflab.lab.setting import setting
from rooflab.lab.situation import differences, reference_rows
from rooflab.specs import Confidence, SourceKind
from rooflab.tracks import TRACKS
from rooflab.units import format_bytes, format_quantity, format_reading
from rooflab.views.steps.comparison import changed_card, reference_card
from rooflab.views.steps.tiling import TilingView
from rooflab.workbench.boards import TilingForm

PLACES = list(itertools.product([each.id for each in TRACKS], (1, 2, 3)))
everywhere = pytest.mark.parametrize(("track_id", "number"), PLACES)


@cache
def drawn(track_id, number):
    """Return a part and its bench with everything open, of another variant for each part."""
    place = setting(track_id, number, number - 1)
    screen = Screen(place)
    screen.bench.sourcing = True
    return place, screen


def is_assumed(source):
    """Say it of the kind alone, as specs/source.py defines it."""
    return source.kind is SourceKind.ASSUMPTION


def said_beside(words, figure):
    """Return for each place of a figure in words whether "assumed" stands right after it."""
    words, figure = (each.replace("\N{NO-BREAK SPACE}", " ") for each in (words, figure))
    return {words[each.end() :].startswith(", assumed") for each in re.finditer(re.escape(figure), words)}


@everywhere
def test_every_limit_of_a_target_says_so(track_id, number):
    place, screen = drawn(track_id, number)
    words = plain(screen.markup)

    for each in place.scenario.targets:
        limit = f"target {format_reading(each.limit, each.unit)} or {'more' if each.at_least else 'less'}"
        others = {is_assumed(other.source) for other in place.scenario.targets if (other.limit, other.unit) == (each.limit, each.unit)}
        if not screen.bench.hides(each.quantity):
            sign = f"{'≥' if each.at_least else '≤'} {format_reading(each.limit, each.unit)}"
            assert said_beside(words, sign) | said_beside(words, limit) == others, limit  # where nothing is judged, the limits are told in the card above
        outcome = next(held for held in evaluate(place.scenario, place.start).targets if held.target is each)
        assert said_beside(outcome.words, limit) == {is_assumed(each.source)}


@everywhere
def test_the_size_of_the_memory_says_so(track_id, number):
    place, screen = drawn(track_id, number)
    capacity = evaluate(place.scenario, place.start).capacity
    words = plain(screen.markup)

    available = f" of {format_bytes(float(capacity.available_bytes))}"

    assert said_beside(words, available) == {is_assumed(capacity.source)}


@everywhere
def test_every_fact_says_so_and_none_that_a_source_states(track_id, number):
    _, screen = drawn(track_id, number)
    sources = {each.name: each for record in screen.bench.real.records for each in record.sources}
    sources |= {each.source.name: each.source for each in screen.bench.real.targets}

    rows = cells(screen["peek"].sources.text)

    assert rows
    for named, checked, facts in rows:
        source = sources[named.removesuffix(" (assumed)")]
        facts = facts.removesuffix(source.note).rstrip()
        assert named.endswith("(assumed)") == is_assumed(source)
        assert ("assumed" in checked) == is_assumed(source)
        assert facts.endswith(", assumed") == is_assumed(source), facts


@everywhere
def test_a_formula_names_its_sources_with_it(track_id, number):
    _, screen = drawn(track_id, number)
    every = {each for record in screen.bench.real.records for each in record.sources}

    for line in re.findall(r"From: .*?</dd>", screen["peek"].formulas.text):
        words = plain(f"<p>{line.removesuffix('</dd>')}</p>")
        for each in every:
            if each.name in words and not any(each.name in other.name for other in every - {each}):
                assert words[words.index(each.name) + len(each.name) :].startswith(" (assumed)") == is_assumed(each)


@everywhere
def test_the_roof_of_a_device_says_so(track_id, number):
    _, screen = drawn(track_id, number)
    own, beside = screen.bench.roofs()[:2]
    labels = [plain(each).strip("━┅ ") for each in tree(screen["roofline"].head.text).findall("./div/span")]

    for roof, label in zip((own, beside), labels, strict=True):
        assert roof.sources
        assert label.endswith(", assumed") == any(map(is_assumed, roof.sources)), label


@everywhere
def test_what_is_compared_says_so_setting_by_setting(track_id, number):
    place, _ = drawn(track_id, number)
    tables = [(changed_card(number, rows), rows) for rows in [differences(place)] if rows]
    tables += [(reference_card(place.scenario.reference_name, rows), rows) for rows in [reference_rows(place)] if rows]

    before = setting(track_id, max(number - 1, 1), place.variant).scenario
    limits = {f"Target: {each.name}": each.source for scenario in (before, place.scenario) for each in scenario.targets}
    for card, rows in tables:
        shown = {row[0]: row[-1] for row in cells(card.text)}
        for each in rows:
            assert shown[each.name] == each.basis
            if each.name in ("GPU", "Computer"):
                assert each.basis == SourceKind.DATASHEET
            if each.name.startswith("Target: "):
                assert (each.basis == Confidence.ASSUMED) == is_assumed(limits[each.name])


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_the_memories_and_the_start_of_a_tile_say_so(track):
    place, screen = drawn(track.id, 2)
    problem = place.part.tiling(place.scenario, place.start)

    words = plain(TilingView(bench=screen.bench, form=TilingForm(problem=problem)).head.text)

    for memory in filter(None, (problem.memory, problem.cache)):
        assert said_beside(words, format_quantity(memory.bytes_per_s, "B/s")) == {is_assumed(memory.source)}
    assert bool(problem.tile_start_s) == (problem.start_source is not None)


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_what_the_stakeholder_asks_says_so(track):
    demand = track.part(3).demand

    assert is_assumed(demand.source)


def test_the_heat_says_so_of_watts_and_not_of_the_skin():
    place, screen = drawn("mobile-nomad", 1)
    body = place.scenario.body
    outcome = evaluate(place.scenario, place.start)
    words = plain(screen["heat"].head.text) + plain(screen["heat"].watts.text)

    assert said_beside(words, format_quantity(outcome.power_limit_w, "W")) == {True}
    assert said_beside(words, f"{body.limit_c:g} °C") == {False}
    assert screen["heat"].chart.limit_label.text == f"Limit {body.limit_c:g} °C"
    assert screen["heat"].chart.resume_label.text == f"Resumes at {body.resume_c:g} °C, assumed"


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_a_share_of_guesses_that_a_what_if_replaces_is_assumed(track):
    place = setting(track.id, 3, 0)
    shares = [
        (record, each)
        for record in place.scenario.records
        for names in record.sources.values()
        for each in names
        if "acceptance_fraction" in each or each == "caught_fraction"
    ]

    assert shares
    assert all(is_assumed(record.source_of(each)) for record, each in shares)
    assert place.part.assumed(place.scenario)


def test_the_command_line_says_so(capsys):
    for track in TRACKS:
        place = setting(track.id, 2, 0)
        if main(["evaluate", "--track", track.id, "--part", "2"]):
            assert not evaluate(place.scenario, place.start).runs  # which prints no figures
            continue
        words = capsys.readouterr().out
        for each in place.scenario.targets:
            limit = f"target {format_reading(each.limit, each.unit)} or {'more' if each.at_least else 'less'}"
            assert True in said_beside(words, limit) if is_assumed(each.source) else said_beside(words, limit) == {False}


def test_the_list_of_devices_says_so(capsys):
    main(["devices"])
    lines = capsys.readouterr().out.splitlines()

    for device in DEVICES:
        at = next(place for place, line in enumerate(lines) if line.startswith(f"{device.id} "))
        figures = "\n".join(lines[at : at + 2]).replace(device.name, "")
        bearing = {device.source_of(each) for each in ("peak_flop_per_s", "hbm_bytes_per_s", "hbm_bytes") if getattr(device, each)}
        assert ("assumed" in figures) == any(map(is_assumed, bearing)), figures


def test_kind_and_confidence_of_an_assumption_agree():
    every = {each for track in TRACKS for number in (1, 2, 3) for record in setting(track.id, number, 0).scenario.records for each in record.sources}

    assert all(is_assumed(each) == (each.confidence is Confidence.ASSUMED) for each in every)


TYPED = {
    "views/instruments/peek.py": 3,  # the column of how a source was checked, the mark of a source, the title of the table
    "command/estimate.py": 1,  # what was left out of an estimate, with the settings it was made with
    "command/roofline.py": 1,  # the kind of a source, in a word
    "systems/band.py": 2,  # "the assumed constants", whose range is the band
    "lab/steps/budget.py": 4,  # the source of the rates by which minutes are counted
    "views/screens/budget.py": 4,  # and the list of them
    "views/what_if.py": 1,  # before the share that a what-if replaces, which the test above holds to be assumed
}
"""Files that write the word themselves, and how often; all else asks the source."""


def test_the_word_is_typed_nowhere_else():
    root, found = Path(__file__).parents[3] / "pylib/rooflab", {}
    for folder in ("views", "charts", "command", "app", "lab", "analyses", "systems"):
        for path in (root / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            docs = {id(each.body[0].value) for each in ast.walk(tree) if isinstance(each, ast.Module | ast.ClassDef | ast.FunctionDef) and each.body and isinstance(each.body[0], ast.Expr)}
            literals = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in docs]
            if count := sum("ssumed" in each for each in literals):
                found[path.relative_to(root).as_posix()] = count

    assert found == TYPED
