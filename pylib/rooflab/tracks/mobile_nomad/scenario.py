"""The glasses of the crisis, and of both missions, for every variant."""

from dataclasses import dataclass, replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.devices_tracks import AR_GLASSES, JETSON_ORIN_NANO
from rooflab.facts.glasses import (
    GLASSES_BODY,
    GLASSES_ENERGY,
    GLASSES_NPU,
    GLASSES_NPU_FAST,
    GLASSES_NPU_SLOW,
    STREET_SCENE,
)
from rooflab.facts.networks_mobile import MOBILENET_V3_SMALL, TINY_TRANSLATOR
from rooflab.facts.sources import SERVICE_ASSUMPTION, SKIN_LIMIT
from rooflab.model.seeded import uniforms
from rooflab.specs import Precision, Target
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import GlassesOutcome
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.drawing import REPAIRED, first_sound, pick, within
from rooflab.units import MIB

__all__ = [
    "CHANGES",
    "DEADLINE_S",
    "FRAMES_PER_S",
    "PLAIN",
    "changed",
    "frame_target",
    "glasses",
    "power_terms",
    "saved_w",
    "scenario",
]

FRAMES_PER_S = 60
DEADLINE_S = 1 / FRAMES_PER_S
CLEAR_FRACTION = 0.08  # answers nearer than this to the next one are not asked

PLAIN = GlassesDesign(
    precision="fp16",
    fusion="00000",
    tile_rows=8,
    frames_per_s=FRAMES_PER_S,
    frames_batched=1,
    translations_per_s=2,
    translations_batched=1,
    ambient_c=25,
    sparsity="dense",
    skipped_frames=0,
    draft_tokens=0,
    experts=1,
)
"""Everything as a framework leaves it."""

CHANGES: dict[str, dict[str, str | int]] = {
    "fusion": {"fusion": "11111"},
    "precision": {"precision": "w8a8"},
    "rate": {"frames_per_s": FRAMES_PER_S // 2},
}
"""The three single changes that the second question weighs against one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A kind of glasses that may overheat; ranges are drawn from."""

    design: dict[str, str]
    patches: tuple[int, int]
    dram_j_per_byte: tuple[float, float]
    fp16_j_per_flop: tuple[float, float] = (2.0e-12, 2.0e-12)
    static_w: tuple[float, float] = (0.25, 0.35)
    idle_w: tuple[float, float] = (0.75, 0.90)
    capture_j: tuple[float, float] = (2.0e-3, 3.0e-3)
    kernel_start_s: float = GLASSES_NPU.kernel_start_s
    ambient_c: tuple[int, int] = (24, 27)


# A variant draws one of them; variant 0 is the reference set-up, which resembles the first.
_SETTINGS = (
    _Setting(
        design={"precision": "fp16", "fusion": "00000"},
        patches=(9, 11),
        dram_j_per_byte=(95e-12, 115e-12),
    ),
    _Setting(  # already in INT8, on a fine camera
        design={"precision": "w8a8", "fusion": "10101"},
        patches=(20, 26),
        dram_j_per_byte=(130e-12, 160e-12),
        ambient_c=(26, 29),
    ),
    _Setting(  # already fused, on a chip whose FP16 is dear
        design={"precision": "fp16", "fusion": "11111"},
        patches=(18, 24),
        dram_j_per_byte=(60e-12, 80e-12),
        fp16_j_per_flop=(3.6e-12, 4.0e-12),
        ambient_c=(25, 28),
    ),
    _Setting(  # a process that leaks, and a slow start of kernels
        design={"precision": "fp16", "fusion": "00000"},
        patches=(7, 8),
        dram_j_per_byte=(60e-12, 65e-12),
        static_w=(0.85, 1.0),
        kernel_start_s=25e-6,
    ),
    _Setting(  # a bright display and two cameras, on a warm day
        design={"precision": "w8a8", "fusion": "10101"},
        patches=(10, 14),
        dram_j_per_byte=(90e-12, 110e-12),
        idle_w=(0.85, 0.95),
        capture_j=(4.5e-3, 6.0e-3),
        ambient_c=(28, 30),
    ),
    _Setting(  # a bright display before everything else
        design={"precision": "fp16", "fusion": "00000"},
        patches=(6, 7),
        dram_j_per_byte=(90e-12, 110e-12),
        idle_w=(1.15, 1.30),
        ambient_c=(26, 29),
    ),
    _Setting(  # half fused, on a chip whose FP16 is dear
        design={"precision": "fp16", "fusion": "10101"},
        patches=(11, 13),
        dram_j_per_byte=(85e-12, 100e-12),
        fp16_j_per_flop=(3.0e-12, 3.5e-12),
        idle_w=(0.85, 0.95),
        capture_j=(1.0e-3, 1.5e-3),
        ambient_c=(25, 28),
    ),
)


@lru_cache(maxsize=8)
def scenario(variant: int = 0) -> GlassesScenario:
    """Return the crisis of a variant: the same story on other glasses, with other answers.

    Raises:
        ModelError: no draw overheats as the story has it, with answers that can be told apart.
    """
    return first_sound(_attempt, variant, "the crisis of Mobile Nomad")


def glasses(variant: int, **changes: object) -> GlassesScenario:
    """Return the reference glasses without targets, with `changes`."""
    values = {
        "track_id": "mobile-nomad",
        "variant": variant,
        "device": AR_GLASSES,
        "beside": (JETSON_ORIN_NANO,),
        "filter": MOBILENET_V3_SMALL,
        "translator": TINY_TRANSLATOR,
        "energy": GLASSES_ENERGY,
        "body": GLASSES_BODY,
        "scene": STREET_SCENE,
        "on_chip_bytes": float(MIB),
        "memory_source": SERVICE_ASSUMPTION,
        "calibration": GLASSES_NPU,
        "calibration_range": (GLASSES_NPU_FAST, GLASSES_NPU_SLOW),
    }
    return GlassesScenario(**(values | changes))


def frame_target() -> Target:
    """Return the deadline of a frame at 60 FPS."""
    return Target(
        id="frame",
        name="Frame time",
        quantity="frame_time_s",
        unit="s",
        at_least=False,
        limit=DEADLINE_S,
        source=SERVICE_ASSUMPTION,
    )


def power_terms(outcome: GlassesOutcome) -> dict[str, float]:
    """Return the watts of a design by cause: three of the networks, and what runs beside them."""
    return {
        "memory": float(outcome.memory_power_w),
        "compute": float(outcome.arithmetic_power_w),
        "static": float(outcome.static_power_w),
        "idle": float(outcome.idle_power_w),
    }


def changed(design: GlassesDesign, change: str) -> GlassesDesign:
    """Return the design with one of the three changes."""
    return design.replace(**CHANGES[change])


def saved_w(found: GlassesScenario) -> dict[str, float]:
    """Return the watts that each of the three changes takes off the crisis."""
    before = float(evaluate(found, found.crisis).power_w)
    return {
        each: before - float(evaluate(found, changed(found.crisis, each)).power_w) for each in CHANGES
    }


def _attempt(variant: int, attempt: int) -> GlassesScenario | None:
    setting = pick(uniforms(variant, 0, 1)[0], _SETTINGS) if variant else _SETTINGS[0]
    draws = uniforms(variant, 1 + attempt, 8).tolist()
    crisis = PLAIN.replace(**setting.design)
    place = glasses(variant, targets=_targets())
    if variant:
        low, high = setting.ambient_c
        crisis = crisis.replace(ambient_c=low + int(draws[6] * (high - low + 1)))
        few, many = setting.patches
        energy = replace(
            GLASSES_ENERGY,
            matrix_j_per_flop={
                Precision.FP16: within(draws[1], setting.fp16_j_per_flop, 2),
                Precision.INT8: GLASSES_ENERGY.matrix_j_per_flop[Precision.INT8],
            },
            dram_j_per_byte=within(draws[2], setting.dram_j_per_byte, 2),
            static_w=within(draws[3], setting.static_w, 2),
            idle_w=within(draws[4], setting.idle_w, 2),
            capture_j=within(draws[5], setting.capture_j, 2),
        )
        place = replace(
            place,
            energy=energy,
            scene=replace(STREET_SCENE, patches=few + int(draws[0] * (many - few + 1))),
            calibration=replace(GLASSES_NPU, kernel_start_s=setting.kernel_start_s),
        )
    repaired = crisis.replace(**CHANGES["fusion"], **CHANGES["precision"])
    found = replace(place, crisis=crisis, reference=repaired, **REPAIRED)
    return found if _is_sound(found) else None


def _targets() -> tuple[Target, ...]:
    return (
        Target(
            id="heat",
            name="Power against what the glasses shed",
            quantity="heat_fraction",
            unit="",
            at_least=False,
            limit=1.0,
            source=SKIN_LIMIT,
        ),
        frame_target(),
    )


def _is_sound(found: GlassesScenario) -> bool:
    """Say whether the crisis overheats within minutes, keeps its deadline, and both answers are clear."""
    now = evaluate(found, found.crisis)
    repaired = evaluate(found, found.reference)
    terms = power_terms(now)
    idle = terms.pop("idle")
    networks = sum(terms.values())
    first, second = sorted(terms.values(), reverse=True)[:2]
    saved = sorted(saved_w(found).values(), reverse=True)
    return bool(
        120 < now.throttle_s < 900
        and now.frame_time_s < DEADLINE_S
        and now.capacity.fits
        and repaired.feasible
        and abs(idle - networks) > CLEAR_FRACTION * now.power_w
        and (idle > networks or first - second > CLEAR_FRACTION * networks)
        and saved[0] - saved[1] > 0.02 * now.power_w
    )
