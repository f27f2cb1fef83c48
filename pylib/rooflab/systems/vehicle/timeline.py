"""A trace of one block of the detector: its kernels in the order in which they run."""

import numpy as np

from rooflab.model.network_layers import LayerWork, layers_of
from rooflab.specs import Layer
from rooflab.systems.timeline import Timeline
from rooflab.systems.vehicle.columns import columns_of
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.detector import FULL, detector_work
from rooflab.systems.vehicle.evaluate import VehicleOutcome
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import STAGE_IDS

__all__ = ["vehicle_timeline"]


def vehicle_timeline(scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome) -> Timeline:
    """Return the kernels of the block before the head that takes longest, for one design.

    The GPU waits before each kernel for its start, and for the host where that falls behind.
    """
    _, columns = columns_of(design)
    work = detector_work(scenario, columns | {"look": np.full(1, FULL)})
    own_s = np.maximum(work.own_compute_s, work.own_memory_s)[:, 0]
    pass_s = np.maximum(work.pass_compute_s, work.pass_memory_s)[:, 0]
    launches = work.launches[:, 0]
    every = scenario.network.layers
    blocks = list(dict.fromkeys(_block(each) for each in every))
    totals = {_block(each): 0.0 for each in every if each.stage != "head"}
    for each, own, passed in zip(every, own_s, pass_s, strict=True):
        if _block(each) in totals:
            totals[_block(each)] += float(own + passed)
    chosen = max(totals, key=totals.get)
    observed = 1 + (design.profiler == "on") * scenario.calibration.observer_fraction
    waits_s = _wait_each_s(outcome)

    names, places, durations, gaps = [], [], [], []
    carried_s, carried = 0.0, ""
    for at, each in enumerate(every):
        if _block(each) != chosen and not carried:
            continue
        stage = STAGE_IDS.index(each.stage)
        kernels = _kernels(design.fusion, each, float(own_s[at]), float(pass_s[at]), float(launches[at]))
        if each.macs_count and _leads(scenario, work, at):
            carried_s, carried = carried_s + float(own_s[at]), f"{carried}{_words(each)} + "
            kernels = kernels[1:]
        elif each.macs_count and carried:
            kernels[0] = (carried + kernels[0][0], carried_s + kernels[0][1])
            carried_s, carried = 0.0, ""
        for name, duration_s in kernels:
            names.append(name)
            places.append(stage)
            durations.append(duration_s * observed)
            gaps.append(float(waits_s[stage]))
    durations_s, gaps_s = np.array(durations), np.array(gaps)
    return Timeline(
        subject=f"Block {chosen}, the longest before the head,",
        names=tuple(names),
        operators=np.array(places),
        starts_s=np.cumsum(gaps_s + durations_s) - durations_s,
        durations_s=durations_s,
        gaps_before_s=gaps_s,
        layer_time_s=float((gaps_s + durations_s).sum()),
        layers=len(blocks),
    )


def _wait_each_s(outcome: VehicleOutcome) -> np.ndarray:
    """Return the wait before a kernel of each stage."""
    launches = np.asarray(outcome.operators.launches, dtype=float)
    return outcome.stages.full.waiting_s[:, 0] / np.where(launches > 0, launches, 1.0)


def _kernels(fusion: str, layer: Layer, own_s: float, pass_s: float, launches: float) -> list[tuple[str, float]]:
    """Return names and times of the kernels that a layer starts, its own first."""
    words = _words(layer)
    if not layer.macs_count:
        return [(words, pass_s)] if launches > 0 else []
    norm, silu = (digit == "1" for digit in fusion[:2])
    if not layer.activated:
        return [(words, own_s)]
    own = words + (" + norm" if norm else "") + (" + SiLU" if norm and silu else "")
    passes = [] if norm and silu else ["norm + SiLU"] if silu else ["SiLU"] if norm else ["norm", "SiLU"]
    passes = passes[: max(round(launches) - 1, 0)]
    return [(own, own_s), *((f"{words}: {name}", pass_s / len(passes)) for name in passes)]


def _leads(scenario: VehicleScenario, work: LayerWork, at: int) -> bool:
    """Say whether a convolution shares its kernel with the next one: it starts none itself."""
    return bool(layers_of(scenario.network).leads_count[at, 0]) and float(work.launches[at, 0]) == 0


def _block(layer: Layer) -> str:
    return layer.name.split()[0]


def _words(layer: Layer) -> str:
    return f"Block {layer.name}"
