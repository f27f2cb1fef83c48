"""The live roofline: pick a layer, see what bounds it."""

import panel as pn
import param

from rooflab.charts.roofline import DynamicRooflineVisualizer
from rooflab.evaluate import BOUNDS
from rooflab.units import format_fraction, format_number, format_quantity, format_ratio, format_time
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, select, text, toggle
from rooflab.workbench import Workbench

__all__ = ["RooflineView", "finding"]

CAUSES = {
    "memory": "moving its bytes takes {longest}, {compared}",
    "compute": "its arithmetic takes {longest}, {compared}",
    "latency": "starting its kernels takes {longest}, {compared}",
    "host": "work that no kernel does takes {longest}, {compared}",
    "link": "its traffic between devices takes {longest}, {compared}",
}
RUNNERS_UP = {"memory": "memory traffic", "compute": "arithmetic", "latency": "starts", "link": "link traffic"}
LEGEND = (("memory", "●", "memory-bound"), ("compute", "■", "compute-bound"), ("latency", "▲", "latency-bound"), ("link", "◆", "link-bound"))


class RooflineView(pn.viewable.Viewer):
    """One dot a layer on the chosen device's roofline, the other device's roof beside it."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.rows = text("")
        self.rows.visible = False
        self._roofs = None
        super().__init__(**params)
        roofs = self.bench.scenario.roofs(self.bench.design())
        self.chart = DynamicRooflineVisualizer(
            peak_flop_per_s=max(each.peak_flop_per_s for each in roofs), stylesheets=STYLESHEETS
        )
        self._draw()
        self._layout = pn.Column(
            self.head,
            select(self.bench.param.layer, "Layer"),
            pn.pane.Bokeh(self.chart.figure, margin=0, sizing_mode="stretch_width"),
            text(_legend(), "rp-legend"),
            pn.Row(
                pin_button(self.bench, "roofline", "Pin this layer's intensity"),
                toggle(self.bench.param.layers_tabled, "Table of all layers"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-roofline"],
            sizing_mode="stretch_width",
        )

    @param.depends("bench.outcome", "bench.layer", watch=True)
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
            selected=place,
        )
        title, detail = finding(outcome, place)
        self.head.text = joined(element("h3", title), element("p", detail))
        self.chart.figure.tags = [f"rooflab:alt:Roofline. {title} {detail}"]
        if self.bench.layers_tabled:
            self._fill_table()

    @param.depends("bench.layers_tabled", watch=True)
    def _fill_table(self):
        self.rows.update(
            text=_layers_table(self.bench.outcome()) if self.bench.layers_tabled else "", visible=self.bench.layers_tabled
        )

    def _draw_roofs(self):
        roofs = self.bench.scenario.roofs(self.bench.design())[:2]
        if roofs != self._roofs:
            self._roofs = roofs
            self.chart.show_roofs(*roofs)

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
        compared=f"{format_ratio(times[bound] / others[runner_up])} its {RUNNERS_UP[runner_up]}"
        if others[runner_up] > 0
        else "and nothing else takes any",
    )
    title = f"{operators.names[place]}: {bound}-bound, {cause}."
    if not operators.flop[place]:
        what = "It does no arithmetic" if kernels else "None of its work is done by a kernel"
        return title, f"{what}, so it has no place on the roofline."
    intensity = float(operators.intensity_flop_per_byte[place])
    side = "left" if intensity < outcome.ridge_flop_per_byte else "right"
    attained = float(operators.attained_flop_per_s[place])
    return title, (
        f"{format_number(intensity)} FLOP per byte, {side} of the ridge at {format_number(float(outcome.ridge_flop_per_byte))}. "
        f"It attains {format_quantity(attained, 'FLOP/s')}, {format_fraction(attained / outcome.peak_flop_per_s)} of the peak."
    )


def _legend():
    marks = (
        element("span", element("i", mark, class_=f"rp-mark rp-{bound}", aria_hidden="true"), words)
        for bound, mark, words in LEGEND
    )
    return element(
        "p", *marks, element("span", element("i", "◯", class_="rp-mark rp-chosen", aria_hidden="true"), "the layer chosen")
    )


def _layers_table(outcome):
    operators = outcome.operators
    return table(
        "Every layer of one step on one device, all repeats together",
        ("Layer", "Bound by", "Time", "FLOP", "Bytes", "FLOP per byte", "FLOP/s", "Launches"),
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
                format_quantity(operators.attained_flop_per_s[place], ""),
                f"{float(operators.launches[place]):.0f}",
            )
            for place, name in enumerate(operators.names)
        ],
    )
