"""One learner's suggested score, line by line with its evidence; and the answer key."""

import panel as pn
import param

from rooflab import tracks
from rooflab.views.markup import element, joined, table
from rooflab.views.screens.report import document_text
from rooflab.views.widgets import button, select, text
from rooflab.workbench.screens import KeyForm

__all__ = ["KeyView", "key_markup", "rubric_markup", "track_name"]


def track_name(track_id):
    """Return the name of a track; one of another version stands by its id."""
    return next((each.name for each in tracks.TRACKS if each.id == track_id), track_id)


def rubric_markup(rubrics):
    """Write the rubric of each track that a learner took up."""
    return joined(*(_rubric(each) for each in rubrics))


def _rubric(each):
    rows = [
        (str(one.part), one.words, f"{one.points:g} of {one.most_points:g}" if one.most_points else f"{one.points:g}", one.reason, _entries(one.evidence))
        for one in each.criteria
    ]
    return joined(
        element("h3", f"{track_name(each.track_id)}: {each.points:g} of {each.most_points:g} points suggested"),
        table(
            f"{track_name(each.track_id)}: rubric",
            ("Part", "Asked", "Points", "Why", "Entries that show it"),
            rows,
            class_="rp-table rp-log rp-rubric",
        ),
    )


def _entries(evidence):
    return ", ".join(str(seq + 1) for seq in sorted(evidence)) or "none"


class KeyView(pn.viewable.Viewer):
    """The answers of one variant, behind a variant typed in and a word given."""

    form = param.ClassSelector(class_=KeyForm, constant=True, doc="What must be given before the answers are built")
    answers = param.Parameter(default=None, doc="The AnswerKey; None while it is not asked for")

    def __init__(self, **params):
        self._message = text("", "rp-missing")
        self._answers = pn.Column(sizing_mode="stretch_width")
        super().__init__(**params)
        self._show = button(self.form.param.show, "Show the answer key")
        self._layout = pn.Column(
            text(
                joined(
                    element("h2", "Answer key"),
                    element("p", "The answers of one variant, computed by the model. Learners who read them have nothing left to predict."),
                )
            ),
            select(self.form.param.track, "Track"),
            pn.widgets.TextInput.from_param(
                self.form.param.variant, label="Variant", description=None, css_classes=["rp-exact"], width=None, margin=0
            ),
            pn.widgets.CheckBoxGroup.from_param(
                self.form.param.word, tags=["rooflab:label:Your word"], sizing_mode="stretch_width", margin=0
            ),
            self._message,
            self._show,
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    @param.depends("form.message", watch=True, on_init=True)
    def _say(self):
        words = self.form.message
        self._message.update(text=element("p", words, role="alert") if words else "", visible=bool(words))

    @param.depends("form.variant", "form.track", watch=True)
    def _name(self):
        named = "" if self.form.number is None else f" for variant {self.form.number}"
        self._show.label = f"Show the answer key{named}"

    @param.depends("answers", watch=True)
    def _show_answers(self):
        self._answers[:] = [document_text(key_markup(self.answers))] if self.answers else []

    def __panel__(self):
        return pn.Column(self._layout, self._answers, sizing_mode="stretch_width")


def key_markup(key):
    """Write an answer key: each question with its right choice and why, and each mission's designs."""
    return joined(element("h3", f"{key.name}, variant {key.variant}"), *(_part(part) for part in key.parts))


def _part(part):
    lines = [
        (each.question, element("strong", f"{each.choice}."), f" {each.explanation}") for each in part.answers
    ] + [(line.name, line.words) for line in part.mission]
    return joined(
        element("h4", f"{part.number}. {part.title}"),
        element("dl", *(element("div", element("dt", name), element("dd", *words)) for name, *words in lines), class_="rp-lines"),
    )
