"""What Tiny Pioneer looks for in part 3: the isolation with the lowest power, drawn for each variant."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rooflab.evaluate import evaluate, sweep
from rooflab.facts.hearable_sources import ALGORITHM_ASSUMPTION
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.model.seeded import uniforms
from rooflab.specs import Choice, Control, Mission, Objective, Target
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.drawing import first_sound, pick, sole_best
from rooflab.tracks.tiny_pioneer.diagnose import CHIPS, FORMATS, PLACEMENTS
from rooflab.tracks.tiny_pioneer.scenario import START, delay_target, earbud, power_target

__all__ = ["INVENT_CONTROLS", "LARGE_FRACTION", "SMALL_FRACTION", "fall_answer", "fall_fraction", "invent_mission"]

SPEECH_LOST = 0.005
LARGE_FRACTION = 0.30
SMALL_FRACTION = 0.10
CLEAR_FRACTION = 0.02
LEAST_FEASIBLE = 8

PLAIN = START.replace(chip_id="esp32-s3", placement="psram", weights="int8")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """Where the network runs so far, what it must be worth, and what is left; ranges are drawn from."""

    design: dict[str, str]
    states: tuple[int, ...]
    sram_bytes: tuple[float, float]
    flash_bytes: tuple[float, float]
    silent_fraction: tuple[float, float]
    easy_fraction: tuple[float, float]


_QUIET, _BUSY = (0.55, 0.70), (0.15, 0.30)

# A variant draws one of them; variant 0 is the first.
_SETTINGS = (
    _Setting(
        design={},
        states=(160,),
        sram_bytes=(180e3, 220e3),
        flash_bytes=(180e3, 240e3),
        silent_fraction=_QUIET,
        easy_fraction=(0.4, 0.5),
    ),
    _Setting(
        design={"chip_id": "nrf54lm20b", "placement": "sram"},
        states=(160, 192),
        sram_bytes=(210e3, 240e3),
        flash_bytes=(300e3, 420e3),
        silent_fraction=(0.70, 0.80),
        easy_fraction=(0.3, 0.5),
    ),
    _Setting(
        design={"chip_id": "nrf54lm20b", "placement": "flash"},
        states=(128, 160),
        sram_bytes=(90e3, 120e3),
        flash_bytes=(300e3, 700e3),
        silent_fraction=_BUSY,
        easy_fraction=(0.6, 0.7),
    ),
    _Setting(
        design={"chip_id": "esp32", "weights": "float32", "placement": "psram"},
        states=(128,),
        sram_bytes=(120e3, 150e3),
        flash_bytes=(120e3, 160e3),
        silent_fraction=_QUIET,
        easy_fraction=(0.3, 0.5),
    ),
    _Setting(
        design={},
        states=(128, 144),
        sram_bytes=(90e3, 120e3),
        flash_bytes=(500e3, 900e3),
        silent_fraction=_BUSY,
        easy_fraction=(0.6, 0.7),
    ),
    _Setting(
        design={"placement": "sram"},
        states=(128,),
        sram_bytes=(110e3, 140e3),
        flash_bytes=(200e3, 260e3),
        silent_fraction=_QUIET,
        easy_fraction=(0.5, 0.6),
    ),
)


@lru_cache(maxsize=8)
def invent_mission(variant: int) -> Mission:
    """Return the task of a variant: the lowest power within 10 ms, 1 mW and the memories.

    Raises:
        ModelError: no draw leaves one best design and answers that can be told apart.
    """
    return first_sound(_attempt, variant, "a mission to invent for Tiny Pioneer")


def _attempt(variant: int, attempt: int) -> Mission | None:
    setting = pick(uniforms(variant, 400, 1)[0], _SETTINGS) if variant else _SETTINGS[0]
    draws = uniforms(variant, 401 + attempt, 7).tolist() if variant else [0.5] * 7

    def between(draw: float, bounds: tuple[float, float], step: float) -> float:
        return step * round((bounds[0] + draw * (bounds[1] - bounds[0])) / step)

    states = pick(draws[0], setting.states)
    place = earbud(
        variant,
        flash=pick(draws[1], ("quad bus at 40 MHz", "quad bus at 80 MHz")),
        psram="octal bus at 80 MHz",
        sram_bytes=between(draws[2], setting.sram_bytes, 1e3),
        flash_bytes=between(draws[3], setting.flash_bytes, 1e3),
        psram_bytes=1e6,
        silent_fraction=round(between(draws[4], setting.silent_fraction, 0.01), 2),
        easy_fraction=round(between(draws[5], setting.easy_fraction, 0.01), 2),
        front_end_w=1e-5 * round(40 + 12 * draws[6]),
    )
    baseline = PLAIN.replace(hidden=states, **setting.design)
    found = replace(
        place,
        targets=(delay_target(), power_target(), _states_target(states), _speech_target()),
        crisis=baseline,
        reference=baseline.replace(gate="cautious"),
    )
    tempting = _fastest(found, baseline)
    if tempting is None:
        return None
    made = Mission(
        scenario=found,
        baseline=baseline,
        tempting=tempting,
        tempting_reason="It computes a hop faster than it runs now, but the chip asleep and the microphones already "
        "draw more than the battery allows.",
        objective=Objective(
            name="Power",
            quantity="power_w",
            unit="W",
            maximise=False,
            ties=(("needed_bytes", False), ("hop_time_s", False)),
        ),
    )
    return made if _is_sound(made) else None


def _is_sound(made: Mission) -> bool:
    """Say whether a fair share of designs is feasible, one is best, and the answer is far from a border."""
    fall = fall_fraction(made.scenario)
    if min(abs(fall - SMALL_FRACTION), abs(fall - LARGE_FRACTION)) < CLEAR_FRACTION:
        return False
    return sole_best(made, INVENT_CONTROLS, least_count=LEAST_FEASIBLE) is not None


def _fastest(found: EarbudScenario, baseline: EarbudDesign) -> EarbudDesign | None:
    """Return the fastest hop of the vector core that meets everything but the power budget."""
    kept = tuple(each for each in INVENT_CONTROLS if each.id in ("placement", "hidden", "sparsity", "gate", "experts"))
    axes = np.meshgrid(*(np.asarray(each.space) for each in kept), indexing="ij")
    columns = {each.id: axis.ravel() for each, axis in zip(kept, axes, strict=True)}
    lenient = replace(found, targets=tuple(each for each in found.targets if each.id != "power"))
    chip = baseline.replace(chip_id="esp32-s3", weights="int8", kernel="vector")
    figures = sweep(lenient, chip.replace(**columns), figures=("feasible", "hop_time_s"))
    times = np.where(figures["feasible"] > 0, figures["hop_time_s"], np.inf)
    at = int(times.argmin())
    if not np.isfinite(times[at]):
        return None
    return chip.replace(**{name: column[at].item() for name, column in columns.items()})


def _states_target(states: int) -> Target:
    return Target(
        id="states",
        name="Equivalent states",
        quantity="equivalent_states_count",
        unit="states",
        at_least=True,
        limit=float(states),
        source=ALGORITHM_ASSUMPTION,
    )


def _speech_target() -> Target:
    return Target(
        id="speech",
        name="Speech cut off",
        quantity="speech_lost_fraction",
        unit="",
        at_least=False,
        limit=SPEECH_LOST,
        source=SERVICE_ASSUMPTION,
    )


def fall_fraction(found: EarbudScenario) -> float:
    """Return by which share a cautious gate lowers the power of the design as it runs now."""
    before, after = (float(evaluate(found, each).power_w) for each in (found.crisis, found.reference))
    return 1 - after / before


def fall_answer(found: EarbudScenario) -> str:
    fall = fall_fraction(found)
    return "large" if fall > LARGE_FRACTION else "middle" if fall > SMALL_FRACTION else "small"


INVENT_CONTROLS = (
    Control(id="chip_id", label="Chip", choices=CHIPS, help="The core, its memories, its sleep and its waking."),
    Control(
        id="placement",
        label="Weights lie in",
        choices=PLACEMENTS,
        help="All experts are stored there, whichever of them runs.",
    ),
    Control(id="weights", label="Weights", choices=FORMATS, help="How weights and values are stored."),
    Control(
        id="hidden",
        label="Hidden state",
        values=(96, 112, 128, 144, 160, 192, 224, 256),
        unit="states",
        help="Of the network, or of each expert.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="Dense"),
            Choice(id="blocks", text="Half of the blocks of 16"),
            Choice(id="scattered", text="Half of the weights, anywhere"),
        ),
        help="Kernels skip blocks that are zero; single zeros they only store more tightly.",
    ),
    Control(
        id="gate",
        label="Gate in front",
        choices=(
            Choice(id="none", text="None"),
            Choice(id="cautious", text="Voice gate, cautious"),
            Choice(id="eager", text="Voice gate, eager"),
            Choice(id="exit", text="Early exit: a small network first"),
        ),
        help="A voice gate spares silent hops, an early exit easy ones. Neither is always right.",
    ),
    Control(
        id="experts",
        label="Experts",
        values=(1, 2, 4),
        unit="networks",
        help="One for each class of noise; a router picks one for every hop.",
    ),
)
