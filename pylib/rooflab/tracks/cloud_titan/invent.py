"""Part 3 of Cloud Titan: drafts, experts and sparse weights for more tokens a second within a reader's patience."""


from rooflab.evaluate import evaluate
from rooflab.specs import Choice, Gauge, Hints, Lever, Question
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.experiments import EXPERIMENTS, OBSERVATIONS, assumed
from rooflab.tracks.cloud_titan.invent_mission import (
    ASKED_DRAFTS,
    DEMAND,
    INVENT_CONTROLS,
    MUCH_FRACTION,
    invent_mission,
    load_answer,
)
from rooflab.tracks.parts import BUS, part_three, speculation_question
from rooflab.units import format_count, format_fraction, format_number, format_ratio, format_time

__all__ = ["PART_THREE"]


def _draft_flop_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    alone = evaluate(found, found.crisis.replace(batch=1))
    alone_after = evaluate(found, found.crisis.replace(batch=1, draft_tokens=ASKED_DRAFTS))
    words = (
        "Rejected drafts were work for nothing, and the draft model computes besides. A round of "
        f"{ASKED_DRAFTS} drafts gives {float(after.round_tokens_count):.3g} tokens, each at "
        f"{format_ratio(after.flop_per_output / before.flop_per_output)} the FLOPs at this load, "
        f"{format_ratio(alone_after.flop_per_output / alone.flop_per_output)} for a single reader. Bytes "
        f"fall, to {format_fraction(alone_after.bytes_per_output / alone.bytes_per_output)} for a single reader: "
        "weights are read once a round."
    )
    if choice_id == "increase":
        return words
    return words + " Verifying costs what decoding costs; it only waits less."


def _load_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(draft_tokens=ASKED_DRAFTS))
    draft_s = float(after.operators.time_s[-1])
    words = (
        f"With {format_fraction(found.service.acceptance_fraction)} accepted, a round gives "
        f"{float(after.round_tokens_count):.3g} tokens. It drafts for {format_time(draft_s)} and verifies for "
        f"{format_time(after.step_time_s - draft_s)}; a plain step takes {format_time(before.step_time_s)}. The time "
        f"between tokens goes from {format_time(before.inter_token_s)} to {format_time(after.inter_token_s)}: gate and up "
        f"do {format_number(_gate_intensity(before))} FLOP per byte, {format_number(_gate_intensity(after))} when they "
        f"verify, and the ridge lies at {format_number(float(before.ridge_flop_per_byte))}."
    )
    if choice_id == load_answer(found):
        return words
    return words + (
        " Drafts pay while the weights take longer to arrive than the drafts to verify."
    )


def _gate_intensity(outcome: ServingOutcome) -> float:
    operators = outcome.operators
    return float(operators.intensity_flop_per_byte[operators.ids.index("gate_up")])


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
    BUS,
)

PART_THREE = part_three(
    situation="More tokens are wanted from the same GPUs.",
    briefing=(
        "The machine is in good shape, and the batch is as large as readers bear. What is left is the algorithm.",
        "Find the most tokens a second that fit the memory and keep the time between tokens.",
    ),
    questions=(
        speculation_question(_draft_flop_words),
        Question(
            id="draft-load",
            text="Llama-3-8B now drafts four tokens a round, and Llama-3-70B verifies them together; nothing else changes. "
            "What happens to the mean time between the tokens that a reader sees?",
            choices=(
                Choice(id="rises", text="It rises"),
                Choice(id="little", text=f"It falls by less than {MUCH_FRACTION:.0%}"),
                Choice(id="much", text=f"It falls by {MUCH_FRACTION:.0%} or more"),
            ),
            answer=load_answer,
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
    experiments=EXPERIMENTS[3],
    observation=OBSERVATIONS[3],
    assumed=assumed,
)
