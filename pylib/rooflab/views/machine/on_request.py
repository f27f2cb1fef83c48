"""What is measured on request: the jitter of one kernel, and a minute under load."""

import numpy as np

from rooflab.charts.histogram import Histogram
from rooflab.charts.measured_curve import Line, MeasuredCurve
from rooflab.lab.machine.words import heat_words, jitter_words
from rooflab.units import counted, format_fraction, format_quantity, format_ratio, format_time
from rooflab.views.machine.figure import charted
from rooflab.views.panel_theme import STYLESHEETS

__all__ = ["jitter_view", "thermal_view"]

MICRO = 1e6
CURVE_POINTS = 60


def jitter_view(found, vehicle):
    """Draw the histogram of one kernel's times; `vehicle` has the percentiles of the vehicle's trace, or nothing."""
    marks = [(MICRO * value, words) for words, value in _percentiles(found)]
    chart = Histogram(edges_us=[MICRO * each for each in found.edges_s], heights=list(found.heights_count), marks=marks, stylesheets=STYLESHEETS)
    rows = [(words, format_time(value), format_ratio(value / found.p50_s)) for words, value in (*_percentiles(found), ("first run", found.first_s))]
    rows += [(f"the vehicle's {words}", format_time(value), format_ratio(value / vehicle[0][1])) for words, value in vehicle]
    return charted(jitter_words(found), _detail(found), chart, ("Of the runs", "Time", "Against the middle"), rows, caption="Jitter of one kernel")


def _percentiles(found):
    known = (("p50", found.p50_s), ("p99", found.p99_s), ("p99.9", found.p999_s))
    return tuple((words, value) for words, value in known if value is not None)


def _detail(found):
    words = [f"{counted(found.samples_count, 'run')}; the first took {format_ratio(found.first_factor)} the usual time."]
    if found.p999_s is None:
        words.append("They are too few for a p99.9.")
    if found.observed_factor is not None:
        words.append(f"With a time stamp for each kernel a run takes {format_ratio(found.observed_factor)} as long.")
    return " ".join(words)


def thermal_view(rows, found):
    """Draw the rate under load over time with the fit of one body."""
    at_s = [each[0] for each in rows]
    curve_s = np.linspace(0.0, at_s[-1], CURVE_POINTS)
    chart = MeasuredCurve(
        x_label="Seconds under load",
        y_label="GFLOP/s",
        samples=[(each[0], each[1] / 1e9, "") for each in rows],
        best=[(each[0], each[1] / 1e9, f"{each[0]:.0f} s: {format_quantity(each[1], 'FLOP/s')}") for each in rows[:: max(len(rows) // 12, 1)]],
        lines=[Line(curve_s, found.rate_flop_per_s(curve_s) / 1e9)],
        scales=("linear", "linear"),
        stylesheets=STYLESHEETS,
    )
    shown = [(f"{each[0]:.0f} s", format_quantity(each[1], "FLOP/s"), format_fraction(each[1] / rows[0][1])) for each in rows[:: max(len(rows) // 20, 1)]]
    return charted(heat_words(found, at_s[-1]), _fit_words(found), chart, ("Under load", "Rate", "Of the first"), shown, caption="Rate of a product under load")


def _fit_words(found):
    if not found.falls:
        return "It is cooled well enough, or its governor had nothing to do yet."
    return (
        f"One body with a time constant of {found.constant_s:.0f} s fits it to {format_fraction(found.residual_fraction)}; it would settle "
        f"{format_fraction(found.drop_fraction)} below the start. The glasses of Mobile Nomad are modelled the same way."
    )
