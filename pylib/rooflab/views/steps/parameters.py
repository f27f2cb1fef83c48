"""Active and stored parameters as two bars each: what an output computes with, and what must be kept."""

from rooflab.units import format_fraction, format_quantity
from rooflab.views.markup import element, joined

__all__ = ["parameters_markup"]

HEADER = ("Design", "Active", "Stored")


def parameters_markup(start, design):
    """Draw the two figures of the start and of a design to one scale, with a sentence and with numbers in a table."""
    rows = (("At the start", start), ("Your design", design))
    most = max(each.stored_count for _, each in rows)
    return joined(
        element("p", _against(start, design)),
        element(
            "div",
            element(
                "table",
                element("caption", "Parameters, without drafts and zeros"),
                element("thead", element("tr", *(element("th", each, scope="col") for each in HEADER))),
                element("tbody", *(_row(name, each, most) for name, each in rows)),
                class_="rp-table rp-parameters",
            ),
            class_="rp-scroll",
            tabindex="0",
            role="region",
            aria_label="Active and stored parameters",
        ),
    )


def _against(start, design):
    """Say how both figures stand to those at the start."""
    if start == design:
        return "Active and stored parameters: as at the start."
    return (
        f"Active parameters: {format_fraction(design.active_count / start.active_count)} of the start. "
        f"Stored: {format_fraction(design.stored_count / start.stored_count)}."
    )


def _row(name, counts, most):
    cells = (("rp-active", counts.active_count), ("rp-stored", counts.stored_count))
    return element(
        "tr",
        element("th", name, scope="row"),
        *(
            element("td", _count(count), element("i", class_=f"rp-length {kind}", style=f"width:{count / most:.1%}", aria_hidden="true"))
            for kind, count in cells
        ),
    )


def _count(count):
    return format_quantity(count, "")
