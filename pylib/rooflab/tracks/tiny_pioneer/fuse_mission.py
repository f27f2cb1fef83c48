"""What Tiny Pioneer looks for in part 2: the cell that uses most of the arithmetic, drawn for each variant."""

from dataclasses import dataclass, replace
from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.model.seeded import uniforms
from rooflab.specs import Choice, Control, Mission, Objective
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.drawing import first_sound, pick
from rooflab.tracks.tiny_pioneer.diagnose import FORMATS, FUSION, PLACEMENTS
from rooflab.tracks.tiny_pioneer.scenario import START, delay_target, earbud

__all__ = ["FUSE_CONTROLS", "LARGE_FRACTION", "SMALL_FRACTION", "fall_answer", "fall_fraction", "fuse_mission"]

LARGE_FRACTION = 0.30
SMALL_FRACTION = 0.05
CLEAR_FRACTION = 0.02

PLAIN = START.replace(chip_id="esp32-s3", fusion="00000")
TEMPTING = {"placement": "psram", "weights": "int8", "hidden": 128, "fusion": "01111", "hops_batched": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How the cell is ported so far, and the free SRAM, which is drawn from."""

    design: dict[str, str | int]
    sram_bytes: tuple[float, float]
    psram: str = "octal bus at 80 MHz"


# A variant draws one of them; variant 0 is the first.
_SETTINGS = (
    _Setting(design={}, sram_bytes=(60e3, 110e3)),
    _Setting(design={"weights": "int8"}, sram_bytes=(50e3, 110e3)),
    _Setting(
        design={"weights": "int8", "placement": "psram"},
        sram_bytes=(48e3, 90e3),
        psram="quad bus at 80 MHz",
    ),
    _Setting(design={"weights": "int8", "placement": "sram"}, sram_bytes=(78e3, 110e3)),
    _Setting(design={"weights": "int8", "placement": "sram", "hidden": 80}, sram_bytes=(62e3, 84e3)),
    _Setting(design={"placement": "psram", "kernel": "scalar"}, sram_bytes=(102e3, 110e3)),
)


@lru_cache(maxsize=8)
def fuse_mission(variant: int) -> Mission:
    """Return the task of a variant: the ESP32-S3, one cell, as much of its arithmetic used as can be.

    Raises:
        ModelError: no draw leaves an answer that can be told apart.
    """
    return first_sound(_attempt, variant, "a mission to fuse for Tiny Pioneer")


def _attempt(variant: int, attempt: int) -> Mission | None:
    setting = pick(uniforms(variant, 200, 1)[0], _SETTINGS) if variant else _SETTINGS[0]
    draws = uniforms(variant, 201 + attempt, 2).tolist()
    low, high = setting.sram_bytes
    place = earbud(
        variant,
        flash=pick(draws[1], ("quad bus at 40 MHz", "quad bus at 80 MHz")),
        psram=setting.psram,
        sram_bytes=1e3 * round((low + draws[0] * (high - low)) / 1e3) if variant else 92e3,
    )
    baseline = PLAIN.replace(**setting.design)
    found = replace(place, targets=(delay_target(),), crisis=baseline, reference=baseline.replace(fusion="11111"))
    fall = fall_fraction(found)
    if min(abs(fall - SMALL_FRACTION), abs(fall - LARGE_FRACTION)) < CLEAR_FRACTION:
        return None
    return Mission(
        scenario=found,
        baseline=baseline,
        tempting=baseline.replace(kernel="vector", **TEMPTING),
        tempting_reason="Several hops share one reading of the input weights, but the first of them waits until "
        "the last has come.",
        objective=Objective(
            name="Share of the peak arithmetic (MFU)",
            quantity="mfu_fraction",
            unit="",
            ties=(("needed_bytes", False),),
        ),
    )


def fall_fraction(found: EarbudScenario) -> float:
    """Return by which share one kernel for the whole cell shortens the hop as it runs now."""
    before, after = (float(evaluate(found, each).hop_time_s) for each in (found.crisis, found.reference))
    return 1 - after / before


def fall_answer(found: EarbudScenario) -> str:
    fall = fall_fraction(found)
    return "large" if fall > LARGE_FRACTION else "middle" if fall > SMALL_FRACTION else "small"


FUSE_CONTROLS = (
    FUSION,
    Control(
        id="placement",
        label="Weights lie in",
        choices=PLACEMENTS,
        help="Internal SRAM is read directly; external memory is cached in lines.",
    ),
    Control(id="weights", label="Weights", choices=FORMATS, help="How weights and values are stored."),
    Control(
        id="hidden",
        label="Hidden state",
        values=(64, 80, 96, 100, 112, 128),
        unit="states",
        help="A row of the matrix has the 64 inputs and these states.",
    ),
    Control(
        id="hops_batched",
        label="Hops together",
        values=(1, 2, 4),
        unit="hops",
        help="A product of inputs by itself reads its weights once for all of them; the product of states "
        "needs the state of the hop before.",
    ),
    Control(
        id="kernel",
        label="Kernel",
        choices=(Choice(id="scalar", text="Plain C"), Choice(id="vector", text="The vendor's, with vectors")),
        help="Plain C starts cheaply and multiplies slowly.",
    ),
)
