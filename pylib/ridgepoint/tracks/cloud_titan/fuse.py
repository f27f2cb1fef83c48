"""Part 2 of Cloud Titan: the fusion set, batch and cache with the highest MFU that users can bear."""

from functools import lru_cache
from math import ceil

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate
from ridgepoint.facts.devices import A100_SXM_80GB, H100_SXM
from ridgepoint.model.roofline import LATENCY
from ridgepoint.model.seeded import uniforms
from ridgepoint.specs import (
    WEIGHT_SCHEMES,
    Choice,
    Control,
    Gauge,
    Hints,
    Lever,
    Mission,
    Objective,
    Question,
    ServingDesign,
    ServingScenario,
    TileProblem,
)
from ridgepoint.tracks.cloud_titan.service import (
    BUILDABLE,
    NOTHING_FUSED,
    PARTIAL,
    WHOLE_CHAIN,
    served,
)
from ridgepoint.tracks.parts import fusion_question, part_two
from ridgepoint.units import format_bytes, format_count, format_fraction, format_quantity, format_time

__all__ = ["FUSE_CONTROLS", "PART_TWO", "fuse_mission"]

LARGE_FRACTION, SMALL_FRACTION = 0.24, 0.16
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.45
LEAST_FEASIBLE_COUNT = 20
LEAST_SHORTFALL = 0.15  # of the baseline behind the best design
BATCHES = (8, 16, 32, 48, 64, 96, 128, 192, 256, 320, 384, 512)
_START = ServingDesign(
    phase="decode",
    batch=32,
    context_tokens=1,
    precision="bf16",
    kv_precision="bf16",
    attention_kernel="fused",
    dispatch="eager",
    fusion=NOTHING_FUSED,
    kv_layout="contiguous",
    experts="dense",
    draft_tokens=0,
    sparsity="dense",
    device_id=A100_SXM_80GB.id,
)


@lru_cache(maxsize=64)
def fuse_mission(variant: int) -> Mission:
    """Return the mission of a variant: other GPUs, requests and patience, another best design.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Cloud Titan finds no mission to fuse; variant 0 does.")


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 101 + attempt, 8).tolist()

    def pick(place: int, choices: tuple, standard: object) -> object:
        return standard if variant == 0 else choices[int(draws[place] * len(choices))]

    start = _START.replace(
        batch=pick(0, (8, 16, 32, 64, 96), 32),
        precision=pick(1, ("bf16", "w8a16", "w4a16"), "bf16"),
        dispatch=pick(2, ("eager", "graph"), "eager"),
    )
    place = served(
        variant,
        device=pick(3, (A100_SXM_80GB, H100_SXM), A100_SXM_80GB),
        device_count=pick(4, (4, 8), 8),
        inter_token_s=pick(5, tuple(each / 1000 for each in range(12, 41, 2)), 0.040),
        start=start,
        prompt_tokens=pick(6, (128, 256, 512), 128),
        output_tokens=pick(7, (1024, 2048, 4096), 1024),
    )
    return Mission(
        scenario=place,
        baseline=place.crisis,
        tempting=place.crisis.replace(batch=BATCHES[-1], fusion=BUILDABLE, dispatch="graph"),
        tempting_reason="A contiguous cache keeps room for the longest request of every sequence, and with so many "
        "sequences it outgrows the memory of the GPUs.",
        objective=Objective(
            name="MFU",
            quantity="mfu_fraction",
            unit="",
            ties=(("needed_bytes", False), ("bytes_per_output", False)),
        ),
    )


def _is_sound(found: Mission) -> bool:
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    fall = _fall_fraction(found.scenario)
    clear = min(abs(fall - LARGE_FRACTION), abs(fall - SMALL_FRACTION)) > CLEAR_FRACTION
    tempts = not tempting.capacity.fits and tempting.mfu_fraction > now.mfu_fraction
    if not (clear and tempts and now.capacity.fits):
        return False
    try:
        best = best_designs(found, FUSE_CONTROLS)
    except ModelError:
        return False
    return (
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and now.mfu_fraction < (1 - LEAST_SHORTFALL) * best.value
    )


def _fall_fraction(found: ServingScenario) -> float:
    """Return by how much two fused kernels in each half of a layer shorten the step that the mission starts with."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    return float(1 - after.step_time_s / before.step_time_s)


def _linear_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis).operators
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE)).operators
    words = (
        "The activation is computed in either case; fused, its input stays on the chip: one write and one read of it "
        f"less. Here, with what can be fused fused, a step keeps its {format_quantity(after.flop.sum(), 'FLOP')} on each "
        f"GPU, moves {format_bytes(after.hbm_bytes.sum())} instead of {format_bytes(before.hbm_bytes.sum())}, and "
        f"starts {format_count(after.launches.sum())} kernels instead of {format_count(before.launches.sum())}. Most "
        "bytes of a decode step are weights and cache, which fusion must read all the same."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where something is computed again for every tile."


def _fall_answer(found: ServingScenario) -> str:
    fall = _fall_fraction(found)
    return "large" if fall >= LARGE_FRACTION else "middle" if fall >= SMALL_FRACTION else "small"


def _fall_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    saved_bytes = before.operators.hbm_bytes.sum() - after.operators.hbm_bytes.sum()
    bytes_s = saved_bytes / (found.calibration.hbm_fraction * before.hbm_bytes_per_s)
    gone = before.operators.launches.sum() - after.operators.launches.sum()
    words = (
        f"The step takes {format_time(before.step_time_s)} before and {format_time(after.step_time_s)} after: "
        f"{format_fraction(round(_fall_fraction(found), 3))} less. HBM is kept busy for {format_time(bytes_s)} less, and "
        f"{format_count(gone)} kernels fewer start; launches and waiting cost "
        f"{format_time(before.bound_times_s[LATENCY])} before and {format_time(after.bound_times_s[LATENCY])} after. "
        f"Weights and cache, {format_bytes(after.operators.weight_bytes.sum() + after.operators.kv_bytes.sum())} on "
        "each GPU, stay. If compiling the kernels takes a minute, it is paid back after "
        f"{format_count(60 / (before.step_time_s - after.step_time_s))} steps."
    )
    if choice_id == _fall_answer(found):
        return words
    return words + (
        " In decode most of what fusion saves is starts, not bytes: weigh the launches that go against the whole step."
    )


def _tiling(found: ServingScenario, design: ServingDesign) -> TileProblem:
    """Return the down projection: as many rows as tokens in a step, which are few."""
    device = found.device(design.device_id)
    outcome = evaluate(found, design)
    share = found.service.prompt_tokens / found.service.output_tokens
    tokens = design.batch + (design.batch - 1) * float(outcome.round_tokens_count) * share
    return TileProblem(
        name="Down projection",
        rows=ceil(tokens),
        columns=found.workload.hidden,
        depth=found.workload.ffn // found.device_count,
        slots=device.fact("sm_count"),
        on_chip_bytes=device.fact("shared_memory_bytes"),
        element_bytes=2.0,
        accumulator_bytes=4.0,
        tile_rows=(16, 32, 64, 128),
        tile_columns=(64, 128, 256),
        splits=(1, 2, 4, 8),
    )


FUSION_CHAIN = ("All-reduce", "Residual sum", "Norm", "Gate and up", "SiLU", "Product", "Down")
FUSE_CONTROLS = (
    Control(
        id="fusion",
        label="Fusion set",
        chain=FUSION_CHAIN,
        choices=(
            Choice(id=NOTHING_FUSED, text="None"),
            Choice(id=PARTIAL, text="Partial: sums with norms, SiLU with the product"),
            Choice(id=WHOLE_CHAIN, text="Full: the whole chain in one kernel"),
        ),
        help="Which neighbours share a kernel. The first four stand before attention too, with the QKV projection "
        "in the place of gate and up. What stands before a product in its kernel is computed again for every "
        "column of tiles.",
    ),
    Control(
        id="attention_kernel",
        label="Attention kernel",
        choices=(
            Choice(id="eager", text="Eager, KV heads repeated"),
            Choice(id="fused", text="Fused, KV heads grouped"),
        ),
        help="Fused (FlashAttention, grouped) reads each key and value where it lies; with an online softmax, a "
        "running maximum and sum, it stores no scores.",
    ),
    Control(
        id="dispatch",
        label="Dispatch",
        choices=(
            Choice(id="eager", text="Eager: launch each kernel"),
            Choice(id="graph", text="Graph: launch once"),
        ),
        help="A CUDA graph launches the whole step at once; it needs fixed shapes.",
    ),
    Control(
        id="batch",
        label="Batch",
        values=BATCHES,
        unit="sequences",
        help="Sequences in every step. Each finished one is replaced by a new one, whose prompt rides along.",
    ),
    Control(
        id="kv_layout",
        label="Cache layout",
        choices=(
            Choice(id="contiguous", text="Contiguous, room for the longest request"),
            Choice(id="paged", text="Paged, 16 tokens a page"),
        ),
        help="Pages are taken as sequences grow; looking them up makes attention slower.",
    ),
    Control(
        id="precision",
        label="Weights",
        choices=tuple(Choice(id=each, text=WEIGHT_SCHEMES[each].name) for each in ("bf16", "w8a16", "w4a16")),
        help="How weights are stored; products are done in BF16. What it does to answers is not modelled.",
    ),
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
    available=True,
    briefing=(
        "Attention is repaired, and the service still runs as its framework left it: a kernel for every operator of "
        "every layer, and a cache with room for the longest request of every sequence.",
        "Readers leave when tokens come too slowly, so the time between tokens has a limit. New prompts ride along "
        "in the steps of everybody else, and lengthen them.",
        "In at most ten attempts find the set with the highest MFU that fits into the memory of the GPUs and keeps "
        "the time between tokens.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="fused-halves",
            text="Nothing is fused yet. Suppose that in each half of a layer the all-reduce, the residual sum and "
            "the norm become one kernel, and that gate and up, SiLU and the product become another; nothing else "
            "changes. By how much does a decode step get shorter?",
            choices=(
                Choice(id="large", text="By 24% or more"),
                Choice(id="middle", text="By 16% to 24%"),
                Choice(id="small", text="By less than 16%"),
            ),
            answer=_fall_answer,
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
    reflection="The kernels are too small and dispatch dominates: propose a kernel tiling that saturates the "
    "hardware.",
)
