"""Pieces that every section of a report is made of: predictions beside what came out, and lines of names and words."""

from rooflab.lab.report.report_lines import OPEN
from rooflab.lab.scoring import REPEAT, UNDECIDED
from rooflab.units import format_fraction
from rooflab.views.markup import element, joined
from rooflab.views.steps.reveal import verdict

__all__ = ["lines_markup", "prediction_cells"]


def prediction_cells(each):
    """Return the cells of a prediction: the question, the answer, its confidence, and what came out."""
    predicted = each.predicted + (f", revised to: {each.revised_to}" if each.revised_to else "")
    sure = OPEN if each.confidence_fraction is None else format_fraction(each.confidence_fraction)
    if each.repeat:
        predicted += f"; {REPEAT}"
    if each.undecided:
        return each.question, f"{predicted}; {UNDECIDED}", sure, f"On the reference machine: {each.answer}"
    if each.right is None:
        return each.question, predicted, sure, OPEN
    return each.question, predicted, sure, joined(verdict(each.right), None if each.right else f" {each.answer}")


def lines_markup(lines):
    """Write names and what stands beside them as a list of terms; None without any."""
    if not lines:
        return None
    return element("dl", *(element("div", element("dt", each.name), element("dd", each.words)) for each in lines), class_="rp-lines")
