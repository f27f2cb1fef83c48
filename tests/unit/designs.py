"""Designs of a part, drawn from its controls by a seed."""

import random
from math import log2

from rooflab.errors import LabError
from rooflab.evaluate import evaluate

__all__ = ["drawn_designs"]


def drawn_designs(place, count, *, seed):
    """Yield `count` designs of a part drawn from its controls, each mended as the bench would; refused ones are drawn again."""
    rng = random.Random(f"{seed} {place.track.id} {place.part.number}")
    while count:
        design = place.start.replace(**{each.id: _drawn(each, rng) for each in place.part.controls})
        try:
            design, _ = place.scenario.mend(design)
            evaluate(place.scenario, design)
        except LabError:
            continue
        count -= 1
        yield design


def _drawn(control, rng):
    if control.choices or control.values or control.chain:
        return rng.choice(control.space)
    return min(control.maximum, max(control.minimum, int(2 ** rng.uniform(0, log2(control.maximum + 1)))))
