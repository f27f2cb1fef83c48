"""What Cloud Titan looks for in part 2: the set, batch and cache with the highest MFU, drawn for each variant."""

from functools import lru_cache

from rooflab.evaluate import evaluate
from rooflab.facts.devices_tracks import A100_SXM_80GB, H100_SXM
from rooflab.model.seeded import uniforms
from rooflab.specs import WEIGHT_SCHEMES, Choice, Control, Mission, Objective
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.service import BUILDABLE, NOTHING_FUSED, PARTIAL, WHOLE_CHAIN, served
from rooflab.tracks.drawing import first_sound, picker, sole_best

__all__ = ["FUSE_CONTROLS", "LARGE_FRACTION", "SMALL_FRACTION", "fall_answer", "fall_fraction", "fuse_mission"]

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
    return first_sound(_mission, variant, "a mission to fuse for Cloud Titan", sound=_is_sound)


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 101 + attempt, 8).tolist()

    pick = picker(variant, draws)

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
    fall = fall_fraction(found.scenario)
    clear = min(abs(fall - LARGE_FRACTION), abs(fall - SMALL_FRACTION)) > CLEAR_FRACTION
    tempts = not tempting.capacity.fits and tempting.mfu_fraction > now.mfu_fraction
    if not (clear and tempts and now.capacity.fits):
        return False
    best = sole_best(found, FUSE_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    return (
        now.mfu_fraction < (1 - LEAST_SHORTFALL) * best.value
    )


def fall_fraction(found: ServingScenario) -> float:
    """Return by how much two fused kernels in each half of a layer shorten the step that the mission starts with."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=BUILDABLE))
    return float(1 - after.step_time_s / before.step_time_s)


def fall_answer(found: ServingScenario) -> str:
    fall = fall_fraction(found)
    return "large" if fall >= LARGE_FRACTION else "middle" if fall >= SMALL_FRACTION else "small"


FUSION_CHAIN = ("All-reduce", "Residual sum", "Norm", "Gate and up", "SiLU", "Product", "Down")
FUSE_CONTROLS = (
    Control(
        id="fusion",
        label="Fusion set",
        chain=FUSION_CHAIN,
        choices=(
            Choice(id=NOTHING_FUSED, text="None"),
            Choice(id=PARTIAL, text="Partial: sums, norms; SiLU, product"),
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
            Choice(id="contiguous", text="Contiguous, for the longest request"),
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
