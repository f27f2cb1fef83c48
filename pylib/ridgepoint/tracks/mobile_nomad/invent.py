"""Part 3 of Mobile Nomad: fewer filtered frames, drafted tokens, experts, sparse weights."""

from dataclasses import replace
from functools import lru_cache

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate
from ridgepoint.evaluate.demand import answer_demand
from ridgepoint.facts.glasses import GLASSES_ENERGY, STREET_SCENE
from ridgepoint.facts.sources import SERVICE_ASSUMPTION
from ridgepoint.model.seeded import uniforms
from ridgepoint.model.speculation import tokens_per_round_count
from ridgepoint.specs import (
    Choice,
    Control,
    Demand,
    FrameScenario,
    Gauge,
    Hints,
    Lever,
    Mission,
    Objective,
    Question,
    Target,
)
from ridgepoint.tracks.mobile_nomad.diagnose import FORMATS, FUSION_LEVELS
from ridgepoint.tracks.mobile_nomad.fuse import delay_target, power_target
from ridgepoint.tracks.mobile_nomad.scenario import PLAIN, frame_target, glasses, within
from ridgepoint.tracks.parts import part_three, speculation_question
from ridgepoint.units import KIB, format_fraction, format_quantity, format_ratio

__all__ = ["INVENT_CONTROLS", "PART_THREE", "invent_mission"]

ASKED_DRAFT = 4
CLEAR_FALL_FRACTION = 0.05
CLEAR_FRACTION = 0.004  # answers nearer than this to a border are not asked
CLEAR_FACTOR = 0.02  # and so near to what the stakeholder demands, no design comes as the best
LEAST_FEASIBLE_COUNT = 20
MOST_FEASIBLE_FRACTION = 0.4
LEAST_GAIN = 1.5  # of the best design over the baseline
_ON_CHIP_KIB = (192, 224, 256, 320, 384)
_STALE_S = (0.025, 0.040, 0.055)  # one, two or three frames at 60 FPS
_FOOTPRINT_BYTES = (12e6, 16e6, 21e6, 26e6)
DEMAND = Demand(
    text="Reviewers say the glasses run hot. Halve the power, and the launch is ours.",
    quantity="power_w",
    unit="W",
    factor=2.0,
    maximise=False,
)


@lru_cache(maxsize=8)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other scenes, memories and energies, another best design.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Mobile Nomad finds no mission to invent for; variant 0 does.")


def _mission(variant: int, attempt: int) -> Mission:
    reference = variant == 0
    draws = uniforms(variant, 301 + attempt, 10).tolist()

    def pick(place: int, choices: tuple, standard: object) -> object:
        return standard if reference else choices[int(draws[place] * len(choices))]

    ambient = pick(0, (28, 29, 30, 31), 29)
    rate = pick(1, (2, 4, 8), 4)
    alpha = pick(2, (0.2, 0.25, 0.5, 0.7, 0.8, 0.85), 0.7)
    energy, scene = GLASSES_ENERGY, STREET_SCENE
    if not reference:
        energy = replace(
            energy,
            dram_j_per_byte=within(draws[3], (60e-12, 130e-12), 2),
            idle_w=within(draws[4], (0.60, 0.90), 2),
        )
        scene = replace(
            scene,
            patches=8 + int(draws[5] * 9),
            frame_acceptance_fraction=within(draws[6], (0.60, 0.92), 2),
            token_acceptance_fraction=alpha,
        )
    baseline = PLAIN.replace(
        precision="w8a16", fusion="10101", tile_rows=14, ambient_c=ambient, translations_per_s=rate
    )
    place = glasses(
        variant,
        on_chip_bytes=float(pick(7, _ON_CHIP_KIB, 320) * KIB),
        energy=energy,
        scene=scene,
        crisis=baseline,
        reference=baseline,
    )
    place = replace(
        place,
        targets=(
            frame_target(),
            power_target(place, ambient),
            delay_target(),
            _limit("stale", "Shown from predictions", "stale_s", "s", pick(8, _STALE_S, 0.055)),
            _limit("footprint", "Footprint of all weights", "footprint_bytes", "B", pick(9, _FOOTPRINT_BYTES, 21e6)),
        ),
    )
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(skipped_frames=5),
        tempting_reason="It saves most of the filter's work, but a wrong overlay would stay in sight for longer "
        "than the wearer tolerates.",
        objective=Objective(
            name="Energy of the networks for a frame",
            quantity="frame_energy_j",
            unit="J",
            maximise=False,
            ties=(("footprint_bytes", False), ("needed_bytes", False)),
        ),
    )


def _limit(id_: str, name: str, quantity: str, unit: str, limit: object) -> Target:
    return Target(
        id=id_,
        name=name,
        quantity=quantity,
        unit=unit,
        at_least=False,
        limit=float(limit),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    try:
        best = best_designs(found, INVENT_CONTROLS)
    except ModelError:
        return False
    now = evaluate(found.scenario, found.baseline)
    fall = _fall_fraction(found.scenario)
    return (
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and now.frame_energy_j > LEAST_GAIN * best.value
        and bool(now.capacity.fits)
        and min(abs(fall), abs(fall - CLEAR_FALL_FRACTION)) > CLEAR_FRACTION
        and abs(answer_demand(found, INVENT_CONTROLS, DEMAND).best_factor - DEMAND.factor) > CLEAR_FACTOR
    )


def _fall_fraction(found: FrameScenario) -> float:
    """Return by which share four drafted tokens lower the energy of a frame; negative where they raise it."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFT))
    return float(1 - after.frame_energy_j / before.frame_energy_j)


def _draft_flop_words(found: FrameScenario, choice_id: str) -> str:
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


def _draft_answer(found: FrameScenario) -> str:
    fall = _fall_fraction(found)
    return "rises" if fall < 0 else "little" if fall < CLEAR_FALL_FRACTION else "much"


def _draft_words(found: FrameScenario, choice_id: str) -> str:
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
    if choice_id == _draft_answer(found):
        return words
    return words + " Drafts pay as long as accepted tokens save more bytes than proposals and checks cost."


INVENT_CONTROLS = (
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored. Only INT8 throughout also multiplies in INT8.",
    ),
    Control(
        id="fusion",
        label="Fusion",
        choices=FUSION_LEVELS,
        help="Which operators of a block share a kernel; what is kept on the chip must fit there.",
    ),
    Control(
        id="skipped_frames",
        label="Predicted frames",
        values=(0, 1, 2, 3, 5),
        unit="frames",
        help="At most so many frames in a row are predicted from the last filtered one, each checked against "
        "the camera; the first that fails is filtered.",
    ),
    Control(
        id="draft_tokens",
        label="Drafted tokens",
        values=(0, 2, 4, 8),
        unit="tokens",
        help="A small model drafts so many tokens of a translation; the decoder verifies them together.",
    ),
    Control(
        id="experts",
        label="Experts",
        values=(1, 4, 8),
        unit="experts",
        help="One dense translator for all languages, or smaller ones by language: a phrase uses one of them, "
        "all are kept.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="None"),
            Choice(id="quarter", text="A quarter kept, anywhere"),
            Choice(id="2:4", text="Two of every four kept"),
        ),
        help="Weights that are left out. The array skips two of four, and nothing else; accuracy is not modelled.",
    ),
)
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
    available=True,
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
            answer=_draft_answer,
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
