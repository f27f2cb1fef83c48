"""Every move of the design as one point on one roofline, with its trail."""

from collections import deque

import panel as pn
import param

from rooflab.analyses.trail import trail_point
from rooflab.charts.trail import STATES, TRAIL_MARKERS, DesignTrail
from rooflab.lab.instruments import TRAIL
from rooflab.units import format_fraction, format_number, format_quantity, format_ratio
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.widgets import pin_button, text, toggle

__all__ = ["MOVES_SHOWN", "TrailView"]

MOVES_SHOWN = 12
SIGNS = {"circle": "●", "square": "■", "triangle": "▲", "diamond": "◆", "hex": "⬢"}


class TrailView(InstrumentView):
    """The whole step as one point; older moves fade, the present one is ringed."""

    tabled = param.Boolean(default=False, doc="Whether the table of moves is open")
    moved = param.Integer(default=0, doc="How many moves were taken down")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.rows = text("")
        self.rows.visible = False
        self._points = deque(maxlen=MOVES_SHOWN)
        self._moves = 0
        self._noted = self._roofs = None
        super().__init__(**params)
        roofs = self.bench.scenario.roofs(self.bench.design())
        self.chart = DesignTrail(
            peak_flop_per_s=max(each.peak_flop_per_s for each in roofs), stylesheets=STYLESHEETS
        )
        self._layout = pn.Column(
            self.head,
            self.chart.figure,
            text(_legend(), "rp-legend"),
            pn.Row(
                pin_button(self.bench, TRAIL, "Pin the step's intensity", "Pin"),
                toggle(self.param.tabled, "Last moves"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-trail"],
            sizing_mode="stretch_width",
        )
        self._note()

    @param.depends("bench.outcome", watch=True)
    def _note(self):
        """Take the move down, seen or not."""
        move = (self.bench.design(), self.bench.scenario)
        if move == self._noted:
            return
        self._noted = move
        self._moves += 1
        self._points.append(trail_point(self.bench.outcome()))
        self.moved = self._moves

    @redrawn("moved")
    def _draw(self):
        roofs = self.bench.scenario.roofs(self.bench.design())
        if roofs != self._roofs:
            self._roofs = roofs
            self.chart.show_roofs(roofs)
        self.chart.show(tuple(self._points), first_move=self._moves - len(self._points))
        title, detail = _finding(self._points, self._moves)
        self.head.text = joined(element("h3", title), element("p", detail))
        self.chart.figure.tags = [f"rooflab:alt:Trail of the design on the roofline. {title} {detail}"]
        if self.tabled:
            self._fill_table()

    @param.depends("tabled", watch=True)
    def _fill_table(self):
        self.rows.update(text=_table(self._points, self._moves) if self.tabled else "", visible=self.tabled)

    def __panel__(self):
        return self._layout


def _legend():
    marks = (
        element("span", element("i", SIGNS[marker], class_=f"rp-mark rp-{bound}", aria_hidden="true"), STATES[bound])
        for bound, marker in TRAIL_MARKERS.items()
    )
    signs = element("p", *marks, element("span", element("i", "◯", class_="rp-mark rp-chosen", aria_hidden="true"), "now"))
    return folded("How to read this", signs)


def _finding(points, moves):
    now = points[-1]
    stands = (
        f"{format_number(now.intensity_flop_per_byte)} FLOP per byte, {format_quantity(now.attained_flop_per_s, 'FLOP/s')}: "
        f"{format_fraction(now.roof_fraction)} of its own ceiling"
    )
    side = "left" if now.intensity_flop_per_byte <= now.ridge_flop_per_byte else "right"
    state = f"{STATES[now.bound]}, {side} of its own ridge at {format_number(now.ridge_flop_per_byte)}."
    if len(points) == 1:
        return f"The design starts at {stands}.", f"{state[0].upper()}{state[1:]}"
    detail = f"The step is {state}"
    before = points[-2]
    across = now.intensity_flop_per_byte / before.intensity_flop_per_byte
    up = now.attained_flop_per_s / before.attained_flop_per_s
    return (
        f"Move {moves - 1}: {stands}.",
        f"{detail} Against the move before: intensity {format_ratio(across)}, FLOP/s {format_ratio(up)}. "
        "More FLOP/s are no faster output where a move adds operations.",
    )


def _table(points, moves):
    first = moves - len(points)
    return table(
        f"The last {len(points)} moves, the start is move 0",
        ("Move", "FLOP per byte", "FLOP/s", "Of its own ceiling", "Its own ridge", "Most of the step"),
        [
            (
                f"{first + place}",
                format_number(each.intensity_flop_per_byte),
                format_quantity(each.attained_flop_per_s, ""),
                format_fraction(each.roof_fraction),
                format_number(each.ridge_flop_per_byte),
                STATES[each.bound],
            )
            for place, each in enumerate(points)
        ],
    )
