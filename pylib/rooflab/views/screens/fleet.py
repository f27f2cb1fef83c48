"""A class as a fleet on the instructors' page: roofs, ridges, predictions, and every machine."""

from rooflab.lab.classroom.fleet import fleet_words
from rooflab.lab.classroom.tallies import asked_words
from rooflab.units import format_fraction, format_number, format_quantity, format_ratio
from rooflab.views.figures.answers import answers_figure
from rooflab.views.figures.fleet import ratios_figure, ridges_figure, roofs_figure
from rooflab.views.markup import element, folded, joined, table

__all__ = ["fleet_markup"]

KERNELS = {
    "chain-passes": "Chain in passes",
    "chain-fused": "Chain, fused",
    "epilogue-passes": "ReLU in passes",
    "epilogue-fused": "ReLU, fused",
    "gemm-naive": "Product, plain",
    "gemm-simd": "Product by rows",
    "gemm-tile": "Product in tiles",
    "gemm-blocked": "Product, blocked",
    "batch": "Batch",
}


def fleet_markup(fleet):
    """Write the machines of a class; nothing where nobody was at "Your machine"."""
    if not fleet.questions:
        return None
    return joined(
        element("h2", "Machines of the class"),
        *_machines(fleet),
        element("div", *map(_question, fleet.questions), class_="rp-figures rp-class-figures"),
    )


def _machines(fleet):
    if not fleet.machines:
        return [element("p", fleet_words(fleet))]
    figures = [roofs_figure(fleet.machines), ridges_figure(fleet.ridges_flop_per_byte), *([ratios_figure(fleet.kernels, KERNELS)] if fleet.kernels else [])]
    return [element("p", fleet_words(fleet)), element("div", *figures, class_="rp-figures rp-class-figures"), folded("Tables", _table(fleet.machines), _kernels(fleet.kernels))]


def _table(machines):
    header = ("Ledger", "Measured", "Peak, one core", "Memory, one core", "Ridge", "Peak, all", "Memory, all", "Model's error")
    rows = [
        (
            each.name,
            each.date,
            format_quantity(each.peak_flop_per_s, "FLOP/s"),
            format_quantity(each.memory_bytes_per_s, "B/s"),
            format_number(each.ridge_flop_per_byte),
            format_quantity(each.all_flop_per_s, "FLOP/s") if each.all_flop_per_s else "one core",
            format_quantity(each.all_bytes_per_s, "B/s") if each.all_bytes_per_s else "one core",
            format_fraction(each.median_error_fraction) if each.median_error_fraction is not None else "none",
        )
        for each in machines
    ]
    return table("Machines, by ledger", header, rows)


def _kernels(kernels):
    rows = [(KERNELS[each.kernel], str(each.rows_count), *map(format_ratio, (each.low_factor, each.median_factor, each.high_factor))) for each in kernels]
    return table("Measured over predicted time, by kernel", ("Kernel", "Rows", "One in ten below", "Middle", "One in ten above"), rows)


def _question(asked):
    return element("section", element("h3", asked.text), answers_figure(asked, asked_words(asked)))
