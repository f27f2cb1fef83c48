"""The experiments of a part: which of them a state of the bench does, and what each one showed."""

from __future__ import annotations

from collections.abc import Iterator

from rooflab.analyses.trials import Trial
from rooflab.lab.ledger.entries import Experimented
from rooflab.lab.setting import Setting, design_of
from rooflab.lab.steps.progress import PartProgress
from rooflab.specs import Design, Experiment, WhatIf

__all__ = ["finding", "holds", "newly_done", "trial"]


def trial(place: Setting, design: Design, *, layer: str = "", what_if: WhatIf = WhatIf()) -> Trial:
    """Return a design on the bench of the part, as its experiments look at it."""
    return Trial(scenario=place.scenario, start=place.start, design=design, layer=layer, what_if=what_if)


def newly_done(own: PartProgress, tried: Trial) -> Iterator[Experiment]:
    """Yield the experiments that a trial does and that the ledger does not have."""
    recorded = {entry.experiment_id for entry in own.experiments}
    for each in own.offered:
        if each.id not in recorded and each.done(tried):
            yield each


def holds(place: Setting, entry: Experimented) -> bool:
    """Say whether what the ledger has of an experiment does it.

    Raises:
        BadDesign: the part has no such experiment, or its design cannot be evaluated.
    """
    return bool(place.part.experiment(entry.experiment_id).done(_recorded(place, entry)))


def finding(place: Setting, entry: Experimented) -> str:
    """Say what an experiment showed.

    Raises:
        BadDesign: the part has no such experiment, or its design cannot be evaluated.
    """
    return place.part.experiment(entry.experiment_id).finding(_recorded(place, entry))


def _recorded(place: Setting, entry: Experimented) -> Trial:
    return trial(place, design_of(place, entry.design), layer=entry.layer, what_if=WhatIf.from_json(entry.what_if))
