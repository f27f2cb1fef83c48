"""Part 3 of Edge Guardian: a cheaper detector for eight cameras at once, without a longer tail."""


from rooflab.evaluate import evaluate
from rooflab.model.speculation import tokens_per_round_count
from rooflab.specs import Choice, Gauge, Hints, Lever, Question
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.edge_guardian.diagnose import TAIL_GAUGES
from rooflab.tracks.edge_guardian.experiments import EXPERIMENTS, OBSERVATIONS, assumed
from rooflab.tracks.edge_guardian.invent_mission import (
    CHANGE_FRACTION,
    DEMAND,
    EXPERTS,
    INVENT_CONTROLS,
    experts_answer,
    invent_mission,
)
from rooflab.tracks.parts import part_three, speculation_question
from rooflab.units import format_bytes, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["PART_THREE"]

DRAFTS, SURE, UNSURE = 4, 0.9, 0.5
"""An example of drafting: tokens of a round, and chances of a draft to hold."""


def _draft_words(found: VehicleScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(cascade="exit"))
    rig = found.rig
    words = (
        "Every drafted token is verified, kept or not. With "
        f"{DRAFTS} drafts, of which {format_fraction(SURE)} or {format_fraction(UNSURE)} hold, verifying alone takes "
        f"{_verified(SURE)} or {_verified(UNSURE)} the FLOPs of decoding, so they rise; what falls is bytes. After a first look "
        f"{format_fraction(rig.exit_acceptance_fraction)} of frames leave, and an image takes "
        f"{format_quantity(after.flop_per_output, 'FLOP')} instead of {format_quantity(before.flop_per_output, 'FLOP')} "
        "on average."
    )
    if choice_id == "increase":
        return words
    return words + " Speculation buys time with operations."


def _verified(acceptance_fraction: float) -> str:
    """Return the FLOPs of verifying for each token that is kept, against decoding it plainly."""
    tokens = tokens_per_round_count(acceptance_fraction=acceptance_fraction, drafted=DRAFTS)
    return format_ratio((DRAFTS + 1) / float(tokens))


def _experts_words(found: VehicleScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(experts=EXPERTS))
    rig = found.rig
    words = (
        f"An expert has {format_fraction(rig.expert_size(EXPERTS))} of the size, so the mean goes from "
        f"{format_time(before.mean_frame_s)} to {format_time(after.mean_frame_s)}. In "
        f"{format_fraction(rig.switch_fraction)} of the frames the scene changes and two look: "
    )
    words += (
        "more than one frame in 1000, so p99.9 shows them. "
        if rig.switch_fraction > 0.001
        else "less than one frame in 1000, so p99.9 does not show them. "
    )
    words += (
        f"p99.9 goes from {format_time(before.p999_s)} to {format_time(after.p999_s)}, the weights from "
        f"{format_bytes(float(before.capacity.parts[0][1]))} to {format_bytes(float(after.capacity.parts[0][1]))}."
    )
    if choice_id == experts_answer(found):
        return words
    return words + " All experts are stored; only those that look take time."


PART_THREE = part_three(
    situation="The spike is repaired; clock and core are guaranteed.",
    briefing=(
        "The next vehicle triggers its eight cameras at once: all images must be through within 10 ms.",
        "Inputs must still show a child at braking distance; accuracy is not modelled. In at most {attempts_count} attempts find "
        "the lowest p99.9 that meets every target.",
    ),
    questions=(
        speculation_question(_draft_words),
        Question(
            id="four-experts",
            text="Four experts, each smaller than the one detector, replace it; when the scene changes, two look "
            "at the same frame. What does p99.9 of the frame time do?",
            choices=(
                Choice(id="falls", text=f"It falls by more than {CHANGE_FRACTION:.0%}"),
                Choice(id="same", text=f"It stays within {CHANGE_FRACTION:.0%}"),
                Choice(id="rises", text=f"It rises by more than {CHANGE_FRACTION:.0%}"),
            ),
            answer=experts_answer,
            explain=_experts_words,
        ),
    ),
    controls=INVENT_CONTROLS,
    gauges=(
        TAIL_GAUGES[0],
        TAIL_GAUGES[1],
        Gauge(id="p99", name="p99", quantity="p99_s", unit="s", help="99 frames of 100 are faster", full=20e-3),
        Gauge(
            id="rate",
            name="Images per second",
            quantity="images_per_s",
            unit="images/s",
            help="What the loop keeps up with on average",
        ),
        Gauge(
            id="pixels",
            name="Pixels on a child",
            quantity="pixels_count",
            unit="pixels",
            help="Of its height, at 30 m; geometry alone",
        ),
        Gauge(
            id="work",
            name="Operations per image",
            quantity="flop_per_output",
            unit="FLOP",
            help="On average, the first look included",
        ),
        *TAIL_GAUGES[2:],
        Gauge(id="capacity", name="Memory of the loop", quantity="needed_bytes", unit="B", help="Of its share"),
    ),
    instruments=("trace",),
    mission=invent_mission,
    levers=(
        Lever(id="precision", name="Precision and sparsity", fields=("precision", "sparsity")),
        Lever(id="fusion", name="Fusion and dispatch", fields=("fusion", "dispatch")),
        Lever(id="algorithm", name="First look, experts, input", fields=("cascade", "experts", "resolution")),
    ),
    demand=DEMAND,
    hints=(
        Hints(
            step="explore",
            words=(
                "Look at the mean and at p99.9 at once. Which changes move both, and which move them apart?",
                "A frame that is easy may be short; the deadline is met by the one that is not. Ask of each offer what "
                "its longest frame does.",
                "Times that are the same for every frame are what a deadline can be built on: fewer products, fewer "
                "bytes, fewer launches.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "Take what shortens every frame first: format and pattern of the weights.",
                "Then make the input as small as the pixels on a child allow.",
                "How often the scene changes decides about experts: above one frame in 1000 p99.9 counts two of them.",
            ),
        ),
    ),
    experiments=EXPERIMENTS[3],
    observation=OBSERVATIONS[3],
    assumed=assumed,
)
