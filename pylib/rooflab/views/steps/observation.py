"""What the exploration showed: one question before the explanation, and at once whether it was read right."""

from rooflab.views.steps.diagnosis import DiagnosedView, DiagnosisView

__all__ = ["ObservationView", "ObservedView"]


class ObservationView(DiagnosisView):
    """Ask what was seen."""

    KIND = "observation"
    EYEBROW = "Observation"
    SUBMIT = "Say what it showed"


class ObservedView(DiagnosedView):
    """What was said to be seen, what the model shows, and why."""

    HOLDS = "That is what it showed"
    FAILS = "It showed something else"
    SAYS = "It showed"
