"""Part 2 of Edge Guardian: the fusion set that fills the tensor cores and keeps every deadline."""


from rooflab.evaluate import evaluate
from rooflab.facts.sources import L2_ASSUMPTION
from rooflab.model.roofline import LATENCY, MEMORY
from rooflab.specs import Choice, Gauge, Hints, Lever, Question, TileMemory, TileProblem
from rooflab.systems.vehicle.design import LOOP_FORMATS, VehicleDesign
from rooflab.systems.vehicle.detector import matrix_flop_per_s
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.edge_guardian.diagnose import TAIL_GAUGES
from rooflab.tracks.edge_guardian.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.edge_guardian.fuse_mission import (
    ALL_PASSES,
    FUSE_CONTROLS,
    LARGE_FALL_FRACTION,
    SMALL_FALL_FRACTION,
    fall_answer,
    fall_fraction,
    fuse_mission,
)
from rooflab.tracks.gpu_tiles import UNIT_COLUMNS, UNIT_ROWS, l2_cache
from rooflab.tracks.parts import fusion_question, part_two
from rooflab.units import format_bytes, format_count, format_fraction, format_time

__all__ = ["PART_TWO"]

_TILED = "7 down"


def _linear_words(found: VehicleScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="1100"))
    words = (
        "Fused, the activation's input never leaves the chip: one write and one read less. With norms and SiLU in their "
        f"convolutions the detector does {format_count(after.operators.flop.sum() / 1e6)} million operations, as before, "
        f"and moves {format_bytes(after.operators.hbm_bytes.sum())} instead of "
        f"{format_bytes(before.operators.hbm_bytes.sum())}."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where tiles recompute."


def _fall_words(found: VehicleScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=ALL_PASSES))
    left = [before.operators.ids.index(each) for each in ("copy", "nms", "plan")]
    untouched_s = float(before.operators.time_s[left].sum())
    words = (
        f"A usual frame goes from {format_time(before.step_time_s)} to {format_time(after.step_time_s)}, "
        f"{format_fraction(round(fall_fraction(found), 3))} less: {format_count(before.operators.launches.sum())} "
        f"launches become {format_count(after.operators.launches.sum())}, and "
        f"{format_bytes(before.operators.hbm_bytes.sum())} become {format_bytes(after.operators.hbm_bytes.sum())}. "
        f"Copy, suppression and decision keep their {format_time(untouched_s)}. "
    )
    starts_s, bytes_s = (float(before.bound_times_s[each] - after.bound_times_s[each]) for each in (LATENCY, MEMORY))
    words += (
        f"Launch overhead falls by {format_time(starts_s)}, traffic by {format_time(bytes_s)}: "
        + ("launches count most." if starts_s > bytes_s else "bytes count most.")
    )
    if choice_id == fall_answer(found):
        return words
    return words + " A change saves only what it removes: Amdahl's law."


def _tiling(found: VehicleScenario, design: VehicleDesign) -> TileProblem:
    """Return the product of the last downsampling: few places, so few tiles for the multiprocessors."""
    layer = next(each for each in found.network.layers if each.name == _TILED)
    element = LOOP_FORMATS[design.precision].element_bytes
    bytes_per_s = found.calibration.hbm_fraction * found.device.fact("hbm_bytes_per_s")
    return TileProblem(
        name="Last downsampling of the backbone",
        rows=layer.output_count // layer.channels * int(design.batch),
        columns=layer.channels,
        depth=layer.macs_count // layer.output_count,
        slots=found.device.fact("sm_count"),
        on_chip_bytes=found.calibration.on_chip_bytes,
        row_element_bytes=element,
        column_element_bytes=element,
        output_element_bytes=element,
        accumulator_bytes=4.0,
        flop_per_s=matrix_flop_per_s(found, design),
        memory=TileMemory(name="LPDDR5", bytes_per_s=bytes_per_s, source=found.calibration.source_of("hbm_fraction")),
        cache=l2_cache(found.device, memory_bytes_per_s=bytes_per_s),
        unit_rows=UNIT_ROWS,
        unit_columns=UNIT_COLUMNS,
        tile_rows=(32, 64, 80, 128, 160, 208, 256),
        tile_columns=(32, 64, 128, 256),
        splits=(1, 2, 3, 4),
        sources=(found.calibration.source_of("hbm_fraction"), L2_ASSUMPTION),
    )


PART_TWO = part_two(
    situation="The cause of the spike is known and not yet repaired.",
    briefing=(
        "The loop must now keep up with all cameras. The detector starts a kernel for every convolution, norm, SiLU "
        "and join.",
        "In at most {attempts_count} attempts find the highest MFU with p99.9 within 10 ms that keeps up with the "
        "cameras and within its share of the memory. Every guarantee has a price.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="all-passes",
            text="Nothing is fused yet. If every norm, SiLU and join ran inside the kernel of its convolution, and "
            "nothing else changed, how much shorter would a usual frame be?",
            choices=(
                Choice(id="large", text=f"Shorter by {LARGE_FALL_FRACTION:.0%} or more"),
                Choice(id="middle", text=f"Shorter by {SMALL_FALL_FRACTION:.0%} to {LARGE_FALL_FRACTION:.0%}"),
                Choice(id="small", text=f"Shorter by less than {SMALL_FALL_FRACTION:.0%}"),
            ),
            answer=fall_answer,
            explain=_fall_words,
        ),
    ),
    controls=FUSE_CONTROLS,
    gauges=(
        *TAIL_GAUGES[2:],
        TAIL_GAUGES[0],
        TAIL_GAUGES[1],
        Gauge(id="wait", name="Wait for the batch", quantity="wait_s", unit="s", help="Of its first image", full=20e-3),
        Gauge(
            id="rate",
            name="Images per second",
            quantity="images_per_s",
            unit="images/s",
            help="What the loop keeps up with on average",
        ),
        Gauge(id="capacity", name="Memory of the loop", quantity="needed_bytes", unit="B", help="Of its share"),
    ),
    instruments=("trace",),
    mission=fuse_mission,
    levers=(
        Lever(id="precision", name="Precision", fields=("precision",)),
        Lever(id="fusion", name="Fusion", fields=("fusion",)),
        Lever(
            id="algorithm",
            name="Batching, dispatch and platform",
            fields=("batch", "dispatch", "mode", "input_path", "nms"),
        ),
    ),
    tiling=_tiling,
    hints=(
        Hints(
            step="explore",
            words=(
                "Watch bytes and launches fall boundary by boundary, and whether the time follows. A stage that the "
                "change does not touch stays.",
                "The frame time counts from the first image of a batch. MFU does not: it is measured while the loop "
                "works.",
                "Full fusion moves fewest bytes. See what it does to the operations, and to the rate of a kernel whose "
                "registers are full.",
            ),
        ),
        Hints(
            step="attempt",
            words=(
                "First make p99.9 keep the deadline: repair what the audit found, and only that. Each guarantee takes "
                "time or memory.",
                "Then find the largest batch that may wait. MFU counts against the peak of the format: a format that "
                "doubles the peak must halve the whole frame to keep its MFU.",
                "A graph holds its tensors twice. If it does not fit, fusing more leaves fewer launches for the host.",
            ),
        ),
    ),
    reflection="The kernels of the baseline are too small and dispatch dominates: propose a kernel tiling that saturates the hardware.",
    experiments=EXPERIMENTS[2],
    observation=OBSERVATIONS[2],
)
