"""The instruments say what the model says, write only what is open, and escape what they are given."""

import pytest
from bokeh.document import Document
from bokeh.models import CategoricalSlider, Div, Spinner

from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import Pin
from rooflab.specs import Choice, Control
from rooflab.tracks import track
from rooflab.units import format_fraction, format_reading, format_time
from rooflab.views.bench import WorkbenchView
from rooflab.views.instruments.peek import PeekView
from rooflab.views.instruments.profiler import ProfilerView
from rooflab.views.instruments.readings import ReadingsView
from rooflab.views.instruments.roofline import RooflineView, finding
from rooflab.views.markup import Markup, element, joined, table
from rooflab.views.steps.pins import PinsView, design_words, pin_words
from rooflab.workbench import Pinboard, make_workbench

TITAN = track("cloud-titan")


@pytest.fixture
def bench():
    return make_workbench(scenario=TITAN.scenario(0), part=TITAN.part(1), start=TITAN.scenario(0).crisis)


def test_the_dots_move_with_the_batch(bench):
    view = RooflineView(bench=bench)
    source = view.chart.source
    before = list(source.data["x"])

    bench.batch = 4 * bench.batch

    assert view.chart.source is source
    assert list(source.data["x"]) != before


def test_attention_keeps_its_intensity_whatever_the_batch(bench):
    view = RooflineView(bench=bench)
    place = bench.layer_index
    before = view.chart.source.data["x"][place]

    bench.batch = 2 * bench.batch

    assert view.chart.source.data["x"][place] == pytest.approx(before)  # 2G/k FLOP per byte


def test_the_title_states_the_finding_in_words_and_numbers(bench):
    view = RooflineView(bench=bench)

    assert "Attention: memory-bound, moving its bytes takes" in view.head.text
    assert view.chart.figure.tags[0].startswith("rooflab:alt:Roofline. Attention: memory-bound")


def test_a_layer_below_both_roofs_is_called_latency_bound(bench):
    bench.batch, bench.layer = 1, "attn_norm"

    title, _ = finding(bench.outcome(), bench.layer_index)

    assert title.startswith("Norm before attention: latency-bound, starting its kernels takes")


def test_prefill_moves_the_products_right_of_the_ridge(bench):
    bench.param.update(phase="prefill", layer="gate_up")

    title, detail = finding(bench.outcome(), bench.layer_index)

    assert "compute-bound" in title
    assert "right of the ridge" in detail


def test_another_device_brings_its_own_roof(bench):
    view = RooflineView(bench=bench)

    bench.device_id = "h100-sxm"

    assert view.chart.own_label.text == "H100 SXM5 80 GB, ridge 295"
    assert view.chart.other_label.text == "A100 SXM4 80 GB, ridge 153"


def test_the_table_of_layers_is_written_only_while_it_is_open(bench):
    view = RooflineView(bench=bench)
    assert (view.rows.text, view.rows.visible) == ("", False)

    bench.layers_tabled = True
    opened = view.rows.text
    bench.batch = 1

    assert opened.count('scope="row"') == 13
    assert view.rows.text != opened


def test_the_gauges_show_the_outcome(bench):
    view = ReadingsView(bench=bench)

    outcome = bench.outcome()
    assert f'<span class="rp-gauge-value">{format_fraction(outcome.mbu_fraction)}</span>' in view.gauges.text
    asked = evaluate(bench.scenario, bench.scenario.reference).tokens_per_s
    assert f"at least {format_reading(asked, 'tokens/s')} asked: missed by" in view.gauges.text


def test_a_step_time_says_what_stands_behind_it(bench):
    view = ReadingsView(bench=bench)
    assert "Not validated: too few published times" in view.gauges.text

    bench.param.update(attention_kernel="fused", dispatch="graph")

    # Nine in ten are met within 12%: measured = predicted / (1 +- 0.12).
    step_s = float(bench.outcome().step_time_s)
    assert f"it would take {format_time(step_s / 1.13)} to {format_time(step_s / 0.87)}: " in view.gauges.text
    assert "graded on 30 published decode times" in view.gauges.text


def test_out_of_memory_is_said_and_drawn(bench):
    view = ReadingsView(bench=bench)

    bench.param.update(batch=1024, context_tokens=8192)

    assert "Out of memory" in view.gauges.text
    assert "rp-over" in view.gauges.text


def test_prefill_is_not_compared_with_a_decode_rate(bench):
    view = ReadingsView(bench=bench)

    bench.phase = "prefill"

    assert "of decode only" in view.gauges.text


def test_the_profiler_writes_nothing_until_it_is_on(bench):
    view = ProfilerView(bench=bench)
    bench.batch = 2
    assert view.trace.text == ""

    bench.profiling = True

    assert view.trace.text.count('class="rp-run"') == len(bench.timeline().names)


def test_the_profiler_follows_the_kernel(bench):
    view = ProfilerView(bench=bench)
    bench.profiling = True
    assert "Repeat keys" in view.trace.text

    bench.attention_kernel = "fused"

    assert "Repeat keys" not in view.trace.text


def test_math_peek_substitutes_the_current_numbers(bench):
    view = PeekView(bench=bench)
    assert view.formulas.text == ""

    bench.peeking = True
    before = view.formulas.text
    bench.batch = 1

    assert "MFU = " in before
    assert view.formulas.text != before


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
    assert "HBM bandwidth 2.04 TB/s; HBM 85.9 GB" in view.sources.text


def test_every_control_is_explained(bench):
    view, document = shown(bench)

    meanings = next(model.text for model in document.models if isinstance(model, Div) and "What these mean" in model.text)
    assert all(control.help and element("dd", control.help) in meanings for control in view.bench.part.controls)


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
    view, document = shown(bench)
    models, events = len(document.models), []
    document.on_change(events.append)

    bench.batch_stop = "256"

    assert view.bench.batch == 256
    assert len(events) <= 10
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
    view, document = shown(bench)
    slider = next(model for model in document.models if isinstance(model, CategoricalSlider) and "Batch" in model.title)
    number = next(model for model in document.models if isinstance(model, Spinner) and "Batch" in model.title)

    patch = {"events": [{"kind": "ModelChanged", "model": {"id": slider.id}, "attr": "value", "new": "256"}]}
    document.apply_json_patch(patch, setter="page")

    assert view.bench.batch == number.value == 256


def test_an_emptied_number_gets_its_last_value_back(bench):
    view, document = shown(bench)
    number = next(model for model in document.models if isinstance(model, Spinner) and "Batch" in model.title)

    patch = {"events": [{"kind": "ModelChanged", "model": {"id": number.id}, "attr": "value", "new": None}]}
    document.apply_json_patch(patch, setter="page")

    assert view.bench.batch == number.value == bench.scenario.crisis.batch


def shown(bench):
    """Put the workbench up in a document; the view must be held, or it is collected."""
    view, document = WorkbenchView(bench=bench, board=Pinboard()), Document()
    document.add_root(view.__panel__().get_root(document))
    return view, document
