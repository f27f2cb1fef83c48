"""A trial: one state of the bench, with what it is compared with, as an experiment looks at it."""

from dataclasses import dataclass

from rooflab.evaluate import Outcome, evaluate, imagine
from rooflab.specs import Design, Scenario, WhatIf

__all__ = ["Trial"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """A design on the bench in a real scenario, under what is supposed; `start` is where the part begins, `layer` the operator chosen."""

    scenario: Scenario
    start: Design
    design: Design
    layer: str = ""
    what_if: WhatIf = WhatIf()

    @property
    def supposes(self) -> bool:
        """Whether anything is supposed."""
        return self.what_if != WhatIf()

    def outcome(self, **changes: object) -> Outcome:
        """Return what the design does as supposed, with `changes` of its fields if any are given."""
        return evaluate(imagine(self.scenario, self.what_if), self.design.replace(**changes))

    def real(self) -> Outcome:
        """Return what the design does with nothing supposed."""
        return evaluate(self.scenario, self.design)
