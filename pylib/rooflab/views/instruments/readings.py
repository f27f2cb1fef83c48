"""The readings that are not in the strip, what the step waits for, the memory, and how far to trust them."""

import panel as pn

from rooflab.evaluate import BOUNDS, error_band, grade
from rooflab.lab.instruments import TIMES
from rooflab.systems.outcome import WAITS
from rooflab.units import format_fraction, format_time
from rooflab.views.instruments.gauges import gauge_cell, key, memory_cell, stack
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.instruments.verdict import leading_gauges
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text

__all__ = ["ReadingsView", "shown_reasons"]


class ReadingsView(InstrumentView):
    """All of them in one text, so that a move of a slider sends one change."""

    def __init__(self, **params):
        self.gauges = text("", "rp-gauges")
        super().__init__(**params)
        leading = [each.id for each in leading_gauges(self.bench)]
        self._others = [each for each in self.bench.part.gauges if each.id not in leading]
        self._layout = pn.Column(
            self.gauges,
            pn.Row(
                text("Pin", "rp-label"),
                *(pin_button(self.bench, each.id, f"Pin {each.name}", _short(each.name)) for each in (*self._others, *TIMES.values())),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-card", "rp-readings"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome", "bench.marked")
    def _draw(self):
        outcome = self.bench.outcome()
        stopped = outcome.cannot_run
        self.gauges.text = joined(
            element("p", _trust(self.bench.scenario, self.bench.design(), outcome), class_="rp-note"),
            _step(outcome),
            element(
                "div",
                *(gauge_cell(self.bench, each, outcome) for each in self._others if each.quantity != "needed_bytes"),
                memory_cell(outcome.capacity),
                class_="rp-gauge-grid rp-void" if stopped else "rp-gauge-grid",
            ),
            None if stopped else _reasons(self._untold_reasons(outcome)),
        )

    def _untold_reasons(self, outcome):
        """Return the shown reasons but those that a gauge tells in its note."""
        gauged = {each.quantity for each in self.bench.part.gauges}
        told = [each.words for each in outcome.targets if each.target.quantity in gauged]
        return [each for each in shown_reasons(self.bench, outcome) if each not in told]

    def __panel__(self):
        return self._layout


def _short(name):
    """Return the part of a reading's name that tells it from its neighbours."""
    return name.removeprefix("Time in ").replace("memory traffic", "traffic")


def shown_reasons(bench, outcome):
    """Return why the design is not feasible, without the reason that tells a hidden figure."""
    told = [each.words for each in outcome.targets if bench.hides(each.target.quantity)]
    return [each for each in outcome.reasons if each not in told]


def _trust(scenario, design, outcome):
    """Say how far the step's time may be from the world's, and what stands behind that.

    The range over assumed constants takes two more evaluations; Math Peek has it, a slider move does not.
    """
    graded = grade(scenario, design)
    if graded is None:
        return "Not validated: too few published times."
    band = error_band(scenario, design, outcome)
    return (
        f"Measured, expect {format_time(band.low_s)} to {format_time(band.high_s)}: nine in ten of {graded.rows} "
        f"published {graded.topic} times lie so close."
    )


def _step(outcome):
    """Divide the step among its four states, in one bar with a key of words."""
    shares = [
        (name, words, float(time_s / outcome.step_time_s))
        for name, words, time_s in zip(BOUNDS, WAITS, outcome.bound_times_s, strict=True)
        if time_s
    ]
    return element(
        "div",
        element("p", "What the step waits for", class_="rp-note"),
        stack([(f"rp-{name}", share) for name, _, share in shares]),
        key([(f"rp-{name}", words, format_fraction(share)) for name, words, share in shares]),
        class_="rp-step",
    )


def _reasons(reasons):
    return element("ul", *(element("li", each) for each in reasons), class_="rp-reasons") if reasons else None
