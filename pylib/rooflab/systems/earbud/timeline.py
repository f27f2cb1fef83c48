"""A trace of one hop: the kernels of the cell in the order in which they run."""

import numpy as np

from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import HOP_NAMES, EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.timeline import Timeline

__all__ = ["earbud_timeline"]


def earbud_timeline(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome) -> Timeline:
    """Return the kernels of one step of one design; its gaps are starts of kernels and of rows.

    A fused kernel has the names of its operators. Kernels that run for each gate stand together.
    """
    operators = outcome.operators
    kernel_s = np.maximum(operators.compute_s, operators.memory_s)
    groups = [[0], [1]]
    for at, digit in enumerate(design.fusion, start=2):
        if digit == "1":
            groups[-1].append(at)
        else:
            groups.append([at])
    groups = [each for each in groups if operators.time_s[each].sum() > 0]
    durations_s = np.array([kernel_s[each].sum() for each in groups])
    gaps_s = np.array([operators.launch_s[each].sum() for each in groups])
    return Timeline(
        subject="A step of the network",
        names=tuple(
            " + ".join([HOP_NAMES[each[0]], *(HOP_NAMES[at].lower() for at in each[1:])]) for each in groups
        ),
        operators=np.array([each[0] for each in groups]),
        starts_s=np.cumsum(gaps_s + durations_s) - durations_s,
        durations_s=durations_s,
        gaps_before_s=gaps_s,
        layer_time_s=float((gaps_s + durations_s).sum()),
        layers=1,
    )
