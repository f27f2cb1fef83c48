"""Data-traffic waterfall: what fusing takes from the bytes of a step, while its operations stay flat."""

import panel as pn
import param

from rooflab.analyses.traffic import KINDS, traffic
from rooflab.lab.instruments import TRAFFIC
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.instruments.waterfall import bar, key, waterfall
from rooflab.views.markup import element, joined, table
from rooflab.views.widgets import pin_button, text, toggle

__all__ = ["TrafficView"]

KIND_WORDS = {"weight_bytes": "weights", "activation_bytes": "activations", "kv_bytes": "cache or state"}
KIND_CLASSES = {"weight_bytes": "rp-part-0", "activation_bytes": "rp-part-1", "kv_bytes": "rp-part-2"}
MOST_FLAT_FRACTION = 1e-9  # more operations than this are recompute, not rounding


class TrafficView(InstrumentView):
    """From nothing fused to the present grouping, a bar a boundary; the tables are written only while they are open."""

    without_weights = param.Boolean(default=False, doc="Whether the bars leave out what fusion cannot touch")
    tabled = param.Boolean(default=False, doc="Whether the tables of levels and kernels are open")

    def __init__(self, **params):
        self.head = text("", "rp-head", "rp-live")
        self.bars = text("", "rp-bars")
        self.rows = text("")
        self.rows.visible = False
        super().__init__(**params)
        self._control = next(each for each in self.bench.part.controls if each.chain)
        self._layout = pn.Column(
            self.head,
            self.bars,
            pn.Row(
                pin_button(self.bench, TRAFFIC, "Pin the share saved", "Pin"),
                toggle(self.param.without_weights, "Leave out the weights"),
                toggle(self.param.tabled, "Levels and kernels"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.rows,
            css_classes=["rp-card", "rp-traffic"],
            sizing_mode="stretch_width",
        )
        self._draw()

    @redrawn("bench.outcome")
    def _draw(self):
        self._traffic = traffic(self.bench.scenario, self.bench.design(), self._control.id, self._control)
        self.head.text = joined(element("h3", _finding(self._traffic)), element("p", _rest(self._traffic)))
        self._draw_bars()
        if self.tabled:
            self._fill_tables()

    @param.depends("without_weights", watch=True)
    def _draw_bars(self):
        self.bars.text = joined(_bars(self._traffic, without_weights=self.without_weights), _key(self._traffic))

    @param.depends("tabled", watch=True)
    def _fill_tables(self):
        self.rows.update(text=_tables(self._traffic) if self.tabled else "", visible=self.tabled)

    def __panel__(self):
        return self._layout


def _finding(found):
    operations = f"operations stay {_flop(found.present.flop)}"
    if found.recomputed_fraction > MOST_FLAT_FRACTION:
        operations = f"operations rise by {format_fraction(found.recomputed_fraction)} to {_flop(found.present.flop)}: recompute"
    if not found.savings:
        return f"Nothing is fused: a step moves {format_bytes(found.present.hbm_bytes)} for {_flop(found.present.flop)}."
    boundaries = "1 boundary" if len(found.savings) == 1 else f"{len(found.savings)} boundaries"
    change = "saves" if found.saved_bytes >= 0 else "adds"
    return (
        f"Fusing {boundaries} {change} {_saved(abs(found.saved_bytes))}, {format_fraction(abs(found.saved_fraction))} of the traffic; "
        f"{operations}."
    )


def _rest(found):
    """Say what is left and why, what the levels would do, and how many launches are gone."""
    present = found.present
    shares = {name: getattr(present, name) / present.hbm_bytes for name in KINDS}
    words = [
        f"{format_bytes(present.hbm_bytes)} left, {format_fraction(shares['weight_bytes'])} of them weights, which no "
        "fusion removes."
    ]
    if shares["kv_bytes"] > 0:
        words.append(f"Cache or state: {format_fraction(shares['kv_bytes'])}.")
    words.append(f"Launches: {_launches(present)}, unfused {_launches(found.unfused)}.")
    return " ".join(words)


def _bars(found, *, without_weights):
    unfused, present = found.unfused, found.present
    floor = min(unfused.weight_bytes, present.weight_bytes) if without_weights else 0.0
    running, steps = unfused.hbm_bytes, []
    for each in found.savings:
        steps.append((each, running, running - each.saved_bytes))
        running -= each.saved_bytes
    top = max(unfused.hbm_bytes, *(max(ends) for _, *ends in steps), present.hbm_bytes) - floor

    def place(bytes_):
        return (bytes_ - floor) / top if top > 0 else 0.0

    def stack(movement):
        start, segments = 0.0, []
        for name in KINDS:
            end = start + getattr(movement, name)
            if end > max(start, floor):
                segments.append(bar(KIND_CLASSES[name], place(start), place(end)))
            start = end
        return segments

    most_flop = max(unfused.flop, present.flop)
    return waterfall(
        "Bytes and operations of one step",
        ("Step", "To scale" if not without_weights else "To scale, from the weights on", "Bytes or FLOP"),
        [
            ("Nothing fused", stack(unfused), (format_bytes(unfused.hbm_bytes),)),
            *(
                (
                    f"{each.before} + {each.after}",
                    (bar("rp-saved" if each.saved_bytes >= 0 else "rp-added", place(before), place(after)),),
                    (f"{'−' if each.saved_bytes >= 0 else '+'}{_saved(abs(each.saved_bytes))}",),
                )
                for each, before, after in steps
            ),
            (f"Now: {present.name}", stack(present), (format_bytes(present.hbm_bytes),)),
            *(
                (words, (bar("rp-flop", 0.0, each.flop / most_flop),), (_flop(each.flop),), class_)
                for words, each, class_ in (
                    ("Operations, nothing fused", unfused, "rp-apart"),
                    ("Operations now", present, None),
                )
            ),
        ],
    )


def _key(found):
    items = [
        (KIND_CLASSES[name], KIND_WORDS[name])
        for name in KINDS
        if getattr(found.unfused, name) or getattr(found.present, name)
    ]
    if any(each.saved_bytes >= 0 for each in found.savings):
        items.append(("rp-saved", "saved by fusing a boundary"))
    if any(each.saved_bytes < 0 for each in found.savings):
        items.append(("rp-added", "added by fusing a boundary"))
    return key([*items, ("rp-flop", "operations")])


def _tables(found):
    movements = [*found.levels, *([] if found.present.fused in [each.fused for each in found.levels] else [found.present])]
    return joined(
        table(
            "One step at each level of fusion",
            ("Level", *(KIND_WORDS[name].capitalize() for name in KINDS), "All bytes", "FLOP", "Launches"),
            [
                (
                    each.name,
                    *(format_bytes(getattr(each, name)) for name in KINDS),
                    format_bytes(each.hbm_bytes),
                    _flop(each.flop),
                    _launches(each),
                )
                for each in movements
            ],
        ),
        table(
            "Bytes of every kernel of one step, all repeats together",
            ("Kernel", "Nothing fused", "Now", "Saved"),
            [
                (
                    each.name,
                    format_bytes(each.unfused_bytes),
                    format_bytes(each.present_bytes),
                    _saved(each.unfused_bytes - each.present_bytes),
                )
                for each in found.kernels
            ],
        ),
    )


def _saved(bytes_):
    return format_bytes(bytes_).replace("-", "−")


def _flop(flop):
    return format_quantity(flop, "FLOP")


def _launches(movement):
    return format_count(movement.launches)
