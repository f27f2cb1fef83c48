"""The gauges of a part, the memory, and where the time goes."""

import panel as pn
import param

from rooflab.evaluate import BOUNDS, error_band, grade
from rooflab.lab.instruments import figure
from rooflab.units import format_bytes, format_fraction, format_reading, format_time
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text
from rooflab.workbench import Workbench

__all__ = ["ReadingsView"]

BOUND_WORDS = {
    "memory": "memory traffic",
    "compute": "arithmetic",
    "latency": "starts, gaps and host work",
    "link": "traffic between devices",
}


class ReadingsView(pn.viewable.Viewer):
    """All gauges in one text, so that a move of a slider sends one change."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        self.gauges = text("", "rp-gauges")
        super().__init__(**params)
        self._layout = pn.Column(
            self.gauges,
            pn.Row(
                *(pin_button(self.bench, gauge.id, f"Pin {gauge.name}") for gauge in self.bench.part.gauges),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            css_classes=["rp-card", "rp-readings"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @param.depends("bench.outcome", watch=True)
    def _draw(self):
        outcome = self.bench.outcome()
        targets = {each.target.quantity: each for each in outcome.targets}
        self.gauges.text = joined(
            element("h3", _headline(outcome)),
            element("p", _trust(self.bench.scenario, self.bench.design(), outcome), class_="rp-note"),
            _step(outcome),
            element(
                "div",
                *(
                    _gauge(gauge, figure(outcome, gauge.quantity), targets.get(gauge.quantity))
                    for gauge in self.bench.part.gauges
                    if gauge.quantity != "needed_bytes"
                ),
                _memory(outcome.capacity),
                class_="rp-gauge-grid",
            ),
            _reasons(outcome),
        )

    def __panel__(self):
        return self._layout


def _headline(outcome):
    bound = BOUNDS[int(outcome.bound)]
    share = float(outcome.bound_times_s[outcome.bound] / outcome.step_time_s)
    return (
        f"A step takes {format_time(outcome.step_time_s)}, {format_fraction(share)} of it {BOUND_WORDS[bound]}: "
        f"MBU {format_fraction(float(outcome.mbu_fraction))}, MFU {format_fraction(float(outcome.mfu_fraction))}."
    )


def _trust(scenario, design, outcome):
    """Say how far the step's time may be from the world's, and what stands behind that.

    The range over assumed constants takes two more evaluations; Math Peek has it, a slider move does not.
    """
    graded = grade(scenario, design)
    if graded is None:
        return "Not validated: too few published times of this kind. Math Peek has the range over what is assumed."
    band = error_band(scenario, design, outcome)
    return (
        f"Measured, it would take {format_time(band.low_s)} to {format_time(band.high_s)}: graded on {graded.rows} "
        f"published {graded.topic} times, nine in ten of them met so closely."
    )


def _step(outcome):
    """Divide the step among its four states, in one bar with a key of words."""
    shares = [
        (name, float(time_s / outcome.step_time_s)) for name, time_s in zip(BOUNDS, outcome.bound_times_s, strict=True)
    ]
    return element(
        "div",
        element("p", "What the step waits for; what runs meanwhile is not counted.", class_="rp-note"),
        _stack([(f"rp-{name}", share) for name, share in shares]),
        _key([(f"rp-{name}", BOUND_WORDS[name], format_fraction(share)) for name, share in shares]),
        class_="rp-step",
    )


def _gauge(gauge, value, held):
    """Draw one figure; where a target holds it, its limit stands in the middle of the bar."""
    judged = held is not None and bool(held.judged)
    return element(
        "div",
        element("span", gauge.name, class_="rp-gauge-name"),
        element("span", format_reading(value, gauge.unit), class_="rp-gauge-value"),
        _limited(gauge, value, held.target.limit) if judged else _plain(gauge, value) if gauge.full else None,
        element("span", "; ".join(filter(None, (gauge.help, _held_words(held)))), class_="rp-note"),
        class_=f"rp-gauge {'rp-met' if held.met else 'rp-missed'}" if judged else "rp-gauge",
    )


def _plain(gauge, value):
    share = value / gauge.full
    return _meter(gauge.name, share, element("i", style=f"width:{min(share, 1):.2%}"))


def _limited(gauge, value, limit):
    share = value / limit
    bar = element("i", style=f"width:{min(share / 2, 1):.2%}")
    return _meter(f"{gauge.name} against its target", share, bar, element("b", style="left:50%"), most=200)


def _meter(name, share, *bars, most=100):
    return element(
        "div",
        *bars,
        class_="rp-bar",
        role="meter",
        aria_label=name,
        aria_valuemin=0,
        aria_valuemax=most,
        aria_valuenow=f"{min(100 * share, most):.1f}",
    )


def _held_words(held):
    """Say what a target asks, and by how much it is kept or missed."""
    if held is None:
        return ""
    target = held.target
    asked = f"{'at least' if target.at_least else 'at most'} {format_reading(target.limit, target.unit)} asked"
    if not held.judged:
        return f"{asked}, but of {target.phase} only"
    return f"{asked}: {held.margin_words}"


def _memory(capacity):
    """Show what fills the memory that limits; what does not fit is said and drawn past the mark."""
    available = float(capacity.available_bytes)
    needed = float(capacity.needed_bytes)
    scale = max(available, needed)
    parts = [(words, float(bytes_)) for words, bytes_ in capacity.parts]
    fits = bool(capacity.fits)
    return element(
        "div",
        element("span", "Memory" if fits else "Out of memory", class_="rp-gauge-name"),
        element("span", f"{format_bytes(needed)} of {format_bytes(available)}", class_="rp-gauge-value"),
        _stack(
            [(f"rp-part-{place}", size / scale) for place, (_, size) in enumerate(parts)],
            mark=available / scale,
        ),
        _key([(f"rp-part-{place}", words, format_bytes(size)) for place, (words, size) in enumerate(parts)]),
        class_="rp-gauge rp-wide" if fits else "rp-gauge rp-wide rp-over",
    )


def _stack(shares, mark=None):
    return element(
        "div",
        *(element("i", class_=class_, style=f"width:{share:.2%}") for class_, share in shares),
        element("b", style=f"left:{mark:.2%}") if mark is not None and mark < 1 else None,
        class_="rp-bar rp-stack",
        aria_hidden="true",
    )


def _key(items):
    return element(
        "ul",
        *(
            element("li", element("i", class_=f"rp-swatch {class_}", aria_hidden="true"), f"{words} ", element("span", value))
            for class_, words, value in items
        ),
        class_="rp-key",
    )


def _reasons(outcome):
    if not outcome.reasons:
        return None
    return element("ul", *(element("li", reason) for reason in outcome.reasons), class_="rp-reasons")
