"""Every kernel predicted beside measured, and every sample of every row."""

from rooflab.lab.machine.words import kernel_words
from rooflab.machine.samples import UNSTEADY_RATIO
from rooflab.units import counted, format_fraction, format_ratio, format_time
from rooflab.views.figures.spread import spread_figure
from rooflab.views.machine.figure import boxed
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.screens.report import document_text
from rooflab.views.widgets import text

__all__ = ["compared_markup", "compared_view", "spread_view", "worst"]


def worst(compared):
    """Return the row that the model misses most, by how many times; None without rows."""
    return max(compared, key=lambda each: max(each.row.best_s / each.predicted_s, each.predicted_s / each.row.best_s), default=None)


def compared_view(study):
    """Say how far the model is from the machine, with each row a click off."""
    return boxed(text(compared_markup(study), "rp-head"))


def compared_markup(study):
    """Write the median error, the largest miss, the table, and what was left out."""
    found, missed = study.compared, worst(study.compared)
    if missed is None:
        return element("h3", "No kernel was steady enough to compare.")
    title = f"The model is off by {format_fraction(study.median_error_fraction)} in the middle of {counted(len(found), 'kernel')}."
    slower = missed.row.best_s >= missed.predicted_s
    factor = missed.row.best_s / missed.predicted_s if slower else missed.predicted_s / missed.row.best_s
    detail = f"It misses most at {kernel_words(*missed.row.key)}: {format_ratio(factor)} as {'long' if slower else 'short'} as predicted."
    rows = [
        (kernel_words(*each.row.key), each.bound, format_time(each.predicted_s), format_time(each.row.best_s), _signed(each.error_fraction))
        for each in found
    ]
    return joined(
        element("h3", title),
        element("p", detail),
        folded("Predicted beside measured", table("Every kernel, predicted beside measured", ("Kernel", "Bound by", "Predicted", "Measured", "Longer by"), rows)),
        _left_out(study.measured.left_out),
    )


def _signed(value):
    return f"{'−' if value < 0 else '+'}{format_fraction(abs(value))}"


def _left_out(left_out):
    if not left_out:
        return None
    rows = [(each.name, each.reason) for each in left_out]
    return joined(
        element("p", f"{counted(len(left_out), 'row')} not used.", class_="rp-missing"),
        table("Rows that are not used", ("Row", "Why"), rows, class_="rp-table rp-log"),
    )


def spread_view(study):
    """Say which kernels are steady; every sample as a multiple of the best of its row is folded away."""
    rows = [each for each in study.measured.rows if each.where == "wasm"]
    unsteady = [each for each in rows if not each.steady]
    title = (
        f"{counted(len(unsteady), 'kernel is', 'kernels are')} unsteady: nothing is concluded from {'it' if len(unsteady) == 1 else 'them'}."
        if unsteady
        else f"All {len(rows)} kernels are steady: no median is more than {UNSTEADY_RATIO:g} times the best."
    )
    cells = [(_name(each), format_time(each.best_s), format_time(each.median_s), format_ratio(each.ratio), "steady" if each.steady else "unsteady") for each in rows]
    drawn = spread_figure([(_name(each), [sample / each.best_s for sample in each.samples_s], each.steady) for each in rows], UNSTEADY_RATIO)
    return boxed(
        text(joined(element("h3", title), element("p", "The best sample of a kernel tells what the machine can do.")), "rp-head"),
        document_text(
            folded("Every sample", drawn, table("Samples of every kernel", ("Kernel", "Best", "Median", "Median over best", "State"), cells)),
        ),
    )


def _name(row):
    words = kernel_words(*row.key)
    return words if row.workers == 1 else f"{words}, {row.workers} cores"
