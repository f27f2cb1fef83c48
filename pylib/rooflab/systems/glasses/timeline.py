"""A trace of one block of the filter: its kernels in the order in which they run."""

import numpy as np

from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import GlassesOutcome
from rooflab.systems.glasses.filter import FILTER_NAMES, kernel_times
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.timeline import Timeline

__all__ = ["glasses_timeline"]

_NAMES = FILTER_NAMES[1:-1]


def glasses_timeline(
    scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome
) -> Timeline:
    """Return the kernels of the block that takes longest, for one design.

    The processor waits for the start of every kernel; a fused kernel has the names of its operators.
    """
    times_s, launches, numbers = kernel_times(scenario, design)
    start_s = scenario.calibration.kernel_start_s
    block = int((times_s + launches * start_s).sum(axis=1).argmax())
    names, places, durations, gaps = [], [], [], []
    for kernel in range(int(numbers.max()) + 1):
        inside = [at for at in np.flatnonzero(numbers == kernel) if launches[block, at] > 0]
        if not inside:
            continue
        names.append(" + ".join([_NAMES[inside[0]], *(_NAMES[at].lower() for at in inside[1:])]))
        places.append(inside[0] + 1)  # the stem comes first
        durations.append(float(times_s[block, inside[0]]))
        gaps.append(float(launches[block, inside[0]] * start_s))
    durations_s, gaps_s = np.array(durations), np.array(gaps)
    starts_s = np.cumsum(gaps_s + durations_s) - durations_s
    return Timeline(
        subject=f"The longest of {len(scenario.filter.blocks)} blocks",
        names=tuple(names),
        operators=np.array(places),
        starts_s=starts_s,
        durations_s=durations_s,
        gaps_before_s=gaps_s,
        layer_time_s=float((gaps_s + durations_s).sum()),
        layers=len(scenario.filter.blocks),
    )
