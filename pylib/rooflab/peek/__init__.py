"""Math Peek: the formula of every instrument, with the learner's current numbers in it."""

from collections.abc import Callable

from rooflab.evaluate import Outcome, error_band
from rooflab.specs import Design, Scenario
from rooflab.systems.earbud.formulas import hop_peek
from rooflab.systems.earbud.scenario import HopScenario
from rooflab.systems.formula import Formula
from rooflab.systems.glasses.formulas import frame_peek
from rooflab.systems.glasses.scenario import FrameScenario
from rooflab.systems.serving.formulas import serving_peek
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.systems.vehicle.formulas import loop_peek
from rooflab.systems.vehicle.scenario import LoopScenario

__all__ = ["Formula", "math_peek"]

_PEEKS: dict[type[Scenario], Callable[..., tuple[Formula, ...]]] = {
    FrameScenario: frame_peek,
    HopScenario: hop_peek,
    LoopScenario: loop_peek,
    ServingScenario: serving_peek,
}


def math_peek(
    scenario: Scenario, design: Design, outcome: Outcome, *, operator_id: str | None = None
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design.

    `operator_id` is the layer whose dot the roofline's formulas follow, the first if it is not
    given. Bytes, flop and times are those of one device.

    Raises:
        BadDesign: there is no such operator.
    """
    peek = _PEEKS[type(scenario)]
    band = error_band(scenario, design, outcome)
    return peek(scenario, design, outcome, band, operator_id=operator_id or outcome.operators.ids[0])
