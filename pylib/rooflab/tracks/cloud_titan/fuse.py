"""Part 2 of Cloud Titan: the fusion set, batch and cache with the highest MFU that users can bear."""

from math import ceil, inf

from rooflab.evaluate import evaluate
from rooflab.facts.sources import L2_ASSUMPTION
from rooflab.model.decoder_rows import ACTIVATION_BYTES
from rooflab.model.roofline import LATENCY
from rooflab.specs import Choice, Gauge, Hints, Lever, Question, TileMemory, TileProblem
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.formats import formats_of
from rooflab.systems.serving.node import node_of
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.cloud_titan.fuse_mission import (
    FUSE_CONTROLS,
    LARGE_FRACTION,
    SMALL_FRACTION,
    fall_answer,
    fall_fraction,
    fuse_mission,
)
from rooflab.tracks.cloud_titan.service import BUILDABLE
from rooflab.tracks.gpu_tiles import UNIT_COLUMNS, UNIT_ROWS, l2_cache
from rooflab.tracks.parts import BUS, fusion_question, part_two
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity, format_time

__all__ = ["PART_TWO"]


def _linear_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis).operators
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE)).operators
    words = (
        "Fused, the activation's input stays on the chip: one write and one read less. With all fused that can be, a "
        f"step keeps its {format_quantity(after.flop.sum(), 'FLOP')} on each GPU, moves "
        f"{format_bytes(after.hbm_bytes.sum())} instead of {format_bytes(before.hbm_bytes.sum())}, and launches "
        f"{format_count(after.launches.sum())} kernels instead of {format_count(before.launches.sum())}. Most bytes are "
        "weights and cache, which must be read all the same."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where tiles recompute."


def _fall_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    saved_bytes = before.operators.hbm_bytes.sum() - after.operators.hbm_bytes.sum()
    bytes_s = saved_bytes / (found.calibration.hbm_fraction * before.hbm_bytes_per_s)
    gone = before.operators.launches.sum() - after.operators.launches.sum()
    words = (
        f"The step goes from {format_time(before.step_time_s)} to {format_time(after.step_time_s)}, "
        f"{format_fraction(round(fall_fraction(found), 3))} less: traffic by {format_time(bytes_s)}, and "
        f"{format_count(gone)} fewer launches cut launch overhead from {format_time(before.bound_times_s[LATENCY])} to "
        f"{format_time(after.bound_times_s[LATENCY])}. A minute of compiling is paid back after "
        f"{format_count(60 / (before.step_time_s - after.step_time_s))} steps."
    )
    if choice_id == fall_answer(found):
        return words
    return words + (
        " In decode fusion saves mostly launches, not bytes."
    )


def _tiling(found: ServingScenario, design: ServingDesign) -> TileProblem:
    """Return the down projection: as many rows as tokens in a step, which are few."""
    device, node, formats = found.device(design.device_id), node_of(found, design), formats_of(found, design)
    outcome, made = evaluate(found, design), found.calibration
    share = found.service.prompt_tokens / found.service.output_tokens
    tokens = design.batch + (design.batch - 1) * float(outcome.round_tokens_count) * share
    unpack_flop = float(formats.unpack_flop)
    bytes_per_s = made.hbm_fraction * device.fact("hbm_bytes_per_s")
    return TileProblem(
        name="Down projection",
        rows=ceil(tokens),
        columns=found.workload.hidden,
        depth=found.workload.ffn // found.device_count,
        slots=int(node.hardware.slots),
        on_chip_bytes=device.fact("shared_memory_bytes"),
        row_element_bytes=ACTIVATION_BYTES,
        column_element_bytes=float(formats.weights.element_bytes),
        output_element_bytes=ACTIVATION_BYTES,
        accumulator_bytes=4.0,
        flop_per_s=float(node.hardware.matrix_flop_per_s),
        memory=TileMemory(name="HBM", bytes_per_s=bytes_per_s, source=made.source_of("hbm_fraction")),
        cache=l2_cache(device, memory_bytes_per_s=bytes_per_s),
        widen_bytes_per_s=float(node.hardware.vector_flop_per_s) / unpack_flop if unpack_flop else inf,
        waiting_fraction=1.0,
        unit_rows=UNIT_ROWS,
        unit_columns=UNIT_COLUMNS,
        tile_rows=(16, 32, 64, 128),
        tile_columns=(64, 128, 256),
        splits=(1, 2, 4, 8),
        sources=(made.source_of("hbm_fraction"), L2_ASSUMPTION),
    )


_GAUGES = (
    Gauge(
        id="mfu",
        name="MFU",
        quantity="mfu_fraction",
        help="Share of the peak arithmetic that the model needed, prompts included",
        full=1.0,
    ),
    Gauge(
        id="mbu",
        name="MBU",
        quantity="mbu_fraction",
        help="Share of the peak bandwidth that goes into bytes that had to move",
        full=1.0,
    ),
    BUS,
    Gauge(
        id="inter-token",
        name="Time between tokens",
        quantity="inter_token_s",
        unit="s",
        help="What a reader waits from one token to the next, prompts of others included",
    ),
    Gauge(id="throughput", name="Throughput", quantity="tokens_per_s", unit="tokens/s", help="Of all GPUs together"),
    Gauge(
        id="capacity",
        name="memory",
        quantity="needed_bytes",
        unit="B",
        help="Weights, cache and workspace of one GPU",
    ),
)

PART_TWO = part_two(
    situation="Attention is repaired; readers still wait too long between tokens.",
    briefing=(
        "Attention is repaired. The rest runs as the framework left it: a kernel for every operator, and a cache with "
        "room for the longest request of every sequence.",
        "Readers leave when tokens come too slowly, and new prompts ride along in everybody's steps. In at most "
        "{attempts_count} attempts find the highest MFU that fits the memory and keeps the time between tokens.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="fused-halves",
            text="Nothing is fused yet. Suppose that in each half of a layer the all-reduce, the residual sum and "
            "the norm become one kernel, and that gate and up, SiLU and the product become another; nothing else "
            "changes. By how much does a decode step get shorter?",
            choices=(
                Choice(id="large", text=f"By {LARGE_FRACTION:.0%} or more"),
                Choice(id="middle", text=f"By {SMALL_FRACTION:.0%} to {LARGE_FRACTION:.0%}"),
                Choice(id="small", text=f"By less than {SMALL_FRACTION:.0%}"),
            ),
            answer=fall_answer,
            explain=_fall_words,
        ),
    ),
    controls=FUSE_CONTROLS,
    gauges=_GAUGES,
    mission=fuse_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("precision",)),
        Lever(id="fusion", name="Fusion", fields=("fusion", "attention_kernel", "dispatch")),
        Lever(id="algorithm", name="Batch and cache", fields=("batch", "kv_layout")),
    ),
    tiling=_tiling,
    hints=(
        Hints(
            step="explore",
            words=(
                "A step of decode is a long row of short kernels. Which of them do arithmetic worth naming, and "
                "which only carry a tensor from one to the next?",
                "An all-reduce already waits for the link: what rides in its kernel moves its bytes meanwhile. Inside "
                "attention an online softmax does the same for the scores: nothing between two products is stored.",
                "Two large products in one kernel would have to keep whole rows on the chip, and so would a product "
                "behind an all-reduce. Fuse up to the products, not across them.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "MFU rises with every token that shares the read of the weights. What stops the batch first: the "
                "memory, or the reader's patience?",
                "A contiguous cache reads faster and holds fewer sequences; a paged one the other way round. Narrow "
                "weights leave more room for either.",
                "Find the largest batch that the time between tokens allows with everything else at its best, then "
                "see whether the contiguous cache still holds it.",
            ),
        ),
    ),
    reflection="The baseline starts many small kernels, and dispatch costs time: propose a kernel tiling that saturates the "
    "hardware, and say what it costs.",
    experiments=EXPERIMENTS[2],
    observation=OBSERVATIONS[2],
)
