"""What fusing gains as the work on an element grows, and what a batch costs as it grows: measured beside predicted."""

from rooflab.charts.measured_curve import Line, Mark, MeasuredCurve
from rooflab.machine.predict import predicted
from rooflab.units import format_fraction, format_number, format_ratio, format_time
from rooflab.views.machine.figure import charted
from rooflab.views.panel_theme import STYLESHEETS

__all__ = ["batch_view", "fused_view"]

SIGNS = "Dots: measured. Line: the model."
CURVED = 3
"""Places that a curve needs to be drawn."""


def fused_view(study):
    """Draw the gain of one fused pass over the number of steps, and where it bends; None where too little was measured."""
    gained = study.gained
    if len(gained) < CURVED:
        return None
    model = [_time("chain", "passes", each.steps, study) / _time("chain", "fused", each.steps, study) for each in gained]
    steps = [each.steps for each in gained]
    chart = MeasuredCurve(
        x_label="Multiply-adds on each element (k)",
        y_label="k passes against one",
        samples=[(each.steps, each.passes.best_s / sample, "") for each in gained for sample in each.fused.samples_s],
        best=[(each.steps, each.factor, f"{each.steps}: {format_ratio(each.factor)}") for each in gained],
        lines=[Line(steps, model)],
        marks=_bends(study.bend),
        x_ticks={each: str(each) for each in steps},
        y_ticks={each: str(each) for each in (1, 2, 4, 8, 16, 32)},
        stylesheets=STYLESHEETS,
    )
    rows = [
        (str(each.steps), format_time(each.passes.best_s), format_time(each.fused.best_s), format_ratio(each.factor), format_ratio(factor))
        for each, factor in zip(gained, model, strict=True)
    ]
    title, detail = _bend_words(study, gained)
    return charted(title, detail, chart, ("Steps", "In passes", "Fused", "Gain", "By the model"), rows, caption="One fused pass against as many passes as there are steps")


def _bends(found):
    if found is None:
        return []
    return [Mark(found.own_count, "its own bend"), Mark(found.predicted_count, "by the roofs", limit=True)]


def _bend_words(study, gained):
    most = max(each.factor for each in gained)
    found = study.bend
    if found is None:
        return f"Fusing gains up to {format_ratio(most)}.", f"The curve does not bend between its ends, or bends at one of them. {SIGNS}"
    title = f"Fusing gains up to {format_ratio(most)}; the curve bends at {format_number(found.own_count)} multiply-adds."
    return title, (
        f"Peak and bandwidth, measured apart, say {format_number(found.predicted_count)}: off by {format_fraction(abs(found.error_fraction))}. "
        f"Up to there the pass takes as long as its bytes, beyond it as long as its arithmetic. {SIGNS}"
    )


def batch_view(study):
    """Draw the time of a batch over its columns; None where too little was measured."""
    rows = study.measured.of("batch")
    if len(rows) < CURVED:
        return None
    columns, model = [each.size for each in rows], [_time("batch", "", each.size, study) for each in rows]
    chart = MeasuredCurve(
        x_label="Columns (B)",
        y_label="Time of one run (ms)",
        samples=[(each.size, 1e3 * sample, "") for each in rows for sample in each.samples_s],
        best=[(each.size, 1e3 * each.best_s, f"{each.size}: {format_time(each.best_s)}") for each in rows],
        lines=[Line(columns, [1e3 * each for each in model])],
        x_ticks={each: str(each) for each in columns},
        y_ticks={each: f"{each:g}" for each in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)},
        stylesheets=STYLESHEETS,
    )
    first, last = rows[0].best_s, rows[-1]
    title = f"{last.size} columns take {format_ratio(last.best_s / first)} the time of one: the weights are read once for all."
    shown = [
        (str(each.size), format_time(each.best_s), format_ratio(each.best_s / first), format_time(each.best_s / each.size), format_time(time_s))
        for each, time_s in zip(rows, model, strict=True)
    ]
    return charted(title, SIGNS, chart, ("Columns", "Time", "Against one", "Each", "By the model"), shown, caption="64 MiB of weights times a batch")


def _time(kernel, variant, size, study):
    return float(predicted(kernel, variant, size, study.found).time_s)
