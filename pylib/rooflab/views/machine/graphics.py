"""The graphics device beside one core: its vector units, or that its work is done in software."""

from rooflab.lab.machine.words import kernel_words
from rooflab.machine.predict import compared
from rooflab.machine.refusals import GRAPHICS_LEFT_OUT, NO_GRAPHICS
from rooflab.units import format_fraction, format_number, format_quantity, format_ratio, format_time
from rooflab.views.machine.figure import boxed
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.widgets import text

__all__ = ["graphics_markup", "graphics_view"]

VECTOR_UNITS = "Vector units alone: a browser does not reach tensor cores."


def graphics_view(study):
    """Return the words of the graphics device as a card."""
    return boxed(text(graphics_markup(study), "rp-head"))


def graphics_markup(study):
    """Write what the graphics device does, or why that is not known."""
    found = study.graphics
    if study.graphics_software:
        words = f"{study.graphics_name} does the work of a graphics device in software: its results were checked, and nothing is concluded from their times."
        return joined(element("h3", "There is no graphics device here that could be measured."), element("p", words))
    if found is None:
        words = GRAPHICS_LEFT_OUT.format(name=study.graphics_name) if study.graphics_name else NO_GRAPHICS
        return joined(element("h3", "Graphics"), element("p", words))
    title = (
        f"Graphics ({study.graphics_name}): {format_quantity(found.peak_flop_per_s, 'FLOP/s')} in its vector units, "
        f"{format_ratio(found.peak_flop_per_s / study.found.peak_flop_per_s)} one core; the ridge is at {format_number(found.ridge_flop_per_byte)}."
    )
    rows = [
        (kernel_words(*each.row.key), each.bound, format_time(each.predicted_s), format_time(each.row.best_s), format_fraction(each.row.flop_per_s / found.peak_flop_per_s))
        for each in compared(study.measured, found)
    ]
    shown = folded("Table", table("Kernels on the graphics device", ("Kernel", "Bound by", "Predicted", "Measured", "Of the peak"), rows)) if rows else None
    return joined(element("h3", title), element("p", f"{VECTOR_UNITS} Its memory reads {format_quantity(found.memory_bytes_per_s, 'B/s')}."), shown)
