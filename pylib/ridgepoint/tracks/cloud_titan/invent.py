"""Part 3 of Cloud Titan: drafts, experts and sparse weights for more tokens a second within a reader's patience."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import ServingOutcome, best_designs, evaluate
from ridgepoint.facts.devices import H100_SXM
from ridgepoint.facts.workloads import LLAMA_3_8B, MIXTRAL_8X22B
from ridgepoint.model.seeded import uniforms
from ridgepoint.specs import (
    WEIGHT_SCHEMES,
    Choice,
    Control,
    Demand,
    Gauge,
    Hints,
    Lever,
    Mission,
    Objective,
    Question,
    ServingDesign,
    ServingScenario,
)
from ridgepoint.tracks.cloud_titan.service import BUILDABLE, KV_FORMATS, NOTHING_FUSED, PARTIAL, served
from ridgepoint.tracks.parts import part_three, speculation_question
from ridgepoint.units import format_count, format_fraction, format_number, format_ratio, format_time

__all__ = ["ASKED_DRAFTS", "INVENT_CONTROLS", "PART_THREE", "invent_mission"]

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
DEMAND = Demand(
    text="Sales has promised twice the tokens a second, from the GPUs that we have. A mixture of experts needs only "
    "part of its parameters for a token: that should do it.",
    quantity="tokens_per_s",
    unit="tokens/s",
)


@lru_cache(maxsize=64)
def invent_mission(variant: int) -> Mission:
    """Return the mission of a variant: other requests, drafts and patience, another best design.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(200):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Cloud Titan finds no mission to invent for; variant 0 does.")


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 301 + attempt, 8).tolist()

    def pick(place: int, choices: tuple, standard: object) -> object:
        return standard if variant == 0 else choices[int(draws[place] * len(choices))]

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
        ),
    )


def _at_its_limit(place: ServingScenario) -> ServingScenario:
    """Return the service with the largest batch that it can bear now; the smallest where it can bear none."""
    feasible = evaluate(place, place.crisis.replace(batch=np.array(BATCHES))).feasible
    start = place.crisis.replace(batch=BATCHES[int(np.flatnonzero(feasible)[-1])] if feasible.any() else BATCHES[0])
    return replace(place, crisis=start, reference=start)


def _is_sound(found: Mission) -> bool:
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    fall = _fall_fraction(found.scenario)
    clear = min(abs(fall), abs(fall - MUCH_FRACTION)) > CLEAR_FRACTION
    tempts = tempting.tokens_per_s > now.tokens_per_s and not tempting.targets[0].met
    if not (clear and tempts and now.feasible):
        return False
    try:
        best = best_designs(found, INVENT_CONTROLS)
    except ModelError:
        return False
    gain = best.value / now.tokens_per_s
    return (
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and gain > LEAST_GAIN
        and abs(gain - DEMAND.factor) > CLEAR_FACTOR
    )


def _fall_fraction(found: ServingScenario) -> float:
    """Return by which share four drafts shorten the time between tokens; negative where they lengthen it."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    return float(1 - after.inter_token_s / before.inter_token_s)


def _draft_flop_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    alone = evaluate(found, found.crisis.replace(batch=1))
    alone_after = evaluate(found, found.crisis.replace(batch=1, draft_tokens=ASKED_DRAFTS))
    words = (
        "A verification computes every draft and the token after them, and the refused ones were work for nothing; the "
        f"draft model computes besides. With four drafts a round gives {float(after.round_tokens_count):.3g} tokens, and "
        f"one token takes {format_ratio(after.flop_per_output / before.flop_per_output)} the FLOPs at this load, "
        f"prompts included, {format_ratio(alone_after.flop_per_output / alone.flop_per_output)} for a single reader. "
        "What falls is bytes for each token, "
        f"to {format_fraction(alone_after.bytes_per_output / alone.bytes_per_output)} for a single reader: the weights "
        "are read once a round."
    )
    if choice_id == "increase":
        return words
    return words + " Verifying a token costs what decoding it costs; it only waits less."


def _load_answer(found: ServingScenario) -> str:
    fall = _fall_fraction(found)
    return "rises" if fall < 0 else "little" if fall < MUCH_FRACTION else "much"


def _load_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    draft_s = float(after.operators.time_s[-1])
    words = (
        f"{format_fraction(found.service.acceptance_fraction)} of the drafts are accepted, so a round gives "
        f"{float(after.round_tokens_count):.3g} tokens. It drafts for {format_time(draft_s)} and verifies for "
        f"{format_time(after.step_time_s - draft_s)}, where a plain step takes {format_time(before.step_time_s)}. The time "
        f"between tokens goes from {format_time(before.inter_token_s)} to {format_time(after.inter_token_s)}. With "
        f"{format_count(found.crisis.batch)} sequences the gate and up projections do "
        f"{format_number(_gate_intensity(before))} FLOP for each byte, and {format_number(_gate_intensity(after))} when "
        f"they verify; the ridge lies at {format_number(float(before.ridge_flop_per_byte))}."
    )
    if choice_id == _load_answer(found):
        return words
    return words + (
        " Drafts pay while weights take longer to arrive than drafts to be computed, and the more of the drafts hold."
    )


def _gate_intensity(outcome: ServingOutcome) -> float:
    operators = outcome.operators
    return float(operators.intensity_flop_per_byte[operators.ids.index("gate_up")])


FUSION_LEVELS = (
    Choice(id=NOTHING_FUSED, text="None"),
    Choice(id=PARTIAL, text="Partial: sums with norms, SiLU with the product"),
    Choice(id=BUILDABLE, text="All-reduce to norm, gate and up to the product"),
)
INVENT_CONTROLS = (
    Control(
        id="experts",
        label="Model",
        choices=(
            Choice(id="dense", text="Dense: Llama-3-70B"),
            Choice(id="tensor", text="Experts: Mixtral-8x22B, each on all GPUs"),
            Choice(id="expert", text="Experts: Mixtral-8x22B, whole on single GPUs"),
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
_GAUGES = (
    Gauge(id="throughput", name="Throughput", quantity="tokens_per_s", unit="tokens/s", help="Of all GPUs together"),
    Gauge(
        id="inter-token",
        name="Time between tokens",
        quantity="inter_token_s",
        unit="s",
        help="The mean that a reader waits from one token to the next",
    ),
    Gauge(
        id="round",
        name="Tokens of a round",
        quantity="round_tokens_count",
        unit="tokens",
        help="For each sequence: those drafts that hold, and one more",
    ),
    Gauge(
        id="flop",
        name="FLOPs of a token",
        quantity="flop_per_output",
        unit="FLOP",
        help="On one GPU: verification, drafts and its share of the prompts",
    ),
    Gauge(
        id="capacity",
        name="memory",
        quantity="needed_bytes",
        unit="B",
        help="All experts, the draft model and both caches, on one GPU",
    ),
    Gauge(
        id="mfu",
        name="MFU",
        quantity="mfu_fraction",
        help="Only FLOPs that a token of the chosen model needs count",
        full=1.0,
    ),
    Gauge(
        id="mbu",
        name="MBU",
        quantity="mbu_fraction",
        help="Experts that were chosen, and the cache once",
        full=1.0,
    ),
)

PART_THREE = part_three(
    available=True,
    briefing=(
        "The machine is in good shape, and the service runs with the largest batch that its readers bear. What is "
        "left is the algorithm: a small model that drafts, a mixture of experts of the same class, weights left out.",
        "A drafted token is verified by the large model. A mixture needs few of its parameters for a token and keeps "
        "all of them. Sparse weights are fewer bytes, and in one pattern fewer operations.",
        "Find the design with the most tokens a second that fits into the memory of the GPUs and keeps the time "
        "between tokens. Then answer the product lead.",
    ),
    questions=(
        speculation_question(_draft_flop_words),
        Question(
            id="draft-load",
            text="Llama-3-8B now drafts four tokens in every round, and Llama-3-70B verifies them together. The batch "
            "and all else stay as they are. What happens to the mean time between the tokens that a reader sees?",
            choices=(
                Choice(id="rises", text="It rises"),
                Choice(id="little", text="It falls by less than 10%"),
                Choice(id="much", text="It falls by 10% or more"),
            ),
            answer=_load_answer,
            explain=_load_words,
        ),
    ),
    controls=INVENT_CONTROLS,
    gauges=_GAUGES,
    mission=invent_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("precision", "kv_precision")),
        Lever(id="fusion", name="Fusion", fields=("fusion",)),
        Lever(id="algorithm", name="Algorithm", fields=("experts", "draft_tokens", "sparsity")),
        Lever(id="batch", name="Batch", fields=("batch",)),
    ),
    demand=DEMAND,
    hints=(
        Hints(
            step="explore",
            words=(
                "Move one control at a time and see which of bytes, FLOPs and launches it changes for a token.",
                "Drafts turn one short step into fewer, larger ones. Experts read nearly all their weights as soon as "
                "a dozen tokens choose; what stays small is the FLOPs of a token.",
                "Try each change at batch 1, at 32, and at 256: where a step waits for weights, where for launches, and "
                "where for arithmetic.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "The batch pays most. Ask of every other control: does it shorten the time between tokens, so that "
                "the batch may grow?",
                "Drafts make time for a larger batch where that time is short of its limit; few drafts are enough "
                "when many sequences share the verification.",
                "Narrow and sparse weights are worth their place in every model. Compare the dense model and both "
                "ways to keep experts, each with one draft and with none, at the largest batch that it bears.",
            ),
        ),
    ),
    reflection="Defend the final performance strategy: did you optimise the machine (fusion) or the algorithm "
    "(speculation)? How was the systems gap bridged?",
)
