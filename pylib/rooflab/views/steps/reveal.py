"""Reality beside the prediction, and what it says about the learner's confidence."""

from dataclasses import dataclass

import panel as pn
import param

from rooflab.lab.scoring import REPEAT, Calibration
from rooflab.units import format_fraction
from rooflab.views.markup import element, joined
from rooflab.views.tags import press
from rooflab.views.widgets import button, text
from rooflab.workbench import RevealForm

__all__ = ["Revealed", "RevealView", "RevealedView", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """One prediction beside what the model says."""

    question: str
    predicted: str
    confidence_fraction: float
    revised: str | None
    answer: str
    right: bool
    feedback: str
    repeat: bool = False


class RevealView(pn.viewable.Viewer):
    """Ask whether to look; the answers are not in the document yet."""

    form = param.ClassSelector(class_=RevealForm, constant=True, doc="Holds the event that reveals")

    def __init__(self, **params):
        super().__init__(**params)
        self._layout = pn.Column(
            button(self.form.param.reveal, "Compare with the model", "rp-primary", tags=press("reveal")),
            css_classes=["rp-form"],
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout


class RevealedView(pn.viewable.Viewer):
    """Each prediction with its verdict, the mechanism, and the calibration line."""

    revealed = param.List(item_type=Revealed, constant=True, doc="The predictions, in the order asked")
    calibration = param.ClassSelector(class_=Calibration, constant=True, doc="Over all predictions of the ledger")

    def __init__(self, **params):
        super().__init__(**params)
        right = sum(each.right for each in self.revealed)
        self.words = text(
            joined(
                element("h3", f"{right} of {len(self.revealed)} predictions correct"),
                *(_revealed(each) for each in self.revealed),
                element("p", element("strong", "Calibration: "), calibration_line(self.calibration)),
            ),
            "rp-revealed",
        )

    def __panel__(self):
        return pn.Column(self.words, sizing_mode="stretch_width")


def verdict(right):
    """Write a verdict in a word and a sign, never by colour alone."""
    return element("span", "✓ Correct" if right else "✗ Incorrect", class_=f"rp-verdict {'rp-right' if right else 'rp-wrong'}")


def calibration_line(calibration):
    """Say how confidence and outcome compare over all predictions so far."""
    counted = f"{calibration.right_count} of {calibration.prediction_count} correct so far"
    gap = calibration.gap_fraction
    lean = (
        "confidence matched"
        if abs(gap) < 0.05
        else f"{abs(gap) * 100:.0f} points {'too sure' if gap > 0 else 'too modest'} on average"
    )
    return f"{counted}; {lean}. Brier score {calibration.brier_fraction:.2f} (0 is best, a coin toss 0.25)."


def _revealed(each):
    return element(
        "div",
        element("p", each.question, class_="rp-asked"),
        element(
            "p",
            verdict(each.right),
            f" You said: {each.predicted} ({format_fraction(each.confidence_fraction)} sure).",
            f" Revised later to: {each.revised}." if each.revised else None,
        ),
        element("p", f"You were {REPEAT}.", class_="rp-note") if each.repeat else None,
        None if each.right else element("p", element("strong", f"The model says: {each.answer}.")),
        element("p", each.feedback),
        class_="rp-answered",
    )
