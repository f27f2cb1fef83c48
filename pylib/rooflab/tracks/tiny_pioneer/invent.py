"""Part 3 of Tiny Pioneer: another class of chip, a gate in front, experts, sparse weights, a smaller state."""


from rooflab.evaluate import evaluate
from rooflab.specs import Choice, Demand, Gauge, Hints, Lever, Question
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.parts import part_three, speculation_question
from rooflab.tracks.tiny_pioneer.invent_mission import INVENT_CONTROLS, fall_answer, fall_fraction, invent_mission
from rooflab.units import format_fraction, format_quantity, format_ratio, format_time

__all__ = ["PART_THREE"]


def _draft_words(found: EarbudScenario, choice_id: str) -> str:
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


def _fall_words(found: EarbudScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    chip = found.chip(found.crisis.chip_id)
    fixed = float(before.sleep_power_w + before.front_end_w)
    hop = found.earbud.hop_s
    words = (
        f"Power is {format_quantity(before.power_w, 'W')} without the gate and {format_quantity(after.power_w, 'W')} "
        f"with it, {format_fraction(fall_fraction(found))} less. Sleep and microphones are "
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
    if choice_id == fall_answer(found):
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
    Gauge(id="lines", name="Line efficiency", quantity="line_fraction", help="Of what is stored, the part that is weights", full=1.0),
    Gauge(id="vectors", name="Vector efficiency", quantity="vector_fraction", help="Of what is multiplied, the part that is weights", full=1.0),
)

PART_THREE = part_three(
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
