"""What is tried on the benches of Mobile Nomad, and what it is asked to have shown."""

from rooflab.evaluate import Outcome
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.tracks.experiments import acceptance, compared, drafted, experts_stored, fused, moved, moved_bytes, roof_experiments, went
from rooflab.tracks.observations import fused_observation, guessed_observation, roofs_observation
from rooflab.units import format_bytes, format_fraction, format_quantity, format_time

__all__ = ["EXPERIMENTS", "OBSERVATIONS", "assumed"]

NOTHING_FUSED = "00000"
NO_GUESS = {"skipped_frames": 0, "draft_tokens": 0}
WARMER_C = 5


def assumed(found: GlassesScenario) -> str:
    """Return the shares of predicted frames and of drafted tokens that the scenario assumes to hold."""
    return (
        f"{format_fraction(found.scene.frame_acceptance_fraction)} of predicted frames, "
        f"{format_fraction(found.scene.token_acceptance_fraction)} of drafted tokens"
    )


def _warmer(before: Outcome, after: Outcome) -> str:
    limit = moved(float(before.power_limit_w), float(after.power_limit_w), _watts)
    return (
        f"The power that the skin bears {limit}; the power drawn {moved(float(before.power_w), float(after.power_w), _watts)}. The limit "
        "is the room left to the skin's temperature, over the thermal resistance: heat does not ask what the chip computes."
    )


def _phrases(before: Outcome, after: Outcome) -> str:
    at = before.operators.ids.index("vocabulary")
    table = went(*(float(each.operators.hbm_bytes[at]) for each in (before, after)), format_bytes)
    delay = moved(float(before.translation_delay_s), float(after.translation_delay_s), format_time)
    return f"Bytes of the vocabulary for each frame: {table}. The delay of a translation {delay}. One reading serves all phrases of a batch; the first waits for the last."


def _narrower(before: Outcome, after: Outcome) -> str:
    moves = went(*map(moved_bytes, (before, after)), format_bytes)
    ridge = moved(float(before.ridge_flop_per_byte), float(after.ridge_flop_per_byte), lambda value: f"{value:.0f} FLOP per byte")
    return f"Bytes of a frame: {moves}. The ridge {ridge}: INT8 throughout moves the roof and the dots, INT8 weights only the dots."


def _experts(before: Outcome, after: Outcome) -> str:
    stored = moved(float(before.footprint_bytes), float(after.footprint_bytes), format_bytes)
    flop = went(float(before.flop_per_output), float(after.flop_per_output), lambda value: format_quantity(value, "FLOP"))
    return f"The footprint of all weights {stored}. Operations for each frame: {flop}. One expert works, all are kept."


def _watts(value: float) -> str:
    return format_quantity(value, "W")


EXPERIMENTS = {
    1: (
        *roof_experiments("a memory-bound layer"),
        compared(
            "warmer-day",
            do=f"Make the day at least {WARMER_C} °C warmer.",
            watch="The power that the skin bears against the power drawn.",
            when=lambda trial: trial.design.ambient_c >= trial.start.ambient_c + WARMER_C,
            other=lambda trial: {"ambient_c": trial.start.ambient_c},
            words=_warmer,
        ),
    ),
    2: (
        fused(NOTHING_FUSED),
        compared(
            "phrases-batched",
            do="Translate two phrases or more together.",
            watch="Bytes of the vocabulary, and the delay of a translation.",
            when=lambda trial: trial.design.translations_batched >= 2,
            other=lambda trial: {"translations_batched": 1},
            words=_phrases,
        ),
        compared(
            "narrower-format",
            do="Choose another format than FP16.",
            watch="Bytes of a frame, and whether the roof moves.",
            when=lambda trial: trial.design.precision != "fp16",
            other=lambda trial: {"precision": "fp16"},
            words=_narrower,
        ),
    ),
    3: (
        drafted(
            "drafted-tokens",
            do="Draft at least two tokens, or predict a frame.",
            off=NO_GUESS,
            words="Drafted tokens are all verified, those that are rejected as well; a predicted frame that holds is not filtered.",
        ),
        acceptance("With guesses made, change the share guessed right.", off=NO_GUESS),
        experts_stored(
            do="Take four experts or more.",
            watch="The footprint against operations for each frame.",
            words=_experts,
        ),
    ),
}
OBSERVATIONS = {
    1: roofs_observation("depthwise", "the depthwise filters"),
    2: fused_observation({"fusion": NOTHING_FUSED}, {"fusion": "11111"}, "a block became one kernel instead of nothing being fused"),
    3: guessed_observation(
        {"draft_tokens": 0},
        {"draft_tokens": 4},
        "four tokens were drafted instead of none",
        "Rejected tokens are verified too, so O rises for each one that is kept; the decoder's weights are read once for all of them.",
    ),
}
