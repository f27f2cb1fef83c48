"""The passes of a step: one of the served model, and those of the draft model before it."""

from typing import NamedTuple

import numpy as np

from rooflab.model.layer_fusion import chain_counts
from rooflab.model.stack import Load, Shape, shape_of
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.formats import Formats, draft_formats, formats_of
from rooflab.systems.serving.load import draft_load, load_of, served_shape
from rooflab.systems.serving.node import Node, node_of
from rooflab.systems.serving.one_pass import Pass, run_pass
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values

__all__ = ["Passes", "passes_of"]


class Passes(NamedTuple):
    """What a step works on and runs on, and its passes: one of the served model, `drafted` of the draft model.

    `draft` is None where no design of the grid drafts.
    """

    shape: Shape
    load: Load
    formats: Formats
    node: Node
    served: Pass
    draft: Pass | None
    drafted: Values

    def total(self, name: str) -> Values:
        """Return a figure of a Pass, added up over all passes of the step."""
        served = getattr(self.served, name)
        return served if self.draft is None else served + self.drafted * getattr(self.draft, name)


def passes_of(scenario: ServingScenario, design: ServingDesign) -> Passes:
    """Return the passes of one step of a design.

    Raises:
        BadDesign: the scenario has no such device, or no mixture of experts.
        UnsupportedPrecision: the device has no peak rate for the precision.
    """
    shape = served_shape(scenario, design.experts)
    load = load_of(scenario, design, shape)
    node, formats, chain = node_of(scenario, design), formats_of(scenario, design), chain_counts(design.fusion)
    drafted = design.draft_tokens * load.decoding
    served = run_pass(shape, load, formats, chain, node, all_to_all=scenario.mixture is not None)
    draft = None
    if np.any(np.asarray(drafted) > 0):
        draft = run_pass(
            shape_of(scenario.draft), draft_load(load, design), draft_formats(formats), chain, node, all_to_all=False
        )
    return Passes(shape, load, formats, node, served, draft, drafted)
