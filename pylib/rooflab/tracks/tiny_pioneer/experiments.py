"""What is tried on the benches of Tiny Pioneer, and what it is asked to have shown."""

from rooflab.evaluate import Outcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.experiments import acceptance, changed, compared, drafted, experts_stored, fused, moved, roof_experiments, went
from rooflab.tracks.observations import fused_observation, guessed_observation, roofs_observation
from rooflab.units import format_bytes, format_fraction, format_quantity, format_ratio, format_time

__all__ = ["EXPERIMENTS", "OBSERVATIONS", "assumed"]

NOTHING_FUSED = "00000"
NO_GATE = {"gate": "none"}


def assumed(found: EarbudScenario) -> str:
    """Return the share of hops without need of the network that the scenario assumes each gate to catch."""
    caught = found.algorithms.caught_fraction
    return "caught by a gate: " + ", ".join(f"{name} {format_fraction(share)}" for name, share in caught.items() if share)


def _elsewhere(before: Outcome, after: Outcome) -> str:
    pull = moved(float(before.pull_fraction), float(after.pull_fraction), format_ratio)
    return (
        f"What the products ask of the weights' memory, over what it gives, {pull}; computing a hop "
        f"{moved(float(before.hop_time_s), float(after.hop_time_s), format_time)}. Beyond 1.00× the core waits for weights, below it "
        "they wait for the core."
    )


def _together(before: Outcome, after: Outcome) -> str:
    moves = went(float(before.bytes_per_output), float(after.bytes_per_output), format_bytes)
    return (
        f"Bytes for each hop: {moves}. The delay {moved(float(before.delay_s), float(after.delay_s), format_time)}. Only input "
        "weights can be shared: a hop needs the state of the hop before."
    )


def _aligned(before: Outcome, after: Outcome) -> str:
    return (
        f"Of what is multiplied, the share that is weights {moved(float(before.vector_fraction), float(after.vector_fraction), format_fraction)}; "
        f"of what is stored, it {moved(float(before.line_fraction), float(after.line_fraction), format_fraction)}. The rest fills up vectors and lines."
    )


def _experts(before: Outcome, after: Outcome) -> str:
    stored = moved(float(before.footprint_bytes), float(after.footprint_bytes), format_bytes)
    flop = went(float(before.flop_per_output), float(after.flop_per_output), lambda value: format_quantity(value, "FLOP"))
    return f"The footprint of all weights {stored}. Operations for each hop: {flop}. One network runs, all are kept."


EXPERIMENTS = {
    1: (
        *roof_experiments("a memory-bound layer; if there is none, move the weights to slower memory"),
        changed(
            "weights-elsewhere",
            do="Move the weights to another memory.",
            watch="What the products ask for against what that memory gives.",
            field="placement",
            words=_elsewhere,
        ),
    ),
    2: (
        fused(NOTHING_FUSED),
        compared(
            "hops-together",
            do="Collect two hops or more.",
            watch="Bytes for each hop, and the delay.",
            when=lambda trial: trial.design.hops_batched >= 2,
            other=lambda trial: {"hops_batched": 1},
            words=_together,
        ),
        changed(
            "aligned-state",
            do="Choose another size of the hidden state.",
            watch="How full vectors and lines are.",
            field="hidden",
            words=_aligned,
        ),
    ),
    3: (
        drafted(
            "gate-in-front",
            do="Put a gate in front.",
            off=NO_GATE,
            words="A token that is drafted is always verified; a hop that the gate spares is not, so operations fall, and speech is lost.",
        ),
        acceptance("With a gate, change the share guessed right.", off=NO_GATE),
        experts_stored(
            do="Take two networks or more.",
            watch="The footprint against operations for each hop.",
            words=_experts,
        ),
    ),
}
OBSERVATIONS = {
    1: roofs_observation("recurrent", "the recurrent product"),
    2: fused_observation({"fusion": NOTHING_FUSED}, {"fusion": "11111"}, "the cell became one kernel instead of nothing being fused"),
    3: guessed_observation(
        NO_GATE,
        {"gate": "cautious"},
        "a cautious gate stood in front instead of none",
        "The gate's own work is paid for every hop, the network's only for those that it lets through.",
    ),
}
