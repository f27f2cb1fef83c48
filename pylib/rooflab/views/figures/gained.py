"""What brought the speed-up: one bar a lever, on a logarithmic axis on which factors add up."""

from itertools import accumulate
from operator import mul

from rooflab.units import format_ratio
from rooflab.views.figures.svg import bar, label, line, log_place, picture

__all__ = ["gained_figure"]

WIDTH, ROW, TOP = 320, 36, 6
ACROSS = (8.0, 268.0)


def gained_figure(drawn):
    """Draw each lever's factor from where the one before it ended; the last bar is the whole."""
    rows = [each for each in drawn.gains if each.changed]
    reached = list(accumulate((each.factor for each in rows), mul, initial=1.0))
    ends = (min(reached) / 1.02, max(reached) * 1.02)
    bars = [(each.name, each.factor, start, end) for each, start, end in zip(rows, reached, reached[1:], strict=False)]
    bars.append(("Together", drawn.total_factor, 1.0, drawn.total_factor))
    height = TOP + ROW * len(bars) + 6
    one = log_place(1.0, ends, ACROSS)
    words = "; ".join(f"{name} {format_ratio(factor)}" for name, factor, _, _ in bars)
    return picture(
        "What brought the speed-up of an output", f"{words}.", WIDTH, height,
        line((one, TOP), (one, height - 6), "rp-fig-axis"),
        *(mark for at, bar in enumerate(bars) for mark in _bar(*bar, TOP + ROW * at, ends, last=at == len(bars) - 1)),
    )  # fmt: skip


def _bar(name, factor, start, end, top, ends, *, last):
    left, right = sorted(log_place(each, ends, ACROSS) for each in (start, end))
    class_ = "rp-fig-whole" if last else "rp-fig-gain" if factor >= 1 else "rp-fig-loss"
    yield label(ACROSS[0], top + 11, name)
    yield bar(left, top + 15, max(right - left, 1.0), 14, class_)
    yield label(right + 5, top + 26, format_ratio(factor))
