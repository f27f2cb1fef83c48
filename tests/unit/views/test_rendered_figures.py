"""What stands on the bench is the outcome's: each instrument's texts, tables and glyphs read back for seeded designs.

The tables below say what is where: an instrument, the words above a column or beside a figure, the quantity and its unit.
"""

import math
import random

import numpy as np
import pytest

from rooflab.analyses.gains import gains
from rooflab.analyses.traffic import traffic
from rooflab.analyses.trail import trail_point
from rooflab.charts.theme import BOUND_COLOURS, BOUND_MARKERS, MACHINE
from rooflab.charts.trail import STATES, TRAIL_MARKERS
from rooflab.evaluate import BOUNDS, evaluate
from rooflab.lab.instruments import figure, instruments_of
from rooflab.systems.earbud.matrix import matrix_layout
from rooflab.systems.glasses.heat import heat_trace
from rooflab.systems.outcome import WAITS
from rooflab.systems.vehicle.recording import loop_trace
from rooflab.views.panel_theme import STYLESHEETS
from tests.unit.rendered_bench import Rendered, bench_of, drawn, every_part, quantities, shows

SEEDS = (1, 2, 3)
CASES = [(name, seed) for name in every_part() for seed in SEEDS]


def seeded(name, seed):
    """Return a bench of a part with every control at a value drawn by a seed; variants differ too."""
    track, number = every_part()[name]
    bench, draw = bench_of(track, number, seed - 1), random.Random(f"{name} {seed}")
    for control in bench.part.controls:
        values = control.space if control.choices or control.values or control.chain else (control.minimum, (control.minimum + control.maximum) // 3, control.maximum)
        setattr(bench, control.id, draw.choice(values))
    bench.layer = draw.choice(bench.outcome().operators.ids)
    return bench


@pytest.fixture(scope="module")
def benches():
    """Benches that were made before, with their instruments."""
    made = {}

    def make(name, seed):
        if (name, seed) not in made:
            bench = seeded(name, seed)
            shown = Rendered.of(bench)
            bench.param.update(profiling=True, layers_tabled=True, peeking=True)
            for each in shown.views.values():
                if "tabled" in each.param:
                    each.tabled = True
            made[name, seed] = bench, bench.outcome(), shown
        return made[name, seed]

    return make


def having(instrument):
    """Return the cases of parts that have an instrument."""
    return [
        pytest.param(name, seed, id=f"{name}-{seed}")
        for name, seed in CASES
        if instrument in [each.id for each in instruments_of(every_part()[name][0].part(every_part()[name][1]))]
    ]


def checked(rows, expected):
    """Return what a table shows wrongly: columns by the words above them, as (value, unit) or a text."""
    wrong = []
    assert len(rows) == len(expected), (len(rows), len(expected))
    for row, values in zip(rows, expected, strict=True):
        for head, value in values.items():
            said = row[head].text
            right = said == value if isinstance(value, str) else shows(said, *value)
            if not right:
                wrong.append((head, said, value))
    return wrong


@pytest.mark.parametrize(("name", "seed"), having("readings"))
def test_every_gauge_shows_its_quantity_in_its_unit(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    gauges = shown.gauges()
    targets = {each.target.quantity: each for each in outcome.targets}

    for gauge in bench.part.gauges:
        if gauge.quantity == "needed_bytes":
            continue
        box, value = gauges[gauge.name], figure(outcome, gauge.quantity)
        if not outcome.runs:
            unbounded = gauge.quantity in outcome.cannot_run.unbounded
            assert not {"rp-met", "rp-missed"} & box.classes
            assert not box.all(class_="rp-bar")
            assert unbounded == (box.one(class_="rp-gauge-value").text == "unbounded")
            assert unbounded or shows(box.one(class_="rp-gauge-value").text, value, gauge.unit), (gauge.id, box.text)
            continue
        assert shows(box.one(class_="rp-gauge-value").text, value, gauge.unit), (gauge.id, box.text)
        held = targets.get(gauge.quantity)
        if held is not None and bool(held.judged):
            limit = float(held.target.limit)
            assert {"rp-met", "rp-missed"} & box.classes == {"rp-met" if held.met else "rp-missed"}
            said = box.one(class_="rp-note").text
            sign = "≥" if held.target.at_least else "≤"
            asked = next(each for each in quantities(said[said.index(sign) :]))
            assert box.one("i").style("width") == pytest.approx(100 * min(value / limit, 1), abs=0.006), gauge.id
            assert asked.is_(limit, gauge.unit), (gauge.id, said)
            assert bool(held.met) == (value >= limit if held.target.at_least else value <= limit)
        elif gauge.full and math.isfinite(value):
            width = box.one("i").style("width")
            assert width == pytest.approx(100 * min(value / gauge.full, 1), abs=0.006), gauge.id


@pytest.mark.parametrize(("name", "seed"), having("readings"))
def test_memory_shows_what_is_needed_of_what_there_is(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    box = next(each for each in shown.gauges().values() if "rp-wide" in each.classes)
    needed, available = (quantities(box.one(class_=each).text)[0] for each in ("rp-gauge-value", "rp-note"))

    assert needed.is_(outcome.capacity.needed_bytes, "B")
    assert available.is_(outcome.capacity.available_bytes, "B")
    assert ("rp-over" in box.classes) == (not outcome.capacity.fits)
    full = max(float(outcome.capacity.needed_bytes), float(outcome.capacity.available_bytes))
    widths = [each.style("width") for each in box.one(class_="rp-stack").all("i")]
    assert widths == pytest.approx([100 * float(bytes_) / full for _, bytes_ in outcome.capacity.parts], abs=0.006)


@pytest.mark.parametrize(("name", "seed"), having("readings"))
def test_the_headline_and_the_shares_of_the_step(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    head = shown.markup("verdict").one("h3").text
    share = outcome.bound_times_s / outcome.step_time_s

    if outcome.runs:
        assert shows(head, outcome.step_time_s, "s")
        assert shows(head[head.index("MBU") :], outcome.mbu_fraction)
        assert shows(head[head.index("MFU") :], outcome.mfu_fraction)
        assert quantities(head)[1].is_(share[outcome.bound])
        assert WAITS[int(outcome.bound)] in head
    else:
        assert head == f"Cannot run. {outcome.cannot_run.kind}: {outcome.cannot_run.reason}"
    step = shown.markup("readings").one(class_="rp-step")
    key = {each.text.rpartition(each.one("span").text)[0].strip(): each.one("span").text for each in step.all("li")}
    assert all(shows(key[words], part) if part else words not in key for words, part in zip(WAITS, share, strict=True))
    binds = shown.markup("verdict").one(class_="rp-binds")
    assert shows(binds.one(class_="rp-gauge-value").text, max(share))
    assert WAITS[int(np.argmax(share))] in binds.one(class_="rp-note").text
    for each in (step, binds):
        widths = [part.style("width") for part in each.one(class_="rp-stack").all("i")]
        assert widths == pytest.approx([100 * part for part in share.tolist() if part], abs=0.006)


@pytest.mark.parametrize(("name", "seed"), having("roofline"))
def test_every_layer_is_a_dot_at_its_intensity_and_rate(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    (plot,), operators = shown.plots("roofline"), outcome.operators
    dots = next(each for each in drawn(plot, "Scatter") if len(each["x"]) == len(operators.ids))
    drawn_ = operators.attained_flop_per_s > 0
    bounds = [BOUNDS[each] for each in operators.bound]

    assert "per byte" in plot.xaxis[0].axis_label
    assert "FLOP/s" in plot.yaxis[0].axis_label
    assert np.array_equal(np.isfinite(np.asarray(dots["x"], dtype=float)), drawn_)
    low, high = plot.y_range.start, plot.y_range.end
    assert np.asarray(dots["x"])[drawn_] == pytest.approx(np.clip(operators.intensity_flop_per_byte, plot.x_range.start, plot.x_range.end)[drawn_])
    assert np.asarray(dots["y"])[drawn_] == pytest.approx(np.clip(operators.attained_flop_per_s, low, high)[drawn_])
    assert list(dots["marker"]) == [BOUND_MARKERS[each] for each in bounds]
    assert list(dots["line_color"]) == [BOUND_COLOURS[each] for each in bounds]
    *ghosts, ringed, ring = [each for each in drawn(plot, "Scatter") if each is not dots and len(each["x"]) == 1]
    assert len(ghosts) == (bench.reference is not None)
    for each in (ringed, ring):
        place = bench.layer_index
        assert np.asarray([each["x"][0], each["y"][0]]) == pytest.approx(np.array([dots["x"][place], dots["y"][place]]), nan_ok=True)


@pytest.mark.parametrize("instrument", ["roofline", "trail"])
@pytest.mark.parametrize("name", list(every_part()))
def test_the_roofs_are_those_of_the_devices_and_the_own_is_in_the_colour_of_the_machine(benches, name, instrument):
    bench, outcome, shown = benches(name, 1)
    if instrument not in shown.views:
        return
    (plot,) = shown.plots(instrument)
    own, *others = bench.scenario.roofs(bench.design())
    lines = [(each["line_color"], np.asarray(each["x"]), np.asarray(each["y"])) for each in drawn(plot, "Line") if len(each["x"])]
    lines += [(each["line_color"], np.asarray(x), np.asarray(y)) for each in drawn(plot, "MultiLine") for x, y in zip(each["xs"], each["ys"], strict=True)]

    def follows(roof, line):
        _, x, y = line
        return np.allclose(y, np.minimum(x * roof.hbm_bytes_per_s, roof.peak_flop_per_s)) and len(x) > 1 and x.min() < x.max()

    assert follows(own, next(each for each in lines if each[0] == MACHINE))
    shown_others = others[:1] if instrument == "roofline" else others
    assert all(any(follows(each, line) for line in lines) for each in shown_others)


# Instrument "roofline": the words above a column, and what of an operator stands below, in which unit.
LAYERS = {
    "Time": lambda operators, at: (operators.time_s[at], "s"),
    "FLOP": lambda operators, at: (operators.flop[at], ""),
    "Bytes": lambda operators, at: (operators.weight_bytes[at] + operators.activation_bytes[at] + operators.kv_bytes[at], "B"),
    "FLOP per byte": lambda operators, at: (operators.intensity_flop_per_byte[at], ""),
    "FLOP/s": lambda operators, at: (operators.attained_flop_per_s[at], ""),
    "Launches": lambda operators, at: (operators.launches[at], ""),
    "Bound by": lambda operators, at: BOUNDS[operators.bound[at]],
    "Layer": lambda operators, at: operators.names[at],
}


@pytest.mark.parametrize(("name", "seed"), having("roofline"))
def test_the_table_of_layers(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    operators = outcome.operators

    rows = shown.table("roofline", *LAYERS)

    assert checked(rows, [{head: read(operators, at) for head, read in LAYERS.items()} for at in range(len(operators.ids))]) == []


@pytest.mark.parametrize(("name", "seed"), having("roofline"))
def test_the_layer_looked_at_is_told_with_its_numbers(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    place, operators = bench.layer_index, outcome.operators
    title, detail = shown.markup("roofline").one("h3").text, shown.markup("roofline").one("p").text

    assert title.startswith(operators.names[place])
    if not operators.time_s[place]:
        return
    bound = BOUNDS[operators.bound[place]]
    times = dict(zip(BOUNDS, (operators.memory_s, operators.compute_s, operators.launch_s, operators.link_s), strict=True))
    longest = float(times[bound][place])
    second = max(float(value[place]) for name_, value in times.items() if name_ != bound)
    said = quantities(title.removeprefix(operators.names[place]))
    assert f"{bound}-bound" in title
    assert said[0].is_(longest, "s")
    assert second == 0 or said[1].is_(longest / second, "×")
    if operators.flop[place]:
        memory_s, compute_s = float(operators.memory_s[place]), float(operators.compute_s[place])
        intensity, ridge, attained, of_ceiling, share = quantities(detail)[:5]
        ceiling = next(each for each in shown.markup("roofline").all("details") if each.one("summary").text == "Its own ceiling")
        reached, *_, datasheet = quantities(ceiling.one("p").text)
        assert reached.is_(operators.flop[place] / compute_s, "FLOP/s")
        assert of_ceiling.is_(max(memory_s, compute_s) / operators.time_s[place])
        assert intensity.is_(operators.intensity_flop_per_byte[place], "FLOP per byte")
        assert ridge.is_(operators.intensity_flop_per_byte[place] * memory_s / compute_s)
        assert datasheet.is_(outcome.ridge_flop_per_byte)
        assert attained.is_(operators.attained_flop_per_s[place], "FLOP/s")
        assert share.is_(operators.attained_flop_per_s[place] / outcome.peak_flop_per_s)
        assert ("left" in detail) == (memory_s >= compute_s)


@pytest.mark.parametrize(("name", "seed"), having("profiler"))
def test_the_trace_of_kernels_is_the_timeline(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    line = bench.timeline()
    total = line.layer_time_s
    columns = {"Runs": line.durations_s, "Gap before": line.gaps_before_s}
    rows = shown.table("profiler", "Kernel", "Timeline", "Share", *columns)

    expected = [
        {"Kernel": line.names[at], "Share": (line.durations_s[at] / total, ""), **{head: (values[at], "s") for head, values in columns.items()}}
        for at in range(len(line.names))
    ]
    assert checked(rows, expected) == []
    for at, row in enumerate(rows):
        gap, run = row["Timeline"].one(class_="rp-gap"), row["Timeline"].one(class_="rp-run")
        assert run.style("left") == pytest.approx(100 * line.starts_s[at] / total, abs=0.006)
        assert run.style("width") == pytest.approx(100 * line.durations_s[at] / total, abs=0.006)
        assert gap.style("left") + gap.style("width") == pytest.approx(run.style("left"), abs=0.011)
        assert gap.style("width") == pytest.approx(100 * line.gaps_before_s[at] / total, abs=0.006)
    head = shown.markup("profiler").one("h3").text
    longest = int(np.argmax(line.durations_s))
    took, *_ = quantities(head.removeprefix(line.subject))
    assert took.is_(total, "s")
    assert shows(head[head.index(f"{line.names[longest]} runs") + len(line.names[longest]) :], line.durations_s[longest] / total)
    assert quantities(head)[-1].is_(line.gap_fraction)
    assert quantities(shown.markup("profiler").one("p").text)[-1].is_(line.gaps_before_s.sum(), "s")


@pytest.mark.parametrize(("name", "seed"), having("memory"))
def test_what_fills_the_memory_stands_one_after_the_other(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    capacity = outcome.capacity
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    parts = [(words, float(bytes_)) for words, bytes_ in capacity.parts if bytes_]
    sizes = [size for _, size in parts]
    rows = shown.table("memory", "Purpose", "Bytes", "Share")
    scale = max(needed, available)

    expected = [{"Purpose": name[:1].upper() + name[1:] if name.islower() else name, "Bytes": (size, "B"), "Share": (size / available, "")} for name, size in parts]
    left = available - needed
    expected.append({"Purpose": "Free" if left >= 0 else "Too much", "Bytes": (abs(left), "B"), "Share": (abs(left) / available, "")})
    assert checked(rows, expected) == []
    starts = np.cumsum([0.0, *sizes])
    for row, start, size in zip(rows, starts, sizes, strict=False):
        bar = row["To scale"].one("i")
        assert bar.style("left") == pytest.approx(100 * start / scale, abs=0.006)
        assert bar.style("width") == pytest.approx(100 * size / scale, abs=0.011)
    last = rows[-1]["To scale"].one("i")
    assert (last.style("left"), last.style("width")) == pytest.approx((100 * min(needed, available) / scale, 100 * abs(left) / scale), abs=0.011)
    assert rows[0]["To scale"].one("b").style("left") == pytest.approx(100 * available / scale, abs=0.006)
    head = quantities(shown.markup("memory").one("h3").text)
    assert head[0].is_(needed, "B")
    assert head[1].is_(available, "B")
    assert head[2].is_(abs(left), "B")
    if capacity.fits and len(parts) > 1:
        detail = shown.markup("memory").one("p").text
        largest = max(capacity.parts, key=lambda part: float(part[1]))
        assert largest[0] in detail
        assert shows(detail, float(largest[1]), "B")


# Instrument "traffic": kinds of bytes as the table names them.
KINDS = {"Weights": "weight_bytes", "Activations": "activation_bytes", "Cache or state": "kv_bytes", "All bytes": "hbm_bytes"}


@pytest.mark.parametrize(("name", "seed"), having("traffic"))
def test_the_bytes_of_every_level_and_kernel(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    control = next(each for each in bench.part.controls if each.chain)
    found = traffic(bench.scenario, bench.design(), control.id, control)
    levels = [*found.levels, *([] if found.present.fused in [each.fused for each in found.levels] else [found.present])]

    rows = shown.table("traffic", "Level", *KINDS)
    assert checked(rows, [{"Level": each.name, **{head: (getattr(each, key), "B") for head, key in KINDS.items()}, "FLOP": (each.flop, "FLOP"), "Launches": (each.launches, "")} for each in levels]) == []
    rows = shown.table("traffic", "Kernel", "Nothing fused", "Now", "Saved")
    assert checked(rows, [{"Kernel": each.name, "Nothing fused": (each.unfused_bytes, "B"), "Now": (each.present_bytes, "B"), "Saved": (each.unfused_bytes - each.present_bytes, "B")} for each in found.kernels]) == []
    assert found.present.hbm_bytes == pytest.approx(outcome.operators.hbm_bytes.sum())
    rows = shown.table("traffic", "Step", "Bytes or FLOP")
    assert shows(rows[0]["Bytes or FLOP"].text, found.unfused.hbm_bytes, "B")
    for row, each in zip(rows[1:], found.savings, strict=False):
        said = row["Bytes or FLOP"].text
        assert row["Step"].text == f"{each.before} + {each.after}"
        assert (said[0] == "+") == (each.saved_bytes < 0)
        assert shows(said[1:], abs(each.saved_bytes), "B")
    now = next(row for row in rows if row["Step"].text.startswith("Now"))
    assert shows(now["Bytes or FLOP"].text, found.present.hbm_bytes, "B")
    assert shows(rows[-2]["Bytes or FLOP"].text, found.unfused.flop, "FLOP")
    assert shows(rows[-1]["Bytes or FLOP"].text, found.present.flop, "FLOP")
    ends = [each.style("left") + each.style("width") for each in (rows[0]["To scale"].all("i")[-1], now["To scale"].all("i")[-1])]
    assert ends[1] / ends[0] == pytest.approx(found.present.hbm_bytes / found.unfused.hbm_bytes, abs=2e-4)
    head = shown.markup("traffic").one("h3").text
    if found.savings:
        assert str(len(found.savings)) in head.split("saves")[0].split("adds")[0]
        assert quantities(head)[1].is_(abs(found.saved_bytes), "B")
        assert quantities(head)[2].is_(abs(found.saved_fraction))
    assert quantities(head)[-1].is_(found.present.flop, "FLOP")
    detail = quantities(shown.markup("traffic").one("p").text)
    assert detail[0].is_(found.present.hbm_bytes, "B")
    assert detail[1].is_(found.present.weight_bytes / found.present.hbm_bytes)
    assert [round(each.value) for each in detail[-2:]] == [round(found.present.launches), round(found.unfused.launches)]


@pytest.mark.parametrize(("name", "seed"), having("gains"))
def test_every_lever_has_its_factor_and_its_bar(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    found = gains(bench.scenario, bench.start, bench.design(), bench.part.levers)
    changed, head = [each for each in found.gains if each.changed], shown.markup("gains").one("h3").text
    rows = shown.table("gains", "Lever", "Factor")

    before = evaluate(bench.scenario, bench.start).output_time_s
    assert found.total_factor == pytest.approx(float(before / outcome.output_time_s))
    assert [row["Lever"].text for row in rows[: len(changed)]] == [each.name for each in changed]
    for row, each in zip(rows, changed, strict=False):
        assert shows(row["Factor"].text, each.factor, "×")
        assert ("slower" in row["Factor"].text) == (each.factor < 0.9995)
    assert shows(rows[-1]["Factor"].text, found.total_factor, "×")
    if 0.9995 <= found.total_factor <= 1.0005:
        return
    faster = found.total_factor > 1
    said = quantities(head)
    assert head.startswith("Slower") != faster
    times = [float(outcome.output_time_s), float(before)] if faster else [float(outcome.output_time_s)]
    assert all(any(each.is_(time, "s") for each in said) for time in times), head
    assert any(each.is_(found.total_factor if faster else 1 / found.total_factor, "×") for each in said), head
    # Equal lengths are equal factors: a bar's ends stand at the logarithms of what was reached.
    if found.problem:
        return
    reached, places = np.cumprod([1.0, *(each.factor for each in changed)]), []
    for row, each in zip(rows, changed, strict=False):
        bar = next(one for one in row[list(row)[1]].all("i"))
        left, right = bar.style("left"), bar.style("left") + bar.style("width")
        places.append((left, right) if each.factor >= 1 else (right, left))
        assert ("rp-added" in bar.classes) == (each.factor < 1)
    line = rows[0][list(rows[0])[1]].one("b").style("left")
    scale = (places[-1][1] - line) / math.log(reached[-1])
    for (start, end), low, high in zip(places, reached, reached[1:], strict=False):
        assert (start, end) == pytest.approx((line + scale * math.log(low), line + scale * math.log(high)), abs=0.1)


@pytest.mark.parametrize(("name", "seed"), having("trail"))
def test_the_trail_is_every_move_in_order_and_the_present_is_ringed(name, seed):
    bench = seeded(name, seed)
    end = bench.design()
    bench.take(bench.start)
    shown = Rendered.of(bench)
    points = [trail_point(bench.outcome())]
    for control in bench.part.controls[:4]:
        before = bench.design()
        setattr(bench, control.id, getattr(end, control.id))
        if bench.design() != before:
            points.append(trail_point(bench.outcome()))
    shown.views["trail"].tabled = True
    (plot,), now = shown.plots("trail"), points[-1]

    assert "FLOP per byte" in plot.xaxis[0].axis_label
    assert "FLOP/s" in plot.yaxis[0].axis_label
    x, y = ([getattr(each, key) for each in points] for key in ("intensity_flop_per_byte", "attained_flop_per_s"))
    dots = next(each for each in drawn(plot, "Scatter") if len(each["x"]) == len(points) and isinstance(each["size"], np.ndarray))
    assert list(dots["x"]) == pytest.approx(x)
    assert list(dots["y"]) == pytest.approx(y)
    assert list(dots["marker"]) == [TRAIL_MARKERS[each.bound] for each in points]
    assert any(list(each["x"]) == pytest.approx(x) and list(each["y"]) == pytest.approx(y) for each in drawn(plot, "Line") if len(each["x"]) == len(points))
    ringed = [each for each in drawn(plot, "Scatter") if each is not dots and not isinstance(each["size"], np.ndarray)]
    assert all((each["x"][0], each["y"][0]) == pytest.approx((x[-1], y[-1])) for each in ringed)
    assert len(ringed) >= 2
    rows = shown.table("trail", "Move", "FLOP per byte", "FLOP/s", "Of its own ceiling")
    assert checked(rows, [{"Move": str(at), "FLOP per byte": (each.intensity_flop_per_byte, ""), "FLOP/s": (each.attained_flop_per_s, ""), "Of its own ceiling": (each.attained_flop_per_s / each.roof_flop_per_s, ""), "Its own ridge": (each.ridge_flop_per_byte, ""), "Most of the step": STATES[each.bound]} for at, each in enumerate(points)]) == []
    head, detail = shown.markup("trail").one("h3").text, shown.markup("trail").one("p").text
    said = quantities(head)[-3:]
    assert said[0].is_(now.intensity_flop_per_byte, "FLOP per byte")
    assert said[1].is_(now.attained_flop_per_s, "FLOP/s")
    assert said[2].is_(now.roof_fraction)
    if len(points) > 1:
        across, up = (each for each in quantities(detail) if each.unit == "×")
        assert across.is_(x[-1] / x[-2], "×")
        assert up.is_(y[-1] / y[-2], "×")
        assert f"Move {len(points) - 1}" in head


@pytest.mark.parametrize(("name", "seed"), having("heat"))
def test_heat_shows_watts_and_the_curve_over_minutes(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    trace = heat_trace(bench.scenario, bench.design(), outcome)
    top, below = shown.plots("heat")
    minutes = trace.times_s / 60

    for plot, words in ((top, "°C"), (below, "rames/s")):
        assert "inutes" in plot.xaxis[0].axis_label
        assert words in plot.yaxis[0].axis_label
    for plot, values in ((top, trace.skin_c), (below, trace.frames_per_s)):
        line = drawn(plot, "Line")[0]
        assert np.allclose(line["x"], minutes)
        assert np.allclose(line["y"], values)
        assert plot.y_range.start <= values.min()
        assert plot.y_range.end >= values.max()
    area = drawn(below, "VArea")[0]
    assert np.allclose(area["y2"], trace.frames_per_s)
    throttled = trace.clock_fraction < 1
    starts = minutes[throttled & ~np.concatenate(([False], throttled[:-1]))]
    assert np.allclose(drawn(top, "VSpan")[0]["x"], starts)
    spans = sorted(each.location for each in top.center if type(each).__name__ == "Span")
    assert spans == sorted((trace.limit_c, trace.resume_c))
    labels = {each.y: each.text for each in top.center if type(each).__name__ == "Label"}
    assert all(shows(labels[each], each, "°C") for each in spans)
    causes = {"display, camera, radio and system": outcome.idle_power_w, "memory traffic": outcome.memory_power_w, "arithmetic": outcome.arithmetic_power_w, "leakage while awake": outcome.static_power_w}
    for each in shown.markup("heat").one(class_="rp-key").all("li"):
        said = each.one("span").text
        words = each.text.removesuffix(said).strip()
        if words in causes:
            watts, share = quantities(said)
            assert watts.is_(causes[words], "W")
            assert share.is_(causes[words] / outcome.power_limit_w)
            causes.pop(words)
        else:
            assert shows(said, outcome.power_limit_w, "W")
    assert causes == {}
    stack = shown.markup("heat").one(class_="rp-stack")
    full = max(float(outcome.power_w), float(outcome.power_limit_w))
    assert sum(each.style("width") for each in stack.all("i")) == pytest.approx(100 * float(outcome.power_w) / full, abs=0.03)
    assert stack.one("b").style("left") == pytest.approx(100 * float(outcome.power_limit_w) / full, abs=0.006)
    rows = shown.table("heat", "Time", "Skin", "Clock", "Frame rate", "State")
    step = (len(trace.times_s) - 1) // (len(rows) - 1)
    places = range(0, len(trace.times_s), step)
    assert checked(rows, [{"Skin": (trace.skin_c[at], "°C"), "Clock": (trace.clock_fraction[at], ""), "Frame rate": (trace.frames_per_s[at], "FPS")} for at in places]) == []
    assert [row["State"].text == "throttled" for row in rows] == [bool(throttled[at]) for at in places]
    assert [row["Time"].text for row in rows] == [f"{trace.times_s[at] / 60:.0f} min" for at in places] or all(shows(row["Time"].text, trace.times_s[at], "s") for row, at in zip(rows, places, strict=True))


@pytest.mark.parametrize(("name", "seed"), having("heat"))
def test_heat_says_how_warm_when_and_what_is_left(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    trace = heat_trace(bench.scenario, bench.design(), outcome)
    head, detail = shown.markup("heat").one("h3"), shown.markup("heat").one("p").text
    said, body = quantities(head.text), bench.scenario.body

    throttles = math.isfinite(outcome.throttle_s)
    assert ("rp-failed" in head.classes) == throttles
    if throttles:
        for value, unit in ((round(float(outcome.throttle_s)), "s"), (outcome.power_w, "W"), (outcome.power_limit_w, "W"), (trace.limit_c, "°C")):
            assert any(each.is_(value, unit) or (unit == "s" and abs(each.value - value) <= 30) for each in said), (value, head.text)
        assert quantities(head.text)[1].is_(outcome.power_w, "W")
        if outcome.throttled_power_w > outcome.power_limit_w:
            assert shows(detail, outcome.throttled_power_w, "W")
        else:
            assert shows(detail, outcome.sustained_frames_per_s, "FPS")
            assert quantities(detail)[1].is_(outcome.power_w - outcome.power_limit_w, "W")
    else:
        settled = float(bench.design().ambient_c) + float(outcome.power_w) * body.resistance_k_per_w
        assert said[0].is_(outcome.power_w, "W")
        assert said[1].is_(settled, "°C")
        assert said[2].is_(trace.limit_c, "°C")
        assert shows(detail, outcome.power_limit_w, "W")


@pytest.mark.parametrize(("name", "seed"), having("matrix"))
def test_the_matrix_is_drawn_and_tabled_as_it_lies(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    layout = matrix_layout(bench.scenario, bench.design())
    (plot,) = shown.plots("matrix")

    quads, segments = drawn(plot, "Quad"), drawn(plot, "Segment")
    widths = [bytes_ for each in layout.matrices for _, bytes_ in each.parts_bytes]
    assert np.subtract(quads[0]["right"], quads[0]["left"]) == pytest.approx(widths)
    fills = [fill for each in layout.matrices for fill in (each.vector_fill_bytes, each.line_fill_bytes) if fill > 0]
    assert np.subtract(quads[1]["right"], quads[1]["left"]) == pytest.approx(fills)
    rows = {float(each.rows) for each in layout.matrices}
    assert {float(each) for each in (*quads[0]["bottom"], *quads[1]["bottom"])} == rows
    assert {float(each) for each in (*quads[0]["top"], *quads[1]["top"])} == {0.0}
    upright = [each for each in segments if len(each["x0"]) and list(each["x0"]) == list(each["x1"])]
    drawn_at = sorted(float(at) for each in upright for at in each["x0"])
    expected, start = [], 0.0
    gap = 0.06 * max(each.stored_bytes for each in layout.matrices)
    for each in layout.matrices:
        if each.vector_bytes < each.useful_bytes and each.vectors < each.length:
            expected += [start + each.vector_bytes * at for at in range(each.vectors + 1)]
        if each.line_bytes > 1:
            expected += [start + each.line_bytes * at for at in range(each.lines + 1)]
        start += each.stored_bytes + gap
    assert drawn_at == pytest.approx(sorted(expected))
    for each in upright:
        assert {(float(low), float(high)) for low, high in zip(each["y0"], each["y1"], strict=True)} == {(row, 0.0) for row in rows}
    level = next(each for each in segments if len(each["y0"]) and list(each["y0"]) == list(each["y1"]))
    assert sorted({float(each) / next(iter(rows)) for each in level["y0"]}) == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert "Bytes" in plot.xaxis[0].axis_label
    assert "Rows" in plot.yaxis[0].axis_label
    heads = {"Rows": ("rows", ""), "Weights in a row": ("length", ""), "Bytes of weights": ("useful_bytes", "B"), "Fills up vectors": ("vector_fill_bytes", "B"), "Fills up lines": ("line_fill_bytes", "B")}
    table = shown.table("matrix", "Matrix", *heads)
    assert checked(table, [{"Matrix": each.name, **{head: (getattr(each, key), unit) for head, (key, unit) in heads.items()}} for each in layout.matrices]) == []
    for row, each in zip(table, layout.matrices, strict=True):
        assert row["Vectors"].text == (f"{each.vectors} of {layout.lanes}" if layout.lanes > 1 else "none")
        assert row["Lines"].text == (f"{each.lines} of {each.line_bytes} B" if layout.cached else "no cache")
    detail = shown.markup("matrix").one("p").text
    asked, given = (each for each in quantities(detail) if each.unit == "B/s")
    assert asked.is_(outcome.asked_bytes_per_s, "B/s")
    assert given.is_(outcome.given_bytes_per_s, "B/s")
    assert ("the core waits" in detail) == (outcome.pull_fraction > 1)
    if outcome.buildable and layout.wasted_bytes:
        head = quantities(shown.markup("matrix").one("h3").text)
        assert head[0].is_(1 - layout.useful_fraction)
        assert any(each.is_(layout.wasted_bytes, "B") for each in head)


@pytest.mark.parametrize(("name", "seed"), having("trace"))
def test_the_recording_is_drawn_in_milliseconds(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    trace = loop_trace(bench.scenario, bench.design(), outcome)
    over_time, _, histogram, arrivals = shown.plots("trace")
    milliseconds = 1e3 * trace.frame_s

    assert over_time.yaxis[0].axis_label == histogram.xaxis[0].axis_label == "Frame time (ms)"
    band = drawn(over_time, "VArea")[0]
    assert (np.min(band["y1"]), np.max(band["y2"])) == pytest.approx((milliseconds.min(), milliseconds.max()))
    assert (np.asarray(band["y1"]) <= np.asarray(band["y2"])).all()
    slow = drawn(over_time, "Scatter")[0]
    assert len(slow["x"]) == min(len(trace.slow), 500)
    assert np.allclose(milliseconds[np.asarray(slow["x"], dtype=int)], slow["y"])
    (deadline,) = (each.location for each in over_time.center if type(each).__name__ == "Span")
    assert deadline == pytest.approx(1e3 * trace.deadline_s) == pytest.approx(next(each.location for each in histogram.center if type(each).__name__ == "Span"))
    bars = drawn(histogram, "Quad")[0]
    counted = [((milliseconds >= low) & (milliseconds < high)).sum() for low, high in zip(bars["left"], bars["right"], strict=True)]
    assert np.abs(np.subtract(counted, bars["top"])).sum() <= 2  # a frame on an edge
    marks = {each.text: each.x for each in histogram.center if type(each).__name__ == "Label"}
    assert marks == pytest.approx({"mean": 1e3 * trace.mean_s, "p50": 1e3 * trace.measured_s(0.5), "p99": 1e3 * trace.measured_s(0.99), "p99.9": 1e3 * trace.measured_s(0.999), "p99.9 in the long run": 1e3 * outcome.p999_s})
    assert sorted(drawn(histogram, "VSpan")[0]["x"]) == pytest.approx(sorted(marks.values()))
    gaps = drawn(arrivals, "Quad")[0]
    assert sum(gaps["top"]) == len(trace.gaps_count)
    for low, high, count in zip(gaps["left"], gaps["right"], gaps["top"], strict=True):
        assert ((trace.gaps_count >= low) & (trace.gaps_count <= high)).sum() >= count


@pytest.mark.parametrize(("name", "seed"), having("trace"))
def test_the_recording_is_told_and_tabled(benches, name, seed):
    bench, outcome, shown = benches(name, seed)
    trace = loop_trace(bench.scenario, bench.design(), outcome)
    frames, slow = trace.frame_s, len(trace.slow)
    exact = {"Mean": outcome.mean_frame_s, "p50": outcome.p50_s, "p99": outcome.p99_s, "p99.9": outcome.p999_s}
    recorded = {"Mean": frames.mean(), "p50": trace.measured_s(0.5), "p99": trace.measured_s(0.99), "p99.9": trace.measured_s(0.999)}

    rows = {row["Statistic"].text: row for row in shown.table("trace", "Statistic", "Recorded", "In the long run")}
    for name_, value in exact.items():
        assert shows(rows[name_]["Recorded"].text, recorded[name_], "s"), name_
        assert shows(rows[name_]["In the long run"].text, value, "s"), name_
    assert shows(rows["Over the deadline"]["Recorded"].text, slow / len(frames))
    assert shows(rows["Over the deadline"]["In the long run"].text, outcome.miss_fraction)
    assert (frames > trace.deadline_s).sum() == slow
    head = quantities(shown.markup("trace").one("h3").text)
    expected = [(slow, ""), (len(frames), ""), (slow / len(frames), ""), (trace.deadline_s, "s"), (frames.max(), "s")] if slow else [(len(frames), ""), (trace.deadline_s, "s"), (frames.max(), "s")]
    assert all(each.is_(value, unit) for each, (value, unit) in zip(head, expected, strict=True)), shown.markup("trace").one("h3").text


@pytest.mark.parametrize("name", list(every_part()))
def test_every_figure_is_dressed_as_the_page_is(benches, name):
    _, _, shown = benches(name, 1)
    for instrument in shown.views:
        for plot in shown.plots(instrument):
            assert [each.url for each in plot.stylesheets] == list(STYLESHEETS), instrument


@pytest.mark.parametrize("name", list(every_part()))
def test_no_words_in_a_figure_are_a_glyph_which_would_stay_black_in_the_dark(benches, name):
    _, _, shown = benches(name, 1)
    words = {instrument: [drawn(plot, "Text") for plot in shown.plots(instrument)] for instrument in shown.views}

    assert not any(each for plots in words.values() for each in plots), words
