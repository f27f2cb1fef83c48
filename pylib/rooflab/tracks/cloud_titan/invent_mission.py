"""What Cloud Titan looks for in part 3: the most tokens that readers can bear, drawn for each variant."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from rooflab.evaluate import evaluate
from rooflab.facts.devices_tracks import H100_SXM
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.facts.workloads_tracks import LLAMA_3_8B, MIXTRAL_8X22B
from rooflab.model.seeded import uniforms
from rooflab.specs import WEIGHT_SCHEMES, Choice, Control, Demand, Mission, Objective
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.service import BUILDABLE, KV_FORMATS, NOTHING_FUSED, PARTIAL, served
from rooflab.tracks.drawing import first_sound, picker, sole_best
from rooflab.units import format_bytes, format_count, format_ratio, format_time

__all__ = [
    "ASKED_DRAFTS",
    "DEMAND",
    "INVENT_CONTROLS",
    "MUCH_FRACTION",
    "fall_fraction",
    "invent_mission",
    "load_answer",
]

ASKED_DRAFTS = 4
MUCH_FRACTION = 0.10
CLEAR_FRACTION = 0.01  # answers nearer than this to a border are not asked
CLEAR_FACTOR = 0.05  # and so near to what the stakeholder demands, the best design does not come
LEAST_GAIN = 1.2  # of the best design over the baseline
LEAST_FEASIBLE_COUNT = 20
MOST_FEASIBLE_FRACTION = 0.45
BATCHES = (16, 32, 64, 96, 128, 192, 256, 384, 512, 640, 768, 1024)
_START = ServingDesign(
    phase="decode",
    batch=BATCHES[0],
    context_tokens=1,
    precision="fp8",
    kv_precision="fp8",
    attention_kernel="fused",
    dispatch="graph",
    fusion=PARTIAL,
    kv_layout="paged",
    experts="dense",
    draft_tokens=0,
    sparsity="dense",
    device_id=H100_SXM.id,
)


def _experts_words(found: ServingScenario, start: ServingDesign, design: ServingDesign) -> str:
    """Say what the experts alone change in a step of the start: bytes of weights, FLOPs of a token, time."""
    mixed = start.replace(experts=design.experts if design.experts != "dense" else "tensor")
    before, after = evaluate(found, start), evaluate(found, mixed)
    read, read_after = (float(each.operators.weight_bytes.sum()) for each in (before, after))
    return (
        f"With {format_count(start.batch)} sequences in a round nearly every expert is chosen by some token: a GPU reads "
        f"{format_bytes(read_after)} of weights for a step instead of {format_bytes(read)}, although a token computes "
        f"{format_ratio(float(after.flop_per_output / before.flop_per_output))} the FLOPs. The experts alone take a step "
        f"from {format_time(before.step_time_s)} to {format_time(after.step_time_s)}."
    )


DEMAND = Demand(
    text="Sales has promised twice the tokens a second, from the GPUs that we have. A mixture of experts needs only "
    "part of its parameters for a token: that should do it.",
    claim="the experts",
    claimed=("experts",),
    mechanism=_experts_words,
    source=SERVICE_ASSUMPTION,
    quantity="tokens_per_s",
    unit="tokens/s",
)


@lru_cache(maxsize=64)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other requests, drafts and patience, another best design.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    return first_sound(_mission, variant, "a mission to invent for Cloud Titan", sound=_is_sound)


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 301 + attempt, 8).tolist()

    pick = picker(variant, draws)

    patience_s = pick(0, tuple(each / 1000 for each in range(10, 26)), 0.014)
    place = served(
        variant,
        device=H100_SXM,
        device_count=pick(1, (4, 8), 8),
        inter_token_s=patience_s,
        start=_START.replace(
            fusion=pick(2, (PARTIAL, BUILDABLE), PARTIAL),
            sparsity=pick(7, ("dense", "2:4", "2:4"), "2:4"),
        ),
        mixture=MIXTRAL_8X22B,
        draft=LLAMA_3_8B,
        prompt_tokens=pick(3, (128, 256, 512, 1024), 512),
        output_tokens=pick(4, (512, 1024, 2048), 1024),
        acceptance_fraction=pick(5, (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85), 0.7),
        imbalance_factor=pick(6, (1.1, 1.2, 1.3, 1.4, 1.5), 1.25),
    )
    place = _at_its_limit(place)
    return Mission(
        scenario=place,
        baseline=place.crisis,
        tempting=place.crisis.replace(batch=BATCHES[-1], draft_tokens=ASKED_DRAFTS, fusion=BUILDABLE),
        tempting_reason="Drafts for so many sequences make a large product of every verification: the GPUs give more "
        "tokens, and each reader waits too long for the next one.",
        objective=Objective(
            name="Throughput",
            quantity="tokens_per_s",
            unit="tokens/s",
            ties=(("needed_bytes", False), ("flop_per_output", False)),
            equals=("outputs_per_s", "output_time_s"),
        ),
    )


def _at_its_limit(place: ServingScenario) -> ServingScenario:
    """Return the service with the largest batch that it can bear now; the smallest where it can bear none."""
    feasible = evaluate(place, place.crisis.replace(batch=np.array(BATCHES))).feasible
    start = place.crisis.replace(batch=BATCHES[int(np.flatnonzero(feasible)[-1])] if feasible.any() else BATCHES[0])
    return replace(place, crisis=start, reference=start)


def _is_sound(found: Mission) -> bool:
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    fall = fall_fraction(found.scenario)
    clear = min(abs(fall), abs(fall - MUCH_FRACTION)) > CLEAR_FRACTION
    tempts = tempting.tokens_per_s > now.tokens_per_s and not tempting.targets[0].met
    if not (clear and tempts and now.feasible):
        return False
    best = sole_best(found, INVENT_CONTROLS, least_count=LEAST_FEASIBLE_COUNT, most_fraction=MOST_FEASIBLE_FRACTION)
    if best is None:
        return False
    gain = best.value / now.tokens_per_s
    return (
        gain > LEAST_GAIN
        and abs(gain - DEMAND.factor) > CLEAR_FACTOR
    )


def fall_fraction(found: ServingScenario) -> float:
    """Return by which share four drafts shorten the time between tokens; negative where they lengthen it."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    return float(1 - after.inter_token_s / before.inter_token_s)


def load_answer(found: ServingScenario) -> str:
    fall = fall_fraction(found)
    return "rises" if fall < 0 else "little" if fall < MUCH_FRACTION else "much"


FUSION_LEVELS = (
    Choice(id=NOTHING_FUSED, text="None"),
    Choice(id=PARTIAL, text="Partial: sums, norms; SiLU, product"),
    Choice(id=BUILDABLE, text="All-reduce to norm; gate, up, product"),
)
INVENT_CONTROLS = (
    Control(
        id="experts",
        label="Model",
        choices=(
            Choice(id="dense", text="Dense: Llama-3-70B"),
            Choice(id="tensor", text="Experts: Mixtral-8x22B, split over GPUs"),
            Choice(id="expert", text="Experts: Mixtral-8x22B, whole per GPU"),
        ),
        help="Eight experts, two for each token; all of them are kept. Experts that stand whole need an all-to-all, "
        "and the busiest GPU decides.",
    ),
    Control(
        id="draft_tokens",
        label="Drafted tokens",
        values=(0, 1, 2, 3, 4, 6),
        unit="tokens",
        help="Llama-3-8B drafts so many tokens for each sequence, and the large model verifies them together. "
        "Without any it is not loaded.",
    ),
    Control(
        id="sparsity",
        label="Sparsity",
        choices=(
            Choice(id="dense", text="None"),
            Choice(id="unstructured-70", text="Unstructured, 70% kept"),
            Choice(id="unstructured-50", text="Unstructured, 50% kept"),
            Choice(id="2:4", text="Two of every four kept"),
        ),
        help="Weights of the layers that are left out. Matrix units skip two of four and nothing else. What it does to "
        "answers is not modelled.",
    ),
    Control(
        id="precision",
        label="Weights",
        choices=tuple(Choice(id=each, text=WEIGHT_SCHEMES[each].name) for each in ("bf16", "w8a16", "fp8")),
        help="How weights are stored. Only FP8 also computes in FP8. What it does to answers is not modelled.",
    ),
    Control(
        id="kv_precision",
        label="KV cache",
        choices=tuple(
            Choice(id=each, text=words)
            for each, words in zip(KV_FORMATS, ("BF16", "FP8, unpacked to BF16"), strict=True)
        ),
        help="How keys and values are stored. Attention computes in BF16 in either case.",
    ),
    Control(
        id="fusion",
        label="Fusion",
        choices=FUSION_LEVELS,
        help="Which neighbours of a layer share a kernel, in the large model and in the draft model.",
    ),
    Control(
        id="batch",
        label="Batch",
        values=BATCHES,
        unit="sequences",
        help="Sequences in every round. Each finished one is replaced by a new one, whose prompt rides along.",
    ),
)
