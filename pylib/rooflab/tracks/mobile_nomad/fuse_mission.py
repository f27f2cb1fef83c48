"""What Mobile Nomad looks for in part 2: the highest MFU that the skin can bear, drawn for each variant."""

from dataclasses import replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.glasses import GLASSES_ENERGY, STREET_SCENE
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.model.seeded import uniforms
from rooflab.model.thermal import sustained_power_w
from rooflab.specs import Control, Mission, Objective, Target
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.drawing import first_sound, pick, sole_best, within
from rooflab.tracks.mobile_nomad.diagnose import FORMATS, FUSION_LEVELS
from rooflab.tracks.mobile_nomad.scenario import PLAIN, frame_target, glasses
from rooflab.units import KIB

__all__ = [
    "FUSE_CONTROLS",
    "HALF_FRACTION",
    "MOST_FRACTION",
    "delay_target",
    "fuse_mission",
    "power_target",
    "saved_answer",
    "saved_fraction",
]

DELAY_S = 1.0
MOST_FRACTION, HALF_FRACTION = 0.70, 0.60
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.3
LEAST_FEASIBLE_COUNT = 20
_ON_CHIP_KIB = (256, 320, 384, 448, 512)


def power_target(place: GlassesScenario, ambient_c: int) -> Target:
    """Return what the glasses shed at the limit of the skin, in air of that temperature."""
    return Target(
        id="power",
        name=f"Power, in air of {ambient_c} °C",
        quantity="power_w",
        unit="W",
        at_least=False,
        limit=sustained_power_w(
            limit_c=place.body.limit_c,
            ambient_c=float(ambient_c),
            resistance_k_per_w=place.body.resistance_k_per_w,
        ),
        source=place.body.source_of("resistance_k_per_w"),
    )


def delay_target() -> Target:
    """Return how long a phrase may wait for its translation."""
    return Target(
        id="delay",
        name="Translation delay",
        quantity="translation_delay_s",
        unit="s",
        at_least=False,
        limit=DELAY_S,
        source=SERVICE_ASSUMPTION,
    )


@lru_cache(maxsize=8)
def fuse_mission(variant: int) -> Mission:
    """Return the mission of a variant: other air, camera and memory on the chip, another best set.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    return first_sound(_mission, variant, "a mission to fuse for Mobile Nomad", sound=_is_sound)


def _mission(variant: int, attempt: int) -> Mission:
    draws = [0.5] * 6 if variant == 0 else uniforms(variant, 101 + attempt, 6).tolist()
    reference = variant == 0
    ambient = 27 if reference else 24 + int(draws[0] * 7)
    patches = 10 if reference else 8 + int(draws[1] * 7)
    on_chip = 448 if reference else pick(draws[2], _ON_CHIP_KIB)
    rate = 2 if reference else (2, 4, 8)[int(draws[3] * 3)]
    energy = GLASSES_ENERGY
    if not reference:
        energy = replace(
            energy,
            dram_j_per_byte=within(draws[4], (70e-12, 130e-12), 2),
            idle_w=within(draws[5], (0.75, 0.95), 2),
        )
    baseline = PLAIN.replace(ambient_c=ambient, translations_per_s=rate)
    place = glasses(
        variant,
        on_chip_bytes=float(on_chip * KIB),
        energy=energy,
        scene=replace(STREET_SCENE, patches=patches),
        crisis=baseline,
        reference=baseline,
    )
    place = replace(place, targets=(frame_target(), power_target(place, ambient), delay_target()))
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(fusion="10101", frames_batched=4),
        tempting_reason="A batch of frames reads the weights once for all of them, but its first frame waits for "
        "the last, past the deadline of every frame.",
        objective=Objective(
            name="MFU",
            quantity="mfu_fraction",
            unit="",
            ties=(("power_w", False), ("needed_bytes", False)),
        ),
    )


def _is_sound(found: Mission) -> bool:
    best = sole_best(found, FUSE_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    now = evaluate(found.scenario, found.baseline)
    saved = saved_fraction(found.scenario)
    return (
        not now.feasible
        and bool(now.capacity.fits)
        and min(abs(saved - MOST_FRACTION), abs(saved - HALF_FRACTION)) > CLEAR_FRACTION
    )


def saved_fraction(found: GlassesScenario) -> float:
    """Return the share of a frame's bytes that full fusion takes away where the mission starts."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="11111"))
    return float(1 - after.operators.hbm_bytes.sum() / before.operators.hbm_bytes.sum())


def saved_answer(found: GlassesScenario) -> str:
    saved = saved_fraction(found)
    return "most" if saved >= MOST_FRACTION else "half" if saved >= HALF_FRACTION else "less"


FUSE_CONTROLS = (
    Control(
        id="fusion",
        label="Fusion set",
        chain=("Expand", "Norm 1", "Depthwise", "Norm 2", "Project", "Norm 3"),
        choices=FUSION_LEVELS,
        help="Which neighbours in a block share a kernel. Where a block has a gate, it stands before the "
        "projection, and a kernel across it keeps the whole map on the chip.",
    ),
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored. Only INT8 throughout also multiplies in INT8.",
    ),
    Control(
        id="tile_rows",
        label="Rows at a time",
        values=(1, 2, 4, 8, 14),
        unit="rows",
        help="Rows of its output that a kernel works on. Few rows take little memory; rows that two steps "
        "share are expanded twice.",
    ),
    Control(
        id="frames_batched",
        label="Frames in a batch",
        values=(1, 2, 4),
        unit="frames",
        help="A batch reads the weights once; its first frame waits for its last.",
    ),
    Control(
        id="translations_batched",
        label="Phrases in a batch",
        values=(1, 2, 4),
        unit="phrases",
        help="The translator reads its weights once for all phrases of a batch; the first waits for the last.",
    ),
)
