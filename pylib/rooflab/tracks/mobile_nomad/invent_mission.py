"""What Mobile Nomad looks for in part 3: the networks with the least energy a frame, drawn for each variant."""

from dataclasses import replace
from functools import lru_cache

from rooflab.analyses.demand import answer_demand
from rooflab.evaluate import evaluate
from rooflab.facts.glasses import GLASSES_ENERGY, STREET_SCENE
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.model.seeded import uniforms
from rooflab.specs import Choice, Control, Demand, Mission, Objective, Target
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.drawing import first_sound, picker, sole_best, within
from rooflab.tracks.mobile_nomad.diagnose import FORMATS, FUSION_LEVELS
from rooflab.tracks.mobile_nomad.fuse_mission import delay_target, power_target
from rooflab.tracks.mobile_nomad.scenario import PLAIN, frame_target, glasses
from rooflab.units import KIB, format_quantity

__all__ = [
    "ASKED_DRAFT",
    "CLEAR_FALL_FRACTION",
    "DEMAND",
    "INVENT_CONTROLS",
    "draft_answer",
    "fall_fraction",
    "invent_mission",
]

ASKED_DRAFT = 4
CLEAR_FALL_FRACTION = 0.05
CLEAR_FRACTION = 0.004  # answers nearer than this to a border are not asked
CLEAR_FACTOR = 0.02  # and so near to what the stakeholder demands, no design comes as the best
LEAST_FEASIBLE_COUNT = 20
MOST_FEASIBLE_FRACTION = 0.4
LEAST_GAIN = 1.5  # of the best design over the baseline
_ON_CHIP_KIB = (192, 224, 256, 320, 384)
_STALE_S = (0.025, 0.040, 0.055)  # one, two or three frames at 60 FPS
_FOOTPRINT_BYTES = (12e6, 16e6, 21e6, 26e6)


def _fixed_words(found: GlassesScenario, start: GlassesDesign, design: GlassesDesign) -> str:
    """Say what the glasses draw without their networks, which no change of these spares."""
    before, after = (evaluate(found, each) for each in (start, design))
    whole_w, fixed_w = float(before.power_w), float(before.idle_power_w)
    left_w = whole_w / DEMAND.factor - fixed_w
    return (
        f"Display, camera, radio and system take {format_quantity(fixed_w, 'W')} of the {format_quantity(whole_w, 'W')} at "
        f"the start. Half the power leaves the networks "
        + (format_quantity(left_w, "W") if left_w > 0 else "nothing")
        + f": they take {format_quantity(whole_w - fixed_w, 'W')} at the start and "
        f"{format_quantity(float(after.power_w - after.idle_power_w), 'W')} in yours."
    )


DEMAND = Demand(
    text="Reviewers say the glasses run hot. Halve the power, and the launch is ours. A small expert for each language "
    "should do it.",
    claim="the experts",
    claimed=("experts",),
    mechanism=_fixed_words,
    source=SERVICE_ASSUMPTION,
    quantity="power_w",
    unit="W",
    factor=2.0,
    maximise=False,
)


@lru_cache(maxsize=8)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other scenes, memories and energies, another best design.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    return first_sound(_mission, variant, "a mission to invent for Mobile Nomad", sound=_is_sound)


def _mission(variant: int, attempt: int) -> Mission:
    reference = variant == 0
    draws = uniforms(variant, 301 + attempt, 10).tolist()

    pick = picker(variant, draws)

    ambient = pick(0, (28, 29, 30, 31), 29)
    rate = pick(1, (2, 4, 8), 4)
    alpha = pick(2, (0.2, 0.25, 0.5, 0.7, 0.8, 0.85), 0.7)
    energy, scene = GLASSES_ENERGY, STREET_SCENE
    if not reference:
        energy = replace(
            energy,
            dram_j_per_byte=within(draws[3], (60e-12, 130e-12), 2),
            idle_w=within(draws[4], (0.60, 0.90), 2),
        )
        scene = replace(
            scene,
            patches=8 + int(draws[5] * 9),
            frame_acceptance_fraction=within(draws[6], (0.60, 0.92), 2),
            token_acceptance_fraction=alpha,
        )
    baseline = PLAIN.replace(
        precision="w8a16", fusion="10101", tile_rows=14, ambient_c=ambient, translations_per_s=rate
    )
    place = glasses(
        variant,
        on_chip_bytes=float(pick(7, _ON_CHIP_KIB, 320) * KIB),
        energy=energy,
        scene=scene,
        crisis=baseline,
        reference=baseline,
    )
    place = replace(
        place,
        targets=(
            frame_target(),
            power_target(place, ambient),
            delay_target(),
            _limit("stale", "Shown from predictions", "stale_s", "s", pick(8, _STALE_S, 0.055)),
            _limit("footprint", "Footprint of all weights", "footprint_bytes", "B", pick(9, _FOOTPRINT_BYTES, 21e6)),
        ),
    )
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(skipped_frames=5),
        tempting_reason="It saves most of the filter's work, but a wrong overlay would stay in sight for longer "
        "than the wearer tolerates.",
        objective=Objective(
            name="Energy of the networks for a frame",
            quantity="frame_energy_j",
            unit="J",
            maximise=False,
            ties=(("footprint_bytes", False), ("needed_bytes", False)),
        ),
    )


def _limit(id_: str, name: str, quantity: str, unit: str, limit: object) -> Target:
    return Target(
        id=id_,
        name=name,
        quantity=quantity,
        unit=unit,
        at_least=False,
        limit=float(limit),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    best = sole_best(found, INVENT_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    now = evaluate(found.scenario, found.baseline)
    fall = fall_fraction(found.scenario)
    return (
        now.frame_energy_j > LEAST_GAIN * best.value
        and bool(now.capacity.fits)
        and min(abs(fall), abs(fall - CLEAR_FALL_FRACTION)) > CLEAR_FRACTION
        and abs(answer_demand(found, INVENT_CONTROLS, DEMAND).best_factor - DEMAND.factor) > CLEAR_FACTOR
    )


def fall_fraction(found: GlassesScenario) -> float:
    """Return by which share four drafted tokens lower the energy of a frame; negative where they raise it."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT))
    return float(1 - after.frame_energy_j / before.frame_energy_j)


def draft_answer(found: GlassesScenario) -> str:
    fall = fall_fraction(found)
    return "rises" if fall < 0 else "little" if fall < CLEAR_FALL_FRACTION else "much"


INVENT_CONTROLS = (
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored. Only INT8 throughout also multiplies in INT8.",
    ),
    Control(
        id="fusion",
        label="Fusion",
        choices=FUSION_LEVELS,
        help="Which operators of a block share a kernel; what is kept on the chip must fit there.",
    ),
    Control(
        id="skipped_frames",
        label="Predicted frames",
        values=(0, 1, 2, 3, 5),
        unit="frames",
        help="At most so many frames in a row are predicted from the last filtered one, each checked against "
        "the camera; the first that fails is filtered.",
    ),
    Control(
        id="draft_tokens",
        label="Drafted tokens",
        values=(0, 2, 4, 8),
        unit="tokens",
        help="A small model drafts so many tokens of a translation; the decoder verifies them together.",
    ),
    Control(
        id="experts",
        label="Experts",
        values=(1, 4, 8),
        unit="experts",
        help="One dense translator for all languages, or smaller ones by language: a phrase uses one of them, "
        "all are kept.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="None"),
            Choice(id="quarter", text="A quarter kept, anywhere"),
            Choice(id="2:4", text="Two of every four kept"),
        ),
        help="Weights that are left out. The array skips two of four, and nothing else; accuracy is not modelled.",
    ),
)
