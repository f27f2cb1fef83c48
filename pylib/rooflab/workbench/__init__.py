"""The view-model: everything a learner can set, as parameters, without a widget in sight."""

from rooflab.workbench.bench import Workbench, make_workbench, stops
from rooflab.workbench.forms import (
    Answer,
    ChoiceForm,
    DiagnosisForm,
    HintForm,
    Pinboard,
    PredictionForm,
    ReflectionForm,
    RevealForm,
    TaskBoard,
    TransferForm,
)

__all__ = [
    "Answer",
    "ChoiceForm",
    "DiagnosisForm",
    "HintForm",
    "Pinboard",
    "PredictionForm",
    "ReflectionForm",
    "RevealForm",
    "TaskBoard",
    "TransferForm",
    "Workbench",
    "make_workbench",
    "stops",
]
