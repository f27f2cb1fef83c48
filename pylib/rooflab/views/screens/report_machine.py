"""The learner's machine in a report: its roofline as a figure that stands still, predictions, figures, arguments."""

from rooflab.views.figures.machine import machine_figure
from rooflab.views.markup import element, table
from rooflab.views.screens.report_parts import lines_markup, prediction_cells

__all__ = ["machine_markup"]


def machine_markup(found):
    """Write the section; nothing where nothing was done there."""
    if found is None:
        return None
    when = element("span", f" (measured {found.measured_on})", class_="rp-note") if found.measured_on else None
    return element(
        "div",
        element("h2", "Your machine", when),
        table(
            "Your machine: predictions beside what was measured",
            ("Question", "Predicted", "Sure", "Measured"),
            [prediction_cells(each) for each in found.predictions],
            class_="rp-table rp-log rp-predictions",
        ),
        element("div", machine_figure(found), class_="rp-figures") if found.points else None,
        lines_markup(found.figures),
        lines_markup(found.results),
        element("p", element("strong", "Open: "), ", ".join(found.open_steps), ".") if found.open_steps else None,
        class_="rp-track",
    )
