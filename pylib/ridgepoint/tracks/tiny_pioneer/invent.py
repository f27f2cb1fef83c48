"""Part 3 of Tiny Pioneer: another class of chip, a gate in front, experts, sparse weights, a smaller state."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate, sweep
from ridgepoint.facts.hearable_sources import ALGORITHM_ASSUMPTION
from ridgepoint.facts.sources import SERVICE_ASSUMPTION
from ridgepoint.model.seeded import uniforms
from ridgepoint.specs import (
    Choice,
    Control,
    Demand,
    Gauge,
    Hints,
    HopDesign,
    HopScenario,
    Lever,
    Mission,
    Objective,
    Question,
    Target,
)
from ridgepoint.tracks.parts import part_three, speculation_question
from ridgepoint.tracks.tiny_pioneer.diagnose import CHIPS, FORMATS, PLACEMENTS
from ridgepoint.tracks.tiny_pioneer.scenario import START, delay_target, earbud, pick, power_target
from ridgepoint.units import format_fraction, format_quantity, format_ratio, format_time

__all__ = ["PART_THREE", "mission"]

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
def mission(variant: int) -> Mission:
    """Return the task of a variant: the lowest power within 10 ms, 1 mW and the memories.

    Raises:
        ModelError: no draw leaves one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _attempt(variant, attempt)
        if found is not None:
            return found
    raise ModelError(f"Variant {variant} of Tiny Pioneer finds no third task; variant 0 does.")


def _attempt(variant: int, attempt: int) -> Mission | None:
    setting = _SETTINGS[int(uniforms(variant, 400, 1)[0] * len(_SETTINGS))] if variant else _SETTINGS[0]
    draws = uniforms(variant, 401 + attempt, 7).tolist() if variant else [0.5] * 7

    def between(draw: float, bounds: tuple[float, float], step: float) -> float:
        return step * round((bounds[0] + draw * (bounds[1] - bounds[0])) / step)

    states = setting.states[int(draws[0] * len(setting.states))]
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
    fall = _fall_fraction(made.scenario)
    if min(abs(fall - SMALL_FRACTION), abs(fall - LARGE_FRACTION)) < CLEAR_FRACTION:
        return False
    try:
        best = best_designs(made, _CONTROLS)
    except ModelError:
        return False
    return len(best.best) == 1 and best.feasible_count >= LEAST_FEASIBLE


def _fastest(found: HopScenario, baseline: HopDesign) -> HopDesign | None:
    """Return the fastest hop of the vector core that meets everything but the power budget."""
    kept = tuple(each for each in _CONTROLS if each.id in ("placement", "hidden", "sparsity", "gate", "experts"))
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


def _fall_fraction(found: HopScenario) -> float:
    """Return by which share a cautious gate lowers the power of the design as it runs now."""
    before, after = (float(evaluate(found, each).power_w) for each in (found.crisis, found.reference))
    return 1 - after / before


def _fall_answer(found: HopScenario) -> str:
    fall = _fall_fraction(found)
    return "large" if fall > LARGE_FRACTION else "middle" if fall > SMALL_FRACTION else "small"


def _draft_words(found: HopScenario, choice_id: str) -> str:
    known = found.algorithms
    run = 1 - found.earbud.silent_fraction * known.caught_fraction["cautious"]
    cost = known.gate_cost_fraction["cautious"]
    words = (
        "The large model verifies every token that is drafted, those it rejects as well, and the draft model "
        "computes on top: more operations for each final token, fewer readings of the weights. A gate in front of "
        "an earbud is another bargain: a hop that it spares is never verified. Here it lets "
        f"{format_fraction(run)} of the hops through and costs {format_fraction(cost)} of the network on each, so "
        f"operations are {format_ratio(run + cost)} those before; what is paid is speech that it cuts off."
    )
    if choice_id == "increase":
        return words
    return words + " Speculation saves time where bytes are dear and operations are free, not operations."


def _fall_words(found: HopScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    chip = found.chip(found.crisis.chip_id)
    fixed = float(before.sleep_power_w + before.front_end_w)
    hop = found.earbud.hop_s
    words = (
        f"Power is {format_quantity(before.power_w, 'W')} without the gate and {format_quantity(after.power_w, 'W')} "
        f"with it, {format_fraction(_fall_fraction(found))} less. Sleep and microphones are "
        f"{format_quantity(fixed, 'W')} of the first, and the gate does not spare them. "
    )
    words += (
        f"Nor does it spare waking, which takes {format_time(chip.wake_s)} of every {format_time(hop)} and "
        f"{format_quantity(chip.active_w * chip.wake_s / hop, 'W')}. "
        if before.step_time_s + chip.wake_s < hop
        else f"A hop comes every {format_time(hop)}, too soon for the chip to sleep between them without the gate. "
    )
    words += (
        f"The network is busy for {format_time(before.step_time_s)} of a hop before and "
        f"{format_time(after.step_time_s)} after, on average."
    )
    if choice_id == _fall_answer(found):
        return words
    return words + " Time that is saved counts only where the chip can sleep in it, and sleeps cheaply."


_QUESTIONS = (
    speculation_question(_draft_words),
    Question(
        id="gate",
        text="A cheap gate in front lets the network rest in most of the hops that are silent. By how much does "
        "it lower the power of the earbud as it runs now?",
        choices=(
            Choice(id="large", text="By more than 30%"),
            Choice(id="middle", text="By 10% to 30%"),
            Choice(id="small", text="By less than 10%"),
        ),
        answer=_fall_answer,
        explain=_fall_words,
    ),
)
_CONTROLS = (
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
_GAUGES = (
    Gauge(
        id="power",
        name="Power",
        quantity="power_w",
        unit="W",
        help="Network, sleep, and microphones with their front end",
        full=2e-3,
    ),
    Gauge(
        id="sleep",
        name="Sleep",
        quantity="sleep_power_w",
        unit="W",
        help="Between hops, with the weights kept",
        full=2e-3,
    ),
    Gauge(id="duty", name="Duty cycle", quantity="busy_fraction", help="Busy on average, of the time between hops", full=1.0),
    Gauge(
        id="delay",
        name="Delay",
        quantity="delay_s",
        unit="s",
        help="The hop, and computing it with the gate in front",
        full=20e-3,
    ),
    Gauge(
        id="hop",
        name="Computing a hop",
        quantity="hop_time_s",
        unit="s",
        help="The longest: gate and network",
        full=5e-3,
    ),
    Gauge(
        id="states",
        name="Equivalent states",
        quantity="equivalent_states_count",
        unit="states",
        help="Of one dense network that isolates as well; assumed",
    ),
    Gauge(
        id="speech",
        name="Speech cut off",
        quantity="speech_lost_fraction",
        help="Hops with speech that the gate takes for silence; assumed",
        full=0.02,
    ),
    Gauge(
        id="footprint",
        name="Footprint of the weights",
        quantity="footprint_bytes",
        unit="B",
        help="Of all experts and the gate",
    ),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="While the network runs", full=1.0),
    Gauge(id="lines", name="Line efficiency", quantity="line_fraction", help="Of what is stored, the part that is weights", full=1.0),
    Gauge(id="vectors", name="Vector efficiency", quantity="vector_fraction", help="Of what is multiplied, the part that is weights", full=1.0),
)

PART_THREE = part_three(
    available=True,
    briefing=(
        "The isolation must work in more kinds of noise, so the audio team asks for a larger network than the "
        "first one, and for speech that is hardly ever cut off. The battery still gives 1 mW, for everything.",
        "You may change the class of chip, put a gate in front of the network, divide it among experts for classes "
        "of noise, leave out weights, and choose the size of the state. Find the lowest power that keeps the "
        "10 ms and fits the memories that radio and firmware leave.",
        "How well a gate hears and what a smaller network is worth are assumptions here, and say so: in a product "
        "they would be listened to.",
    ),
    questions=_QUESTIONS,
    controls=_CONTROLS,
    gauges=_GAUGES,
    instruments=("matrix",),
    mission=mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("weights",)),
        Lever(id="fusion", name="Fusion and placement", fields=("fusion", "kernel", "placement")),
        Lever(id="algorithm", name="Algorithm", fields=("hidden", "sparsity", "gate", "experts")),
        Lever(id="chip", name="Chip", fields=("chip_id",)),
    ),
    demand=Demand(
        text="Two more classes of noise by Friday: I need a network worth twice the states we ship now, on the same "
        "battery. Experts run one at a time, so that must be free.",
        quantity="equivalent_states_count",
        unit="states",
    ),
    hints=(
        Hints(
            step="explore",
            words=(
                "Divide the power into what the network takes, what waking takes, what sleep takes, and what the "
                "microphones take. Which of them does a faster chip lower?",
                "Let the network run never, in your mind: is what is left below the budget? Try each chip.",
                "A gate, a smaller state and skipped blocks lower the network's part. Experts lower it too, and "
                "raise what must be stored.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "Choose the chip by what it draws when it does nothing, then lower what is left.",
                "Each way to a smaller network has its own price: stored bytes, worth, or speech. See which of the "
                "prices you can still pay.",
                "Compare the two gates that keep the speech target at this share of silence, and two networks that "
                "are worth enough: few experts with zeros, or more experts without.",
            ),
        ),
    ),
    reflection="Defend the final performance strategy: did you optimise the machine (fusion, placement, chip) or "
    "the algorithm (gate, experts, sparsity)? How was the systems gap bridged?",
)
