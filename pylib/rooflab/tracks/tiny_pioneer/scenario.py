"""The earbud of the crisis, and what both missions share, for every variant."""

from dataclasses import dataclass, replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.calibration import TINY_BANDS
from rooflab.facts.hearables import (
    EARBUD,
    HOP_ALGORITHMS,
    HOP_CONSTANTS,
    HOP_CONSTANTS_FAST,
    HOP_CONSTANTS_SLOW,
    with_buses,
)
from rooflab.facts.networks_tiny import ISOLATION_LSTM
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY
from rooflab.model.seeded import uniforms
from rooflab.specs import Target
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.drawing import REPAIRED, first_sound, pick

__all__ = [
    "ALIGNED_STATES",
    "CHANGES",
    "DELAY_S",
    "POWER_W",
    "START",
    "causes",
    "changed",
    "delay_target",
    "earbud",
    "power_target",
    "saved_s",
    "scenario",
]

DELAY_S = 10e-3
POWER_W = 1e-3
ALIGNED_STATES = 96
LEAD_FRACTION = 0.08  # of the hop: answers nearer than this to the next one are not asked

START = EarbudDesign(
    chip_id="esp32",
    placement="flash",
    weights="float32",
    hidden=ISOLATION_LSTM.hidden,
    kernel="vector",
    fusion="11111",
    hops_batched=1,
    sparsity="dense",
    gate="none",
    experts=1,
)
"""The network as it was trained, copied to the chip as it is."""

CHANGES: dict[str, dict[str, str | int]] = {
    "sram": {"placement": "sram"},
    "int8": {"weights": "int8"},
    "align": {"hidden": ALIGNED_STATES},
    "fuse": {"fusion": "11111"},
}
"""The four single changes that the second question weighs against one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """A board whose hop may be over budget; buses and free memory are drawn from."""

    design: dict[str, str]
    flash: tuple[str, ...] = ("quad bus at 40 MHz", "quad bus at 80 MHz")
    psram: tuple[str, ...] = ("quad bus at 40 MHz", "quad bus at 80 MHz")
    sram_bytes: tuple[float, float] = (280e3, 320e3)


_SLOW = ("dual bus at 40 MHz",)
_OCTAL = ("octal bus at 80 MHz",)

# A variant draws one of them; variant 0 is the first.
_SETTINGS = (
    # float32 in external memory, and room for it inside
    _Setting(design={}, flash=("quad bus at 40 MHz",)),
    # float32 in external memory, and no room for it inside
    _Setting(design={"placement": "psram"}, sram_bytes=(120e3, 220e3)),
    # INT8 on a slow bus
    _Setting(design={"weights": "int8"}, flash=_SLOW),
    # vectors that wait for flash
    _Setting(design={"chip_id": "esp32-s3", "weights": "int8"}),
    # the scalar core, multiplying
    _Setting(design={"weights": "int8", "placement": "sram"}),
    # vectors on whole rows
    _Setting(design={"chip_id": "esp32-s3", "weights": "int8", "placement": "sram"}),
    # vectors of four on float32, or plain C on INT8
    _Setting(design={"chip_id": "esp32-s3", "placement": "sram"}),
    # a framework's twenty kernels, short in INT8
    _Setting(design={"chip_id": "esp32-s3", "weights": "int8", "placement": "sram", "fusion": "00000"}),
    _Setting(design={"chip_id": "esp32-s3", "weights": "int8", "placement": "sram", "fusion": "00011"}),
    # and on float32
    _Setting(design={"chip_id": "esp32-s3", "placement": "sram", "fusion": "00000"}),
    # float32 over the octal bus, no room inside
    _Setting(design={"chip_id": "esp32-s3", "placement": "psram"}, psram=_OCTAL, sram_bytes=(120e3, 220e3)),
    # twenty kernels on a small memory, over the octal bus
    _Setting(
        design={"chip_id": "esp32-s3", "weights": "int8", "placement": "psram", "fusion": "00000"},
        psram=_OCTAL,
        sram_bytes=(48e3, 60e3),
    ),
)


@lru_cache(maxsize=8)
def scenario(variant: int = 0) -> EarbudScenario:
    """Return the crisis of a variant: the same story on another board, with other answers.

    Raises:
        ModelError: no draw misses its budget with answers that can be told apart.
    """
    return first_sound(_attempt, variant, "the crisis of Tiny Pioneer")


def earbud(variant: int, *, flash: str, psram: str, **product: float) -> EarbudScenario:
    """Return the network on a board without targets; `product` changes what the earbud leaves and needs."""
    return EarbudScenario(
        track_id="tiny-pioneer",
        variant=variant,
        chips=with_buses(flash=flash, psram=psram),
        network=ISOLATION_LSTM,
        earbud=replace(EARBUD, **product),
        algorithms=HOP_ALGORITHMS,
        calibration=HOP_CONSTANTS,
        calibration_range=(HOP_CONSTANTS_FAST, HOP_CONSTANTS_SLOW),
        bands=TINY_BANDS,
    )


def delay_target() -> Target:
    """Return the longest time from the first sample of a hop to its result."""
    return Target(
        id="delay",
        name="Delay, hop and computing",
        quantity="delay_s",
        unit="s",
        at_least=False,
        limit=DELAY_S,
        source=SERVICE_ASSUMPTION,
    )


def power_target() -> Target:
    """Return the budget of the earbud's battery."""
    return Target(
        id="power",
        name="Power",
        quantity="power_w",
        unit="W",
        at_least=False,
        limit=POWER_W,
        source=SERVICE_ASSUMPTION,
    )


def causes(outcome: EarbudOutcome) -> dict[str, float]:
    """Return the hop's time by cause."""
    return {BOUNDS[each]: float(outcome.bound_times_s[each]) for each in (MEMORY, COMPUTE, LATENCY)}


def changed(design: EarbudDesign, change: str) -> EarbudDesign:
    """Return the design with one of the four changes."""
    return design.replace(**CHANGES[change])


def saved_s(found: EarbudScenario) -> dict[str, float]:
    """Return how much each of the four changes takes off the hop of the crisis; 0 if it does not fit."""
    before = float(evaluate(found, found.crisis).hop_time_s)
    outcomes = {each: evaluate(found, changed(found.crisis, each)) for each in CHANGES}
    return {
        each: before - float(outcome.hop_time_s) if outcome.capacity.fits else 0.0
        for each, outcome in outcomes.items()
    }


def _attempt(variant: int, attempt: int) -> EarbudScenario | None:
    setting = pick(uniforms(variant, 0, 1)[0], _SETTINGS) if variant else _SETTINGS[0]
    draws = uniforms(variant, 1 + attempt, 5).tolist()
    low, high = setting.sram_bytes
    place = earbud(
        variant,
        flash=pick(draws[0], setting.flash),
        psram=pick(draws[1], setting.psram),
        sram_bytes=1e3 * round((low + draws[2] * (high - low)) / 1e3) if variant else EARBUD.sram_bytes,
        front_end_w=1e-5 * round(40 + draws[3] * 10) if variant else EARBUD.front_end_w,
    )
    crisis = START.replace(**setting.design)
    found = replace(
        place,
        crisis=crisis,
        reference=crisis.replace(chip_id="apollo4-plus", placement="flash", weights="int8"),
        **REPAIRED,
        targets=(delay_target(), power_target()),
    )
    return found if _is_sound(found) else None


def _is_sound(found: EarbudScenario) -> bool:
    """Say whether the crisis fits, is over budget, and both answers are far enough from the next one."""
    now = evaluate(found, found.crisis)
    hop_s = float(now.hop_time_s)
    times = sorted(causes(now).values(), reverse=True)
    saved = sorted(saved_s(found).values(), reverse=True)
    return bool(
        now.capacity.fits
        and not now.feasible
        and evaluate(found, found.reference).feasible
        and times[0] - times[1] > LEAD_FRACTION * hop_s
        and saved[0] - saved[1] > LEAD_FRACTION / 2 * hop_s
    )
