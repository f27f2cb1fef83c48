"""Part 2 of Mobile Nomad: the fusion set that fills the array within the heat, the deadline and the chip."""

from dataclasses import replace
from functools import lru_cache

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate
from ridgepoint.facts.glasses import GLASSES_ENERGY, STREET_SCENE
from ridgepoint.facts.sources import SERVICE_ASSUMPTION, SKIN_LIMIT
from ridgepoint.model.seeded import uniforms
from ridgepoint.model.thermal import sustained_power_w
from ridgepoint.specs import (
    FRAME_FORMATS,
    Choice,
    Control,
    FrameDesign,
    FrameScenario,
    Gauge,
    Hints,
    Lever,
    Mission,
    Objective,
    Question,
    Target,
    TileProblem,
)
from ridgepoint.tracks.mobile_nomad.diagnose import FORMATS, FUSION_LEVELS
from ridgepoint.tracks.mobile_nomad.scenario import PLAIN, frame_target, glasses, within
from ridgepoint.tracks.parts import fusion_question, part_two
from ridgepoint.units import KIB, format_bytes, format_count, format_fraction

__all__ = ["FUSE_CONTROLS", "PART_TWO", "delay_target", "fuse_mission", "power_target"]

DELAY_S = 1.0
MOST_FRACTION, HALF_FRACTION = 0.70, 0.60
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.3
LEAST_FEASIBLE_COUNT = 20
_ON_CHIP_KIB = (256, 320, 384, 448, 512)


def power_target(place: FrameScenario, ambient_c: int) -> Target:
    """Return what the glasses shed at the limit of the skin, in air of that temperature."""
    return Target(
        id="power",
        name="Power",
        quantity="power_w",
        unit="W",
        at_least=False,
        limit=sustained_power_w(
            limit_c=place.body.limit_c,
            ambient_c=float(ambient_c),
            resistance_k_per_w=place.body.resistance_k_per_w,
        ),
        source=SKIN_LIMIT,
    )


def delay_target() -> Target:
    """Return how long a phrase may wait for its translation."""
    return Target(
        id="delay",
        name="Translation delay",
        quantity="translation_delay_s",
        unit="s",
        at_least=False,
        limit=DELAY_S,
        source=SERVICE_ASSUMPTION,
    )


@lru_cache(maxsize=8)
def fuse_mission(variant: int) -> Mission:
    """Return the mission of a variant: other air, camera and memory on the chip, another best set.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Mobile Nomad finds no mission to fuse; variant 0 does.")


def _mission(variant: int, attempt: int) -> Mission:
    draws = [0.5] * 6 if variant == 0 else uniforms(variant, 101 + attempt, 6).tolist()
    reference = variant == 0
    ambient = 27 if reference else 24 + int(draws[0] * 7)
    patches = 10 if reference else 8 + int(draws[1] * 7)
    on_chip = 448 if reference else _ON_CHIP_KIB[int(draws[2] * len(_ON_CHIP_KIB))]
    rate = 2 if reference else (2, 4, 8)[int(draws[3] * 3)]
    energy = GLASSES_ENERGY
    if not reference:
        energy = replace(
            energy,
            dram_j_per_byte=within(draws[4], (70e-12, 130e-12), 2),
            idle_w=within(draws[5], (0.75, 0.95), 2),
        )
    baseline = PLAIN.replace(ambient_c=ambient, translations_per_s=rate)
    place = glasses(
        variant,
        on_chip_bytes=float(on_chip * KIB),
        energy=energy,
        scene=replace(STREET_SCENE, patches=patches),
        crisis=baseline,
        reference=baseline,
    )
    place = replace(place, targets=(frame_target(), power_target(place, ambient), delay_target()))
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=baseline.replace(fusion="10101", frames_batched=4),
        tempting_reason="A batch of frames reads the weights once for all of them, but its first frame waits for "
        "the last, past the deadline of every frame.",
        objective=Objective(
            name="MFU",
            quantity="mfu_fraction",
            unit="",
            ties=(("power_w", False), ("needed_bytes", False)),
        ),
    )


def _is_sound(found: Mission) -> bool:
    try:
        best = best_designs(found, FUSE_CONTROLS)
    except ModelError:
        return False
    now = evaluate(found.scenario, found.baseline)
    saved = _saved_fraction(found.scenario)
    return (
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and not now.feasible
        and bool(now.capacity.fits)
        and min(abs(saved - MOST_FRACTION), abs(saved - HALF_FRACTION)) > CLEAR_FRACTION
    )


def _saved_fraction(found: FrameScenario) -> float:
    """Return the share of a frame's bytes that full fusion takes away where the mission starts."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="11111"))
    return float(1 - after.operators.hbm_bytes.sum() / before.operators.hbm_bytes.sum())


def _linear_words(found: FrameScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="10101", tile_rows=found.filter.input_size))
    words = (
        "The activation is computed in either case; fused, its input never leaves the chip: one write and "
        "one read of the output less. Folding the norms into their convolutions here leaves "
        f"{format_count(after.operators.flop.sum() / 1e6)} million operations a frame as they were, and takes "
        f"the bytes from {format_bytes(before.operators.hbm_bytes.sum())} to "
        f"{format_bytes(after.operators.hbm_bytes.sum())}."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where overlapping rows are computed again."


def _saved_answer(found: FrameScenario) -> str:
    saved = _saved_fraction(found)
    return "most" if saved >= MOST_FRACTION else "half" if saved >= HALF_FRACTION else "less"


def _saved_words(found: FrameScenario, choice_id: str) -> str:
    outcome = evaluate(found, found.crisis)
    operators = outcome.operators
    traffic = operators.hbm_bytes.sum()
    weights = operators.weight_bytes.sum()
    translator = operators.hbm_bytes[-3:].sum()
    words = (
        f"Full fusion takes {format_fraction(round(_saved_fraction(found), 3))} of the "
        f"{format_bytes(traffic)} that a frame moves: all tensors inside the blocks. It cannot take weights "
        f"({format_fraction(weights / traffic)} of the bytes), nor the tensors between blocks, nor what the "
        f"translator moves for a frame ({format_fraction(translator / traffic)})."
    )
    if choice_id == _saved_answer(found):
        return words
    return words + " What fusion saves depends on what else moves: Amdahl's law, for bytes."


def _tiling(found: FrameScenario, design: FrameDesign) -> TileProblem:
    """Return the widening product of the last block: few pixels, so few tiles for the cores."""
    block = found.filter.blocks[-1]
    form = FRAME_FORMATS[design.precision]
    return TileProblem(
        name="Expansion of the last block",
        rows=block.size**2 * found.scene.patches * int(design.frames_batched),
        columns=block.expanded,
        depth=block.inputs,
        slots=found.calibration.cores,
        on_chip_bytes=found.calibration.core_bytes,
        element_bytes=form.activations.element_bytes,
        accumulator_bytes=4.0,
        tile_rows=(16, 32, 64, 128),
        tile_columns=(32, 48, 64, 96, 128, 192),
        splits=(1, 2, 3),
    )


FUSE_CONTROLS = (
    Control(
        id="fusion",
        label="Fusion set",
        chain=("Expand", "Norm 1", "Depthwise", "Norm 2", "Project", "Norm 3"),
        choices=FUSION_LEVELS,
        help="Which neighbours in a block share a kernel. Where a block has a gate, it stands before the "
        "projection, and a kernel across it keeps the whole map on the chip.",
    ),
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored. Only INT8 throughout also multiplies in INT8.",
    ),
    Control(
        id="tile_rows",
        label="Rows at a time",
        values=(1, 2, 4, 8, 14),
        unit="rows",
        help="Rows of its output that a kernel works on. Few rows take little memory; rows that two steps "
        "share are expanded twice.",
    ),
    Control(
        id="frames_batched",
        label="Frames in a batch",
        values=(1, 2, 4),
        unit="frames",
        help="A batch reads the weights once; its first frame waits for its last.",
    ),
    Control(
        id="translations_batched",
        label="Phrases in a batch",
        values=(1, 2, 4),
        unit="phrases",
        help="The translator reads its weights once for all phrases of a batch; the first waits for the last.",
    ),
)
_GAUGES = (
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction", help="While the networks run", full=1.0),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="While the networks run", full=1.0),
    Gauge(id="frame", name="Frame time", quantity="frame_time_s", unit="s", help="From camera to overlay"),
    Gauge(id="power", name="Power", quantity="power_w", unit="W", help="Mean at full clock", full=3.0),
    Gauge(
        id="heat",
        name="Power against the limit",
        quantity="heat_fraction",
        help="Of the power that ends at the limit of the skin",
        full=2.0,
    ),
    Gauge(
        id="delay",
        name="Translation delay",
        quantity="translation_delay_s",
        unit="s",
        help="Until the first phrase of a batch is translated",
    ),
    Gauge(
        id="capacity",
        name="Memory on the chip",
        quantity="needed_bytes",
        unit="B",
        help="Weights and rows of the largest kernel",
    ),
)

PART_TWO = part_two(
    available=True,
    briefing=(
        "The filter runs eleven inverted-residual blocks, and a framework starts a kernel for every "
        "operator of every block.",
        "You may fuse neighbours, change the format, the rows that a kernel works on, and batch frames or "
        "phrases. Fused kernels need memory on the chip, most of which tracking and display hold.",
        "In at most ten attempts find the set with the highest MFU that keeps the deadline of a frame, the "
        "power that the glasses shed, the delay of a translation, and the memory on the chip.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="full-fusion",
            text="Nothing is fused yet. If every block of the filter became one kernel, whatever memory that "
            "takes, by how much would the bytes that DRAM moves for a frame fall?",
            choices=(
                Choice(id="most", text="By 70% or more"),
                Choice(id="half", text="By 60% to 70%"),
                Choice(id="less", text="By less than 60%"),
            ),
            answer=_saved_answer,
            explain=_saved_words,
        ),
    ),
    controls=FUSE_CONTROLS,
    gauges=_GAUGES,
    instruments=("heat",),
    mission=fuse_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("precision",)),
        Lever(id="fusion", name="Fusion", fields=("fusion", "tile_rows")),
        Lever(id="algorithm", name="Batching", fields=("frames_batched", "translations_batched")),
    ),
    tiling=_tiling,
    hints=(
        Hints(
            step="explore",
            words=(
                "A tensor that stays on the chip is neither written nor read. Which tensors of a block are "
                "the widest?",
                "The widened tensors, before and after the depthwise filter, are the largest. Keeping them "
                "inside takes the weights of both convolutions and some rows at once.",
                "Weights take most of the chip in the last blocks. Fewer bits for them may let a larger set in.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "MFU counts needed operations over the time and the peak of the format: a format that doubles "
                "the peak must halve the time to keep its MFU.",
                "A frame that waits for others is late at once. A phrase may wait a little.",
                "Take the largest set that fits with the smallest weights, then as many rows as still fit: "
                "rows that are expanded twice cost time.",
            ),
        ),
    ),
    reflection="The kernels are too small and dispatch dominates: propose a kernel tiling that saturates the "
    "hardware.",
)
