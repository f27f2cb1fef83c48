"""Part 3 of Cloud Titan: drafts, experts and sparse weights for more tokens a second within a reader's patience."""


from rooflab.evaluate import evaluate
from rooflab.specs import Choice, Gauge, Hints, Lever, Question
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.invent_mission import (
    ASKED_DRAFTS,
    DEMAND,
    INVENT_CONTROLS,
    invent_mission,
    load_answer,
)
from rooflab.tracks.parts import part_three, speculation_question
from rooflab.units import format_count, format_fraction, format_number, format_ratio, format_time

__all__ = ["PART_THREE"]


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
    if choice_id == load_answer(found):
        return words
    return words + (
        " Drafts pay while weights take longer to arrive than drafts to be computed, and the more of the drafts hold."
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
)

PART_THREE = part_three(
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
    reflection="Defend the final performance strategy: did you optimise the machine (fusion) or the algorithm "
    "(speculation)? How was the systems gap bridged?",
)
