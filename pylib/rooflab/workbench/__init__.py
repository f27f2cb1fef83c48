"""The view-model: everything a learner can set, as parameters, without a widget in sight."""

from rooflab.workbench.bench import Workbench, make_workbench, stops
from rooflab.workbench.forms import (
    STANCES,
    Answer,
    DiagnosisForm,
    HintForm,
    Pinboard,
    PredictionForm,
    ReflectionForm,
    RevealForm,
    TransferForm,
)

__all__ = [
    "STANCES",
    "Answer",
    "DiagnosisForm",
    "HintForm",
    "Pinboard",
    "PredictionForm",
    "ReflectionForm",
    "RevealForm",
    "TransferForm",
    "Workbench",
    "make_workbench",
    "stops",
]
