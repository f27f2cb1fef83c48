"""What is tried on the benches of Cloud Titan, and what it is asked to have shown."""

from rooflab.analyses.trials import Trial
from rooflab.evaluate import Outcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.fuse_mission import NOTHING_FUSED, WHOLE_CHAIN
from rooflab.tracks.experiments import acceptance, compared, drafted, fused, moved, roof_experiments, went
from rooflab.tracks.observations import fused_observation, guessed_observation, roofs_observation
from rooflab.units import format_bytes, format_count, format_fraction, format_number

__all__ = ["EXPERIMENTS", "OBSERVATIONS", "assumed"]

NO_DRAFT = {"draft_tokens": 0}


def assumed(found: ServingScenario) -> str:
    """Return the share of drafted tokens that the scenario assumes to be accepted."""
    return f"{format_fraction(found.service.acceptance_fraction)} of drafted tokens"


def _intensities(before: Outcome, after: Outcome) -> str:
    attention, product = (
        went(*(float(each.operators.intensity_flop_per_byte[at]) for each in (before, after)), format_number)
        for at in (before.operators.ids.index("attention"), before.operators.ids.index("gate_up"))
    )
    return (
        f"FLOP per byte of attention: {attention}; of gate and up: {product}. All sequences of a batch share the weights, "
        "but each brings its own keys and values."
    )


def _shared(before: Outcome, after: Outcome) -> str:
    per_token = went(float(before.bytes_per_output), float(after.bytes_per_output), format_bytes)
    return (
        f"Bytes for each token: {per_token}. The weights are read once a step, whoever uses them; the time to the "
        f"next token {moved(float(before.inter_token_s), float(after.inter_token_s), _time)}."
    )


def _paged(before: Outcome, after: Outcome) -> str:
    needed = moved(float(before.needed_bytes), float(after.needed_bytes), format_bytes)
    batch = moved(float(before.max_batch_count), float(after.max_batch_count), lambda value: format_count(int(value)))
    return (
        f"Memory needed {needed}; the largest batch that fits {batch}. A page is taken when a sequence grows into it; a contiguous "
        "cache reserves the longest request at once."
    )


def _experts(before: Outcome, after: Outcome) -> str:
    stored = went(*(float(each.capacity.weight_bytes) for each in (before, after)), format_bytes)
    read = went(*(float(each.operators.weight_bytes.sum()) for each in (before, after)), format_bytes)
    flop = went(float(before.flop_per_output), float(after.flop_per_output), lambda value: format_number(value / 1e9))
    return (
        f"On each GPU, weights stored: {stored}. Weights read in a step: {read}. GFLOP for each token: {flop}. "
        "A token passes few experts, a batch of tokens nearly all of them."
    )


def _time(value_s: float) -> str:
    return f"{format_number(1000 * value_s)} ms"


def _halved(trial: Trial) -> bool:
    return trial.design.phase == "decode" and trial.design.batch <= trial.start.batch / 2


EXPERIMENTS = {
    1: (
        *roof_experiments("attention, which is memory-bound"),
        compared(
            "batch-intensity",
            do="In decode, halve the batch or make it smaller still.",
            watch="The dots of attention and of gate and up.",
            when=_halved,
            other=lambda trial: {"batch": trial.start.batch},
            words=_intensities,
        ),
    ),
    2: (
        fused(NOTHING_FUSED),
        compared(
            "batch-weights",
            do="Double the batch at least.",
            watch="Bytes for each token, and the time to the next one.",
            when=lambda trial: trial.design.batch >= 2 * trial.start.batch,
            other=lambda trial: {"batch": trial.start.batch},
            words=_shared,
        ),
        compared(
            "paged-cache",
            do="Page the cache.",
            watch="The memory that the same batch needs.",
            when=lambda trial: trial.design.kv_layout == "paged",
            other=lambda trial: {"kv_layout": "contiguous"},
            words=_paged,
        ),
    ),
    3: (
        drafted(
            "drafted-tokens",
            do="Draft at least one token.",
            off=NO_DRAFT,
            words="Every drafted token is verified, those that are rejected as well; the weights are read once for all of them.",
        ),
        acceptance("With tokens drafted, change the share guessed right.", off=NO_DRAFT),
        compared(
            "experts-stored",
            do="Take the mixture of experts.",
            watch="Weights stored against weights read in a step.",
            when=lambda trial: trial.design.experts != "dense",
            other=lambda trial: {"experts": "dense"},
            words=_experts,
        ),
    ),
}
OBSERVATIONS = {
    1: roofs_observation("attention", "attention"),
    2: fused_observation({"fusion": NOTHING_FUSED}, {"fusion": WHOLE_CHAIN}, "the whole chain was fused instead of nothing"),
    3: guessed_observation(
        NO_DRAFT,
        {"draft_tokens": 4},
        "four tokens were drafted instead of none",
        "Rejected tokens are verified too, so O rises for each one that is kept; a step reads the weights once for all of them, "
        "and the draft model reads its own.",
    ),
}
