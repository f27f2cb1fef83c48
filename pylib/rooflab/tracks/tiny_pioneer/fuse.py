"""Part 2 of Tiny Pioneer: what fusion takes from a hop whose weights it cannot take away."""


from rooflab.evaluate import evaluate
from rooflab.specs import HOP_FORMATS, Choice, Gauge, Hints, Lever, Question, TileProblem
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.tracks.parts import fusion_question, part_two
from rooflab.tracks.tiny_pioneer.fuse_mission import FUSE_CONTROLS, fall_answer, fall_fraction, fuse_mission
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
        "A kernel that ends with the ReLU keeps the sums where they are: one write and one reading less, and "
        f"not one operation. In this cell as well: {format_bytes(_moved(before))} a hop apart, "
        f"{format_bytes(_moved(after))} in one kernel, and {format_count(same)} operations either way. What is left are the "
        "weights, each of which is used once a hop: no kernel can share that reading."
    )
    if choice_id == "data":
        return words
    return words + " Operations fall only if the algorithm changes, and may rise where a fused kernel recomputes."


def _fall_words(found: EarbudScenario, choice_id: str) -> str:
    before, after = (evaluate(found, each) for each in (found.crisis, found.reference))
    starts = float(before.bound_times_s[2])
    words = (
        f"The hop computes for {format_time(before.hop_time_s)} now and {format_time(after.hop_time_s)} in one "
        f"kernel: {format_fraction(fall_fraction(found))} shorter. Of the first, starts of "
        f"{float(before.operators.launches.sum()):.0f} kernels and their rows take {format_time(starts)}, and waiting "
        f"for weights {format_time(before.bound_times_s[0])}. Fusion takes away starts, and values of "
        f"{format_bytes(_moved(before) - _moved(after))} that are in SRAM; it takes away no weight."
    )
    if choice_id == fall_answer(found):
        return words
    return words + " How much that is depends on what the hop does besides: Amdahl's law."


def _tiling(found: EarbudScenario, design: EarbudDesign) -> TileProblem:
    """Return the product of the whole cell, to be cut into blocks of rows for the chip's cores."""
    return TileProblem(
        name="the gates' product",
        rows=4 * int(design.hidden),
        columns=int(design.hops_batched),
        depth=found.network.inputs + int(design.hidden),
        slots=found.chip(design.chip_id).cores,
        on_chip_bytes=ROW_BLOCK_BYTES,
        element_bytes=HOP_FORMATS[design.weights],
        accumulator_bytes=4.0,
        tile_rows=(4, 16, 32, 64, 128, 256),
        tile_columns=(1, 2, 4),
        splits=(1, 2),
    )


_QUESTIONS = (
    fusion_question(_fusion_words),
    Question(
        id="one-kernel",
        text="The whole cell is fused into one kernel, and nothing else changes. By how much shorter is the "
        "computing of a hop than now?",
        choices=(
            Choice(id="large", text="Shorter by more than 30%"),
            Choice(id="middle", text="Shorter by 5% to 30%"),
            Choice(id="small", text="Shorter by less than 5%"),
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
        name="Line efficiency",
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
    briefing=(
        "The board with the vector core, the ESP32-S3, is to run the cell as well as it can: use as much of its "
        "arithmetic as possible. Radio and audio leave a part of the SRAM; the 10 ms from the microphone to the "
        "ear stay.",
        "You may group the six steps of the cell into kernels, place the weights, choose their format, the size of "
        "the state and the kernel, and collect several hops before you compute them. {attempts_count} attempts "
        "are scored.",
        "The power budget is out of this part's reach, whatever you do: it is the next part's.",
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
    reflection="The kernels are too small and their starts dominate: propose a tiling of the product that "
    "saturates the hardware, in blocks of rows for the cores, and say what it costs.",
)
