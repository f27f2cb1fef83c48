"""From a scenario and a design to an outcome: one design, or a whole grid of them at once."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from rooflab.errors import BadDesign
from rooflab.evaluate.kinds import DESIGN_KINDS, design_from_json
from rooflab.model.roofline import BOUNDS
from rooflab.specs import Control, Design, Mission, Scenario
from rooflab.systems.band import ErrorBand, assumed_band, grade, graded_band
from rooflab.systems.earbud.design import HopDesign
from rooflab.systems.earbud.evaluate import HopOutcome, evaluate_hop
from rooflab.systems.earbud.scenario import HopScenario
from rooflab.systems.earbud.timeline import hop_timeline
from rooflab.systems.glasses.design import FrameDesign
from rooflab.systems.glasses.evaluate import FrameOutcome, evaluate_frame
from rooflab.systems.glasses.scenario import FrameScenario
from rooflab.systems.glasses.timeline import frame_timeline
from rooflab.systems.outcome import Operators, Outcome, TargetOutcome
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.evaluate import evaluate_serving
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.systems.serving.timeline import serving_timeline
from rooflab.systems.timeline import Timeline
from rooflab.systems.vehicle.design import LoopDesign
from rooflab.systems.vehicle.evaluate import LoopOutcome, evaluate_loop
from rooflab.systems.vehicle.scenario import LoopScenario
from rooflab.systems.vehicle.timeline import loop_timeline

__all__ = [
    "BOUNDS",
    "DESIGN_KINDS",
    "Design",
    "ErrorBand",
    "FIGURES",
    "Operators",
    "Outcome",
    "TargetOutcome",
    "Timeline",
    "design_from_json",
    "error_band",
    "evaluate",
    "grade",
    "sweep",
    "timeline",
]

# What may be asked of a sweep, by kind of design; all kinds have the common ones.
_COMMON = (
    "step_time_s",
    "output_time_s",
    "outputs_per_s",
    "flop_per_output",
    "bytes_per_output",
    "needed_bytes",
    "mfu_fraction",
    "mbu_fraction",
    "bound",
    "fits",
    "feasible",
)
FIGURES: dict[str, tuple[str, ...]] = {
    "serving": (
        *_COMMON,
        "tokens_per_s",
        "inter_token_s",
        "round_tokens_count",
        "hfu_fraction",
        "kv_time_fraction",
        "host_s",
        "idle_s",
        "held_bytes",
    ),
    "frame": (
        *_COMMON,
        "frame_time_s",
        "frames_per_s",
        "sustained_frames_per_s",
        "power_w",
        "power_limit_w",
        "heat_fraction",
        "memory_power_w",
        "arithmetic_power_w",
        "static_power_w",
        "idle_power_w",
        "skin_c",
        "throttle_s",
        "busy_fraction",
        "frame_energy_j",
        "translation_delay_s",
        "footprint_bytes",
        "stale_s",
    ),
    "loop": (
        *_COMMON,
        "mean_frame_s",
        "p50_s",
        "p99_s",
        "p999_s",
        "miss_fraction",
        "wait_s",
        "images_per_s",
        "spike_fraction",
        "chance_seen_fraction",
        "pixels_count",
    ),
    "hop": (
        *_COMMON,
        "hop_time_s",
        "delay_s",
        "power_w",
        "network_power_w",
        "sleep_power_w",
        "hop_energy_j",
        "busy_fraction",
        "asked_bytes_per_s",
        "given_bytes_per_s",
        "pull_fraction",
        "line_fraction",
        "vector_fraction",
        "speech_lost_fraction",
        "equivalent_states_count",
        "footprint_bytes",
    ),
}
_PIPELINES: dict[type[Scenario], tuple[type[Design], Callable[..., Outcome]]] = {
    ServingScenario: (ServingDesign, evaluate_serving),
    FrameScenario: (FrameDesign, evaluate_frame),
    HopScenario: (HopDesign, evaluate_hop),
    LoopScenario: (LoopDesign, evaluate_loop),
}
_TIMELINES: dict[type[Scenario], Callable[..., Timeline]] = {
    ServingScenario: serving_timeline,
    FrameScenario: frame_timeline,
    HopScenario: hop_timeline,
    LoopScenario: loop_timeline,
}
_BLOCK = 2048


def evaluate(scenario: Scenario, design: Design) -> Outcome:
    """Return what `design` does in `scenario`.

    Every value of the design may be an array; all of them broadcast.

    Raises:
        BadDesign: the design is of another kind than the scenario, or names an unknown device.
        UnsupportedPrecision: the device has no peak rate for the precision.
    """
    kind, pipeline = _PIPELINES[type(scenario)]
    if type(design) is not kind:
        raise BadDesign(
            f"This scenario takes a {kind.kind} design; got a {type(design).__name__}."
        )
    return pipeline(scenario, design)


def error_band(scenario: Scenario, design: Design, outcome: Outcome) -> ErrorBand:
    """Return how far the step time of one design may be from the world, and what stands behind it.

    Where enough published rows stand behind the design's topic, the band is the error that nine of ten rows keep; else it
    is the range over the constants that are assumed.
    """
    step_s = float(outcome.step_time_s)
    if (graded := grade(scenario, design)) is not None:
        return graded_band(graded, step_s)
    ends = (evaluate(replace(scenario, calibration=each), design) for each in scenario.calibration_range)
    return assumed_band(step_s, [float(each.step_time_s) for each in ends])


def timeline(scenario: Scenario, design: Design, outcome: Outcome | None = None) -> Timeline:
    """Return the kernels of one design in the order in which they run, as a trace shows them.

    An `outcome` of the same design saves evaluating it again.
    """
    return _TIMELINES[type(scenario)](scenario, design, outcome or evaluate(scenario, design))


def sweep(
    scenario: Scenario, design: Design, *, figures: tuple[str, ...] = ("step_time_s",)
) -> dict[str, np.ndarray]:
    """Return some figures of a grid of designs, without keeping the operators of each.

    The grid is evaluated in blocks that stay in a processor's cache.

    Raises:
        BadDesign: a figure is unknown, or a design of the grid is malformed.
    """
    known = FIGURES[design.kind]
    if unknown := [each for each in figures if each not in known]:
        raise BadDesign(f"No figure {unknown[0]!r}; there are {', '.join(known)}.")
    names = [each.name for each in fields(design)]
    values = np.broadcast_arrays(*(np.asarray(getattr(design, name)) for name in names))
    shape = values[0].shape
    columns = {name: value.ravel() for name, value in zip(names, values, strict=True)}
    fixed = {
        name: getattr(design, name) for name in names if np.ndim(getattr(design, name)) == 0
    }
    found = {name: np.empty(columns[names[0]].size) for name in figures}
    for first in range(0, columns[names[0]].size, _BLOCK):
        block = slice(first, first + _BLOCK)
        part = {name: column[block] for name, column in columns.items() if name not in fixed}
        outcome = evaluate(scenario, design.replace(**fixed, **part))
        for name in figures:
            found[name][block] = getattr(outcome, name)
    return {name: value.reshape(shape) for name, value in found.items()}
