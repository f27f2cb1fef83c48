"""The loop of the crisis, for every variant, and what all three parts build on."""

from dataclasses import dataclass, replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.calibration import EDGE_BANDS
from rooflab.facts.devices_tracks import JETSON_AGX_ORIN, JETSON_ORIN_NANO
from rooflab.facts.networks import YOLOV8N
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.vehicle import (
    CLOCK_DROP,
    CORE_TAKEN,
    CROWDED_BOXES,
    GPU_TAKEN,
    ORIN_LOOP,
    ORIN_LOOP_FAST,
    ORIN_LOOP_SLOW,
    PAGE_FAULT,
    STREET_RIG,
)
from rooflab.model.seeded import uniforms
from rooflab.specs import Spike, Target
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.recording import Excess, LoopTrace, excess_by_stage, loop_trace
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.systems.vehicle.stages import GPU_STAGES, STAGE_IDS
from rooflab.tracks.drawing import REPAIRED, first_sound, pick, within

__all__ = [
    "DEADLINE_S",
    "LONG_FRAMES",
    "PLAIN",
    "SPIKE_S",
    "STATISTICS",
    "cured",
    "deadline_target",
    "first_missing",
    "guilty",
    "long_trace",
    "loop",
    "plain_s",
    "scenario",
    "sized",
]

DEADLINE_S = 10e-3
SPIKE_S = 50e-3
LONG_FRAMES = 20_000
STATISTICS = ("mean", "p99", "p999")
"""From the mildest to the strictest; each is a figure that a dashboard may show."""

PLAIN = VehicleDesign(
    frames=2000,
    profiler="off",
    batch=1,
    resolution=640,
    precision="fp16",
    fusion="0000",
    dispatch="eager",
    mode="default",
    input_path="pageable",
    nms="cpu",
    sparsity="dense",
    cascade="off",
    experts=1,
)
"""Everything as a framework leaves it."""

KINDS: tuple[Spike, ...] = (PAGE_FAULT, CROWDED_BOXES, CORE_TAKEN, CLOCK_DROP, GPU_TAKEN)
"""What may be guilty; variant 0 has the first."""

_HICCUPS = (CORE_TAKEN, CROWDED_BOXES, PAGE_FAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How often a spike may come, and how long a usual frame may take, both drawn from."""

    first_missing: str
    chance_fraction: tuple[float, float]
    usual_s: tuple[float, float]


# What a dashboard would show first; a variant draws one of them, variant 0 has the first.
_SETTINGS = (
    _Setting(first_missing="p999", chance_fraction=(0.0016, 0.0035), usual_s=(7.2e-3, 8.4e-3)),
    _Setting(first_missing="p99", chance_fraction=(0.0125, 0.0160), usual_s=(7.0e-3, 8.2e-3)),
    _Setting(first_missing="none", chance_fraction=(0.0004, 0.0007), usual_s=(7.0e-3, 8.2e-3)),
    _Setting(first_missing="mean", chance_fraction=(0.0170, 0.0200), usual_s=(9.22e-3, 9.40e-3)),
)


@lru_cache(maxsize=8)
def scenario(variant: int = 0) -> VehicleScenario:
    """Return the crisis of a variant: the same story, another cause, other chances and times.

    Raises:
        ModelError: no draw has a spike that can be told from everything else.
    """
    return first_sound(_attempt, variant, "the crisis of Edge Guardian")


def loop(variant: int, **changes: object) -> VehicleScenario:
    """Return the vehicle's loop without targets and spikes, with `changes`."""
    values = {
        "track_id": "edge-guardian",
        "variant": variant,
        "device": JETSON_AGX_ORIN,
        "beside": (JETSON_ORIN_NANO,),
        "network": YOLOV8N,
        "rig": STREET_RIG,
        "spikes": (),
        "share_bytes": 256e6,
        "memory_source": SERVICE_ASSUMPTION,
        "deadline_s": DEADLINE_S,
        "calibration": ORIN_LOOP,
        "calibration_range": (ORIN_LOOP_FAST, ORIN_LOOP_SLOW),
        "bands": EDGE_BANDS,
    }
    return VehicleScenario(**(values | changes))


def deadline_target() -> Target:
    """Return the deadline, which 999 frames of 1000 must keep."""
    return Target(
        id="deadline",
        name="p99.9 of the frame time",
        quantity="p999_s",
        unit="s",
        at_least=False,
        limit=DEADLINE_S,
        source=SERVICE_ASSUMPTION,
    )


def guilty(found: VehicleScenario) -> Spike:
    """Return what strikes hardest; the other spikes are hiccups."""
    return found.spikes[0]


def cured(design: VehicleDesign, spike: Spike) -> VehicleDesign:
    """Return the design with the first cure of a spike."""
    field, first, *_ = spike.cured_by
    return design.replace(**{field: first})


def sized(found: VehicleScenario, design: VehicleDesign, spike: Spike, size_s: float) -> Spike:
    """Return a spike of another size; what runs longer is given as a multiple of its stage's time."""
    if spike.extra_s:
        return replace(spike, extra_s=float(f"{size_s:.3g}"))
    time_s = evaluate(found, design).stages.full.time_s[:, 0]
    slowed = time_s[GPU_STAGES].sum() if spike.spreads else time_s[STAGE_IDS.index(spike.stage)]
    return replace(spike, slowdown_factor=float(f"{size_s / slowed:.3g}"))


def first_missing(found: VehicleScenario) -> str:
    """Return the mildest statistic of the crisis that misses the deadline, or none."""
    outcome = evaluate(found, found.crisis)
    values = (outcome.mean_frame_s, outcome.p99_s, outcome.p999_s)
    for name, value in zip(STATISTICS, values, strict=True):
        if value > found.deadline_s:
            return name
    return "none"


@lru_cache(maxsize=8)
def long_trace(found: VehicleScenario) -> tuple[LoopTrace, Excess | None]:
    """Return the longest recording of the crisis, and what is longer in its slow frames."""
    design = found.crisis.replace(frames=LONG_FRAMES)
    trace = loop_trace(found, design, evaluate(found, design))
    return trace, excess_by_stage(trace)


def plain_s(found: VehicleScenario) -> float:
    """Return the mean of the crisis without any spike."""
    return float(evaluate(replace(found, spikes=()), found.crisis).mean_frame_s)


def _attempt(variant: int, attempt: int) -> VehicleScenario | None:
    kind, setting = KINDS[0], _SETTINGS[0]
    if variant:
        first, second = uniforms(variant, 0, 2).tolist()
        kind, setting = pick(first, KINDS), pick(second, _SETTINGS)
    draws = uniforms(variant, 1 + attempt, 8).tolist()
    chance = within(draws[0], setting.chance_fraction, 2) if variant else 0.002
    usual_s = within(draws[1], setting.usual_s) if variant else 8.0e-3
    crisis = PLAIN.replace(fusion=("0000", "1000")[int(draws[2] * 2)] if variant else "0000")
    rig = replace(STREET_RIG, boxes=int(within(draws[3], (340, 520), 2)) if variant else STREET_RIG.boxes)
    place = loop(variant, rig=rig, targets=_targets())
    # The cores take what the rest leaves of a usual frame.
    spare_s = usual_s - plain_s(replace(place, crisis=crisis))
    plan_s = place.calibration.plan_s + spare_s
    if not ORIN_LOOP_FAST.plan_s <= plan_s <= 1.2 * ORIN_LOOP_SLOW.plan_s:
        return None
    place = replace(place, calibration=replace(ORIN_LOOP, plan_s=float(f"{plan_s:.3g}")))
    strikes = replace(kind, chance_fraction=chance)
    if not strikes.spreads:  # a clock falls as far as it can
        size_s = within(draws[4], (46e-3, 55e-3), 2) if variant else SPIKE_S
        strikes = sized(place, crisis, strikes, size_s)
    others = [each for each in _HICCUPS if each.stage != kind.stage]
    other = pick(draws[5], others) if variant else others[0]
    hiccup = sized(place, crisis, replace(other, chance_fraction=0.02, periodic=False), within(draws[6], (0.6e-3, 0.9e-3), 2))
    found = replace(place, spikes=(strikes, hiccup), crisis=crisis, reference=cured(crisis, strikes), **REPAIRED)
    return found if _is_sound(found, setting) else None


def _targets() -> tuple[Target, ...]:
    return (
        deadline_target(),
        Target(
            id="misses",
            name="Frames that miss the deadline",
            quantity="miss_fraction",
            unit="",
            at_least=False,
            limit=1e-4,
            source=SERVICE_ASSUMPTION,
        ),
    )


def _is_sound(found: VehicleScenario, setting: _Setting) -> bool:
    """Say whether the story holds, the answers are clear, and a long recording shows the cause."""
    outcome = evaluate(found, found.crisis)
    spike = guilty(found)
    size_s = float(outcome.times.median_s[1]) - float(outcome.p50_s)
    ratios = [
        float(value) / found.deadline_s for value in (outcome.mean_frame_s, outcome.p99_s, outcome.p999_s)
    ]
    trace, excess = long_trace(found)
    if excess is None or not 40e-3 < size_s < 62e-3 or first_missing(found) != setting.first_missing:
        return False
    stage, waits = excess.worst
    named = spike.spreads or STAGE_IDS[stage] == spike.stage
    clear = all(abs(ratio - 1) > 0.005 for ratio in ratios)
    repaired = setting.first_missing == "mean" or evaluate(found, found.reference).feasible
    struck = [at for at in trace.slow if trace.frame_s[at] > 3 * found.deadline_s]
    return bool(repaired and named and waits == spike.waits and clear and len(struck) >= 4 and outcome.p50_s < found.deadline_s)
