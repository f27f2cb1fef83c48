"""Part 1 of Mobile Nomad: what takes the thermal budget, and which single change saves most of it."""

from rooflab.evaluate import evaluate
from rooflab.specs import Choice, Control, Gauge, Hints, Question
from rooflab.systems.glasses.design import FRAME_FORMATS
from rooflab.systems.glasses.evaluate import GlassesOutcome
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.mobile_nomad.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.mobile_nomad.scenario import power_terms, saved_w
from rooflab.tracks.parts import BUS, part_one, slope_question
from rooflab.units import format_fraction, format_quantity, format_time

__all__ = ["FORMATS", "FUSION_LEVELS", "PART_ONE"]

FORMATS = tuple(Choice(id=each.id, text=each.name) for each in FRAME_FORMATS.values())
FUSION_LEVELS = (
    Choice(id="00000", text="None"),
    Choice(id="10101", text="Partial: norms folded in"),
    Choice(id="11111", text="Full: a block a kernel"),
)
_CAUSES = {
    "memory": "memory traffic",
    "compute": "arithmetic",
    "static": "leakage while awake",
    "idle": "display, camera, radio and system",
}
_CHANGE_WORDS = {
    "fusion": "full fusion",
    "precision": "INT8 throughout",
    "rate": "30 FPS instead of 60",
}


def _slope_words(found: GlassesScenario, choice_id: str) -> str:
    outcome = evaluate(found, found.crisis)
    operators = outcome.operators
    at = operators.ids.index("stem")
    mechanism = (
        "On the slope a layer's rate is bandwidth × intensity; peak FLOP/s is not in the product. The first "
        f"convolution here does {operators.intensity_flop_per_byte[at]:.2g} FLOP per byte, the ridge lies at "
        f"{outcome.ridge_flop_per_byte:.0f}: the matrix array waits for DRAM. More TFLOPS raise the flat roof and move "
        "the ridge right; the dot stays."
    )
    if choice_id == "no":
        return mechanism
    return (
        mechanism + " Only fewer or faster bytes help. Lower precision is another change: it raises the roof and moves "
        "fewer bytes."
    )


def _change_answer(found: GlassesScenario) -> str:
    saved = saved_w(found)
    return max(saved, key=saved.get)


def _change_words(found: GlassesScenario, choice_id: str) -> str:
    saved = {each: max(watts, 0.0) for each, watts in saved_w(found).items()}
    listed = "; ".join(
        f"{_CHANGE_WORDS[each]} {format_quantity(watts, 'W')}" if watts > 0.5e-3 else f"{_CHANGE_WORDS[each]} nothing"
        for each, watts in saved.items()
    )
    words = (
        f"Saved by each change: {listed}. INT8 makes every operation and every byte cheaper; half the frames halve "
        "what is paid by the frame. What fusion acts on is the subject of part 2."
    )
    if choice_id == _change_answer(found):
        return words
    return words + " A change saves only from the term of the power that it acts on."


def _diagnosis_answer(found: GlassesScenario) -> str:
    terms = power_terms(evaluate(found, found.crisis))
    idle = terms.pop("idle")
    return "idle" if idle > sum(terms.values()) else max(terms, key=terms.get)


def _diagnosis_words(found: GlassesScenario, choice_id: str) -> str:
    outcome: GlassesOutcome = evaluate(found, found.crisis)
    terms = power_terms(outcome)
    shares = ", ".join(
        f"{_CAUSES[name]} {format_quantity(watts, 'W')} ({format_fraction(watts / outcome.power_w)})"
        for name, watts in terms.items()
    )
    words = (
        f"The glasses draw {format_quantity(outcome.power_w, 'W')} and shed "
        f"{format_quantity(outcome.power_limit_w, 'W')} at the skin limit, so they throttle after {format_time(outcome.throttle_s)}. By cause: {shares}. MBU is "
        f"{format_fraction(outcome.mbu_fraction)}, MFU {format_fraction(outcome.mfu_fraction)}."
    )
    if choice_id == _diagnosis_answer(found):
        return words
    return words + " What takes long need not be what heats."


_QUESTIONS = (
    slope_question(_slope_words),
    Question(
        id="one-change",
        text="You may make one change to the glasses as they run now, at the same translation rate. Which "
        "one takes off most watts?",
        choices=(
            Choice(id="fusion", text="Fuse every block of the filter into one kernel"),
            Choice(id="precision", text="INT8 for all weights and activations"),
            Choice(id="rate", text="30 FPS instead of 60"),
        ),
        answer=_change_answer,
        explain=_change_words,
    ),
)
_DIAGNOSIS = Question(
    id="thermal-constraint",
    text="Name what takes the thermal budget of the glasses as they run now.",
    choices=(
        Choice(
            id="memory",
            text="BWₘₑₘ: the networks take more than half of the power, and bytes moved most of that",
        ),
        Choice(
            id="compute",
            text="Rₚₑₐₖ: the networks take more than half of the power, and arithmetic most of that",
        ),
        Choice(
            id="static",
            text="Time awake: the networks take more than half of the power, and leakage most of that",
        ),
        Choice(
            id="idle",
            text="None of these: display, camera, radio and system take more than half of the power",
        ),
    ),
    answer=_diagnosis_answer,
    explain=_diagnosis_words,
)
_CONTROLS = (
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored. Only INT8 throughout also multiplies in INT8.",
    ),
    Control(
        id="frames_per_s",
        label="Frame rate",
        values=(30, 60, 72, 90),
        unit="FPS",
        help="Frames that are filtered in a second. Each has the time until the next one, and never "
        "more than a sixtieth of a second.",
    ),
    Control(
        id="translations_per_s",
        label="Translations",
        values=(1, 2, 4, 8),
        unit="per second",
        help="Phrases that are translated in a second; the kernels of the translator run between frames.",
    ),
    Control(
        id="ambient_c",
        label="Ambient",
        minimum=15,
        maximum=40,
        unit="°C",
        help="Temperature of the air. Glasses shed heat in proportion to how much warmer they are.",
    ),
)
_GAUGES = (
    Gauge(id="power", name="Power", quantity="power_w", unit="W", help="Mean at full clock", full=3.0),
    Gauge(
        id="heat",
        name="Power against the limit",
        quantity="heat_fraction",
        help="Of the power that ends at the limit of the skin",
        full=2.0,
    ),
    Gauge(
        id="skin",
        name="Skin after 10 minutes",
        quantity="skin_c",
        unit="°C",
        help="From switching on, at full clock",
    ),
    Gauge(
        id="throttle",
        name="Time to throttling",
        quantity="throttle_s",
        unit="s",
        help="No figure where the power can be sustained",
    ),
    Gauge(
        id="frame",
        name="Frame time",
        quantity="frame_time_s",
        unit="s",
        help="Its share of the translator included",
        full=1 / 30,
    ),
    Gauge(
        id="fps",
        name="Sustained frame rate",
        quantity="sustained_frames_per_s",
        unit="FPS",
        help="What the governor leaves once it has settled",
        full=90.0,
    ),
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction", help="While the networks run", full=1.0),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="While the networks run", full=1.0),
    BUS,
)

PART_ONE = part_one(
    briefing=(
        "A filter looks at every camera frame; a small transformer translates what it finds. On the first warm walk "
        "the glasses get too hot within minutes, the governor halves the clock, and the overlay stutters.",
        "The kernel team offers fused kernels, the model team INT8, the product team half the frame rate. Find what "
        "takes the thermal budget, and prove it with a reading. No vendor publishes the figures of such a chip: those "
        "here are assumed.",
    ),
    questions=_QUESTIONS,
    diagnosis=_DIAGNOSIS,
    controls=_CONTROLS,
    gauges=_GAUGES,
    instruments=("heat",),
    hints=(
        Hints(
            step="explore",
            words=(
                "Heat is power over minutes, and power is energy per frame times frames, beside what runs "
                "always. Look at the shares of the power, not at the times.",
                "Change one control at a time and note the watts. A term that a change does not act on "
                "stays as it was.",
                "Add up the watts of display, camera, radio and system first. If they are less than half, "
                "compare traffic, arithmetic and leakage with one another.",
            ),
        ),
    ),
    reflection="Name the binding constraint of a frame, BW_mem, R_peak or L_lat, and prove it with readings: how busy is the "
    "bus, and how much of that is needed (MBU)? Say what binds the thermal budget, which need not be the same.",
    experiments=EXPERIMENTS[1],
    observation=OBSERVATIONS[1],
)
