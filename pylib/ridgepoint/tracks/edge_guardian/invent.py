"""Part 3 of Edge Guardian: a cheaper detector for eight cameras at once, without a longer tail."""

from dataclasses import replace
from functools import lru_cache

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate
from ridgepoint.evaluate.demand import answer_demand
from ridgepoint.facts.loop import ORIN_LOOP, STREET_RIG
from ridgepoint.facts.sources import SERVICE_ASSUMPTION
from ridgepoint.model.seeded import uniforms
from ridgepoint.model.speculation import tokens_per_round_count
from ridgepoint.specs import (
    Choice,
    Control,
    Demand,
    Gauge,
    Hints,
    Lever,
    LoopScenario,
    Mission,
    Objective,
    Question,
    Target,
)
from ridgepoint.tracks.edge_guardian.diagnose import DISPATCHES, FORMATS, TAIL_GAUGES
from ridgepoint.tracks.edge_guardian.fuse import FUSION_CONTROL
from ridgepoint.tracks.edge_guardian.scenario import PLAIN, deadline_target, loop, within
from ridgepoint.tracks.parts import part_three, speculation_question
from ridgepoint.units import format_bytes, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["INVENT_CONTROLS", "PART_THREE", "invent_mission"]

EXPERTS = 4
DRAFTS, SURE, UNSURE = 4, 0.9, 0.5
"""An example of drafting: tokens of a round, and chances of a draft to hold."""

CHANGE_FRACTION = 0.03  # of p99.9: less is no change
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.4
LEAST_FEASIBLE_COUNT = 20
CLEAR_FACTOR = 0.02  # and so near to what the stakeholder demands, no design comes as the best
SHORT_FRACTION = 0.10  # the baseline is at least so far from the best


@lru_cache(maxsize=8)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other experts, roads and cores, another best detector.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Edge Guardian finds no mission to invent; variant 0 does.")


# Size of one of four experts, share of the frames in which the scene changes.
_EXPERTS = (
    ((0.56, 0.66), (0.0030, 0.0050)),
    ((0.26, 0.30), (0.0030, 0.0050)),
    ((0.50, 0.60), (0.0003, 0.0005)),
)
_PIXELS = (14, 16, 18, 20)
DEMAND = Demand(
    text="Double the frames per second on the same computer. Everyone says that experts and early exits do it: most "
    "frames are easy, after all.",
    quantity="images_per_s",
    unit="Hz",
    factor=2.0,
)


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 201 + attempt, 8).tolist()
    reference = variant == 0
    sizes, switches = _EXPERTS[0 if reference else int(draws[0] * len(_EXPERTS))]
    four = 0.62 if reference else within(draws[1], sizes, 2)
    switch = 0.004 if reference else within(draws[2], switches, 2)
    plan_s = 2.0e-3 if reference else within(draws[3], (1.7e-3, 3.5e-3), 2)
    pixels = 16 if reference else _PIXELS[int(draws[4] * len(_PIXELS))]
    accepted = 0.75 if reference else within(draws[5], (0.65, 0.85), 2)
    held = STREET_RIG.verify_acceptance_fraction if reference else within(draws[7], (0.50, 0.92), 2)
    rig = replace(
        STREET_RIG,
        image_gap_s=0.0,
        expert_size_fraction={1: 1.0, 2: (1 + four) / 2, 4: four},
        switch_fraction=switch,
        exit_acceptance_fraction=accepted,
        verify_acceptance_fraction=held,
    )
    baseline = PLAIN.replace(
        batch=rig.cameras,
        fusion="1110" if reference or draws[6] < 0.5 else "1100",
        dispatch="graph",
        mode="both",
        input_path="mapped",
        nms="gpu",
    )
    place = loop(
        variant,
        rig=rig,
        share_bytes=420e6,
        calibration=replace(ORIN_LOOP, plan_s=plan_s),
        targets=(deadline_target(), _pixels_target(pixels)),
        crisis=baseline,
        reference=baseline,
    )
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(fusion="1101", cascade="exit"),
        tempting_reason="Most frames leave after the first look, so the mean falls; a crowded one takes both looks, "
        "past the deadline.",
        objective=Objective(
            name="p99.9 of the frame time",
            quantity="p999_s",
            unit="s",
            maximise=False,
            ties=(("needed_bytes", False), ("mean_frame_s", False)),
        ),
    )


def _pixels_target(pixels: int) -> Target:
    """Return how large a child must appear, which geometry gives; accuracy is not modelled."""
    return Target(
        id="pixels",
        name="Pixels on a child",
        quantity="pixels_count",
        unit="pixels",
        at_least=True,
        limit=float(pixels),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    try:
        best = best_designs(found, INVENT_CONTROLS)
    except ModelError:
        return False
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    change = _change_fraction(found.scenario)
    return bool(
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and now.capacity.fits
        and best.value < (1 - SHORT_FRACTION) * now.p999_s
        and tempting.capacity.fits
        and not tempting.targets[0].met
        and tempting.mean_frame_s < now.mean_frame_s
        and abs(abs(change) - CHANGE_FRACTION) > CLEAR_FRACTION
        and abs(answer_demand(found, INVENT_CONTROLS, DEMAND).best_factor - DEMAND.factor) > CLEAR_FACTOR
    )


def _change_fraction(found: LoopScenario) -> float:
    """Return by how much four experts lengthen p99.9 where the mission starts."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(experts=EXPERTS))
    return float(after.p999_s / before.p999_s - 1)


def _draft_words(found: LoopScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(cascade="exit"))
    rig = found.rig
    words = (
        "Every drafted token is checked by the large model, whether it is kept or not, and the draft model works too: "
        f"FLOPs per final token rise. With four drafts, of which {format_fraction(SURE)} or {format_fraction(UNSURE)} hold, "
        f"verifying alone takes {_verified(SURE)} or {_verified(UNSURE)} the FLOPs for a token; what falls, if enough "
        "of them hold, is the bytes. A first look at a frame is another thing: it may stand for the full one. Here "
        f"{format_fraction(rig.exit_acceptance_fraction)} of the frames leave after it, and operations for each image go "
        f"from {format_quantity(before.flop_per_output, 'FLOP')} to {format_quantity(after.flop_per_output, 'FLOP')} on "
        f"average, while p99.9 goes from {format_time(before.p999_s)} to {format_time(after.p999_s)}."
    )
    if choice_id == "increase":
        return words
    return words + " Speculation buys time with operations, where operations are to spare."


def _verified(acceptance_fraction: float) -> str:
    """Return the FLOPs of verifying for each token that is kept, against decoding it plainly."""
    tokens = tokens_per_round_count(acceptance_fraction=acceptance_fraction, drafted=DRAFTS)
    return format_ratio((DRAFTS + 1) / float(tokens))


def _experts_answer(found: LoopScenario) -> str:
    change = _change_fraction(found)
    return "rises" if change > CHANGE_FRACTION else "falls" if change < -CHANGE_FRACTION else "same"


def _experts_words(found: LoopScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(experts=EXPERTS))
    rig = found.rig
    words = (
        f"An expert has {format_fraction(rig.expert_size(EXPERTS))} of the size, so the mean goes from "
        f"{format_time(before.mean_frame_s)} to {format_time(after.mean_frame_s)}. In "
        f"{format_fraction(rig.switch_fraction)} of the frames the scene changes and two look: "
    )
    words += (
        "that is more than one frame in 1000, so it is these that p99.9 shows. "
        if rig.switch_fraction > 0.001
        else "that is less than one frame in 1000, and p99.9 does not show them. "
    )
    words += (
        f"p99.9 goes from {format_time(before.p999_s)} to {format_time(after.p999_s)}; weights take "
        f"{format_bytes(float(after.capacity.parts[0][1]))} instead of {format_bytes(float(before.capacity.parts[0][1]))}."
    )
    if choice_id == _experts_answer(found):
        return words
    return words + " The footprint grows with all experts, the time with those that look."


INVENT_CONTROLS = (
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored, and in which format the matrix units multiply.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="Dense"),
            Choice(id="unstructured", text="Half of the weights, anywhere"),
            Choice(id="2:4", text="2 of every 4 weights"),
        ),
        help="Matrix units skip zeros in the 2:4 pattern only; zeros anywhere just take less room.",
    ),
    Control(
        id="cascade",
        label="First look",
        choices=(
            Choice(id="off", text="None: the full detector always"),
            Choice(id="exit", text="Early exit: at a quarter of the pixels"),
            Choice(id="verify", text="Predict from the last frame, check crops"),
        ),
        help="A cheap look that stands for the full one where it is sure. A crowded scene is unsure in all cameras.",
    ),
    Control(
        id="experts",
        label="Experts",
        values=(1, 2, 4),
        unit="detectors",
        help="Smaller detectors, each for one kind of road. All are kept; when the scene changes two look.",
    ),
    Control(
        id="resolution",
        label="Side of the input",
        values=(448, 512, 576, 640),
        unit="pixels",
        help="Work goes with its square. So do the pixels on whatever must be seen.",
    ),
    FUSION_CONTROL,
    Control(
        id="dispatch",
        label="Dispatch",
        choices=DISPATCHES,
        help="A CUDA graph launches all kernels at once; it has fixed shapes and keeps its own tensors.",
    ),
)

PART_THREE = part_three(
    available=True,
    briefing=(
        "The next vehicle triggers its eight cameras at once: all eight images must be through the loop within 10 ms. "
        "The spike is repaired, clock and core are guaranteed; what is left is the work itself.",
        "The model team offers a first look that may stand for the full one, experts for kinds of road, sparse weights, "
        "INT8 and smaller inputs. A child at the edge of the braking distance must still be large enough in the image; "
        "what a network makes of it, its accuracy, is not modelled here and would have to be measured.",
        "In at most ten attempts find the loop with the lowest p99.9 that keeps the deadline, the pixels and its share "
        "of the memory. Then answer the product lead.",
    ),
    questions=(
        speculation_question(_draft_words),
        Question(
            id="four-experts",
            text="Four experts, each smaller than the one detector, replace it; when the scene changes, two of them look "
            "at the same frame. Nothing else changes. What does p99.9 of the frame time do?",
            choices=(
                Choice(id="falls", text="It falls by more than 3%"),
                Choice(id="same", text="It stays within 3%"),
                Choice(id="rises", text="It rises by more than 3%"),
            ),
            answer=_experts_answer,
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
            unit="Hz",
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
    reflection="Defend the final performance strategy: did you optimise the machine (fusion) or the algorithm "
    "(speculation)? How was the systems gap bridged?",
)
