"""OptimizationWaterfall: which lever earned which factor of the speed-up, in no order."""

import math

import panel as pn

from rooflab.analyses.gains import gains
from rooflab.lab.instruments import GAINS, lever_instrument
from rooflab.units import format_ratio, format_time
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.instruments.waterfall import bar, key, waterfall
from rooflab.views.markup import element, joined
from rooflab.views.widgets import pin_button, text

__all__ = ["OptimizationWaterfall"]

SAME_FACTOR = 1.0005  # shown with three digits, it is 1.00
MARGIN_FACTOR = 1.05  # of the axis, beyond the ends of the bars


class OptimizationWaterfall(InstrumentView):
    """Bars on an axis of factors, from the design that the bench began with to the one it has."""

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.bars = text("", "rp-bars")
        super().__init__(**params)
        self.levers = pn.Row(
            *(
                pin_button(self.bench, lever_instrument(each.id), f"Pin {each.name.lower()}", each.name.lower())
                for each in self.bench.part.levers
            ),
            css_classes=["rp-actions"],
            sizing_mode="stretch_width",
        )
        self._layout = pn.Column(
            self.head,
            self.bars,
            pn.Row(
                text("Pin", "rp-label"),
                pin_button(self.bench, GAINS, "Pin the speed-up", "speed-up"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.levers,
            css_classes=["rp-card", "rp-gains"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome")
    def _draw(self):
        if self.bench.hides("output_time_s"):
            self.head.text = joined(element("h3", "The speed-up of this design is scored when you score it."))
            self.bars.text = ""
            return
        found = gains(self.bench.scenario, self.bench.start, self.bench.design(), self.bench.part.levers)
        slower = found.total_factor < 1 / SAME_FACTOR
        self.head.text = joined(
            element("h3", _finding(found), class_="rp-failed" if slower else None),
            element("p", _detail(found, slower=slower)),
        )
        changed = any(each.changed for each in found.gains)
        self.bars.text = joined(_bars(found), _key(found)) if changed else ""
        self.levers.visible = changed

    def __panel__(self):
        return self._layout


def _finding(found):
    now = format_time(found.present_time_s)
    total = found.total_factor
    if not any(each.changed for each in found.gains) and not found.problem:
        return f"Nothing is changed yet: an output takes {now}."
    if total < 1 / SAME_FACTOR:
        return f"Slower than before: an output takes {now}, {format_ratio(1 / total)} its time at the start."
    if total < SAME_FACTOR:
        return f"As fast as before: an output takes {now}."
    return f"{format_ratio(total)} as fast as at the start: an output takes {now} instead of {format_time(found.start_time_s)}."


def _detail(found, *, slower):
    if found.problem:
        return f"The levers' shares cannot be told apart: {found.problem}"
    changed = [each for each in found.gains if each.changed]
    if not changed:
        return ""
    costly = min(changed, key=lambda each: each.factor)
    words = []
    if costly.factor < 1 / SAME_FACTOR:
        words.append(
            f"{costly.name} costs speed: {format_ratio(costly.factor)}. {'The way back: w' if slower else 'W'}ithout it, "
            f"the rest gives {format_ratio(costly.without_factor)}."
        )
    if len(changed) > 1:
        words.append("Gains overlap: each factor is the mean over all orders, and they multiply to the total.")
    return " ".join(words) or f"All of it comes from {changed[0].name.lower()}."


def _bars(found):
    changes = [each for each in found.gains if each.changed]
    reached, steps = 1.0, []
    for each in changes:
        steps.append((each, reached, reached * each.factor))
        reached *= each.factor
    ends = (1.0, found.total_factor, *(end for _, _, end in steps))
    low, high = min(ends) / MARGIN_FACTOR, max(ends) * MARGIN_FACTOR

    def place(factor):
        return math.log(factor / low) / math.log(high / low)

    def segment(start, end, total=False):
        class_ = "rp-added" if end < start else "rp-run" if total else "rp-saved"
        return (bar(class_, place(start), place(end)),)

    return waterfall(
        "Speed-up of an output, by lever",
        ("Lever", "Logarithmic scale", "Factor"),
        [
            *((each.name, segment(start, end), (_factor(each.factor),)) for each, start, end in steps),
            ("All together", segment(1.0, found.total_factor, total=True), (_factor(found.total_factor),), "rp-apart"),
        ],
        mark=place(1.0),
    )


def _factor(factor):
    words = format_ratio(factor)
    return f"{words}, slower" if factor < 1 / SAME_FACTOR else words


def _key(found):
    items = [("rp-saved", "faster"), ("rp-added", "slower"), ("rp-run", "all together")]
    used = {"rp-run": found.total_factor >= 1}
    for each in found.gains:
        if each.changed:
            used["rp-saved" if each.factor >= 1 else "rp-added"] = True
    used["rp-added"] = used.get("rp-added", False) or found.total_factor < 1
    return key([(class_, words) for class_, words in items if used.get(class_)])
