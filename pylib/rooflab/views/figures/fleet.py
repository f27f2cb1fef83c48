"""A class of machines: all roofs on one roofline, the ridges as a distribution, and measured over predicted by kernel."""

import math

from rooflab.charts.roofline import roof as roof_of
from rooflab.units import counted, format_number, format_quantity, format_ratio
from rooflab.views.figures.svg import bar, circle, label, line, log_place, path, picture

__all__ = ["ratios_figure", "ridges_figure", "roofs_figure"]

WIDTH, HEIGHT = 400, 250
ACROSS, UP = (52.0, 388.0), (206.0, 24.0)
INTENSITIES = (0.05, 200.0)
BINS = 16
ROW = 26
RATIOS = (0.5, 8.0)


def roofs_figure(machines):
    """Draw the roof of one core of every machine, with a dot at its ridge."""
    peaks = [each.peak_flop_per_s for each in machines]
    bandwidths = [each.memory_bytes_per_s for each in machines]
    rates = (min(bandwidths) * INTENSITIES[0], max(peaks) * 2)

    def at(intensity, rate):
        return log_place(intensity, INTENSITIES, ACROSS), log_place(rate, rates, UP)

    def bent(each):
        traced = roof_of(each.peak_flop_per_s, each.memory_bytes_per_s, intensities=INTENSITIES)
        return path([at(*point) for point in zip(traced["x"], traced["y"], strict=True)], "rp-fig-path")

    words = f"Peaks from {format_quantity(min(peaks), 'FLOP/s')} to {format_quantity(max(peaks), 'FLOP/s')}, memory from {format_quantity(min(bandwidths), 'B/s')} to {format_quantity(max(bandwidths), 'B/s')}."
    return picture(
        f"{counted(len(machines), 'machine')} on one roofline", words, WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        line((ACROSS[0], UP[0]), (ACROSS[0], UP[1]), "rp-fig-axis"),
        *map(bent, machines),
        *(circle(*at(each.ridge_flop_per_byte, each.peak_flop_per_s), 2.5, "rp-fig-met") for each in machines),
        *(label(at(each, rates[0])[0], UP[0] + 18, format_number(each), anchor="middle") for each in (0.1, 1, 10, 100)),
        *(label(ACROSS[0] - 5, at(INTENSITIES[0], each)[1] + 5, format_quantity(each, "", digits=1), anchor="end") for each in _powers(rates)),
        label(sum(ACROSS) / 2, UP[0] + 36, "FLOP per byte; dots: the ridges", anchor="middle"),
        label(0, UP[1] - 8, "FLOP/s of one core"),
    )  # fmt: skip


def _powers(rates):
    return [10.0**power for power in range(math.ceil(math.log10(rates[0])), math.floor(math.log10(rates[1])) + 1)]


def ridges_figure(ridges):
    """Draw how many machines have their ridge in each of a row of bins that are equally wide on the axis."""
    low, high = min(ridges[0], 0.5), max(ridges[-1], 8.0)
    step = math.log(high / low) / BINS
    heights = [0] * BINS
    for each in ridges:
        heights[min(int(math.log(each / low) / step), BINS - 1)] += 1
    width = (ACROSS[1] - ACROSS[0]) / BINS
    most = max(heights)
    middle = ridges[len(ridges) // 2]
    x = log_place(middle, (low, high), ACROSS)
    return picture(
        f"Ridge points: half of the machines below {format_number(middle)} FLOP per byte", f"From {format_number(ridges[0])} to {format_number(ridges[-1])}.", WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        *(bar(ACROSS[0] + width * number + 1, UP[0] - _height(count, most), width - 2, _height(count, most), "rp-fig-gain") for number, count in enumerate(heights) if count),
        line((x, UP[0]), (x, UP[1]), "rp-fig-best"),
        *(label(log_place(each, (low, high), ACROSS), UP[0] + 18, format_number(each), anchor="middle") for each in (low, middle, high)),
        label(ACROSS[0] - 5, UP[1] + 5, str(most), anchor="end"),
        label(0, UP[1] - 8, "machines"),
        label(sum(ACROSS) / 2, UP[0] + 36, "FLOP per byte at the ridge of one core", anchor="middle"),
    )  # fmt: skip


def _height(count, most):
    return round((UP[0] - UP[1]) * count / most, 1)


def ratios_figure(kernels, names):
    """Draw measured over predicted time by kernel: the middle, and where four of five rows are."""
    height = ROW * len(kernels) + 60
    along = (168.0, 380.0)
    marks = []
    for number, each in enumerate(kernels):
        y = 24 + ROW * number
        ends = [(log_place(value, RATIOS, along), y) for value in (each.low_factor, each.high_factor)]
        marks += [label(0, y + 5, names[each.kernel]), line(*ends, "rp-fig-interval"), circle(log_place(each.median_factor, RATIOS, along), y, 4.5, "rp-fig-met")]
    one, foot = log_place(1.0, RATIOS, along), 24 + ROW * len(kernels)
    words = "; ".join(f"{names[each.kernel]} {format_ratio(each.median_factor)}" for each in kernels)
    return picture(
        "Measured over predicted time, by kernel", f"{words}.", WIDTH, height,
        line((one, 10), (one, foot), "rp-fig-other"),
        *marks,
        *(label(log_place(each, RATIOS, along), foot + 14, f"{each:g}×", anchor="middle") for each in (0.5, 1, 2, 4, 8)),
        label(sum(along) / 2, foot + 32, "dot: the middle; line: four of five", anchor="middle"),
    )  # fmt: skip
