"""The verdict strip: what the design reaches against its targets, how much of the machine it uses, and what binds."""

import panel as pn

from rooflab.evaluate import BOUNDS
from rooflab.lab.instruments import figure
from rooflab.systems.outcome import WAITS
from rooflab.systems.picture import HIDDEN
from rooflab.units import format_fraction, format_time
from rooflab.views.instruments.gauges import gauge_cell, memory_cell, stack
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text

__all__ = ["VerdictView", "headline", "leading_gauges"]

ALWAYS = ("mfu_fraction", "mbu_fraction")
MOST_BESIDE_MEMORY = 5
CELL_PX = 144
"""The least width of a cell; on a narrow window the strip goes sideways."""


def leading_gauges(bench):
    """Return the gauges of the strip: those that a target holds, the objective, MFU and MBU; the others are in the readings."""
    quantities = [each.target.quantity for each in bench.outcome().targets]
    if bench.mission is not None:
        quantities.append(bench.mission.objective.quantity)
    quantities += ALWAYS
    first = {quantity: at for at, quantity in reversed(list(enumerate(quantities)))}
    return sorted((each for each in bench.part.gauges if each.quantity in first), key=lambda each: first[each.quantity])


class VerdictView(InstrumentView):
    """All gauges of the strip in one text, so that a move of a slider sends one change; a pin on each."""

    def __init__(self, **params):
        self.gauges = text("", "rp-gauges", "rp-strip-text")
        super().__init__(**params)
        self._leading = leading_gauges(self.bench)
        pins = pn.Row(
            *(pin_button(self.bench, each.id, f"Pin {each.name}", "Pin") for each in self._leading),
            css_classes=["rp-pin-row"],
            sizing_mode="stretch_width",
        )
        self._has_memory = len(self._leading) < MOST_BESIDE_MEMORY
        count = len(self._leading) + self._has_memory
        styles = {"--rp-cells": f"repeat({count}, minmax(0, 1fr)) minmax(0, 1.5fr)", "--rp-strip-width": f"{(count + 1.5) * CELL_PX:.0f}px"}
        if not self.bench.recorded:  # without pins nothing of it could be scrolled to with a keyboard
            styles = {"--rp-cells": f"repeat(auto-fit, minmax({CELL_PX}px, 1fr))", "--rp-strip-width": "0"}
        self._layout = pn.Column(self.gauges, pins, css_classes=["rp-verdict-strip"], styles=styles, sizing_mode="stretch_width")
        self._draw()

    @redrawn("bench.outcome", "bench.marked")
    def _draw(self):
        outcome = self.bench.outcome()
        stopped = outcome.cannot_run
        self.gauges.text = joined(
            # What cannot run is seen in the card above, with the way back.
            element("h3", headline(outcome, stopped, self.bench.hides, self.bench.what_if.words), class_="rp-unseen" if stopped else None),
            element(
                "div",
                *(gauge_cell(self.bench, each, outcome) for each in self._leading),
                memory_cell(outcome.capacity) if self._has_memory else None,
                _binds(outcome),
                class_="rp-strip rp-void" if stopped else "rp-strip",
            ),
        )

    def __panel__(self):
        return self._layout


def _binds(outcome):
    """Name what the step waits for most, over the bar that divides the step."""
    share = float(outcome.bound_times_s[outcome.bound] / outcome.step_time_s)
    shares = [(name, float(time_s / outcome.step_time_s)) for name, time_s in zip(BOUNDS, outcome.bound_times_s, strict=True) if time_s]
    return element(
        "div",
        element("span", "What binds", class_="rp-gauge-name"),
        element("span", format_fraction(share), class_="rp-gauge-value"),
        stack([(f"rp-{name}", part) for name, part in shares]),
        element("span", f"of the step is {WAITS[int(outcome.bound)]}", class_="rp-note"),
        class_="rp-gauge rp-binds",
    )


def headline(outcome, stopped=None, hides=lambda quantity: False, supposed=""):
    asked = f"What if {supposed}? " if supposed else ""
    if stopped:
        return f"{asked}Cannot run. {stopped.kind}: {stopped.reason}"
    share = float(outcome.bound_times_s[outcome.bound] / outcome.step_time_s)
    used = ", ".join(
        f"{name} {HIDDEN if hides(quantity) else format_fraction(figure(outcome, quantity))}"
        for name, quantity in (("MBU", "mbu_fraction"), ("MFU", "mfu_fraction"))
    )
    return (
        f"{asked}A step takes {format_time(outcome.step_time_s)}, {format_fraction(share)} of it {WAITS[int(outcome.bound)]}: {used}."
    )
