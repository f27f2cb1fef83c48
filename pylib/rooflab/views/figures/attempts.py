"""The attempts in order, by the mission's figure: feasible or not, the best so far, and the best of all once it is told."""

import math

from rooflab.units import format_reading
from rooflab.views.figures.svg import circle, label, line, path, picture, place_between

__all__ = ["attempts_figure"]

WIDTH, HEIGHT = 320, 200
ACROSS, UP = (14.0, 306.0), (158.0, 24.0)


def attempts_figure(drawn):
    """Draw what each attempt reached; those that cannot run stand on the axis as crosses."""
    known = [each.value for each in drawn.marks if not math.isnan(each.value)]
    told = [*known, *([drawn.best_value] if not math.isnan(drawn.best_value) else [])] or [0.0]
    low, high = min(told), max(told)
    ends = (low - 0.1 * (high - low), high + 0.1 * (high - low))
    count = len(drawn.marks)

    def at(number, value):
        return place_between(number, (1, max(count, 2)), (ACROSS[0] + 12, ACROSS[1] - 12)), place_between(value, ends, UP)

    return picture(
        f"{drawn.objective.name} of each attempt; {'more' if drawn.objective.maximise else 'less'} is better", _words(drawn), WIDTH, HEIGHT,
        line((ACROSS[0], UP[0] + 12), (ACROSS[1], UP[0] + 12), "rp-fig-axis"),
        *_best_line(drawn, ends),
        path([at(number, value) for number, value in _best_so_far(drawn)], "rp-fig-way"),
        *(mark for each in drawn.marks for mark in _mark(each, at)),
        *(label(at(each.number, ends[0])[0], UP[0] + 24, str(each.number), anchor="middle") for each in drawn.marks),
        label(ACROSS[0], HEIGHT - 4, "Filled: feasible. Hollow: misses a target. × cannot run."),
    )  # fmt: skip


def _mark(each, at):
    if math.isnan(each.value):
        x, _ = at(each.number, 0.0)
        return [label(x, UP[0] + 10, "×", anchor="middle")]
    x, y = at(each.number, each.value)
    ring = [circle(x, y, 8, "rp-fig-ring")] if each.final else []
    return [circle(x, y, 4.5, "rp-fig-met" if each.feasible else "rp-fig-missed"), *ring]


def _best_so_far(drawn):
    best, better = None, max if drawn.objective.maximise else min
    for each in drawn.marks:
        if each.feasible:
            best = each.value if best is None else better(best, each.value)
        if best is not None:
            yield each.number, best


def _best_line(drawn, ends):
    if math.isnan(drawn.best_value):
        return []
    y = place_between(drawn.best_value, ends, UP)
    words = f"best of all: {format_reading(drawn.best_value, drawn.objective.unit)}"
    return [line((ACROSS[0], y), (ACROSS[1], y), "rp-fig-best"), label(ACROSS[0], y - 4, words)]


def _words(drawn):
    unit = drawn.objective.unit
    told = "; ".join(
        f"{each.number}: {'cannot run' if math.isnan(each.value) else format_reading(each.value, unit)}"
        + ("" if each.feasible or math.isnan(each.value) else ", not feasible")
        + (", final" if each.final else "")
        for each in drawn.marks
    )
    return f"{told}." + ("" if math.isnan(drawn.best_value) else f" Best of all: {format_reading(drawn.best_value, unit)}.")
