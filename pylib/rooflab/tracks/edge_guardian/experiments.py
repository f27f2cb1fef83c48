"""What is tried on the benches of Edge Guardian, and what it is asked to have shown."""

from rooflab.evaluate import BOUNDS, Outcome
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.experiments import acceptance, changed, compared, drafted, experts_stored, fused, moved, moved_bytes, roof_experiments, went
from rooflab.tracks.observations import fused_observation, guessed_observation, roofs_observation
from rooflab.units import format_bytes, format_fraction, format_quantity, format_time

__all__ = ["EXPERIMENTS", "OBSERVATIONS", "assumed"]

NOTHING_FUSED = "0000"
NO_LOOK = {"cascade": "off"}
LATENCY = BOUNDS.index("latency")


def assumed(found: VehicleScenario) -> str:
    """Return the share of frames for which the scenario assumes a first look to be enough."""
    return (
        f"{format_fraction(found.rig.exit_acceptance_fraction)} of frames after an early exit, "
        f"{format_fraction(found.rig.verify_acceptance_fraction)} after a prediction"
    )


def _recorded(before: Outcome, after: Outcome) -> str:
    chance = moved(float(before.chance_seen_fraction), float(after.chance_seen_fraction), format_fraction)
    return (
        f"The chance that a recording holds a frame over the deadline {chance}. {format_fraction(float(after.miss_fraction))} of "
        "all frames miss it: what is so rare needs many frames to be seen at all."
    )


def _waits(before: Outcome, after: Outcome) -> str:
    launches = went(*(float(each.operators.launches.sum() / each.outputs) for each in (before, after)), lambda value: f"{value:.0f}")
    return (
        f"The first image waits for the last: {went(float(before.wait_s), float(after.wait_s), format_time)}. "
        f"Launches for each image: {launches}. A larger batch shares launches and weights, and its oldest image pays."
    )


def _launched(before: Outcome, after: Outcome) -> str:
    waits = moved(*(float(each.bound_times_s[LATENCY]) for each in (before, after)), format_time)
    return (
        f"Time of a step in launches, gaps and host work {waits}; its bytes: {went(*map(moved_bytes, (before, after)), format_bytes)}. "
        "A graph starts every kernel at once and changes none of them."
    )


def _experts(before: Outcome, after: Outcome) -> str:
    stored = went(*(dict(each.capacity.parts)["weights"] for each in (before, after)), format_bytes)
    flop = went(float(before.flop_per_output), float(after.flop_per_output), lambda value: format_quantity(value, "FLOP"))
    return f"Weights stored: {stored}. Operations for each image: {flop}. All are kept, one looks."


EXPERIMENTS = {
    1: (
        *roof_experiments("the stem or the resize, which are memory-bound"),
        compared(
            "longer-recording",
            do="Record more frames.",
            watch="The chance that a bad frame is among them.",
            when=lambda trial: trial.design.frames > trial.start.frames,
            other=lambda trial: {"frames": trial.start.frames},
            words=_recorded,
        ),
    ),
    2: (
        fused(NOTHING_FUSED),
        changed(
            "batch-waits",
            do="Change how many cameras a batch has.",
            watch="How long the first image waits.",
            field="batch",
            words=_waits,
        ),
        changed(
            "graph-launches",
            do="Change the dispatch.",
            watch="Launch overhead and gaps.",
            field="dispatch",
            words=_launched,
        ),
    ),
    3: (
        drafted(
            "first-look",
            do="Take a first look.",
            off=NO_LOOK,
            words="A token that is drafted is always verified; an image whose first look suffices is not, so operations may fall.",
        ),
        acceptance("With a first look, change the share guessed right.", off=NO_LOOK),
        experts_stored(
            do="Take two experts or more.",
            watch="Weights stored against operations for each image.",
            words=_experts,
        ),
    ),
}
OBSERVATIONS = {
    1: roofs_observation("stem", "the stem"),
    2: fused_observation({"fusion": NOTHING_FUSED}, {"fusion": "1111"}, "every boundary was fused instead of none"),
    3: guessed_observation(
        NO_LOOK,
        {"cascade": "exit"},
        "an early exit looked first instead of the full detector alone",
        "The first look is paid for every image, the full one for those that it does not settle.",
    ),
}
