"""Part 2 of Edge Guardian: the fusion set that fills the tensor cores and keeps every deadline."""

from dataclasses import replace
from functools import lru_cache

from ridgepoint.errors import ModelError
from ridgepoint.evaluate import best_designs, evaluate
from ridgepoint.facts.loop import ORIN_LOOP, STREET_RIG
from ridgepoint.facts.sources import SERVICE_ASSUMPTION
from ridgepoint.model.roofline import LATENCY, MEMORY
from ridgepoint.model.seeded import uniforms
from ridgepoint.specs import (
    LOOP_FORMATS,
    Choice,
    Control,
    Gauge,
    Hints,
    Lever,
    LoopDesign,
    LoopScenario,
    Mission,
    Objective,
    Question,
    Spike,
    Target,
    TileProblem,
)
from ridgepoint.tracks.edge_guardian.diagnose import (
    DISPATCHES,
    FORMATS,
    INPUT_PATHS,
    MODES,
    SUPPRESSIONS,
    TAIL_GAUGES,
)
from ridgepoint.tracks.edge_guardian.scenario import (
    PLAIN,
    SPIKE_S,
    cured,
    deadline_target,
    guilty,
    loop,
    scenario,
    sized,
    within,
)
from ridgepoint.tracks.parts import fusion_question, part_two
from ridgepoint.units import format_bytes, format_count, format_fraction, format_time

__all__ = ["FUSE_CONTROLS", "FUSION_CONTROL", "PART_TWO", "fuse_mission"]

LARGE_FALL_FRACTION, SMALL_FALL_FRACTION = 0.35, 0.25
CLEAR_FRACTION = 0.015  # answers nearer than this to a border are not asked
MOST_FEASIBLE_FRACTION = 0.4
LEAST_FEASIBLE_COUNT = 20
ALL_PASSES = "1110"
_IMAGES_PER_S = (200, 240, 280, 320)
_STARTS = (("eager", "fp16"), ("graph", "fp16"), ("graph", "int8"))
_TILED = "7 down"

FUSION_CONTROL = Control(
    id="fusion",
    label="Fusion set",
    chain=("Convolution", "Norm", "SiLU", "Join", "Next convolution"),
    choices=(
        Choice(id="0000", text="None"),
        Choice(id="1000", text="Partial: norms folded in"),
        Choice(id="1111", text="Full: on into the next convolution"),
    ),
    help="Which neighbours share a kernel. Joins are concatenations, sums and upsamplings. Two convolutions share "
    "one only where the second alone reads the first and both fit on a multiprocessor; edges of tiles are then "
    "computed twice.",
)
FUSE_CONTROLS = (
    FUSION_CONTROL,
    Control(
        id="batch",
        label="Cameras in a batch",
        values=(1, 2, 4, 8),
        unit="images",
        help="Images that go through the detector together. Cameras deliver one after another.",
    ),
    Control(
        id="precision",
        label="Format",
        choices=FORMATS,
        help="How weights and activations are stored, and in which format the matrix units multiply.",
    ),
    Control(
        id="dispatch",
        label="Dispatch",
        choices=DISPATCHES,
        help="A CUDA graph launches all kernels at once; it has fixed shapes and keeps its own tensors.",
    ),
    Control(
        id="mode",
        label="Platform",
        choices=MODES,
        help="What the platform guarantees. A locked clock is a little below the highest; an own core does alone what "
        "several shared.",
    ),
    Control(
        id="input_path",
        label="Input path",
        choices=INPUT_PATHS,
        help="How images reach the GPU. Pinned and mapped memory is set aside for every camera.",
    ),
    Control(
        id="nms",
        label="Non-maximum suppression",
        choices=SUPPRESSIONS,
        help="On the cores its time grows with the square of the boxes; on the GPU it takes kernels of its own.",
    ),
)


@lru_cache(maxsize=8)
def fuse_mission(variant: int) -> Mission:
    """Return the mission of a variant: the cause of part 1, other cameras and memory, another best set.

    Raises:
        ModelError: no draw has one best design and answers that can be told apart.
    """
    for attempt in range(100):
        found = _mission(variant, attempt)
        if _is_sound(found):
            return found
    raise ModelError(f"Variant {variant} of Edge Guardian finds no mission to fuse; variant 0 does.")


def _mission(variant: int, attempt: int) -> Mission:
    draws = uniforms(variant, 101 + attempt, 6).tolist()
    reference = variant == 0
    rate = 240 if reference else _IMAGES_PER_S[int(draws[0] * len(_IMAGES_PER_S))]
    share_bytes = 256e6 if reference else within(draws[1], (130e6, 280e6), 2)
    plan_s = 2.0e-3 if reference else within(draws[2], (1.6e-3, 2.6e-3), 2)
    chance = 0.002 if reference else within(draws[3], (0.0020, 0.0040), 2)
    dispatch, precision = _STARTS[0 if reference else int(draws[4] * len(_STARTS))]
    baseline = PLAIN.replace(dispatch=dispatch, precision=precision)
    place = loop(
        variant,
        rig=replace(STREET_RIG, image_gap_s=1 / rate),
        share_bytes=share_bytes,
        calibration=replace(ORIN_LOOP, plan_s=plan_s),
        targets=(deadline_target(), _rate_target(rate)),
    )
    spike = replace(guilty(scenario(variant)), chance_fraction=chance)
    place = replace(place, spikes=(spike if spike.spreads else sized(place, baseline, spike, SPIKE_S),))
    place = replace(place, crisis=baseline, reference=cured(baseline, spike))
    return Mission(
        scenario=place,
        baseline=baseline,
        tempting=_tempting(place, spike),
        tempting_reason="Images of more cameras fill the tensor cores, but the first of a batch waits for the last, "
        "past the deadline.",
        objective=Objective(
            name="MFU",
            quantity="mfu_fraction",
            unit="",
            ties=(("p999_s", False), ("needed_bytes", False)),
        ),
    )


def _tempting(place: LoopScenario, spike: Spike) -> LoopDesign:
    """Return a repaired loop with four cameras in a batch, in FP16 where that fits."""
    batched = cured(place.crisis, spike).replace(
        fusion=ALL_PASSES, batch=4, dispatch="eager", input_path="mapped", nms="gpu", precision="fp16"
    )
    return batched if evaluate(place, batched).capacity.fits else batched.replace(precision="int8")


def _rate_target(images_per_s: int) -> Target:
    """Return what all cameras deliver together."""
    return Target(
        id="rate",
        name="Images per second",
        quantity="images_per_s",
        unit="Hz",
        at_least=True,
        limit=float(images_per_s),
        source=SERVICE_ASSUMPTION,
    )


def _is_sound(found: Mission) -> bool:
    try:
        best = best_designs(found, FUSE_CONTROLS)
    except ModelError:
        return False
    now, tempting = (evaluate(found.scenario, each) for each in (found.baseline, found.tempting))
    fall = _fall_fraction(found.scenario)
    return bool(
        len(best.best) == 1
        and LEAST_FEASIBLE_COUNT <= best.feasible_count < MOST_FEASIBLE_FRACTION * best.designs_count
        and not now.feasible
        and now.capacity.fits
        and tempting.capacity.fits
        and not tempting.targets[0].met
        and tempting.mfu_fraction > now.mfu_fraction
        and min(abs(fall - LARGE_FALL_FRACTION), abs(fall - SMALL_FALL_FRACTION)) > CLEAR_FRACTION
    )


def _fall_fraction(found: LoopScenario) -> float:
    """Return by how much a usual frame gets shorter once no pass and no join is a kernel of its own."""
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=ALL_PASSES))
    return float(1 - after.step_time_s / before.step_time_s)


def _linear_words(found: LoopScenario, choice_id: str) -> str:
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


def _fall_answer(found: LoopScenario) -> str:
    fall = _fall_fraction(found)
    return "large" if fall >= LARGE_FALL_FRACTION else "middle" if fall >= SMALL_FALL_FRACTION else "small"


def _fall_words(found: LoopScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, found.crisis.replace(fusion=ALL_PASSES))
    left = [before.operators.ids.index(each) for each in ("copy", "nms", "plan")]
    untouched_s = float(before.operators.time_s[left].sum())
    words = (
        f"A usual frame goes from {format_time(before.step_time_s)} to {format_time(after.step_time_s)}, "
        f"{format_fraction(round(_fall_fraction(found), 3))} less: {format_count(before.operators.launches.sum())} "
        f"launches become {format_count(after.operators.launches.sum())}, and "
        f"{format_bytes(before.operators.hbm_bytes.sum())} become {format_bytes(after.operators.hbm_bytes.sum())}. "
        f"Copy, suppression and decision take {format_time(untouched_s)} in either case. "
    )
    starts_s, bytes_s = (float(before.bound_times_s[each] - after.bound_times_s[each]) for each in (LATENCY, MEMORY))
    words += (
        f"Starts and waiting for the host are {format_time(starts_s)} shorter, traffic {format_time(bytes_s)}: "
        + ("fewer launches count most." if starts_s > bytes_s else "it is mostly the bytes that count.")
    )
    if choice_id == _fall_answer(found):
        return words
    return words + " A change shortens a frame only by what it removes: Amdahl's law."


def _tiling(found: LoopScenario, design: LoopDesign) -> TileProblem:
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
    available=True,
    briefing=(
        "The audit is done; now the loop must keep up with all cameras, which deliver one after another. The detector "
        "still starts a kernel for every convolution, norm, SiLU and join, and what was found in the audit has not "
        "been repaired yet.",
        "You may fuse neighbours, batch cameras, change format and dispatch, and choose what the platform guarantees, "
        "how images come in and where boxes are suppressed. The loop has a share of the memory; the rest belongs to "
        "other functions of the vehicle.",
        "In at most ten attempts find the set with the highest MFU whose p99.9 stays within 10 ms, that keeps up with "
        "the cameras and stays within its share of the memory. Measure before you repair: every guarantee has a price.",
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
            answer=_fall_answer,
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
            unit="Hz",
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
