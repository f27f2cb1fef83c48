"""Part 2 of Tiny Pioneer: what fusion takes from a hop whose weights it cannot take away."""


from rooflab.evaluate import evaluate
from rooflab.facts.hearable_sources import BUS_ASSUMPTION, SRAM_WIDTHS
from rooflab.specs import HOP_FORMATS, Choice, Gauge, Hints, Lever, Question, TileMemory, TileProblem
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.tiny_pioneer.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.parts import BUS, fusion_question, part_two
from rooflab.tracks.tiny_pioneer.fuse_mission import (
    FUSE_CONTROLS,
    LARGE_FRACTION,
    SMALL_FRACTION,
    fall_answer,
    fall_fraction,
    fuse_mission,
)
from rooflab.units import format_bytes, format_count, format_fraction, format_time

__all__ = ["PART_TWO"]

ROW_BLOCK_BYTES = 8192.0
"""What a core keeps at hand while it walks over a block of rows: a quarter of the cache of 32 KiB, assumed."""


def _moved(outcome: EarbudOutcome) -> float:
    return float(outcome.operators.hbm_bytes.sum())


def _fusion_words(found: EarbudScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    same = float(after.operators.flop.sum())
    words = (
        "A kernel that ends with the ReLU keeps the sums on the chip: one write and one read less, and not one "
        f"operation. Here too: {format_bytes(_moved(before))} a hop apart, {format_bytes(_moved(after))} in one kernel, "
        f"{format_count(same)} operations either way. The rest is weights, each used once a hop."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where a fused kernel recomputes."


def _fall_words(found: EarbudScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    starts = float(before.bound_times_s[2])
    words = (
        f"The hop goes from {format_time(before.hop_time_s)} to {format_time(after.hop_time_s)} in one kernel, "
        f"{format_fraction(fall_fraction(found))} shorter. Launch overhead of "
        f"{float(before.operators.launches.sum()):.0f} kernels was {format_time(starts)} of it, waiting for weights "
        f"{format_time(before.bound_times_s[0])}. Fusion saves launches, and {format_bytes(_moved(before) - _moved(after))} "
        "of values in SRAM; it saves no weight."
    )
    if choice_id == fall_answer(found):
        return words
    return words + " A change saves only what it removes: Amdahl's law."


def _tiling(found: EarbudScenario, design: EarbudDesign) -> TileProblem:
    """Return the product of one hop, to be cut into blocks of rows: each is a call of the kernel on one core."""
    chip, outcome = found.chip(design.chip_id), evaluate(found, design)
    kernel, value_bytes = chip.kernels[design.weights, design.kernel], HOP_FORMATS[design.weights]
    memory, sram = chip.memory(design.placement), chip.memory("sram")
    return TileProblem(
        name="the gates' product",
        rows=4 * int(design.hidden),
        columns=1,
        depth=found.network.inputs + int(design.hidden),
        slots=1,
        on_chip_bytes=ROW_BLOCK_BYTES,
        row_element_bytes=value_bytes,
        column_element_bytes=value_bytes,
        output_element_bytes=value_bytes,
        accumulator_bytes=4.0,
        flop_per_s=2 * chip.clock_hz / kernel.mac_cycles * float(outcome.vector_fraction),
        memory=TileMemory(name=memory.name, bytes_per_s=float(outcome.given_bytes_per_s), source=BUS_ASSUMPTION),
        cache=TileMemory(name="SRAM", bytes_per_s=sram.bytes_per_s, source=SRAM_WIDTHS),
        tile_start_s=kernel.call_cycles / chip.clock_hz,
        start_source=chip.source_of("kernels"),
        tile_rows=(4, 16, 32, 64, 128, 256),
        tile_columns=(1, 2, 4),
        splits=(1, 2),
        sources=(BUS_ASSUMPTION, SRAM_WIDTHS),
    )


_QUESTIONS = (
    fusion_question(_fusion_words),
    Question(
        id="one-kernel",
        text="The whole cell is fused into one kernel, and nothing else changes. By how much shorter is the "
        "computing of a hop than now?",
        choices=(
            Choice(id="large", text=f"Shorter by more than {LARGE_FRACTION:.0%}"),
            Choice(id="middle", text=f"Shorter by {SMALL_FRACTION:.0%} to {LARGE_FRACTION:.0%}"),
            Choice(id="small", text=f"Shorter by less than {SMALL_FRACTION:.0%}"),
        ),
        answer=fall_answer,
        explain=_fall_words,
    ),
)
_GAUGES = (
    Gauge(
        id="mfu",
        name="MFU",
        quantity="mfu_fraction",
        help="Of the fastest loop that the chip has in this format",
        full=1.0,
    ),
    Gauge(
        id="mbu",
        name="MBU",
        quantity="mbu_fraction",
        help="Of the memory that holds the weights",
        full=1.0,
    ),
    BUS,
    Gauge(id="hop", name="Computing a hop", quantity="hop_time_s", unit="s", help="A hop comes every 5 ms", full=5e-3),
    Gauge(
        id="delay",
        name="Delay",
        quantity="delay_s",
        unit="s",
        help="Collecting the hops, and computing them",
        full=20e-3,
    ),
    Gauge(
        id="pull",
        name="Memory–math ratio",
        quantity="pull_fraction",
        unit="×",
        help="Asked, of what the memory gives; above 1 the core waits",
        full=2.0,
    ),
    Gauge(
        id="lines",
        name="Useful bytes",
        quantity="line_fraction",
        help="Of what is stored and fetched, the part that is weights",
        full=1.0,
    ),
    Gauge(
        id="vectors",
        name="Vector efficiency",
        quantity="vector_fraction",
        help="Of what is multiplied, the part that is weights",
        full=1.0,
    ),
)

PART_TWO = part_two(
    situation="What the hop waits for is known.",
    briefing=(
        "Run the cell on the ESP32-S3, whose core has vectors, and use as much of its arithmetic as possible. Radio "
        "and audio leave part of the SRAM; the delay stays within 10 ms. Power is the next part's.",
        "{attempts_count} attempts are scored.",
    ),
    questions=_QUESTIONS,
    controls=FUSE_CONTROLS,
    gauges=_GAUGES,
    instruments=("matrix",),
    mission=fuse_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("weights",)),
        Lever(id="fusion", name="Fusion, kernel and placement", fields=("fusion", "kernel", "placement")),
        Lever(id="algorithm", name="State and hops together", fields=("hidden", "hops_batched")),
    ),
    tiling=_tiling,
    hints=(
        Hints(
            step="explore",
            words=(
                "Look at the traffic that fusion takes away, and then at the traffic that is left: what is it?",
                "Profiler mode shows the gaps in front of the kernels. Fuse boundary by boundary, and watch them.",
                "Compare full fusion once with the weights in flash and once in SRAM: the same starts are saved, "
                "from a hop that is long or short.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "A hop that waits for memory uses little arithmetic, however it is fused. Where can the weights "
                "be read as fast as they are multiplied?",
                "What fits there depends on format and state. Starts and rows weigh less in a larger cell, if its "
                "rows fill their vectors.",
                "Collecting hops helps one of the two products only, and every hop that is collected is waited "
                "for. Try the largest state whose rows are whole vectors and that still fits.",
            ),
        ),
    ),
    reflection="The baseline starts many small kernels, and each start costs cycles: propose a tiling of the product, in blocks of "
    "rows for one core, that saturates it, and say what it costs.",
    experiments=EXPERIMENTS[2],
    observation=OBSERVATIONS[2],
)
