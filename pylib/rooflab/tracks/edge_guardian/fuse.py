"""Part 2 of Edge Guardian: the fusion set that fills the tensor cores and keeps every deadline."""


from rooflab.evaluate import evaluate
from rooflab.model.roofline import LATENCY, MEMORY
from rooflab.specs import Choice, Gauge, Hints, Lever, Question, TileProblem
from rooflab.systems.vehicle.design import LOOP_FORMATS, VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.edge_guardian.diagnose import TAIL_GAUGES
from rooflab.tracks.edge_guardian.fuse_mission import (
    ALL_PASSES,
    FUSE_CONTROLS,
    fall_answer,
    fall_fraction,
    fuse_mission,
)
from rooflab.tracks.parts import fusion_question, part_two
from rooflab.units import format_bytes, format_count, format_fraction, format_time

__all__ = ["PART_TWO"]

_TILED = "7 down"


def _linear_words(found: VehicleScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion="1100"))
    words = (
        "The activation is computed in either case; fused, its input never leaves the chip: one write and one read of "
        "the output less. With norms and SiLU in the kernels of their convolutions the detector here does "
        f"{format_count(after.operators.flop.sum() / 1e6)} million operations, as before, and moves "
        f"{format_bytes(after.operators.hbm_bytes.sum())} instead of {format_bytes(before.operators.hbm_bytes.sum())}."
    )
    if choice_id == "data":
        return words
    return words + " Operations could only rise, where edges of tiles are computed twice."


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
        f"Copy, suppression and decision take {format_time(untouched_s)} in either case. "
    )
    starts_s, bytes_s = (float(before.bound_times_s[each] - after.bound_times_s[each]) for each in (LATENCY, MEMORY))
    words += (
        f"Starts and waiting for the host are {format_time(starts_s)} shorter, traffic {format_time(bytes_s)}: "
        + ("fewer launches count most." if starts_s > bytes_s else "it is mostly the bytes that count.")
    )
    if choice_id == fall_answer(found):
        return words
    return words + " A change shortens a frame only by what it removes: Amdahl's law."


def _tiling(found: VehicleScenario, design: VehicleDesign) -> TileProblem:
    """Return the product of the last downsampling: few places, so few tiles for the multiprocessors."""
    layer = next(each for each in found.network.layers if each.name == _TILED)
    return TileProblem(
        name="Last downsampling of the backbone",
        rows=layer.output_count // layer.channels * int(design.batch),
        columns=layer.channels,
        depth=layer.macs_count // layer.output_count,
        slots=found.device.fact("sm_count"),
        on_chip_bytes=found.calibration.on_chip_bytes,
        element_bytes=LOOP_FORMATS[design.precision].element_bytes,
        accumulator_bytes=4.0,
        tile_rows=(32, 64, 80, 100, 128, 200, 256),
        tile_columns=(32, 64, 128, 256),
        splits=(1, 2, 3, 4),
    )


PART_TWO = part_two(
    briefing=(
        "The audit is done; now the loop must keep up with all cameras, which deliver one after another. The detector "
        "still starts a kernel for every convolution, norm, SiLU and join, and what was found in the audit has not "
        "been repaired yet.",
        "You may fuse neighbours, batch cameras, change format and dispatch, and choose what the platform guarantees, "
        "how images come in and where boxes are suppressed. The loop has a share of the memory; the rest belongs to "
        "other functions of the vehicle.",
        "In at most {attempts_count} attempts find the set with the highest MFU whose p99.9 stays within 10 ms, that "
        "keeps up with the cameras and stays within its share of the memory. Measure before you repair: every guarantee has a price.",
    ),
    questions=(
        fusion_question(_linear_words),
        Question(
            id="all-passes",
            text="Nothing is fused yet. If every norm, SiLU and join ran inside the kernel of its convolution, and "
            "nothing else changed, how much shorter would a usual frame be?",
            choices=(
                Choice(id="large", text="Shorter by 35% or more"),
                Choice(id="middle", text="Shorter by 25% to 35%"),
                Choice(id="small", text="Shorter by less than 25%"),
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
    reflection="The kernels are too small and dispatch dominates: propose a kernel tiling that saturates the hardware.",
)
