"""Part 2 of Mobile Nomad: the fusion set that fills the array within the heat, the deadline and the chip."""


from rooflab.evaluate import evaluate
from rooflab.specs import Choice, Gauge, Hints, Lever, Question, TileMemory, TileProblem
from rooflab.systems.glasses.design import FRAME_FORMATS, GlassesDesign
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.mobile_nomad.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.mobile_nomad.fuse_mission import (
    FUSE_CONTROLS,
    HALF_FRACTION,
    MOST_FRACTION,
    fuse_mission,
    saved_answer,
    saved_fraction,
)
from rooflab.tracks.parts import BUS, fusion_question, part_two
from rooflab.units import format_bytes, format_count, format_fraction

__all__ = ["PART_TWO"]

_UNIT_SIDE = 16  # of the array of a core, assumed


def _linear_words(found: GlassesScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="10101", tile_rows=found.filter.input_size))
    words = (
        "Fused, the activation's input never leaves the chip: one write and one read less. Folding the norms into "
        f"their convolutions leaves {format_count(after.operators.flop.sum() / 1e6)} million operations a frame, and "
        f"takes the bytes from {format_bytes(before.operators.hbm_bytes.sum())} to "
        f"{format_bytes(after.operators.hbm_bytes.sum())}."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where rows are recomputed."


def _saved_words(found: GlassesScenario, choice_id: str) -> str:
    outcome = evaluate(found, found.crisis)
    operators = outcome.operators
    traffic = operators.hbm_bytes.sum()
    weights = operators.weight_bytes.sum()
    translator = operators.hbm_bytes[-3:].sum()
    words = (
        f"Full fusion takes {format_fraction(round(saved_fraction(found), 3))} of the "
        f"{format_bytes(traffic)} that a frame moves: the tensors inside blocks. It cannot take weights "
        f"({format_fraction(weights / traffic)} of the bytes), tensors between blocks, nor the translator's traffic "
        f"({format_fraction(translator / traffic)})."
    )
    if choice_id == saved_answer(found):
        return words
    return words + " Amdahl's law holds for bytes too."


def _tiling(found: GlassesScenario, design: GlassesDesign) -> TileProblem:
    """Return the widening product of the last block: few pixels, so few tiles for the cores."""
    block, npu = found.filter.blocks[-1], found.calibration
    form = FRAME_FORMATS[design.precision]
    return TileProblem(
        name="Expansion of the last block",
        rows=block.size**2 * found.scene.patches * int(design.frames_batched),
        columns=block.expanded,
        depth=block.inputs,
        slots=npu.cores,
        on_chip_bytes=npu.core_bytes,
        row_element_bytes=form.activations.element_bytes,
        column_element_bytes=form.weights.element_bytes,
        output_element_bytes=form.activations.element_bytes,
        accumulator_bytes=4.0,
        flop_per_s=npu.matrix_fraction * found.device.peak(form.compute),
        memory=TileMemory(
            name="LPDDR4X", bytes_per_s=npu.hbm_fraction * found.device.fact("hbm_bytes_per_s"), source=npu.source_of("hbm_fraction")
        ),
        unit_rows=_UNIT_SIDE,
        unit_columns=_UNIT_SIDE,
        tile_rows=(16, 32, 64, 128),
        tile_columns=(32, 48, 64, 96, 128, 192),
        splits=(1, 2, 3),
        sources=(npu.source_of("hbm_fraction"), npu.source_of("cores")),
    )


_GAUGES = (
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction", help="While the networks run", full=1.0),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="While the networks run", full=1.0),
    BUS,
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
    situation="The glasses must end below the power that they shed.",
    briefing=(
        "The filter runs inverted-residual blocks, every operator a kernel of its own. Fused kernels need memory on "
        "the chip, most of which tracking and display hold.",
        "In at most {attempts_count} attempts find the highest MFU that keeps the frame's deadline, the power, the "
        "translation delay and the memory on the chip.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="full-fusion",
            text="Nothing is fused yet. Suppose every block of the filter became one kernel, whatever memory that takes. "
            "What would the DRAM traffic of a frame be then, against now?",
            choices=(
                Choice(id="most", text=f"At most {1 - MOST_FRACTION:.0%} of it"),
                Choice(id="half", text=f"{1 - MOST_FRACTION:.0%} to {1 - HALF_FRACTION:.0%} of it"),
                Choice(id="less", text=f"More than {1 - HALF_FRACTION:.0%} of it, or unchanged"),
            ),
            answer=saved_answer,
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
    reflection="The baseline starts many small kernels, and dispatch costs time: propose a kernel tiling that saturates the "
    "hardware, and say what it costs.",
    experiments=EXPERIMENTS[2],
    observation=OBSERVATIONS[2],
)
