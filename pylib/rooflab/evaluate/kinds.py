"""Every kind of design there is."""

from typing import Any

from rooflab.errors import BadDesign
from rooflab.specs.design import Design, got
from rooflab.systems.earbud.design import HopDesign
from rooflab.systems.glasses.design import FrameDesign
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.vehicle.design import LoopDesign

__all__ = ["DESIGN_KINDS", "design_from_json"]

DESIGN_KINDS: dict[str, type[Design]] = {each.kind: each for each in (ServingDesign, FrameDesign, HopDesign, LoopDesign)}


def design_from_json(data: Any) -> Design:
    """Return the design that `data` describes, by its `kind`."""
    if not isinstance(data, dict) or str(data.get("kind")) not in DESIGN_KINDS:
        raise BadDesign(
            f"A design is an object with a kind, one of {', '.join(DESIGN_KINDS)}; got {got(data)}."
        )
    return DESIGN_KINDS[str(data["kind"])].from_json(data)
