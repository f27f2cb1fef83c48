"""Part 3 of Mobile Nomad: fewer filtered frames, drafted tokens, experts, sparse weights."""


from rooflab.evaluate import evaluate
from rooflab.model.speculation import tokens_per_round_count
from rooflab.specs import Choice, Gauge, Hints, Lever, Question
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.mobile_nomad.experiments import EXPERIMENTS, OBSERVATIONS, assumed
from rooflab.tracks.mobile_nomad.invent_mission import (
    ASKED_DRAFT,
    CLEAR_FALL_FRACTION,
    DEMAND,
    INVENT_CONTROLS,
    draft_answer,
    invent_mission,
)
from rooflab.tracks.parts import BUS, part_three, speculation_question
from rooflab.units import format_fraction, format_quantity, format_ratio

__all__ = ["PART_THREE"]

SKIPPED = 3
"""Predicted frames in the example of the first answer."""


def _draft_flop_words(found: GlassesScenario, choice_id: str) -> str:
    plain = evaluate(found, found.crisis).operators
    drafted = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT)).operators
    before, drafting = (each.flop[-2:].sum() for each in (plain, drafted))
    moved = drafted.hbm_bytes[-2:].sum() / plain.hbm_bytes[-2:].sum()
    skipping = evaluate(found, found.crisis.replace(skipped_frames=SKIPPED))
    words = (
        "Rejected tokens were work for nothing. With "
        f"{ASKED_DRAFT} drafts the decoder does {format_ratio(drafting / before)} the operations for each token and "
        f"moves {format_ratio(moved)} the bytes: its weights once a round. For a frame a check is "
        f"cheaper than the filter: with {SKIPPED} predicted frames operations fall to "
        f"{format_fraction(skipping.operators.flop.sum() / evaluate(found, found.crisis).operators.flop.sum())}."
    )
    if choice_id == "increase":
        return words
    return words + " Verifying costs what decoding costs; it only reads less."


def _draft_words(found: GlassesScenario, choice_id: str) -> str:
    scene = found.scene
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT))
    accepted = float(tokens_per_round_count(acceptance_fraction=scene.token_acceptance_fraction, drafted=ASKED_DRAFT))
    words = (
        f"{format_fraction(scene.token_acceptance_fraction)} of drafts hold, so a round of {ASKED_DRAFT} gives "
        f"{accepted:.2g} tokens. The energy of a frame goes from {format_quantity(before.frame_energy_j, 'J')} to "
        f"{format_quantity(after.frame_energy_j, 'J')}: traffic from {format_quantity(before.memory_power_w, 'W')} to "
        f"{format_quantity(after.memory_power_w, 'W')}, arithmetic from "
        f"{format_quantity(before.arithmetic_power_w, 'W')} to {format_quantity(after.arithmetic_power_w, 'W')}."
    )
    if choice_id == draft_answer(found):
        return words
    return words + " Drafts pay while accepted tokens save more bytes than drafting costs."


_GAUGES = (
    Gauge(id="frame-energy", name="Energy of a frame", quantity="frame_energy_j", unit="J", help="Of the networks"),
    Gauge(id="power", name="Power", quantity="power_w", unit="W", help="Mean at full clock", full=3.0),
    Gauge(
        id="heat",
        name="Power against the limit",
        quantity="heat_fraction",
        help="Of the power that ends at the limit of the skin",
        full=2.0,
    ),
    Gauge(id="frame", name="Frame time", quantity="frame_time_s", unit="s", help="Where no prediction holds"),
    Gauge(id="delay", name="Translation delay", quantity="translation_delay_s", unit="s", help="Until a phrase is translated"),
    Gauge(
        id="stale",
        name="Shown from predictions",
        quantity="stale_s",
        unit="s",
        help="The longest that an overlay rests on checks alone",
    ),
    Gauge(
        id="footprint",
        name="Footprint",
        quantity="footprint_bytes",
        unit="B",
        help="All weights, of every expert",
    ),
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction", help="While the networks run", full=1.0),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="While the networks run", full=1.0),
    BUS,
)

PART_THREE = part_three(
    situation="The kernels are in better shape; the glasses must save more.",
    briefing=(
        "What is left is the algorithm. Predicted frames are checked against the camera, drafted tokens verified by "
        "the decoder; every expert must be kept.",
        "Find the least energy for a frame that keeps every target.",
    ),
    questions=(
        speculation_question(_draft_flop_words),
        Question(
            id="draft-energy",
            text="The translator drafts four tokens in a round and verifies them together; nothing else "
            "changes. What does that do to the networks' energy for a frame, its share of the translations included?",
            choices=(
                Choice(id="rises", text="It rises"),
                Choice(id="little", text=f"It falls by less than {CLEAR_FALL_FRACTION:.0%}"),
                Choice(id="much", text=f"It falls by {CLEAR_FALL_FRACTION:.0%} or more"),
            ),
            answer=draft_answer,
            explain=_draft_words,
        ),
    ),
    controls=INVENT_CONTROLS,
    gauges=_GAUGES,
    instruments=("heat",),
    mission=invent_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("precision",)),
        Lever(id="fusion", name="Fusion", fields=("fusion",)),
        Lever(
            id="algorithm",
            name="Algorithm",
            fields=("skipped_frames", "draft_tokens", "experts", "sparsity"),
        ),
    ),
    demand=DEMAND,
    hints=(
        Hints(
            step="explore",
            words=(
                "Change one algorithm at a time and see which of traffic, arithmetic and leakage it moves.",
                "Predicted frames act on everything that the filter costs; drafts and experts act on the "
                "bytes of the translator; sparsity acts on weights, and in one pattern on arithmetic too.",
                "Experts and drafts cost footprint, predictions cost freshness. See which guardrail each "
                "one nears before you combine them.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "The longest run of predictions that the limit allows saves most; count it in frames.",
                "Once weights are narrow, what a pattern of sparsity saves in bytes and what it saves in "
                "arithmetic are near to each other: try both.",
                "Full fusion must fit on the chip, and the number of experts within the footprint: sparse "
                "weights decide both.",
            ),
        ),
    ),
    experiments=EXPERIMENTS[3],
    observation=OBSERVATIONS[3],
    assumed=assumed,
)
