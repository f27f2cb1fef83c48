"""The instruments say what the model says, write only what is open, and escape what they are given."""

import re

import pytest
from bokeh.models import CategoricalSlider, Div, Spinner

from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import Pin
from rooflab.lab.setting import setting
from rooflab.specs import Choice, Control
from rooflab.tracks import track
from rooflab.units import format_fraction, format_reading, format_time
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.profiler import ProfilerView
from rooflab.views.instruments.readings import ReadingsView
from rooflab.views.instruments.roofline import RooflineView, finding
from rooflab.views.instruments.verdict import VerdictView
from rooflab.views.markup import Markup, element, joined, table
from rooflab.views.steps.pins import PinsView, design_words, pin_words
from rooflab.workbench import Pinboard, make_workbench
from tests.unit.drawn_screen import put_up

TITAN = track("cloud-titan")


@pytest.fixture
def bench():
    return make_workbench(scenario=TITAN.scenario(0), part=TITAN.part(1), start=TITAN.scenario(0).crisis)


def test_attention_keeps_its_intensity_whatever_the_batch(bench):
    view = RooflineView(bench=bench)
    place = bench.layer_index
    before = view.chart.source.data["x"][place]

    bench.batch = 2 * bench.batch

    assert view.chart.source.data["x"][place] == pytest.approx(before)  # 2G/k FLOP per byte


def test_the_title_states_the_finding_in_words_and_numbers(bench):
    view = RooflineView(bench=bench)

    assert re.search("Attention: memory-bound: [0-9.]+ m?s moving bytes, [0-9.]+× the time of its", view.head.text)
    assert view.chart.figure.tags[0].startswith("rooflab:alt:Roofline. Attention: memory-bound")


def test_a_layer_below_both_roofs_is_called_latency_bound(bench):
    bench.batch, bench.layer = 1, "attn_norm"

    title, _ = finding(bench.outcome(), bench.layer_index)

    assert title.startswith("Norm before attention: latency-bound: ") and "launch overhead" in title


def test_prefill_moves_the_products_right_of_the_ridge(bench):
    bench.param.update(phase="prefill", layer="gate_up")

    title, detail = finding(bench.outcome(), bench.layer_index)

    assert "compute-bound" in title
    assert "right of its own ridge" in detail


def test_another_device_brings_its_own_roof(bench):
    view = RooflineView(bench=bench)

    bench.device_id = "h100-sxm"

    assert "H100 SXM5 80 GB, ridge 295" in view.head.text
    assert "A100 SXM4 80 GB, ridge 153" in view.head.text


def test_the_gauges_show_the_outcome(bench):
    view = VerdictView(bench=bench)

    outcome = bench.outcome()
    assert f'<span class="rp-gauge-value">{format_fraction(outcome.mbu_fraction)}</span>' in view.gauges.text
    asked = evaluate(bench.scenario, bench.scenario.reference).tokens_per_s
    assert f"≥ {format_reading(asked, 'tokens/s')}, assumed: " in view.gauges.text


def test_a_step_time_says_what_stands_behind_it(bench):
    view = ReadingsView(bench=bench)
    assert "Not validated: too few published times" in view.gauges.text

    bench.param.update(attention_kernel="fused", dispatch="graph")

    # Nine in ten are met within 12%: measured = predicted / (1 +- 0.12).
    step_s = float(bench.outcome().step_time_s)
    assert f"expect {format_time(step_s / 1.13)} to {format_time(step_s / 0.87)}: " in view.gauges.text
    assert "nine in ten of 30 published decode times lie so close" in view.gauges.text


def test_out_of_memory_is_said_and_drawn(bench):
    view = ReadingsView(bench=bench)

    bench.param.update(batch=1024, context_tokens=8192)

    assert "Out of memory" in view.gauges.text
    assert "rp-over" in view.gauges.text


def test_prefill_is_not_compared_with_a_decode_rate(bench):
    view = VerdictView(bench=bench)

    bench.param.update(phase="prefill", batch=1)

    assert "for decode only" in view.gauges.text


def test_the_profiler_writes_nothing_until_it_is_on(bench):
    view = ProfilerView(bench=bench)
    bench.batch = 2
    assert view.trace.text == ""

    bench.profiling = True

    assert view.trace.text.count('class="rp-run"') == len(bench.timeline().names)


def test_every_fact_has_a_source_or_the_word_assumed(bench):
    view = PeekView(bench=bench)

    bench.sourcing = True

    rows = view.sources.text.split("<tr>")[2:]
    assert rows
    assert all('rel="noopener noreferrer"' in row or "(assumed)" in row or "assumed" in row for row in rows)


def test_facts_are_written_as_they_are(bench):
    view = PeekView(bench=bench)

    bench.sourcing = True

    assert "unpack FLOP 1.9" in view.sources.text
    assert "memory bandwidth 2.04 TB/s; memory 85.9 GB" in view.sources.text


def test_every_control_is_explained(bench):
    _, document = put_up(bench)

    meanings = next(model.text for model in document.models if isinstance(model, Div) and "What these mean" in model.text)
    assert all(control.help and element("dd", control.help) in meanings for control in bench.part.controls)


def test_no_choice_is_cut_in_its_drop_down(bench):
    assert max(len(choice.text) for control in bench.part.controls for choice in control.choices) <= 27


def test_pins_are_listed_with_their_designs(bench):
    board = Pinboard()
    view = PinsView(board=board, controls=bench.part.controls)
    reading = bench.reading("mbu")
    pin = Pin(
        at="2026-11-02T09:30:00Z",
        track="cloud-titan",
        part=1,
        instrument=reading.instrument,
        design=bench.design().to_json(),
        name=reading.name,
        value=reading.value,
        unit=reading.unit,
    )

    board.pins = [pin]

    assert pin_words(pin) in view.list.text
    assert f"Batch {bench.batch}" in view.list.text


def test_a_setting_is_written_once_and_in_the_singular_of_one():
    experts = Control(id="experts", label="Experts", values=(1, 4), unit="experts")
    cameras = Control(id="batch", label="Cameras in a batch", values=(1, 4), unit="images")
    nms = Control(id="nms", label="Boxes", choices=(Choice(id="fixed", text="Fixed: no sort"),))

    assert design_words({"experts": 1}, [experts]) == "Experts 1"
    assert design_words({"batch": 1}, [cameras]) == "Cameras in a batch 1 image"
    assert design_words({"batch": 4, "nms": "fixed"}, [cameras, nms]) == "Cameras in a batch 4 images, Boxes Fixed"


def test_a_slider_move_sends_few_changes_and_builds_nothing(bench):
    pieces, document = put_up(bench)
    pieces.panel.look_at("peek")
    models, events = len(document.models), []
    document.on_change(events.append)

    bench.batch_stop = "256"

    assert bench.batch == 256
    assert len(events) <= 12
    assert len(document.models) == models


def test_markup_escapes_all_that_is_not_markup():
    hostile = '"><script>alert(1)</script>'

    made = element("p", hostile, title=hostile)

    assert "<script>" not in made
    assert made == element("p", Markup("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"), title=hostile)
    assert "<script>" not in table(hostile, [hostile], [(hostile, hostile)])
    assert joined(None, "a") == "a"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.464, "FLOP/byte", "0.464 FLOP/byte"),  # not 464 mFLOP/byte
        (10089.4, "tokens/s", "10\N{NO-BREAK SPACE}089 tokens/s"),
        (0.118, "", "12%"),
        (30.6e9, "B", "30.6 GB"),
    ],
)
def test_readings_are_written_so_that_they_can_be_compared(value, unit, words):
    assert format_reading(value, unit) == words


def test_a_slider_moved_on_the_page_moves_the_design_and_its_number_twin(bench):
    _, document = put_up(bench)
    slider = next(model for model in document.models if isinstance(model, CategoricalSlider) and "Batch" in model.title)
    number = next(model for model in document.models if isinstance(model, Spinner) and "Batch" in model.title)

    patch = {"events": [{"kind": "ModelChanged", "model": {"id": slider.id}, "attr": "value", "new": "256"}]}
    document.apply_json_patch(patch, setter="page")

    assert bench.batch == number.value == 256


def test_an_emptied_number_gets_its_last_value_back(bench):
    _, document = put_up(bench)
    number = next(model for model in document.models if isinstance(model, Spinner) and "Batch" in model.title)

    patch = {"events": [{"kind": "ModelChanged", "model": {"id": number.id}, "attr": "value", "new": None}]}
    document.apply_json_patch(patch, setter="page")

    assert bench.batch == number.value == bench.scenario.crisis.batch


@pytest.mark.parametrize("variant", range(3))
def test_the_baseline_is_a_ghost_on_the_roofline_and_at_the_gauge(variant):
    place = setting("cloud-titan", 1, variant)
    learner = make_workbench(scenario=place.scenario, part=place.part, start=place.start)
    reference = evaluate(place.scenario, place.scenario.reference)
    roofline, strip = RooflineView(bench=learner), VerdictView(bench=learner)

    at = reference.operators.ids.index(learner.layer)
    ghost = roofline.chart.ghost.data
    assert ghost["x"] == pytest.approx([reference.operators.intensity_flop_per_byte[at]])
    assert ghost["y"] == pytest.approx([reference.operators.attained_flop_per_s[at]])
    assert f"The A100 baseline: {format_reading(float(reference.tokens_per_s), 'tokens/s')}" in strip.gauges.text


@pytest.mark.parametrize("track", ["edge-guardian", "mobile-nomad", "tiny-pioneer"])
def test_a_repaired_crisis_is_no_ghost_on_the_bench(track):
    place = setting(track, 1, 0)
    learner = make_workbench(scenario=place.scenario, part=place.part, start=place.start)

    assert learner.reference is None
    assert len(RooflineView(bench=learner).chart.ghost.data["x"]) == 0
    assert all(place.scenario.reference_name not in view(bench=learner).gauges.text for view in (VerdictView, ReadingsView))
