"""What Edge Guardian looks for in part 2: the highest MFU within the deadline, drawn for each variant."""

from dataclasses import replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.vehicle import ORIN_LOOP, STREET_RIG
from rooflab.model.seeded import uniforms
from rooflab.specs import Choice, Control, Mission, Objective, Spike, Target
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.drawing import first_sound, pick, sole_best, within
from rooflab.tracks.edge_guardian.diagnose import DISPATCHES, FORMATS, INPUT_PATHS, MODES, SUPPRESSIONS
from rooflab.tracks.edge_guardian.scenario import (
    PLAIN,
    SPIKE_S,
    cured,
    deadline_target,
    guilty,
    loop,
    scenario,
    sized,
)

__all__ = [
    "ALL_PASSES",
    "FUSE_CONTROLS",
    "FUSION_CONTROL",
    "LARGE_FALL_FRACTION",
    "SMALL_FALL_FRACTION",
    "fall_answer",
    "fall_fraction",
    "fuse_mission",
]

LARGE_FALL_FRACTION, SMALL_FALL_FRACTION = 0.35, 0.25
CLEAR_FRACTION = 0.015  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.4
LEAST_FEASIBLE_COUNT = 20
ALL_PASSES = "1110"
_IMAGES_PER_S = (200, 240, 280, 320)
_STARTS = (("eager", "fp16"), ("graph", "fp16"), ("graph", "int8"))

FUSION_CONTROL = Control(
    id="fusion",
    label="Fusion set",
    chain=("Convolution", "Norm", "SiLU", "Join", "Next convolution"),
    choices=(
        Choice(id="0000", text="None"),
        Choice(id="1000", text="Partial: norms folded in"),
        Choice(id="1111", text="Full: on into the next convolution"),
    ),
    help="Which neighbours share a kernel. Joins are concatenations, sums and upsamplings. Two convolutions share "
    "one only where the second alone reads the first and both fit on a multiprocessor; edges of tiles are then "
    "computed twice.",
)
FUSE_CONTROLS = (
    FUSION_CONTROL,
    Control(
        id="batch",
        label="Cameras in a batch",
        values=(1, 2, 4, 8),
        unit="images",
        help="Images that go through the detector together. Cameras deliver one after another.",
    ),
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored, and in which format the matrix units multiply.",
    ),
    Control(
        id="dispatch",
        label="Dispatch",
        choices=DISPATCHES,
        help="A CUDA graph launches all kernels at once; it has fixed shapes and keeps its own tensors.",
    ),
    Control(
        id="mode",
        label="Platform",
        choices=MODES,
        help="What the platform guarantees. A locked clock is a little below the highest; an own core does alone what "
        "several shared.",
    ),
    Control(
        id="input_path",
        label="Input path",
        choices=INPUT_PATHS,
        help="How images reach the GPU. Pinned and mapped memory is set aside for every camera.",
    ),
    Control(
        id="nms",
        label="Non-maximum suppression",
        choices=SUPPRESSIONS,
        help="On the cores its time grows with the square of the boxes; on the GPU it takes kernels of its own.",
    ),
)


@lru_cache(maxsize=8)
def fuse_mission(variant: int) -> Mission:
    """Return the mission of a variant: the cause of part 1, other cameras and memory, another best set.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    return first_sound(_mission, variant, "a mission to fuse for Edge Guardian", sound=_is_sound)


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 101 + attempt, 6).tolist()
    reference = variant == 0
    rate = 240 if reference else pick(draws[0], _IMAGES_PER_S)
    share_bytes = 256e6 if reference else within(draws[1], (130e6, 280e6), 2)
    plan_s = 2.0e-3 if reference else within(draws[2], (1.6e-3, 2.6e-3), 2)
    chance = 0.002 if reference else within(draws[3], (0.0020, 0.0040), 2)
    dispatch, precision = _STARTS[0 if reference else int(draws[4] * len(_STARTS))]
    baseline = PLAIN.replace(dispatch=dispatch, precision=precision)
    place = loop(
        variant,
        rig=replace(STREET_RIG, image_gap_s=1 / rate),
        share_bytes=share_bytes,
        calibration=replace(ORIN_LOOP, plan_s=plan_s),
        targets=(deadline_target(), _rate_target(rate)),
    )
    spike = replace(guilty(scenario(variant)), chance_fraction=chance)
    place = replace(place, spikes=(spike if spike.spreads else sized(place, baseline, spike, SPIKE_S),))
    place = replace(place, crisis=baseline, reference=cured(baseline, spike))
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=_tempting(place, spike),
        tempting_reason="Images of more cameras fill the tensor cores, but the first of a batch waits for the last, "
        "past the deadline.",
        objective=Objective(
            name="MFU",
            quantity="mfu_fraction",
            unit="",
            ties=(("p999_s", False), ("needed_bytes", False)),
        ),
    )


def _tempting(place: VehicleScenario, spike: Spike) -> VehicleDesign:
    """Return a repaired loop with four cameras in a batch, in FP16 where that fits."""
    batched = cured(place.crisis, spike).replace(
        fusion=ALL_PASSES, batch=4, dispatch="eager", input_path="mapped", nms="gpu", precision="fp16"
    )
    return batched if evaluate(place, batched).capacity.fits else batched.replace(precision="int8")


def _rate_target(images_per_s: int) -> Target:
    """Return what all cameras deliver together."""
    return Target(
        id="rate",
        name="Images per second",
        quantity="images_per_s",
        unit="images/s",
        at_least=True,
        limit=float(images_per_s),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    best = sole_best(found, FUSE_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    fall = fall_fraction(found.scenario)
    return bool(
        not now.feasible
        and now.capacity.fits
        and tempting.capacity.fits
        and not tempting.targets[0].met
        and tempting.mfu_fraction > now.mfu_fraction
        and min(abs(fall - LARGE_FALL_FRACTION), abs(fall - SMALL_FALL_FRACTION)) > CLEAR_FRACTION
    )


def fall_fraction(found: VehicleScenario) -> float:
    """Return by how much a usual frame gets shorter once no pass and no join is a kernel of its own."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=ALL_PASSES))
    return float(1 - after.step_time_s / before.step_time_s)


def fall_answer(found: VehicleScenario) -> str:
    fall = fall_fraction(found)
    return "large" if fall >= LARGE_FALL_FRACTION else "middle" if fall >= SMALL_FALL_FRACTION else "small"
