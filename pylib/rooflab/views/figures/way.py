"""The way over the roofline: from the start by every attempt that runs, under the roofs of all of them."""

from rooflab.charts.roofline import roof as roof_of
from rooflab.units import format_number, format_quantity
from rooflab.views.figures.svg import circle, label, line, log_place, path, picture

__all__ = ["way_figure"]

WIDTH, HEIGHT = 320, 200
ACROSS, UP = (44.0, 312.0), (172.0, 10.0)
MARGIN = 2.0
"""By which factor the axes go beyond the dots and the ridge."""


def way_figure(drawn):
    """Draw the steps of all designs on the roofline, the chosen one red; each dot is a whole step."""
    roof, *others = drawn.roofs
    ridge = roof.peak_flop_per_s / roof.hbm_bytes_per_s
    intensities = [each.intensity_flop_per_byte for each in drawn.points]
    rates = [each.attained_flop_per_s for each in drawn.points]
    ridges = [each.peak_flop_per_s / each.hbm_bytes_per_s for each in drawn.roofs]
    x_ends = (min(*intensities, *ridges) / MARGIN, max(*intensities, *ridges) * MARGIN)
    y_ends = (min(rates) / MARGIN, max(each.peak_flop_per_s for each in drawn.roofs) * MARGIN)

    def at(intensity, rate):
        return log_place(intensity, x_ends, ACROSS), log_place(rate, y_ends, UP)

    def bent(each, class_):
        low = max(x_ends[0], y_ends[0] / each.hbm_bytes_per_s)
        traced = roof_of(each.peak_flop_per_s, each.hbm_bytes_per_s, intensities=(low, x_ends[1]))
        return path([at(*point) for point in zip(traced["x"], traced["y"], strict=True)], class_)

    dots = [at(*each) for each in zip(intensities, rates, strict=True)]
    words = (
        f"From {_told(drawn.points[0])} with {drawn.names[0]} to {_told(drawn.points[drawn.chosen])} with {drawn.names[drawn.chosen]}; the ridge of "
        f"{roof.name} is at {format_number(ridge)} FLOP per byte."
    )
    return picture(
        "The way over the roofline", words, WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        line((ACROSS[0], UP[0]), (ACROSS[0], UP[1]), "rp-fig-axis"),
        *(bent(each, "rp-fig-other") for each in others),
        bent(roof, "rp-fig-roof"),
        path(dots, "rp-fig-way"),
        *(circle(x, y, *((4.5, "rp-fig-last") if place == drawn.chosen else (3, "rp-fig-dot"))) for place, (x, y) in enumerate(dots)),
        label(ACROSS[1], at(ridge, roof.peak_flop_per_s)[1] - 4, roof.name, anchor="end"),
        label(ACROSS[0], HEIGHT - 14, format_number(x_ends[0])),
        label(ACROSS[1], HEIGHT - 14, format_number(x_ends[1]), anchor="end"),
        label(sum(ACROSS) / 2, HEIGHT - 3, "FLOP per byte of the step", anchor="middle"),
        label(ACROSS[0] - 3, UP[0], format_quantity(y_ends[0], "", digits=1), anchor="end"),
        label(ACROSS[0] - 3, UP[1] + 8, format_quantity(y_ends[1], "", digits=1), anchor="end"),
        label(ACROSS[0] + 4, UP[1] + 8, "attained FLOP/s"),
    )  # fmt: skip


def _told(point):
    return f"{format_number(point.intensity_flop_per_byte)} FLOP per byte and {format_quantity(point.attained_flop_per_s, 'FLOP/s')}"
