"""Part 3 of Mobile Nomad: fewer filtered frames, drafted tokens, experts, sparse weights."""


from rooflab.evaluate import evaluate
from rooflab.model.speculation import tokens_per_round_count
from rooflab.specs import Choice, Gauge, Hints, Lever, Question
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.mobile_nomad.invent_mission import (
    ASKED_DRAFT,
    DEMAND,
    INVENT_CONTROLS,
    draft_answer,
    invent_mission,
)
from rooflab.tracks.parts import part_three, speculation_question
from rooflab.units import format_fraction, format_quantity, format_ratio

__all__ = ["PART_THREE"]


def _draft_flop_words(found: GlassesScenario, choice_id: str) -> str:
    plain = evaluate(found, found.crisis).operators
    drafted = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT)).operators
    before, drafting = (each.flop[-2:].sum() for each in (plain, drafted))
    moved = drafted.hbm_bytes[-2:].sum() / plain.hbm_bytes[-2:].sum()
    skipping = evaluate(found, found.crisis.replace(skipped_frames=3))
    words = (
        "A round verifies every drafted token and the one after it, and rejected ones were work for nothing. "
        f"With four drafts the decoder here does {format_ratio(drafting / before)} the operations for each token and "
        f"moves {format_ratio(moved)} the bytes: it reads its weights once a round, the draft model its own for every "
        "draft. A frame is another matter: a check is "
        "cheaper than the filter it stands for, and with three predicted frames operations fall to "
        f"{format_fraction(skipping.operators.flop.sum() / evaluate(found, found.crisis).operators.flop.sum())}."
    )
    if choice_id == "increase":
        return words
    return words + " Verifying tokens costs what decoding them costs; it only reads less."


def _draft_words(found: GlassesScenario, choice_id: str) -> str:
    scene = found.scene
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT))
    accepted = float(tokens_per_round_count(acceptance_fraction=scene.token_acceptance_fraction, drafted=ASKED_DRAFT))
    words = (
        f"{format_fraction(scene.token_acceptance_fraction)} of the drafts hold here, so a round of four drafts gives "
        f"{accepted:.2g} tokens. The energy of a frame goes from {format_quantity(before.frame_energy_j, 'J')} to "
        f"{format_quantity(after.frame_energy_j, 'J')}: traffic from {format_quantity(before.memory_power_w, 'W')} to "
        f"{format_quantity(after.memory_power_w, 'W')}, arithmetic from "
        f"{format_quantity(before.arithmetic_power_w, 'W')} to {format_quantity(after.arithmetic_power_w, 'W')}. The "
        "draft model reads its own weights for every token that it proposes."
    )
    if choice_id == draft_answer(found):
        return words
    return words + " Drafts pay as long as accepted tokens save more bytes than proposals and checks cost."


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
)

PART_THREE = part_three(
    briefing=(
        "The kernels are in better shape, the day is hotter, and the glasses are to translate more. What is "
        "left is the algorithm: predict frames, draft tokens, keep an expert for each language, leave weights "
        "out.",
        "A predicted frame is checked against the camera, and filtered where the check fails. Drafted tokens "
        "are verified by the decoder. Experts are smaller than one translator for all, and all of them must "
        "be kept.",
        "Find the design with the least energy for a frame at 60 FPS that keeps the deadline, the power that "
        "the glasses shed, the delay of a translation, the time that predictions are shown for, the footprint, "
        "and the memory on the chip.",
    ),
    questions=(
        speculation_question(_draft_flop_words),
        Question(
            id="draft-energy",
            text="The translator drafts four tokens in a round and verifies them together; nothing else "
            "changes. What does that do to the energy that the networks take for a frame, the frame's share "
            "of the translations included?",
            choices=(
                Choice(id="rises", text="It rises"),
                Choice(id="little", text="It falls by less than 5%"),
                Choice(id="much", text="It falls by 5% or more"),
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
    reflection="Defend the final performance strategy: did you optimise the machine (fusion) or the algorithm "
    "(speculation)? How was the systems gap bridged?",
)
