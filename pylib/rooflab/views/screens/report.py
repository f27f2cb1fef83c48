"""The report of one learner on the page: the same records as its Markdown, as headings and tables."""

from types import MappingProxyType

import panel as pn
import param
from bokeh.models import Div, ImportedStyleSheet

from rooflab.lab.ledger.computable import set_apart_words
from rooflab.lab.ledger.ledger import unknown_words
from rooflab.lab.report.report_lines import OPEN
from rooflab.lab.report.report_text import calibration_words, time_words
from rooflab.lab.report.takeaways import place_words, taken_words
from rooflab.lab.scoring import REPEAT
from rooflab.lab.steps.modes import LABELS, mode
from rooflab.units import counted, format_fraction
from rooflab.views.figures.attempts import attempts_figure
from rooflab.views.figures.gained import gained_figure
from rooflab.views.figures.way import way_figure
from rooflab.views.markup import element, joined, table
from rooflab.views.panel_theme import STYLESHEETS
from rooflab.views.screens.compare import comparison_markup
from rooflab.views.screens.report_machine import machine_markup
from rooflab.views.screens.report_parts import lines_markup, prediction_cells
from rooflab.views.steps.reveal import verdict
from rooflab.views.widgets import button
from rooflab.workbench.screens import ReportForm

__all__ = ["ReportView", "document_text", "report_markup", "takeaways_markup"]

SHORTENED = "On paper, a report of several tracks lists the final attempts alone; its files hold all of them."
EMPTY = "Your report begins with your first prediction. No track is in your ledger yet."
NONE_TAKEN_UP = "No track is in this ledger yet."
NOTHING = MappingProxyType({})


class ReportView(pn.viewable.Viewer):
    """A report with what was taken away, the tracks compared once two are done, and its files."""

    form = param.ClassSelector(class_=ReportForm, constant=True, doc="Holds the wishes for files")
    report = param.Parameter(constant=True, doc="The Report")
    drawn = param.Dict(default={}, constant=True, doc="The Drawings of missions, by track and part")
    takeaways = param.Parameter(constant=True, doc="What was met, one Met a takeaway")
    comparison = param.Parameter(constant=True, doc="The Comparison; None before two tracks are done")

    def __init__(self, **params):
        super().__init__(**params)
        self.words = document_text(
            joined(
                report_markup(self.report, drawn=self.drawn),
                comparison_markup(self.comparison) if self.comparison else None,
                takeaways_markup(self.takeaways, several=len(self.report.tracks) > 1) if self.report.tracks or self.report.machine else None,
            )
        )
        self._layout = pn.Column(
            pn.Row(
                button(self.form.param.markdown, "Download as Markdown"),
                button(self.form.param.json, "Download as JSON"),
                css_classes=["rp-actions", "rp-files"],
                sizing_mode="stretch_width",
            ),
            self.words,
            css_classes=["rp-instruments"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout


def document_text(markup):
    """Make a text that also prints well."""
    return Div(
        text=markup,
        css_classes=["rp-text", "rp-document"],
        stylesheets=[ImportedStyleSheet(url=url) for url in (*STYLESHEETS, "css/report.css")],
        disable_math=True,
        sizing_mode="stretch_width",
        margin=0,
    )


def report_markup(report, *, name="", drawn=NOTHING):
    """Write a report; `name` says whose it is, where it is not the reader's own, `drawn` are its figures by track and part."""
    if not (report.tracks or report.unknown_tracks or report.machine):
        return joined(element("p", EMPTY if not name else NONE_TAKEN_UP), _warnings(report))
    return joined(
        element("p", _heading(report, name)),
        element("p", element("strong", "Calibration. "), calibration_words(report.calibration)),
        _calibration(report.calibration),
        _warnings(report),
        element("p", SHORTENED, class_="rp-on-paper") if len(report.tracks) > 1 else None,
        element("div", *(_track(each, drawn) for each in report.tracks), class_="rp-many" if len(report.tracks) > 1 else None),
        machine_markup(report.machine),
        _set_apart(report.set_apart),
    )


def _set_apart(lines):
    if not lines:
        return None
    return element("section", element("h2", "Left out"), element("p", set_apart_words(len(lines))), lines_markup(lines))


def takeaways_markup(takeaways, *, several=False):
    """List what was met with what this learner saw; of what was not met only where it waits, for its words answer locks.

    On paper those of several tracks are titles only.
    """
    met = [each for each in takeaways if each.place]
    waiting = [each.takeaway for each in takeaways if not each.place]
    return element(
        "div",
        element("h2", "Taken away"),
        element("p", taken_words(takeaways)),
        element("ul", *(element("li", *_met(each)) for each in met), class_="rp-takeaways") if met else None,
        joined(
            element("h3", "Not met yet"),
            element("ul", *(element("li", *_waiting(each)) for each in waiting), class_="rp-takeaways"),
        )
        if waiting
        else None,
        class_="rp-many" if several else None,
    )


def _met(each):
    kind = "A fallacy: " if each.takeaway.fallacy else ""
    yield element("strong", f"{kind}{each.takeaway.title}. ")
    yield element("span", " ".join(filter(None, (each.takeaway.words if each.told else "", each.seen))), class_="rp-words")
    yield element("span", f" ({each.words}; {place_words(each.place)})", class_="rp-note")


def _waiting(takeaway):
    # A fallacy's title is the answer to a question that may still be locked.
    yield element("strong", "A fallacy. " if takeaway.fallacy else f"{takeaway.title}. ")
    yield element("span", f"Met at {place_words(takeaway.places[0])}.", class_="rp-note")


def _heading(report, name):
    whose = f"{name}: session" if name else "Session"
    opened = "1 step is open" if report.open_count == 1 else f"{report.open_count} steps are open"
    return (
        f"{whose} {report.session}, variant {report.variant}. Begun {report.started_at[:10]}, last entry "
        f"{report.last_at[:10]}, {counted(report.entry_count, 'entry', 'entries')}; {opened}."
    )


def _calibration(found):
    if not found.points:
        return None
    return table(
        "Calibration: how often each level of confidence was right",
        ("Sure", "Correct", "Predictions"),
        [
            (format_fraction(each.confidence_fraction), format_fraction(each.right_fraction), str(each.prediction_count))
            for each in found.points
        ],
        class_="rp-table rp-calibration",
    )


def _warnings(report):
    words = []
    if report.edited:
        words.append("Part of this ledger was changed outside the lab before it was imported.")
    if report.unknown_tracks:
        words.append(f"Not readable in this version: {', '.join(report.unknown_tracks)}.")
    if report.not_checked:
        words.append(report.not_checked)
    if report.bench_opened:
        words.append(report.bench_opened)
    if report.unknown_count:
        words.append(unknown_words(report.unknown_count))
    return joined(*(element("p", each, class_="rp-missing") for each in words))


def _track(track, drawn):
    return element(
        "div",
        element("h2", f"{track.name}, {track.persona}"),
        element("p", f"{track.north_star} {mode(track.mode).name} mode, {time_words(track.time_s)} spent."),
        *(_part(part, drawn.get((track.id, part.number))) for part in track.parts),
        class_="rp-track",
    )


def _part(part, drawn):
    title = f"{part.number}. {part.title}"
    if not part.predictions:
        return element("div", element("h3", title, _state(OPEN)), class_="rp-part")
    state = f"at the step {LABELS[part.state]}" if part.state in LABELS else part.state
    return element(
        "div",
        element("h3", title, _state(f"{state}, {time_words(part.time_s)}")),
        table(
            f"Part {part.number}: predictions beside the model",
            ("Question", "Predicted", "Sure", "Model"),
            [prediction_cells(each) for each in part.predictions],
            class_="rp-table rp-log rp-predictions",
        ),
        _attempts(part),
        _figures(drawn) if drawn else None,
        lines_markup(part.results),
        _evidence(part),
        lines_markup(part.reflection),
        element("p", "Hints taken: ", ", ".join(f"{each.name} {each.words}" for each in part.hints), ".") if part.hints else None,
        element("p", element("strong", "Open: "), ", ".join(part.open_steps), ".") if part.open_steps else None,
        class_="rp-part",
    )


def _state(words):
    return element("span", f" ({words})", class_="rp-note")


def _attempts(part):
    if not part.attempts:
        return None
    rows = [
        (
            element("span", f"{each.number}, final", class_="rp-final") if each.final else str(each.number),
            each.changed,
            each.value,
            "feasible" if each.feasible else " ".join(each.reasons),
        )
        for each in part.attempts
    ]
    return table(
        f"Part {part.number}: attempts", ("Attempt", "Changed from the start", "Reached", "Targets"), rows, class_="rp-table rp-log rp-attempts-table"
    )


def _figures(drawn):
    """Lay a mission's figures side by side; all that they show stands in the tables and the lines around them too."""
    return element("div", way_figure(drawn) if drawn.points else None, attempts_figure(drawn), gained_figure(drawn) if drawn.gains else None, class_="rp-figures")


def _evidence(part):
    if not part.evidence:
        return None
    return joined(
        element("h4", "Evidence"),
        element("ul", *(element("li", element("strong", each.reading), *_at(each)) for each in part.evidence)),
    )


def _at(each):
    yield f" ({each.design})"
    if each.cited:
        yield ", cited"
    if each.bearing:
        yield f", {each.bearing}: {each.shows}"
