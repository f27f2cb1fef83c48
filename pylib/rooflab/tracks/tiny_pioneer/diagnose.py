"""Part 1 of Tiny Pioneer: what a hop waits for, and which single change shortens it most."""

from rooflab.evaluate import evaluate
from rooflab.facts.hearables import EARBUD, HEARABLE_CHIPS
from rooflab.facts.networks_tiny import ISOLATION_LSTM
from rooflab.model.lstm_cell import CELL_NAMES
from rooflab.specs import Choice, Control, Gauge, Hints, Question
from rooflab.systems.earbud.evaluate import EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.tiny_pioneer.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.parts import BUS, part_one, slope_question
from rooflab.tracks.tiny_pioneer.scenario import ALIGNED_STATES, causes, saved_s
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["CHIPS", "FORMATS", "FUSION", "FUSION_LEVELS", "PART_ONE", "PLACEMENTS"]

CHIPS = tuple(Choice(id=each.id, text=each.name) for each in HEARABLE_CHIPS)
PLACEMENTS = (
    Choice(id="sram", text="On the chip: SRAM"),
    Choice(id="flash", text="Flash, or what the chip has for it"),
    Choice(id="psram", text="PSRAM, external"),
)
FORMATS = (Choice(id="float32", text="float32, 4 bytes"), Choice(id="int8", text="INT8, 1 byte"))
FUSION_LEVELS = (
    Choice(id="00000", text="None: each gate by itself"),
    Choice(id="00111", text="Partial: two products, one pointwise"),
    Choice(id="11111", text="Full: the cell is one kernel"),
)
FUSION = Control(
    id="fusion",
    label="Fusion",
    chain=CELL_NAMES,
    choices=FUSION_LEVELS,
    help="Which steps of the cell share a kernel. Once anything is fused, the four gates lie in one matrix.",
)
_CAUSE_WORDS = {"memory": "waiting for weights", "compute": "arithmetic", "latency": "launch overhead"}
_CHANGE_WORDS = {
    "sram": "weights into SRAM",
    "int8": "INT8",
    "align": f"{ALIGNED_STATES} states",
    "fuse": "one kernel",
}


_ALREADY = {"fuse": " (the cell is one already)"}


def _slope_words(found: EarbudScenario, choice_id: str) -> str:
    outcome = evaluate(found, found.crisis)
    operators = outcome.operators
    at = operators.ids.index("recurrent")
    intensity = operators.intensity_flop_per_byte[at]
    mechanism = (
        "On the slope a layer's rate is bandwidth × intensity; peak FLOP/s is not in the product. The recurrent product "
        f"here does {intensity:.2g} FLOP per byte: every weight is used once a hop. More TFLOPS raise the flat roof and "
        "move the ridge right; a dot on the slope stays."
    )
    if choice_id == "no":
        return mechanism
    return (
        mechanism + " Only fewer or faster bytes help. Narrower weights are another change: fewer bytes, and another "
        "rate of multiplying."
    )


def _change_answer(found: EarbudScenario) -> str:
    saved = saved_s(found)
    return max(saved, key=saved.get)


def _change_words(found: EarbudScenario, choice_id: str) -> str:
    saved = saved_s(found)
    now = evaluate(found, found.crisis)
    already = _ALREADY if set(found.crisis.fusion) == {"1"} else {}
    listed = "; ".join(
        f"{_CHANGE_WORDS[each]} {format_time(time_s) if time_s > 1e-7 else 'nothing'}{already.get(each, '')}"
        for each, time_s in saved.items()
    )
    best = _change_answer(found)
    why = {
        "sram": "SRAM gives a word a clock; external memory comes in lines over a narrow bus.",
        "int8": "INT8 is a quarter of the bytes, and on the vector core four times the values in a vector; on a scalar "
        "core it can be slower than float32.",
        "align": f"A smaller state has fewer weights. Of the vectors {format_fraction(now.vector_fraction)} and of what "
        f"is stored {format_fraction(now.line_fraction)} are weights now; the rest pads rows.",
        "fuse": f"The cell starts as {format_count(now.operators.launches.sum())} kernels; one kernel starts once.",
    }[best]
    words = f"What each change takes off the hop here, if it fits: {listed}. {why}"
    if choice_id == best:
        return words
    return words + " A change saves only time that nothing else covers."


def _diagnosis_answer(found: EarbudScenario) -> str:
    times = causes(evaluate(found, found.crisis))
    return max(times, key=times.get)


def _diagnosis_words(found: EarbudScenario, choice_id: str) -> str:
    outcome: EarbudOutcome = evaluate(found, found.crisis)
    shares = ", ".join(
        f"{_CAUSE_WORDS[name]} {format_fraction(time_s / outcome.hop_time_s)}"
        for name, time_s in causes(outcome).items()
    )
    words = (
        f"A hop computes for {format_time(outcome.hop_time_s)}: {shares}. The kernel asks "
        f"{format_quantity(outcome.asked_bytes_per_s, 'B/s')} of its memory, {format_ratio(outcome.pull_fraction)} what it "
        f"gives: MBU {format_fraction(outcome.mbu_fraction)}, MFU {format_fraction(outcome.mfu_fraction)}. "
        f"Power is {format_quantity(outcome.power_w, 'W')}, "
        f"{format_quantity(found.chip(found.crisis.chip_id).sleep_w, 'W')} of it asleep."
    )
    if choice_id == _diagnosis_answer(found):
        return words
    return words + " The largest share names the constraint; below both roofs it is neither of them."


_QUESTIONS = (
    slope_question(_slope_words),
    Question(
        id="one-change",
        text="You may make one change to the network as it runs now. Which one shortens the hop most, and "
        "still fits the memory?",
        choices=(
            Choice(id="sram", text="Keep the weights in SRAM"),
            Choice(id="int8", text="Store the weights in INT8"),
            Choice(id="align", text=f"Shrink the hidden state to {ALIGNED_STATES}, a multiple of 32"),
            Choice(id="fuse", text="Run the whole cell as one kernel"),
        ),
        answer=_change_answer,
        explain=_change_words,
    ),
)
_DIAGNOSIS = Question(
    id="hop-constraint",
    text="Name the binding constraint of a hop as it runs now.",
    choices=(
        Choice(id="memory", text="BWₘₑₘ: most of the hop waits for weights"),
        Choice(id="compute", text="Rₚₑₐₖ: most of the hop multiplies, adds and looks up"),
        Choice(id="latency", text="Neither roof: most of the hop starts kernels and rows"),
    ),
    answer=_diagnosis_answer,
    explain=_diagnosis_words,
)
_CONTROLS = (
    Control(
        id="chip_id",
        label="Chip",
        choices=CHIPS,
        help="Its vectors, memories, power and sleep. All run the same network, on one core; power is that of the whole chip.",
    ),
    Control(
        id="placement",
        label="Weights lie in",
        choices=PLACEMENTS,
        help="Internal SRAM is read directly; external memory is cached in lines. Values are always in SRAM. On the ESP32 a cell of more "
        f"than {format_bytes(HEARABLE_CHIPS[0].static_bytes)} is no static array: it lies on the heap, an array for each gate.",
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
        id="kernel",
        label="Kernel",
        choices=(
            Choice(id="scalar", text="Plain C"),
            Choice(id="vector", text="The vendor's"),
        ),
        help="The vendor's kernel uses vectors where the chip has them. The plain ESP32 has none for INT8.",
    ),
)
_GAUGES = (
    Gauge(
        id="hop",
        name="Computing a hop",
        quantity="hop_time_s",
        unit="s",
        help="A hop comes every 5 ms",
        full=10e-3,
    ),
    Gauge(
        id="delay",
        name="Delay",
        quantity="delay_s",
        unit="s",
        help="The hop itself, and computing it",
        full=20e-3,
    ),
    Gauge(
        id="asked",
        name="Asked of the memory",
        quantity="asked_bytes_per_s",
        unit="B/s",
        help="What the products would read if nothing waited",
    ),
    Gauge(
        id="pull",
        name="Memory–math ratio",
        quantity="pull_fraction",
        unit="×",
        help="Asked, of what the memory gives; above 1 the core waits",
        full=2.0,
    ),
    Gauge(
        id="lines",
        name="Useful bytes",
        quantity="line_fraction",
        help="Of what is stored and fetched, the part that is weights",
        full=1.0,
    ),
    Gauge(
        id="vectors",
        name="Vector efficiency",
        quantity="vector_fraction",
        help="Of what is multiplied, the part that is weights",
        full=1.0,
    ),
    Gauge(
        id="power",
        name="Power",
        quantity="power_w",
        unit="W",
        help="Network, sleep, and microphones with their front end",
        full=2e-3,
    ),
    Gauge(id="duty", name="Duty cycle", quantity="busy_fraction", help="Busy, of the time between hops", full=1.0),
    Gauge(
        id="mfu",
        name="MFU",
        quantity="mfu_fraction",
        help="While the network runs, of the fastest loop that the chip has in this format",
        full=1.0,
    ),
    Gauge(
        id="mbu",
        name="MBU",
        quantity="mbu_fraction",
        help="While the network runs, of the memory that holds the weights",
        full=1.0,
    ),
    BUS,
)

PART_ONE = part_one(
    briefing=(
        f"An earbud isolates the voice in front of its wearer: one LSTM cell over {ISOLATION_LSTM.inputs} bands, once "
        f"every {format_time(EARBUD.hop_s)}. The first board misses its budget.",
        "The firmware team wants the weights elsewhere, the model team narrower weights or another hidden size, the "
        "tools team one fused kernel, purchasing a faster chip. Find what the hop waits for, and prove it with a "
        "reading. Figures that no vendor publishes are assumed, and say so.",
    ),
    questions=_QUESTIONS,
    diagnosis=_DIAGNOSIS,
    controls=_CONTROLS,
    gauges=_GAUGES,
    instruments=("matrix",),
    hints=(
        Hints(
            step="explore",
            words=(
                "An LSTM uses each weight once a hop. So the bytes of the weights, and how fast they come, can "
                "be set against the multiply-adds, and how fast they go.",
                "Open profiler mode and compare three things: the time in which the weights arrive, the cycles "
                "of the products, and the gaps in front of the kernels.",
                "The memory–math ratio says which of the first two is longer: above 100% the core waits. Then "
                "compare the longer one with the gaps.",
            ),
        ),
    ),
    reflection="Name the binding constraint of a hop, BW_mem, R_peak or L_lat, and prove it with readings: what does its time go "
    "into, and how busy is the memory? Say what the chip draws while it sleeps, and what that leaves of 1 mW.",
    experiments=EXPERIMENTS[1],
    observation=OBSERVATIONS[1],
)
