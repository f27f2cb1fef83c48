"""One figure is the same wherever it stands: gauge, pinned reading, Math Peek, ledger, command line."""

import json
import random

import numpy as np
import pytest

from rooflab.__main__ import main
from rooflab.analyses.formulas import shared_formulas
from rooflab.evaluate import BOUNDS, evaluate, formulas
from rooflab.lab.instruments import figure, instruments_of
from rooflab.lab.readings import figures
from rooflab.lab.setting import setting
from rooflab.views.instruments.peek import PeekView
from tests.unit.rendered_bench import Rendered, bench_of, every_part, quantities, shows, told

PARTS = every_part()


def moved(name, variant=1):
    """Return a bench of a part with half of its controls moved by a seed."""
    track, number = PARTS[name]
    bench, draw = bench_of(track, number, variant), random.Random(name)
    for control in draw.sample(list(bench.part.controls), len(bench.part.controls) // 2 + 1):
        finite = control.choices or control.values or control.chain
        setattr(bench, control.id, draw.choice(control.space) if finite else draw.randint(control.minimum, control.maximum))
    if not bench.outcome().runs:  # nothing of it can be pinned but the memory
        bench.take(bench.start)
    return bench


def place_words(name, variant):
    track, number = PARTS[name]
    return ["--track", track.id, "--part", str(number), "--variant", str(variant)]


@pytest.mark.parametrize("name", PARTS)
def test_a_reading_that_is_pinned_is_what_the_gauge_and_the_formula_show(name):
    bench = moved(name)
    outcome, gauges = bench.outcome(), bench.part.gauges
    said = {name: each.one(class_="rp-gauge-value").text for name, each in Rendered.of(bench).gauges().items()}
    peeked = {}
    for each in (
        *formulas(bench.scenario, bench.design(), outcome, operator_id=bench.layer),
        *shared_formulas(bench.scenario, bench.part, bench.design(), outcome, start=bench.start),
    ):
        peeked.setdefault(each.instrument, []).extend(quantities(each.result))
    for gauge in gauges:
        bench.pin(gauge.id)
        pinned, value = bench.pinned, figure(outcome, gauge.quantity)

        assert (pinned.instrument, pinned.name, pinned.value, pinned.unit) == (gauge.id, gauge.name, value, gauge.unit)
        assert gauge.name not in said or shows(said[gauge.name], value, gauge.unit)
        if peeked.get(gauge.id) and np.isfinite(value):
            assert any(each.is_(value, gauge.unit) or each.is_(value) for each in peeked[gauge.id]), (gauge.id, value, peeked[gauge.id])


@pytest.mark.parametrize("name", PARTS)
def test_every_formula_that_is_peeked_at_is_written_whole(name):
    bench = moved(name)
    shown = Rendered(peek=PeekView(bench=bench))
    bench.peeking = True
    found = (
        *formulas(bench.scenario, bench.design(), bench.outcome(), operator_id=bench.layer),
        *shared_formulas(bench.scenario, bench.part, bench.design(), bench.outcome(), start=bench.start),
    )
    boxes = shown.markup("peek").one("dl").all("div")

    assert [each.one("dt").text for each in boxes] == [each.name for each in found]
    for box, each in zip(boxes, found, strict=True):
        symbols, numbers, result, *rest = (one.text for one in box.all("dd"))
        told_ = (symbols, numbers, result, rest[0])
        assert tuple(map(plain, told_)) == tuple(map(plain, (each.symbols, each.numbers, f"= {each.result}", each.meaning)))
        assert [link.text for link in box.all("a")] == [source.name for source in each.sources if source.url.startswith("http")]
        assert [link.attributes["href"] for link in box.all("a")] == [source.url for source in each.sources if source.url.startswith("http")]


def plain(words):
    """Leave out how subscripts and spaces are set."""
    return "".join(words.replace("_", "").split())


@pytest.mark.parametrize("name", PARTS)
def test_every_instrument_can_be_pinned_by_its_button_and_reads_the_present_design(name):
    bench = moved(name)
    if "profiler" in bench.controls:
        bench.profiler = "on"
    shown = Rendered.of(bench)
    if "trace" in shown.views:
        bench.frame = shown.views["trace"]._trace.slowest(1)[0]
    for each in instruments_of(bench.part):
        buttons = [one for one in shown.widgets(each.id) if any(str(tag).startswith("rooflab:press:pin:") for tag in one.tags)]
        for button in buttons:
            (tag,) = (str(one) for one in button.tags if str(one).startswith("rooflab:press:pin:"))
            instrument = tag.removeprefix("rooflab:press:pin:")
            bench.pinned = None
            button.clicks += 1
            expected = bench.reading(instrument)
            assert bench.pinned == expected, (each.id, instrument)
            if instrument in [gauge.id for gauge in bench.part.gauges]:
                gauge = next(gauge for gauge in bench.part.gauges if gauge.id == instrument)
                assert bench.pinned.value == figure(evaluate(bench.scenario, bench.design()), gauge.quantity)


@pytest.mark.parametrize("name", PARTS)
def test_the_ledger_keeps_each_figure_under_its_own_name(name):
    bench = moved(name)
    kept = figures(bench.part, bench.mission, bench.outcome())

    for key, value in kept.items():
        assert value == float(getattr(bench.outcome(), key.replace("-", "_"))), key
    finite = {gauge.quantity.replace("_", "-") for gauge in bench.part.gauges if np.isfinite(figure(bench.outcome(), gauge.quantity))}
    assert finite - set(kept) <= {"bus-busy-fraction"}  # a pin alone keeps it


@pytest.mark.parametrize("variant", [0, 3])
@pytest.mark.parametrize("name", PARTS)
def test_the_command_line_evaluates_the_part_and_variant_that_are_asked(name, variant, capsys):
    track, number = PARTS[name]
    place = setting(track.id, number, variant)
    outcome = evaluate(place.scenario, place.start)

    if not outcome.runs:
        assert main(["evaluate", *place_words(name, variant)]) == 2
        assert "cannot run" in capsys.readouterr().err
        return
    assert main(["evaluate", *place_words(name, variant), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["design"] == place.start.to_json()
    for key, value in found.items():
        if isinstance(value, float) and hasattr(outcome, key):
            assert value == pytest.approx(float(getattr(outcome, key))), key
    assert found["bound"] == BOUNDS[int(outcome.bound)]
    assert found["bound_times_s"] == pytest.approx(dict(zip(BOUNDS, map(float, outcome.bound_times_s), strict=True)))

    assert main(["evaluate", *place_words(name, variant)]) == 0
    text = capsys.readouterr().out
    operators = outcome.operators
    for at, words in enumerate(operators.names):
        time, share, intensity, *_, rate = quantities(next(line for line in text.splitlines() if line.startswith(words)).removeprefix(words))
        assert time.is_(operators.time_s[at], "s")
        assert share.is_(operators.time_s[at] / outcome.step_time_s)
        assert intensity.is_(operators.intensity_flop_per_byte[at])
        assert rate.is_(operators.attained_flop_per_s[at], "FLOP/s")
    step = next(line for line in text.splitlines() if line.startswith("step "))
    assert shows(step, outcome.step_time_s, "s")
    assert f"{BOUNDS[int(outcome.bound)]}-bound" in step
    utilised = next(line for line in text.splitlines() if "MFU" in line)
    assert shows(utilised.split("MFU")[1], outcome.mfu_fraction)
    assert shows(utilised.split("MBU")[1], outcome.mbu_fraction)
    memory = next(line for line in text.splitlines() if line.startswith("memory "))
    assert [each.is_(value, "B") for each, value in zip(quantities(memory), (outcome.needed_bytes, outcome.capacity.available_bytes), strict=True)] == [True, True]


@pytest.mark.parametrize("name", PARTS)
def test_the_command_line_sweeps_the_part_and_variant_that_are_asked(name, capsys):
    track, number = PARTS[name]
    place = setting(track.id, number, 3)
    control = next(each for each in place.part.controls if each.choices and not each.chain)
    values = [each.id for each in control.choices]
    wanted = "step_time_s"

    assert main(["sweep", *place_words(name, 3), "--set", f"{control.id}={','.join(values)}", "--figure", wanted, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row[control.id] for row in rows] == values
    for row in rows:
        outcome = evaluate(place.scenario, place.start.replace(**{control.id: row[control.id]}))
        assert row[wanted] == (pytest.approx(float(outcome.step_time_s)) if outcome.runs else None)


def test_markup_that_is_read_back_is_what_was_written():
    read = told('<table><caption>c</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>1.50 &lt; 2<br></td></tr></tbody></table>')

    assert read.one("td").text == "1.50 < 2"
    assert [(each.value, each.unit) for each in quantities("−1.5 ms, 12%, 3 000 tokens/s, 8 min 16 s, 2.04 T")] == [
        (-1.5e-3, "s"), (12, "%"), (3, ""), (0, "tokens/s"), (496, "s"), (2.04e12, ""),
    ]  # fmt: skip
