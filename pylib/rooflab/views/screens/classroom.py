"""The instructors' class on the page: questions, misconceptions, attempts, time, and every learner."""

import panel as pn
import param

from rooflab import tracks
from rooflab.lab.classroom.classroom import REGRET_BORDERS, doubts
from rooflab.lab.classroom.tallies import asked_words
from rooflab.lab.ledger.files import passed_over_words
from rooflab.lab.ledger.made_with import AUTHORSHIP
from rooflab.lab.report.report_text import calibration_words, time_words
from rooflab.lab.steps.modes import LABELS
from rooflab.units import counted, format_fraction
from rooflab.views.figures.answers import answers_figure
from rooflab.views.figures.calibration import calibration_figure
from rooflab.views.figures.paths import paths_figure
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.screens.fleet import fleet_markup
from rooflab.views.screens.report import document_text
from rooflab.views.screens.rubric import track_name
from rooflab.views.widgets import button, select
from rooflab.workbench.screens import ClassroomForm

__all__ = ["ClassroomView", "class_table", "classroom_markup"]

MISCONCEPTIONS_SHOWN = 8
INDEPENDENT = "The interval takes predictions as independent; those of one learner are not quite."
MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones too


class ClassroomView(pn.viewable.Viewer):
    """What a class did, and a choice of the learner to look at more closely."""

    form = param.ClassSelector(class_=ClassroomForm, constant=True, doc="Holds the learner looked at")
    classroom = param.Parameter(constant=True, doc="The Classroom")
    detail = param.List(default=[], doc="Views of the learner looked at")

    def __init__(self, **params):
        super().__init__(**params)
        self.words = document_text(classroom_markup(self.classroom))
        self._detail = pn.Column(sizing_mode="stretch_width")
        self._layout = pn.Column(
            self.words,
            *(
                (
                    pn.Row(
                        button(self.form.param.table, "Download the class as CSV"),
                        css_classes=["rp-actions", "rp-files"],
                        sizing_mode="stretch_width",
                    ),
                    select(self.form.param.learner, "Ledger to look at"),
                )
                if self.classroom.learners
                else ()
            ),
            self._detail,
            css_classes=["rp-instruments"],
            sizing_mode="stretch_width",
        )

    @param.depends("detail", watch=True)
    def _show_detail(self):
        self._detail[:] = self.detail

    def __panel__(self):
        return self._layout


def classroom_markup(found):
    """Write a class as headings and tables, in the order in which an instructor asks."""
    return joined(
        element("h2", counted(len(found.learners), "ledger")),
        _refused(found.refused),
        element("p", passed_over_words(found.passed_over), class_="rp-note") if found.passed_over else None,
        *(
            (
                element("p", element("strong", "Calibration of the class. "), calibration_words(found.calibration)),
                _calibration(found.calibration),
                _misconceptions(found.misconceptions),
                _questions(found.questions),
                _missions(found.missions),
                fleet_markup(found.fleet),
                _times(found.times),
                _hints(found.hints),
                _learners(found.learners),
            )
            if found.learners
            else ()
        ),
    )


def _refused(refused):
    if not refused:
        return None
    return joined(
        element("h3", f"{counted(len(refused), 'file')} not counted"),
        table("Files that were not counted", ("File", "Why"), [(each.name, each.reason) for each in refused], class_="rp-table rp-log"),
    )


def _calibration(found):
    if not found.prediction_count:
        return None
    rows = [
        (
            format_fraction(each.confidence_fraction),
            str(each.prediction_count),
            format_fraction(each.right_fraction),
            " to ".join(map(format_fraction, each.interval_fraction)),
        )
        for each in found.bins
    ]
    head = ("Sure", "Predictions", "Right", "95% interval")
    return _drawn(joined(calibration_figure(found), folded("Table", table("Calibration, by the nearest tenth of confidence", head, rows), element("p", INDEPENDENT))))


def _drawn(*figures):
    return element("div", *figures, class_="rp-figures rp-class-figures")


def _misconceptions(found):
    if not found:
        return None
    return joined(
        element("h2", "Misconceptions"),
        element("ul", *(element("li", *_misconception(asked, each)) for asked, each in found[:MISCONCEPTIONS_SHOWN])),
    )


def _misconception(asked, choice):
    yield element("strong", f"{choice.text} ")
    yield f"({counted(choice.wrong_count, 'learner')}, {_where(asked.track_id, asked.part)}: {asked.text}) "
    yield element("span", choice.explanation, class_="rp-note")


def _questions(questions):
    if not questions:
        return None
    return joined(element("h2", "Questions"), _drawn(*map(_question, questions)))


def _question(asked):
    rows = [
        (
            each.text,
            str(each.count),
            str(each.right_count),
            str(each.wrong_count),
            str(each.unrevealed_count),
            "none" if each.mean_confidence_fraction is None else format_fraction(each.mean_confidence_fraction),
        )
        for each in asked.choices
    ]
    words = asked_words(asked)
    head = ("Answer", "Given", "Correct", "Incorrect", "Not revealed", "Sure")
    return element(
        "section",
        element("h3", asked.text, element("span", f" ({_where(asked.track_id, asked.part)})", class_="rp-note")),
        answers_figure(asked, words),
        folded("Table", table(words, head, rows, class_="rp-table rp-asked-table")),
    )


def _missions(missions):
    if not missions:
        return None
    header = ("Part", "Learners", "Final designs", "Not feasible", *_bin_words(), "Median regret", "Best found at attempt")
    return joined(
        element("h2", "Attempts"),
        _drawn(*(_path(each) for each in missions if each.paths)),
        table("Attempts and regret, by part", header, [_mission(each) for each in missions]),
    )


def _path(each):
    return element("section", element("h3", _where(each.track_id, each.part)), paths_figure(each))


def _bin_words():
    for border in REGRET_BORDERS:
        yield "The best" if border == 0 else f"Within {format_fraction(border)}"


def _mission(each):
    median = "none" if each.median_regret_fraction is None else format_fraction(each.median_regret_fraction)
    reached = ", ".join(f"{number} ({counted(count, 'learner')})" for number, count in each.reached_counts)
    return (
        _where(each.track_id, each.part),
        *map(str, (each.learner_count, each.final_count, each.infeasible_count, *each.regret_counts)),
        median,
        reached or "by nobody",
    )


def _times(times):
    if not times:
        return None
    rows = [
        (
            _where(each.track_id, each.part),
            str(each.learner_count),
            *map(time_words, (each.least_s, each.median_s, each.most_s)),
        )
        for each in times
    ]
    return joined(element("h2", "Time"), table("Time spent, by part", ("Part", "Learners", "Least", "Median", "Most"), rows))


def _hints(hints):
    if not hints:
        return None
    rows = [
        (_where(each.track_id, each.part), LABELS.get(each.step, each.step), *map(str, each.level_counts)) for each in hints
    ]
    return joined(
        element("h2", "Hints"), table("Learners by the hints that they took", ("Part", "Step", "One", "Two", "All three"), rows)
    )


def _learners(learners):
    rows = [
        (
            f"{each.name} ({each.signed})" if each.signed else each.name,
            str(each.variant),
            "; ".join(doubts(each)) or "none",
            f"{each.calibration.right_count} of {each.calibration.prediction_count}",
            f"{each.met_count} met, {each.understood_count} understood",
            "; ".join(f"{track_name(one.track_id)} {one.points:g} of {one.most_points:g}" for one in each.rubrics) or "none",
        )
        for each in learners
    ]
    return joined(
        element("h2", "Learners"),
        element("p", "Points are suggestions out of the rubric; choose a ledger below to see what each stands on."),
        element("p", AUTHORSHIP),
        table(
            "Learners, by ledger",
            ("Ledger", "Variant", "Doubts", "Predictions right", "Takeaways", "Suggested points"),
            rows,
            class_="rp-table rp-learners",
        ),
    )


def _where(track_id, part):
    return f"{track_name(track_id)}, part {part}"


# The class as a file


def class_table(found):
    """Write the class as CSV, a line a ledger, with the mark by which Excel knows UTF-8.

    No cell can act as a formula where a spreadsheet opens it.
    """
    taken_up = [each.id for each in tracks.TRACKS if any(one.track_id == each.id for learner in found.learners for one in learner.rubrics)]
    header = ("ledger", "signed", "session", "variant", "changed_outside_the_lab", "doubts", "predictions", "predictions_right", "brier_score", "takeaways_met", "takeaways_understood")
    scores = [f"{track_id} {name}" for track_id in taken_up for name in ("points", "of")]
    return MARK + "".join(map(_line, ((*header, *scores), *(_row(each, taken_up) for each in found.learners))))


def _row(learner, taken_up):
    points = {each.track_id: each for each in learner.rubrics}
    known = learner.calibration.prediction_count
    yield from (learner.name, learner.signed, learner.session, learner.variant, "yes" if learner.edited else "no")
    yield "; ".join(doubts(learner))
    yield from (known, learner.calibration.right_count, f"{learner.calibration.brier_fraction:.4f}" if known else "")
    yield from (learner.met_count, learner.understood_count)
    for track_id in taken_up:
        one = points.get(track_id)
        yield from (f"{one.points:g}", f"{one.most_points:g}") if one else ("", "")


def _line(cells):
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value):
    words = str(value)
    if words.lstrip(" ").startswith(FORMULA_STARTS):
        words = f"'{words}"
    return '"' + words.replace('"', '""') + '"'
