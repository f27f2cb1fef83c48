"""The learner's roofline with the measured kernels on it, and the levels of memory as a staircase."""

from rooflab.charts.machine_roofline import MachineRoofline
from rooflab.charts.measured_curve import Line, MeasuredCurve
from rooflab.lab.machine.words import kernel_words
from rooflab.machine.counts import cost, footprint_bytes
from rooflab.machine.refusals import NOT_ALL_CORES, ONE_CORE
from rooflab.specs import Precision, Roof
from rooflab.units import counted, format_bytes, format_fraction, format_number, format_quantity, format_ratio
from rooflab.views.machine.figure import charted
from rooflab.views.markup import element
from rooflab.views.panel_theme import STYLESHEETS

__all__ = ["roofline_view", "staircase_view"]

SIGNS = "Dots: measured. Line: the levels that the model uses."


def roofline_view(study):
    """Draw the roofs of one core and of all, and a dot for each kernel that was measured."""
    found = study.found
    roofs = [Roof.of(study.device, Precision.FP32, "one core")]
    if found.all_flop_per_s and found.all_bytes_per_s:
        roofs.append(Roof(name=f"all {found.all_workers} cores", peak_flop_per_s=found.all_flop_per_s, hbm_bytes_per_s=found.all_bytes_per_s))
    shown = [(each, each.row.intensity_flop_per_byte, each.row.flop_per_s) for each in study.compared]
    chart = MachineRoofline(
        roofs=roofs,
        slopes=[each.bytes_per_s for each in found.levels[:-1]],
        dots=[(intensity, rate, each.bound, kernel_words(*each.row.key)) for each, intensity, rate in shown],
        stylesheets=STYLESHEETS,
    )
    title = f"Your ridge is at {format_number(found.ridge_flop_per_byte)} FLOP per byte: one core does {format_quantity(found.peak_flop_per_s, 'FLOP/s')} and reads {format_quantity(found.memory_bytes_per_s, 'B/s')}."
    rows = [
        (
            kernel_words(*each.row.key),
            format_number(intensity),
            format_quantity(rate, "FLOP/s"),
            each.bound,
            format_fraction(rate / found.peak_flop_per_s),
        )
        for each, intensity, rate in shown
    ]
    header = ("Kernel", "FLOP per byte", "Attained", "Bound by", "Of the peak")
    return charted(title, _several(found, study.offered_cores), chart, header, rows, caption="Measured kernels on the roofline of one core", signs=_signs())


def _signs():
    marks = (
        ("●", "rp-memory", "memory-bound"),
        ("■", "rp-compute", "compute-bound"),
        ("◆", "rp-link", "bound by a cache"),
        ("▲", "rp-latency", "waiting: each operation for the one before it"),
        ("━", "rp-memory", "one core"),
        ("┅", "", "all cores"),
        ("┈", "rp-memory", "a level of memory nearer to the core"),
    )
    return element("p", *(element("span", element("i", mark, class_=f"rp-mark {class_}".strip(), aria_hidden="true"), words) for mark, class_, words in marks))


def _several(found, offered_cores):
    if not found.all_ridge_flop_per_byte:
        return NOT_ALL_CORES.format(cores=offered_cores) if offered_cores > 1 else ONE_CORE
    return (
        f"All {found.all_workers} cores do {format_ratio(found.all_flop_per_s / found.peak_flop_per_s)} as much and read "
        f"{format_ratio(found.all_bytes_per_s / found.memory_bytes_per_s)} as fast, so their ridge is at "
        f"{format_number(found.all_ridge_flop_per_byte)}."
    )


def staircase_view(study):
    """Draw the rate of the triad over what it touches, every sample, and the levels that follow."""
    triads = study.measured.of("triad", where=study.found.where)
    places = [(footprint_bytes(*each.key), each) for each in triads]
    work = {each.key: cost(*each.key).hbm_bytes for each in triads}
    chart = MeasuredCurve(
        x_label="Bytes that the triad touches",
        y_label="Triad (B/s)",
        samples=[(at, work[each.key] / sample, "") for at, each in places for sample in each.samples_s],
        best=[(at, each.bytes_per_s, f"{format_bytes(at)}: {format_quantity(each.bytes_per_s, 'B/s')}") for at, each in places],
        lines=[_stairs(study.found.levels, places[0][0])],
        x_ticks={1e5: "100 k", 1e6: "1 M", 1e7: "10 M", 1e8: "100 M"},
        y_ticks={value: format_quantity(value, "", digits=1) for value in (1e9, 2e9, 5e9, 1e10, 2e10, 5e10, 1e11, 2e11, 5e11)},
        stylesheets=STYLESHEETS,
    )
    levels = study.found.levels
    title = f"Memory has {counted(len(levels), 'level')} here: the nearest is {format_ratio(levels[0].bytes_per_s / levels[-1].bytes_per_s)} as fast as main memory."
    detail = "; ".join(f"up to {format_bytes(each.capacity_bytes)}: {format_quantity(each.bytes_per_s, 'B/s')}" for each in levels[:-1])
    rows = [
        (format_bytes(at), format_quantity(each.bytes_per_s, "B/s"), format_quantity(work[each.key] / each.median_s, "B/s"), format_ratio(each.ratio))
        for at, each in places
    ]
    return charted(title, f"{detail[0].upper()}{detail[1:]}. {SIGNS}" if detail else SIGNS, chart, ("Touched", "Best", "Median", "Median over best"), rows, caption="The triad by what it touches")


def _stairs(levels, start):
    xs, ys = [], []
    for each in levels:
        xs += [start, each.capacity_bytes]
        ys += [each.bytes_per_s, each.bytes_per_s]
        start = each.capacity_bytes
    return Line(xs, ys)
