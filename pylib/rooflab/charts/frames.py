"""FramesChart: a picked frame under the typical one, stage by stage, on one time axis."""

from bokeh.core.properties import without_property_validation
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Label, Range1d, Span

from rooflab.charts.theme import LIMIT, MACHINE, QUIET, plain_figure

__all__ = ["FramesChart"]

TYPICAL, PICKED = (-0.38, -0.04), (0.04, 0.38)
"""Where in a stage's row the bars of each frame are, from the top."""

BARS = ("left", "right", "top", "bottom", "frame", "does", "stage", "time", "colour", "alpha", "hatch")
DOES = {"waits": (0.0, "right_diagonal_line"), "runs": (1.0, "blank")}
"""How solid a bar is and its hatch: waiting and running differ in more than colour."""

STRETCHES = ("left", "right", "top", "bottom")


class FramesChart:
    """One figure; `bars` and `stretches` are replaced, the figure stays. Times are in milliseconds."""

    def __init__(self, *, stages, stylesheets=()):
        self.bars = ColumnDataSource({name: [] for name in BARS})
        self.stretches = ColumnDataSource({name: [] for name in STRETCHES})
        self.times = Range1d(0, 60)
        self.figure = plain_figure(
            height=400,
            x_label="Time since the frame began (ms)",
            y_label=None,
            stylesheets=stylesheets,
            x_range=self.times,
            y_range=Range1d(len(stages) - 0.4, -1.1),
        )
        self.figure.yaxis[0].ticker = FixedTicker(ticks=list(range(len(stages))))
        self.figure.yaxis[0].major_label_overrides = {at: _in_two_lines(name) for at, name in enumerate(stages)}
        self.figure.ygrid.grid_line_color = None
        self._add_glyphs()

    def _add_glyphs(self):
        plot, edges = self.figure, {"left": "left", "right": "right", "top": "top", "bottom": "bottom"}
        bars = plot.quad(
            **edges,
            source=self.bars,
            fill_color="colour",
            fill_alpha="alpha",
            line_color="colour",
            hatch_color="colour",
            hatch_pattern="hatch",
            hatch_scale=6,
        )
        plot.quad(**edges, source=self.stretches, fill_color=None, line_color=LIMIT, line_width=2, line_dash="dashed")
        self.deadline = Span(dimension="height", location=10, line_color=LIMIT, line_width=2)
        self.deadline_label = Label(x=10, y=0, text="", text_font_size="12px", text_font_style="bold", x_offset=4)
        plot.add_layout(self.deadline)
        plot.add_layout(self.deadline_label)
        plot.add_tools(
            HoverTool(renderers=[bars], tooltips=[("stage", "@stage"), ("frame", "@frame"), ("@does", "@time{0.000} ms")])
        )

    @without_property_validation
    def show(self, compared):
        """Draw a FrameComparison, with what is longer in the picked frame in a dashed outline."""
        deadline_ms = 1e3 * compared.deadline_s
        self.times.end = 1.06e3 * max(compared.deadline_s, compared.picked.time_s, compared.typical.time_s)
        rows = [*_bars(compared.typical, compared.names, "typical", TYPICAL, QUIET)]
        rows += _bars(compared.picked, compared.names, "picked", PICKED, MACHINE)
        self.bars.data = {name: [row[name] for row in rows] for name in BARS}
        found = [each for at in compared.longer for each in _stretches(compared, at)]
        self.stretches.data = {name: [each[name] for each in found] for name in STRETCHES}
        self.deadline.location = deadline_ms
        self.deadline_label.update(x=deadline_ms, y=-0.5, text=f"Deadline {deadline_ms:g} ms")

    @without_property_validation
    def clear(self):
        """Draw nothing."""
        self.bars.data = {name: [] for name in BARS}
        self.stretches.data = {name: [] for name in STRETCHES}


def _bars(spans, names, frame, lane, colour):
    for at, name in enumerate(names):
        start = float(spans.starts_s[at])
        for does, time_s in (("waits", float(spans.waiting_s[at])), ("runs", float(spans.running_s[at]))):
            alpha, hatch = DOES[does]
            if time_s > 0:
                yield {
                    "left": 1e3 * start,
                    "right": 1e3 * (start + time_s),
                    "top": at + lane[0],
                    "bottom": at + lane[1],
                    "frame": f"{frame}, {spans.frame}",
                    "does": does,
                    "stage": name,
                    "time": 1e3 * time_s,
                    "colour": colour,
                    "alpha": alpha,
                    "hatch": hatch,
                }
            start += time_s


def _stretches(compared, at):
    """Outline by how much a stage of the picked frame waits and runs longer, at the end of each."""
    waited = float(compared.picked.starts_s[at] + compared.picked.waiting_s[at])
    ends = (waited, waited + float(compared.picked.running_s[at]))
    for end, more in zip(ends, (compared.more_waiting_s[at], compared.more_running_s[at]), strict=True):
        if more >= compared.more_s / 10:
            yield {"left": 1e3 * (end - float(more)), "right": 1e3 * end, "top": at + PICKED[0] - 0.03, "bottom": at + PICKED[1] + 0.03}


def _in_two_lines(name):
    """Break a name at the space nearest to its middle.

    >>> _in_two_lines("Resize and normalise")
    'Resize and\\nnormalise'
    """
    spaces = [at for at, letter in enumerate(name) if letter == " "]
    if not spaces or len(name) < 11:
        return name
    at = min(spaces, key=lambda each: abs(each - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"
