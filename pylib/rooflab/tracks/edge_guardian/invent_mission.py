"""What Edge Guardian looks for in part 3: the detector with the shortest rare frames, drawn for each variant."""

from dataclasses import replace
from functools import lru_cache

from rooflab.analyses.demand import answer_demand
from rooflab.evaluate import evaluate
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.vehicle import ORIN_LOOP, STREET_RIG
from rooflab.model.seeded import uniforms
from rooflab.specs import Choice, Control, Demand, Mission, Objective, Target
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.drawing import first_sound, pick, sole_best, within
from rooflab.tracks.edge_guardian.diagnose import DISPATCHES, FORMATS
from rooflab.tracks.edge_guardian.fuse_mission import FUSION_CONTROL
from rooflab.tracks.edge_guardian.scenario import PLAIN, deadline_target, loop
from rooflab.units import format_ratio, format_time

__all__ = [
    "CHANGE_FRACTION",
    "DEMAND",
    "EXPERTS",
    "INVENT_CONTROLS",
    "change_fraction",
    "experts_answer",
    "invent_mission",
]

EXPERTS = 4

CHANGE_FRACTION = 0.03  # of p99.9: less is no change
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.4
LEAST_FEASIBLE_COUNT = 20
CLEAR_FACTOR = 0.02  # and so near to what the stakeholder demands, no design comes as the best
SHORT_FRACTION = 0.10  # the baseline is at least so far from the best


@lru_cache(maxsize=8)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other experts, roads and cores, another best detector.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    return first_sound(_mission, variant, "a mission to invent for Edge Guardian", sound=_is_sound)


# Size of one of four experts, share of the frames in which the scene changes.
_EXPERTS = (
    ((0.56, 0.66), (0.0030, 0.0050)),
    ((0.26, 0.30), (0.0030, 0.0050)),
    ((0.50, 0.60), (0.0003, 0.0005)),
)
_PIXELS = (14, 16, 18, 20)


def _detector_words(found: VehicleScenario, start: VehicleDesign, design: VehicleDesign) -> str:
    """Say what a frame takes outside the detector, which no algorithm of the detector shortens."""
    before, after = (evaluate(found, each) for each in (start, design))
    whole_s, other_s = float(before.step_time_s), float(before.beside_detector_s)
    left_s = whole_s / DEMAND.factor - other_s
    return (
        f"All but the detector takes {format_time(other_s)} of the {format_time(whole_s)} of a frame at the start. "
        f"{format_ratio(DEMAND.factor)} leaves the detector "
        + (format_time(left_s) if left_s > 0 else "nothing")
        + f"; it takes {format_time(whole_s - other_s)} at the start, {format_time(float(after.step_time_s - after.beside_detector_s))} in yours."
    )


DEMAND = Demand(
    text="Double the frames per second on the same computer. Experts and early exits do it: most frames are easy, after "
    "all.",
    claim="experts and early exits",
    claimed=("experts", "cascade"),
    mechanism=_detector_words,
    source=SERVICE_ASSUMPTION,
    quantity="images_per_s",
    unit="images/s",
    factor=2.0,
)


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 201 + attempt, 8).tolist()
    reference = variant == 0
    sizes, switches = _EXPERTS[0 if reference else int(draws[0] * len(_EXPERTS))]
    four = 0.62 if reference else within(draws[1], sizes, 2)
    switch = 0.004 if reference else within(draws[2], switches, 2)
    plan_s = 2.0e-3 if reference else within(draws[3], (1.7e-3, 3.5e-3), 2)
    pixels = 16 if reference else pick(draws[4], _PIXELS)
    accepted = 0.75 if reference else within(draws[5], (0.65, 0.85), 2)
    held = STREET_RIG.verify_acceptance_fraction if reference else within(draws[7], (0.50, 0.92), 2)
    rig = replace(
        STREET_RIG,
        image_gap_s=0.0,
        expert_size_fraction={1: 1.0, 2: (1 + four) / 2, 4: four},
        switch_fraction=switch,
        exit_acceptance_fraction=accepted,
        verify_acceptance_fraction=held,
    )
    baseline = PLAIN.replace(
        batch=rig.cameras,
        fusion="1110" if reference or draws[6] < 0.5 else "1100",
        dispatch="graph",
        mode="both",
        input_path="mapped",
        nms="gpu",
    )
    place = loop(
        variant,
        rig=rig,
        share_bytes=420e6,
        calibration=replace(ORIN_LOOP, plan_s=plan_s),
        targets=(deadline_target(), _pixels_target(pixels)),
        crisis=baseline,
        reference=baseline,
    )
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(fusion="1101", cascade="exit"),
        tempting_reason="Most frames leave after the first look, so the mean falls; a crowded one takes both looks, "
        "past the deadline.",
        objective=Objective(
            name="p99.9 of the frame time",
            quantity="p999_s",
            unit="s",
            maximise=False,
            ties=(("needed_bytes", False), ("mean_frame_s", False)),
        ),
    )


def _pixels_target(pixels: int) -> Target:
    """Return how large a child must appear, which geometry gives; accuracy is not modelled."""
    return Target(
        id="pixels",
        name="Pixels on a child",
        quantity="pixels_count",
        unit="pixels",
        at_least=True,
        limit=float(pixels),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    best = sole_best(found, INVENT_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    change = change_fraction(found.scenario)
    return bool(
        now.capacity.fits
        and best.value < (1 - SHORT_FRACTION) * now.p999_s
        and tempting.capacity.fits
        and not tempting.targets[0].met
        and tempting.mean_frame_s < now.mean_frame_s
        and abs(abs(change) - CHANGE_FRACTION) > CLEAR_FRACTION
        and abs(answer_demand(found, INVENT_CONTROLS, DEMAND).best_factor - DEMAND.factor) > CLEAR_FACTOR
    )


def change_fraction(found: VehicleScenario) -> float:
    """Return by how much four experts lengthen p99.9 where the mission starts."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(experts=EXPERTS))
    return float(after.p999_s / before.p999_s - 1)


def experts_answer(found: VehicleScenario) -> str:
    change = change_fraction(found)
    return "rises" if change > CHANGE_FRACTION else "falls" if change < -CHANGE_FRACTION else "same"


INVENT_CONTROLS = (
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored, and in which format the matrix units multiply.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="Dense"),
            Choice(id="unstructured", text="Half of the weights, anywhere"),
            Choice(id="2:4", text="2 of every 4 weights"),
        ),
        help="Matrix units skip zeros in the 2:4 pattern only; zeros anywhere just take less room.",
    ),
    Control(
        id="cascade",
        label="First look",
        choices=(
            Choice(id="off", text="None: the full detector always"),
            Choice(id="exit", text="Early exit: at a quarter of the pixels"),
            Choice(id="verify", text="Predict from last frame, check crops"),
        ),
        help="A cheap look that stands for the full one where it is sure: of all cameras or of none, it is assumed.",
    ),
    Control(
        id="experts",
        label="Experts",
        values=(1, 2, 4),
        unit="detectors",
        help="Smaller detectors, each for one kind of road. All are kept; when the scene changes two look.",
    ),
    Control(
        id="resolution",
        label="Side of the input",
        values=(448, 512, 576, 640),
        unit="pixels",
        help="Work goes with its square. So do the pixels on whatever must be seen.",
    ),
    FUSION_CONTROL,
    Control(
        id="dispatch",
        label="Dispatch",
        choices=DISPATCHES,
        help="A CUDA graph launches all kernels at once; it has fixed shapes and keeps its own tensors.",
    ),
)
