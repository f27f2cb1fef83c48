"""Every instrument has a title, a view, a reading and a formula, and reads the number that it shows."""

import panel as pn
import pytest

from rooflab.analyses.formulas import shared_formulas
from rooflab.errors import BadDesign
from rooflab.evaluate import evaluate, formulas
from rooflab.lab.instruments import INSTRUMENTS, instruments_of
from rooflab.lab.readings import reading
from rooflab.lab.setting import setting
from rooflab.specs import Gauge, Part
from rooflab.tracks import TRACKS
from rooflab.units import format_reading
from rooflab.views.bench import VIEWS
from rooflab.workbench import make_workbench
from tests.unit import chain_lab
from tests.unit.chain_lab import design, part, scenario

SHOW_ALL = {"verdict", "readings", "peek"}  # one formula for each gauge, and all formulas
SHOW_ONLY = {"matrix", "verdict", "peek"}  # what the strip pins, the readings read


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    chain_lab.register(monkeypatch)


def read(instrument, **changes):
    return reading(scenario(), part(), design(**changes), instrument)


def time_s(**changes):
    return float(evaluate(scenario(), design(**changes)).output_time_s)


def test_traffic_reads_the_share_that_fusion_takes_away():
    y, x, w = 16 * 500 * 4, 16 * 1000 * 4, 1000 * 500 * 4

    assert read("traffic", fusion="111").value == pytest.approx(7 * y / (w + x + 8 * y))


def test_memory_reads_what_is_needed():
    assert read("memory", batch=1).value == (1000 * 500 + 1000 + 2 * 500) * 4


def test_the_trail_reads_the_intensity_of_the_step():
    found = read("trail", fusion="111", batch=1)

    assert found.value == pytest.approx((2 * 1000 * 500 + 3 * 500) / ((1000 * 500 + 1000 + 500) * 4))
    assert found.unit == "FLOP/byte"


def test_gains_read_the_speed_up_since_the_baseline_and_each_levers():
    whole = read("gains", fusion="111")

    assert whole.value == pytest.approx(time_s() / time_s(fusion="111"))
    assert read("gains-fusion", fusion="111").value == pytest.approx(whole.value)
    assert read("gains-precision", fusion="111").value == 1
    assert read("gains-fusion", fusion="111").name == "Speed-up by fusion"


def test_a_factor_below_one_is_written_without_a_prefix():
    assert format_reading(0.62, "×") == "0.62 ×"


def test_a_gauge_of_the_same_name_comes_first():
    own = Part(number=2, title="", objective="", gauges=(Gauge(id="memory", name="Own", quantity="mfu_fraction"),))

    assert reading(scenario(), own, design(), "memory").name == "Own"


@pytest.mark.parametrize("instrument", ["traffic", "gains", "gains-paint", "paint"])
def test_what_a_part_has_not_is_refused(instrument):
    bare = Part(number=2, title="", objective="")

    with pytest.raises(BadDesign, match=f"no instrument '{instrument}'"):
        reading(scenario(), bare, design(), instrument)


@pytest.fixture(params=[(each.id, number) for each in TRACKS for number in (1, 2, 3)], ids=lambda key: f"{key[0]}-{key[1]}")
def place(request):
    return setting(*request.param, 0)


def pins_of(view):
    """Return the ids of the readings that the buttons of a view pin."""
    tags = [tag for each in pn.panel(view).select(pn.widgets.Button) for tag in each.tags]
    return {tag.removeprefix("rooflab:press:pin:") for tag in tags if tag.startswith("rooflab:press:pin:")}


def test_every_instrument_has_a_title_and_a_view_of_its_own():
    assert {each.id for each in INSTRUMENTS} == set(VIEWS)
    assert len({each.title for each in INSTRUMENTS} - {""}) == len(set(VIEWS.values())) == len(INSTRUMENTS)


def test_every_instrument_is_on_some_bench():
    used = {each.id for track in TRACKS for part in track.parts for each in instruments_of(part)}

    assert used == {each.id for each in INSTRUMENTS}


def test_an_instrument_pins_what_its_buttons_say_and_no_more(place):
    bench = make_workbench(scenario=place.scenario, part=place.part, start=place.start, mission=place.mission)
    pins = {each.id: pins_of(VIEWS[each.id](bench=bench)) for each in instruments_of(place.part)}
    strip = pins.pop("verdict")
    assert strip and not strip & pins["readings"]
    pins["readings"] |= strip

    for each in instruments_of(place.part):
        assert pins.get(each.id, set()) == set(each.pins(place.part)), each.id
        untraced = each.id == "trace" and all(control.id != "profiler" for control in place.part.controls)
        assert bool(each.pins(place.part)) == (each.id not in SHOW_ONLY and not untraced), each.id


def test_what_an_instrument_pins_can_be_read(place):
    design = place.start.replace(profiler="on") if any(each.id == "profiler" for each in place.part.controls) else place.start
    outcome = evaluate(place.scenario, design)
    layer = outcome.operators.ids[0]

    for each in instruments_of(place.part):
        for pin in each.pins(place.part):
            read = reading(place.scenario, place.part, design, pin, layer, frame="1-7", outcome=outcome)
            assert read.instrument == pin and read.name


def test_an_instrument_has_its_formula_in_math_peek(place):
    outcome = evaluate(place.scenario, place.start)
    found = (
        *formulas(place.scenario, place.start, outcome),
        *shared_formulas(place.scenario, place.part, place.start, outcome, start=place.start),
    )
    written = {each.instrument for each in found}

    for each in instruments_of(place.part):
        assert each.id in SHOW_ALL if not each.formula else each.formula in written, each.id
