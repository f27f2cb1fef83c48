"""The live roofline: pick a layer, see what bounds it."""

import numpy as np
import panel as pn
import param

from rooflab.charts.roofline import DynamicRooflineVisualizer, roof_words
from rooflab.evaluate import BOUNDS
from rooflab.units import format_fraction, format_number, format_quantity, format_ratio, format_time
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, select, text, toggle

__all__ = ["RooflineView", "finding"]

CAUSES = {
    "memory": "{longest} moving bytes, {compared}",
    "compute": "{longest} of arithmetic, {compared}",
    "latency": "{longest} of launch overhead, {compared}",
    "host": "{longest} of work on the host, {compared}",
    "link": "{longest} on the link, {compared}",
}
RUNNERS_UP = {"memory": "memory traffic", "compute": "arithmetic", "latency": "launch overhead", "link": "link traffic"}
LEGEND = (("memory", "●", "memory-bound"), ("compute", "■", "compute-bound"), ("latency", "▲", "latency-bound"), ("link", "◆", "link-bound"))


OWN_AT = 3
"""Where in the card the learner's own machine is offered: under the chart."""


class RooflineView(InstrumentView):
    """One dot a layer on the chosen device's roofline, the other device's roof beside it."""

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live", "rp-finding")
        self.rows = text("")
        self.rows.visible = False
        self.legend = text("", "rp-legend")
        self._roofs = self._own = None
        super().__init__(**params)
        self._how_to_read = _legend(self.bench)
        roofs = self.bench.scenario.roofs(self.bench.design())
        self.chart = DynamicRooflineVisualizer(
            peak_flop_per_s=max(each.peak_flop_per_s for each in roofs), stylesheets=STYLESHEETS
        )
        self._draw()
        self._layout = pn.Column(
            self.head,
            pn.Row(
                select(self.bench.param.layer, "Layer", "rp-inline"),
                pin_button(self.bench, "roofline", "Pin this layer's intensity", "Pin"),
                toggle(self.bench.param.layers_tabled, "All layers"),
                css_classes=["rp-layer"],
                sizing_mode="stretch_width",
            ),
            self.chart.figure,
            self.legend,
            self.rows,
            css_classes=["rp-card", "rp-roofline"],
            sizing_mode="stretch_both",
        )
        self._offer_own()

    @redrawn("bench.outcome", "bench.layer", "bench.marked")
    def _draw(self):
        outcome, place = self.bench.outcome(), self.bench.layer_index
        operators = outcome.operators
        self._draw_roofs()
        bounds = [BOUNDS[each] for each in operators.bound]
        self.chart.show(
            names=operators.names,
            intensity=operators.intensity_flop_per_byte,
            attained=operators.attained_flop_per_s,
            bounds=bounds,
            peaks=operators.ceiling_flop_per_s,
            ridges=operators.ridge_flop_per_byte,
            selected=place,
        )
        title, detail = finding(outcome, place)
        detail = " ".join(filter(None, (detail, self._draw_ghost(), self._draw_before())))
        self.head.text = joined(element("h3", title), self._named_roofs)
        self.legend.text = joined(folded("In numbers", element("p", detail)), _own_ceiling(outcome, place, self._roofs[0][0]), self._how_to_read)
        self.chart.figure.tags = [f"rooflab:alt:Roofline. {title} {detail}"]
        if self.bench.layers_tabled:
            self._fill_table()

    @param.depends("bench.layers_tabled", watch=True)
    def _fill_table(self):
        self.rows.update(
            text=_layers_table(self.bench.outcome()) if self.bench.layers_tabled else "", visible=self.bench.layers_tabled
        )

    def _draw_ghost(self):
        """Mark the chosen layer as it stands in the reference, and say where; nothing where there is none to be seen."""
        reference = self.bench.reference
        if reference is None or self.bench.layer not in reference.operators.ids:
            return ""
        place = reference.operators.ids.index(self.bench.layer)
        intensity = float(reference.operators.intensity_flop_per_byte[place])
        attained = float(reference.operators.attained_flop_per_s[place])
        self.chart.show_ghost(intensity, attained)
        if attained <= 0:
            return ""
        name = self.bench.scenario.reference_name
        return f"{name} (◇): {format_number(intensity)} FLOP per byte, {format_quantity(attained, 'FLOP/s')}."

    def _draw_before(self):
        """Mark where the chosen layer was when the learner last pinned or scored, and say where; nothing where it still stands."""
        before = self.bench.before
        if before is None or self.bench.layer not in before.outcome.operators.ids:
            self.chart.show_before()
            return ""
        operators = before.outcome.operators
        place = operators.ids.index(self.bench.layer)
        intensity, attained = float(operators.intensity_flop_per_byte[place]), float(operators.attained_flop_per_s[place])
        self.chart.show_before(
            intensity, attained, float(operators.ceiling_flop_per_s[place]), float(operators.ridge_flop_per_byte[place])
        )
        if attained <= 0:
            return ""
        return f"Before (dashed): {format_number(intensity)} FLOP per byte, {format_quantity(attained, 'FLOP/s')}."

    def _draw_roofs(self):
        roofs = self.bench.roofs()[:2]
        own = self.bench.own_roof if self.bench.own_shown else None
        if (roofs, own) != self._roofs:
            self._roofs = roofs, own
            self._named_roofs = _named_roofs(roofs, own)
            self.chart.show_roofs(*roofs)
            if own or self.chart.machine_roof:
                self.chart.show_machine(own)

    @param.depends("bench.own_roof", watch=True)
    def _offer_own(self):
        """Offer to draw the learner's own machine as well, once it was measured; off at first, for its roof is far below."""
        if self.bench.own_roof is None or self._own in self._layout:
            return
        self._own = pn.Row(toggle(self.bench.param.own_shown, "My machine"), css_classes=["rp-actions"], sizing_mode="stretch_width")
        self._layout.insert(OWN_AT, self._own)

    @param.depends("bench.own_shown", watch=True)
    def _draw_own(self):
        self._draw()

    def __panel__(self):
        return self._layout


def finding(outcome, place):
    """Say in words and numbers what bounds one operator, and where it sits on the roofline."""
    operators = outcome.operators
    if not operators.time_s[place]:
        return f"{operators.names[place]}: no kernel of its own.", "A neighbour does its work, or the design has no need of it."
    times = {
        "memory": float(operators.memory_s[place]),
        "compute": float(operators.compute_s[place]),
        "latency": float(operators.launch_s[place]),
        "link": float(operators.link_s[place]),
    }
    bound = BOUNDS[operators.bound[place]]
    others = {name: time for name, time in times.items() if name != bound}
    runner_up = max(others, key=others.get)
    kernels = bool(operators.launches[place])
    cause = CAUSES["host" if bound == "latency" and not kernels else bound].format(
        longest=format_time(times[bound]),
        compared=f"{format_ratio(times[bound] / others[runner_up])} the time of its {RUNNERS_UP[runner_up]}"
        if others[runner_up] > 0
        else "and nothing else takes any",
    )
    title = f"{operators.names[place]}: {bound}-bound: {cause}."
    if not operators.flop[place]:
        what = "It does no arithmetic" if kernels else "None of its work is done by a kernel"
        return title, f"{what}, so it has no place on the roofline."
    return title, _placed(outcome, place)


def _placed(outcome, place):
    """Say where an operator is under its own ceiling, and how much of that and of the device's peak it attains."""
    operators = outcome.operators
    intensity, ridge = float(operators.intensity_flop_per_byte[place]), float(operators.ridge_flop_per_byte[place])
    longest_s = float(max(operators.compute_s[place], operators.memory_s[place]))
    attained = float(operators.attained_flop_per_s[place])
    of_ceiling = attained * longest_s / float(operators.flop[place])
    side = "left" if operators.memory_s[place] >= operators.compute_s[place] else "right"
    if format_number(intensity) == format_number(ridge):
        side = f"just {side}"
    return (
        f"{format_number(intensity)} FLOP per byte, {side} of its own ridge at {format_number(ridge)}. It attains "
        f"{format_quantity(attained, 'FLOP/s')}: {format_fraction(of_ceiling)} of its own ceiling, "
        f"{format_fraction(attained / outcome.peak_flop_per_s)} of the device's peak."
    )


def _own_ceiling(outcome, place, roof):
    """Unfold to what an operator's kernels can reach, and why the device's ridge does not tell its state."""
    operators = outcome.operators
    if not operators.flop[place] or not operators.time_s[place]:
        return None
    ridge = roof.beside(format_number(float(outcome.ridge_flop_per_byte)))
    words = f"Its kernels can reach {_reach(operators, place)}. The device's ridge, {ridge}, does not tell its state."
    return folded("Its own ceiling", element("p", words))


def _reach(operators, place):
    rate, bandwidth = float(operators.ceiling_flop_per_s[place]), float(operators.ceiling_bytes_per_s[place])
    traffic = f"and {format_quantity(bandwidth, 'B/s')}" if np.isfinite(bandwidth) else "and wait for no traffic"
    return f"{format_quantity(rate, 'FLOP/s')} {traffic}"


def _named_roofs(roofs, own):
    """Name the roofs by their lines, that of the learner's own machine last."""
    lines = [*zip(("━ ", "┅ "), roofs, strict=False), *([("┈ ", own)] if own else [])]
    return element("div", *(element("span", element("i", line, class_="rp-mark", aria_hidden="true"), roof_words(each)) for line, each in lines), class_="rp-roofs")


def _legend(bench):
    marks = (
        element("span", element("i", mark, class_=f"rp-mark rp-{bound}", aria_hidden="true"), words)
        for bound, mark, words in LEGEND
    )
    signs = element(
        "p", *marks, element("span", element("i", "◯", class_="rp-mark rp-chosen", aria_hidden="true"), "the layer chosen"),
        element("span", element("i", "━", class_="rp-mark rp-chosen", aria_hidden="true"), "its own ceiling"),
        element("span", element("i", "━", class_="rp-mark rp-memory", aria_hidden="true"), "the device's roof"),
        element("span", element("i", "◇", class_="rp-mark", aria_hidden="true"), bench.scenario.reference_name) if bench.reference else None,
    )
    return folded("How to read this", signs)


def _layers_table(outcome):
    operators = outcome.operators
    return table(
        "Every layer of one step on one device, all repeats together",
        ("Layer", "Bound by", "Time", "FLOP", "Bytes", "FLOP per byte", "Its own ridge", "FLOP/s", "Launches"),
        [
            (
                name,
                BOUNDS[operators.bound[place]],
                format_time(operators.time_s[place]),
                format_quantity(operators.flop[place], ""),
                format_quantity(
                    operators.weight_bytes[place] + operators.activation_bytes[place] + operators.kv_bytes[place], "B"
                ),
                format_number(operators.intensity_flop_per_byte[place]),
                format_number(operators.ridge_flop_per_byte[place]),
                format_quantity(operators.attained_flop_per_s[place], ""),
                f"{float(operators.launches[place]):.0f}",
            )
            for place, name in enumerate(operators.names)
        ],
    )
