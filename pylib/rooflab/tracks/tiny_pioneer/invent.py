"""Part 3 of Tiny Pioneer: another class of chip, a gate in front, experts, sparse weights, a smaller state."""


from rooflab.evaluate import evaluate
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.specs import Choice, Demand, Gauge, Hints, Lever, Question
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.tiny_pioneer.experiments import EXPERIMENTS, OBSERVATIONS, assumed
from rooflab.tracks.parts import BUS, part_three, speculation_question
from rooflab.tracks.tiny_pioneer.invent_mission import (
    INVENT_CONTROLS,
    LARGE_FRACTION,
    SMALL_FRACTION,
    fall_answer,
    fall_fraction,
    invent_mission,
)
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["PART_THREE"]


def _draft_words(found: EarbudScenario, choice_id: str) -> str:
    known = found.algorithms
    run = 1 - found.earbud.silent_fraction * known.caught_fraction["cautious"]
    cost = known.gate_cost_fraction["cautious"]
    words = (
        "Every drafted token is verified, rejected ones too, and the draft model computes on top: more operations for each final token. A hop that a gate "
        f"spares is never verified. It lets {format_fraction(run)} of hops through and costs {format_fraction(cost)} of the network on "
        f"each: {format_ratio(run + cost)} the operations, paid in speech cut off."
    )
    if choice_id == "increase":
        return words
    return words + " Speculation saves time, not operations."


def _fall_words(found: EarbudScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    chip = found.chip(found.crisis.chip_id)
    fixed = float(before.sleep_power_w + before.front_end_w)
    hop = found.earbud.hop_s
    words = (
        f"Power goes from {format_quantity(before.power_w, 'W')} to {format_quantity(after.power_w, 'W')}, "
        f"{format_fraction(fall_fraction(found))} less. Sleep and microphones, {format_quantity(fixed, 'W')}, stay. "
    )
    words += (
        f"Waking takes {format_time(chip.wake_s)} of every {format_time(hop)} and "
        f"{format_quantity(chip.active_w * chip.wake_s / hop, 'W')}. "
        if before.step_time_s + chip.wake_s < hop
        else f"A hop comes every {format_time(hop)}, too soon to sleep in between without the gate. "
    )
    words += (
        f"The network is busy for {format_time(before.step_time_s)} a hop before, {format_time(after.step_time_s)} after."
    )
    if choice_id == fall_answer(found):
        return words
    return words + " Saved time counts only where the chip can sleep in it."


def _stored_words(found: EarbudScenario, start: EarbudDesign, design: EarbudDesign) -> str:
    """Say what the states of the defended design, and as many as are demanded, must store where it keeps them."""
    before, after = (evaluate(found, each) for each in (start, design))
    return (
        f"One network of {format_count(start.hidden)} states stores {format_bytes(before.footprint_bytes)}. Only one expert "
        f"computes for a hop, and all are stored: yours is worth "
        f"{format_count(after.equivalent_states_count)} states, needs {format_bytes(after.needed_bytes)} of the "
        f"{format_bytes(after.capacity.available_bytes)} there, and draws {format_quantity(after.power_w, 'W')}, of which "
        f"sleep and microphones take {format_quantity(float(after.sleep_power_w + after.front_end_w), 'W')}."
    )


_QUESTIONS = (
    speculation_question(_draft_words),
    Question(
        id="gate",
        text="A cheap gate in front lets the network rest in most of the hops that are silent. By how much does "
        "it lower the power of the earbud as it runs now?",
        choices=(
            Choice(id="large", text=f"By more than {LARGE_FRACTION:.0%}"),
            Choice(id="middle", text=f"By {SMALL_FRACTION:.0%} to {LARGE_FRACTION:.0%}"),
            Choice(id="small", text=f"By less than {SMALL_FRACTION:.0%}"),
        ),
        answer=fall_answer,
        explain=_fall_words,
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
    BUS,
    Gauge(id="lines", name="Useful bytes", quantity="line_fraction", help="Of what is stored, the part that is weights", full=1.0),
    Gauge(id="vectors", name="Vector efficiency", quantity="vector_fraction", help="Of what is multiplied, the part that is weights", full=1.0),
)

PART_THREE = part_three(
    situation="The battery counts again, for the whole earbud.",
    briefing=(
        "The audio team asks for a larger network, and for speech that is hardly ever cut off. The battery still gives "
        "1 mW.",
        "Find the lowest power within 10 ms and the memories. What a gate hears and what a smaller network is worth "
        "are assumed.",
    ),
    questions=_QUESTIONS,
    controls=INVENT_CONTROLS,
    gauges=_GAUGES,
    instruments=("matrix",),
    mission=invent_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("weights",)),
        Lever(id="fusion", name="Fusion and placement", fields=("fusion", "kernel", "placement")),
        Lever(id="algorithm", name="Algorithm", fields=("hidden", "sparsity", "gate", "experts")),
        Lever(id="chip", name="Chip", fields=("chip_id",)),
    ),
    demand=Demand(
        claim="the experts",
        claimed=("experts",),
        mechanism=_stored_words,
        source=SERVICE_ASSUMPTION,
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
    experiments=EXPERIMENTS[3],
    observation=OBSERVATIONS[3],
    assumed=assumed,
)
