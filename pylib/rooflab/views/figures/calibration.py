"""Stated confidence against the share that was right, with its interval, beside the diagonal of who knows what they know."""

from rooflab.units import counted, format_fraction
from rooflab.views.figures.svg import circle, label, line, path, picture, place_between

__all__ = ["calibration_figure"]

WIDTH, HEIGHT = 400, 310
ACROSS, UP = (52.0, 380.0), (248.0, 14.0)
CHANCE = 0.5
"""The least confidence that the lock offers; files may hold less, and the axis then begins at 0."""


def calibration_figure(found):
    """Draw the calibration of some predictions, by the nearest tenth of confidence."""
    bins = found.bins
    low = 0.0 if any(each.confidence_fraction < CHANCE for each in bins) else CHANCE

    def at(confidence, right):
        return place_between(confidence, (low - 0.04, 1.04), ACROSS), place_between(right, (0.0, 1.0), UP)

    dots = [at(each.confidence_fraction, each.right_fraction) for each in bins]
    return picture(
        f"Calibration of {counted(found.prediction_count, 'prediction')}", _words(bins), WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        line((ACROSS[0], UP[0]), (ACROSS[0], UP[1]), "rp-fig-axis"),
        line(at(low, low), at(1.0, 1.0), "rp-fig-other"),
        *(mark for each in bins for mark in _interval(each, at)),
        path(dots, "rp-fig-curve"),
        *(circle(x, y, 4.5, "rp-fig-met") for x, y in dots),
        *(label(x, UP[0] + 54, str(each.prediction_count), anchor="middle") for each, (x, _) in zip(bins, dots, strict=True)),
        *(label(ACROSS[0] - 5, at(low, each)[1] + 5, format_fraction(each), anchor="end") for each in (0.0, 0.5, 1.0)),
        *(label(at(each, 0.0)[0], UP[0] + 18, format_fraction(each), anchor="middle") for each in (low, (1 + low) / 2, 1.0)),
        label(sum(ACROSS) / 2, UP[0] + 36, "sure, and how many predictions:", anchor="middle"),
        label(0, (UP[0] + UP[1]) / 2 + 30, "right"),
    )  # fmt: skip


def _interval(each, at):
    ends = [at(each.confidence_fraction, end) for end in each.interval_fraction]
    yield line(*ends, "rp-fig-interval")
    yield from (line((x - 4, y), (x + 4, y), "rp-fig-interval") for x, y in ends)


def _words(bins):
    return "; ".join(
        f"{format_fraction(each.confidence_fraction)} sure: {format_fraction(each.right_fraction)} right of {each.prediction_count}, "
        f"95% interval {' to '.join(map(format_fraction, each.interval_fraction))}"
        for each in bins
    ) + "."
