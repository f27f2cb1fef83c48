"""A measured machine on its roofline: both roofs, and a dot for each kernel."""

from rooflab.charts.roofline import roof as roof_of
from rooflab.units import counted, format_number, format_quantity
from rooflab.views.figures.svg import circle, label, line, log_place, path, picture

__all__ = ["machine_figure"]

WIDTH, HEIGHT = 320, 200
ACROSS, UP = (44.0, 312.0), (172.0, 10.0)
MARGIN = 2.0


def machine_figure(found):
    """Draw the kernels of a MachineReport under the roof of one core, and that of all where there are more."""
    roofs = [(found.peak_flop_per_s, found.memory_bytes_per_s, "one core")]
    if found.all_flop_per_s and found.all_bytes_per_s:
        roofs.append((found.all_flop_per_s, found.all_bytes_per_s, "all cores"))
    places = [(each.intensity_flop_per_byte, each.attained_flop_per_s) for each in found.points]
    ridge = found.peak_flop_per_s / found.memory_bytes_per_s
    x_ends = (min(ridge, *(each[0] for each in places)) / MARGIN, max(ridge, *(each[0] for each in places)) * MARGIN)
    y_ends = (min(each[1] for each in places) / MARGIN, max(*(each[0] for each in roofs), *(each[1] for each in places)) * MARGIN)

    def at(intensity, rate):
        return log_place(intensity, x_ends, ACROSS), log_place(rate, y_ends, UP)

    def bent(peak, bandwidth, class_):
        low = max(x_ends[0], y_ends[0] / bandwidth)
        traced = roof_of(peak, bandwidth, intensities=(low, x_ends[1]))
        return path([at(*point) for point in zip(traced["x"], traced["y"], strict=True)], class_)

    words = f"{counted(len(places), 'kernel')} under a peak of {format_quantity(found.peak_flop_per_s, 'FLOP/s')}; the ridge is at {format_number(ridge)} FLOP per byte."
    return picture(
        "Your machine on its roofline", words, WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        line((ACROSS[0], UP[0]), (ACROSS[0], UP[1]), "rp-fig-axis"),
        *(bent(peak, bandwidth, "rp-fig-other" if number else "rp-fig-roof") for number, (peak, bandwidth, _name) in enumerate(roofs)),
        *(circle(*at(*each), 3, "rp-fig-dot") for each in places),
        *(label(ACROSS[1], at(x_ends[1], peak)[1] - 4, name, anchor="end") for peak, _bandwidth, name in roofs),
        label(ACROSS[0], HEIGHT - 14, format_number(x_ends[0])),
        label(ACROSS[1], HEIGHT - 14, format_number(x_ends[1]), anchor="end"),
        label(sum(ACROSS) / 2, HEIGHT - 3, "FLOP per byte", anchor="middle"),
        label(ACROSS[0] - 3, UP[0], format_quantity(y_ends[0], "", digits=1), anchor="end"),
        label(ACROSS[0] - 3, UP[1] + 8, format_quantity(y_ends[1], "", digits=1), anchor="end"),
        label(ACROSS[0] + 4, UP[1] + 8, "attained FLOP/s"),
    )  # fmt: skip
