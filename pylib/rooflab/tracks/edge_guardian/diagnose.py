"""Part 1 of Edge Guardian: which statistic shows a spike, and which stage is guilty of it."""

from rooflab.evaluate import evaluate
from rooflab.facts.vehicle import ORIN_LOOP
from rooflab.specs import Choice, Control, Gauge, Hints, Question
from rooflab.systems.vehicle.evaluate import VehicleOutcome
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.tracks.edge_guardian.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.edge_guardian.scenario import STATISTICS, first_missing, guilty, long_trace, plain_s
from rooflab.tracks.parts import BUS, part_one, slope_question
from rooflab.units import format_count, format_fraction, format_time

__all__ = ["DISPATCHES", "FORMATS", "INPUT_PATHS", "MODES", "PART_ONE", "SUPPRESSIONS", "TAIL_GAUGES"]

FORMATS = (Choice(id="fp16", text="FP16"), Choice(id="int8", text="INT8 throughout"))
DISPATCHES = (
    Choice(id="eager", text="Eager: launch each kernel"),
    Choice(id="graph", text="Graph: launch once"),
)
MODES = (
    Choice(id="default", text="Clock governed, cores shared"),
    Choice(id="locked", text="Clock locked, cores shared"),
    Choice(id="reserved", text="Governed clock, own core, GPU priority"),
    Choice(id="both", text="Locked clock, own core, GPU priority"),
)
INPUT_PATHS = (
    Choice(id="pageable", text="Copied from pageable memory"),
    Choice(id="pinned", text="Copied from pinned memory"),
    Choice(id="mapped", text="Not copied: camera memory mapped"),
)
SUPPRESSIONS = (
    Choice(id="cpu", text="On the cores, all boxes"),
    Choice(id="gpu", text="On the GPU, a fixed number"),
)
_STATISTIC_WORDS = {"mean": "the mean", "p99": "p99", "p999": "p99.9"}


def _slope_words(found: VehicleScenario, choice_id: str) -> str:
    outcome = evaluate(found, found.crisis)
    operators = outcome.operators
    at = operators.ids.index("stem")
    mechanism = (
        "On the slope a layer's rate is bandwidth × intensity; peak FLOP/s is not in the product. The stem here does "
        f"{operators.intensity_flop_per_byte[at]:.2g} FLOP per byte, the ridge lies at {outcome.ridge_flop_per_byte:.0f}: "
        "its kernels wait for DRAM. More TFLOPS raise the flat roof and move the ridge right; the dot stays."
    )
    if choice_id == "no":
        return mechanism
    return (
        mechanism + " Only fewer or faster bytes help. Lower precision is another change: it raises the roof and moves "
        "fewer bytes."
    )


def _statistic_words(found: VehicleScenario, choice_id: str) -> str:
    outcome: VehicleOutcome = evaluate(found, found.crisis)
    spike = guilty(found)
    usual_s = plain_s(found)
    values = {
        "mean": outcome.mean_frame_s,
        "p99": outcome.p99_s,
        "p999": outcome.p999_s,
    }
    listed = ", ".join(f"{_STATISTIC_WORDS[each]} {format_time(values[each])}" for each in STATISTICS)
    words = (
        f"Here: {listed}. One frame in {format_count(1 / spike.chance_fraction)} has the spike. It lifts the mean from "
        f"{format_time(usual_s)} by {format_fraction(float(outcome.mean_frame_s) / usual_s - 1)}; p99 shows it if more "
        "than 1% of frames have it, p99.9 if more than 0.1% do. "
    )
    words += {
        "mean": "This loop is slow even without a spike.",
        "p99": "It is frequent enough for p99.",
        "p999": "It is too rare for p99.",
        "none": "It is too rare for all three; only the slowest frames show it.",
    }[first_missing(found)]
    if choice_id != first_missing(found):
        words += " A mean hides what is rare."
    return words


def _diagnosis_words(found: VehicleScenario, choice_id: str) -> str:
    spike = guilty(found)
    trace, excess = long_trace(found)
    slow_s = float(trace.frame_s[list(trace.slow)].mean())
    total_s = excess.running_s + excess.waiting_s
    ranked = [at for at in (-total_s).argsort()[:2].tolist() if total_s[at] > 0.05 * total_s.sum()]
    listed = " and ".join(
        f"{trace.names[at]} ({format_time(max(excess.running_s[at], 0.0))} more running, "
        f"{format_time(max(excess.waiting_s[at], 0.0))} more waiting)"
        for at in ranked
    )
    longest = int((trace.running_s + trace.waiting_s)[trace.typical].argmax())
    words = (
        f"{format_count(len(trace.slow))} of {format_count(len(trace.frame_s))} frames miss the deadline, at "
        f"{format_time(slow_s)} on average. Their excess is mostly in {listed}: {spike.name}."
    )
    if longest != excess.worst[0]:
        words += f" The longest stage of a good frame is another: {trace.names[longest]}."
    if choice_id == spike.id:
        return words
    return words + " With tracing on, pick one of the longest frames and see which stage is longer than usual: running, or waiting?"


_QUESTIONS = (
    slope_question(_slope_words),
    Question(
        id="first-missing",
        text="The dashboard shows mean, p99 and p99.9 of the frame time, over a very long recording. Which of them, in "
        "this order, is the first to lie above 10 ms?",
        choices=(
            Choice(id="mean", text="The mean already"),
            Choice(id="p99", text="p99: the mean is below"),
            Choice(id="p999", text="p99.9: mean and p99 are below"),
            Choice(id="none", text="None of them: only the slowest frames are above"),
        ),
        answer=first_missing,
        explain=_statistic_words,
    ),
)
_DIAGNOSIS = Question(
    id="guilty-stage",
    text="Name what makes the slow frames slow.",
    choices=(
        Choice(id="page-fault", text="Image copy: it waits, for pages that are not in memory"),
        Choice(id="clock-drop", text="The kernels of the detector: all run longer, because the clock drops"),
        Choice(id="gpu-taken", text="Backbone: it waits, because another process holds the GPU"),
        Choice(id="crowded-boxes", text="Non-maximum suppression: it runs longer, because boxes crowd"),
        Choice(id="core-taken", text="Track and decide: it waits, because another process holds the core"),
    ),
    answer=lambda found: guilty(found).id,
    explain=_diagnosis_words,
)
_CONTROLS = (
    Control(
        id="frames",
        label="Frames recorded",
        values=(1000, 2000, 5000, 10_000, 20_000),
        unit="frames",
        help="Length of the recording, taken after a warm-up. A statistic of rare frames rests on few of them.",
    ),
    Control(
        id="profiler",
        label="Tracing profiler",
        choices=(Choice(id="off", text="Off: time stamps only"), Choice(id="on", text="On: every kernel traced")),
        help=f"The observer has a price: tracing lengthens all that it looks at by {ORIN_LOOP.observer_fraction:.0%} (assumed).",
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
        help="Eager launches every kernel from the host; a CUDA graph launches all of them at once.",
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
        help="How images reach the GPU. Pinned memory is never paged out; mapped memory is read where it lies, "
        "uncached.",
    ),
    Control(
        id="nms",
        label="Non-maximum suppression",
        choices=SUPPRESSIONS,
        help="Comparing boxes on the cores takes time by the square of their number; on the GPU the number is fixed.",
    ),
)
TAIL_GAUGES = (
    Gauge(id="p999", name="p99.9", quantity="p999_s", unit="s", help="999 frames of 1000 are faster; exact, not measured"),
    Gauge(id="mean", name="Mean frame time", quantity="mean_frame_s", unit="s", help="From image to decision", full=20e-3),
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction", help="Of the whole loop, at the peak of the format", full=1.0),
    Gauge(id="mbu", name="MBU", quantity="mbu_fraction", help="Of the whole loop", full=1.0),
    BUS,
)
_GAUGES = (
    TAIL_GAUGES[1],
    Gauge(id="p50", name="p50", quantity="p50_s", unit="s", help="Half of the frames are faster", full=20e-3),
    Gauge(id="p99", name="p99", quantity="p99_s", unit="s", help="99 frames of 100 are faster", full=20e-3),
    TAIL_GAUGES[0],
    Gauge(id="misses", name="Frames over 10 ms", quantity="miss_fraction", help="In the long run"),
    Gauge(
        id="seen",
        name="Chance of a slow frame in the recording",
        quantity="chance_seen_fraction",
        help="Of one over the deadline, in as many frames as are recorded",
        full=1.0,
    ),
    *TAIL_GAUGES[2:],
)

PART_ONE = part_one(
    briefing=(
        "The loop copies an image to a Jetson AGX Orin, finds objects with YOLOv8n and decides whether to brake. Now "
        "and then the car brakes for nothing: behind each such event a frame takes some 50 ms too long, and the "
        "averages are green.",
        "The kernel team wants to speed up the longest kernel, the platform team suspects the operating system, "
        "purchasing offers more TFLOPS. Record frames, trace them, lay a slow one beside a typical one, and prove what "
        "makes the slow frames slow.",
    ),
    questions=_QUESTIONS,
    diagnosis=_DIAGNOSIS,
    controls=_CONTROLS,
    gauges=_GAUGES,
    instruments=("trace",),
    hints=(
        Hints(
            step="explore",
            words=(
                "The recording is your instrument. If it holds no slow frame, it is too short: one run is not a "
                "measurement.",
                "Times of frames do not say which stage is late: turn tracing on and pick one of the longest frames. "
                "Look for the stage that differs most from the typical frame, not for the longest; then see whether "
                "it runs longer or waits longer.",
                "Check the suspect by experiment: change the one control that would rule it out, and see whether the "
                "slow frames go. If all kernels of the detector run longer together, they share a cause.",
            ),
        ),
    ),
    reflection="Name the binding constraint of a usual frame, BW_mem, R_peak or L_lat, and prove it with readings: what does its "
    "time go into, and how much of it are gaps? Say what binds the slow frames, which need be none of these.",
    experiments=EXPERIMENTS[1],
    observation=OBSERVATIONS[1],
)
