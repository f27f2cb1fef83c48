"""Part 1 of Cloud Titan: the attention bottleneck, and what binds once it is repaired."""

from rooflab.evaluate import evaluate
from rooflab.facts.devices_tracks import A100_SXM_80GB, H100_SXM
from rooflab.model.roofline import LINK
from rooflab.specs import WEIGHT_SCHEMES, Choice, Control, Gauge, Hints, Question
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.tracks.cloud_titan.experiments import EXPERIMENTS, OBSERVATIONS
from rooflab.tracks.cloud_titan.scenario import (
    GPU_COUNT,
    LARGE_FALL_FRACTION,
    MOST_SEQUENCES,
    SMALL_FALL_FRACTION,
    after_by_cause,
    fall_fraction,
    repaired,
)
from rooflab.tracks.parts import BUS, part_one, slope_question
from rooflab.units import format_fraction, format_ratio, format_time

__all__ = ["PART_ONE"]


def _slope_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    at = before.operators.ids.index("attention")
    intensity = before.operators.intensity_flop_per_byte[at]
    mechanism = (
        "On the slope a layer's rate is bandwidth × intensity; peak FLOP/s is not in the product. Attention here does "
        f"{intensity:.2g} FLOP per byte, the ridge lies at {before.ridge_flop_per_byte:.0f}: the matrix units wait for "
        "HBM. More TFLOPS raise the flat roof and move the ridge right; the dot stays."
    )
    if choice_id == "no":
        return mechanism
    return (
        mechanism + " Only fewer or faster bytes help. Lower precision is another change: it raises the roof and moves "
        "fewer bytes."
    )


def _bits_answer(found: ServingScenario) -> str:
    fall = fall_fraction(found)
    if fall >= LARGE_FALL_FRACTION:
        return "large"
    return "middle" if fall >= SMALL_FALL_FRACTION else "small"


def _bits_words(found: ServingScenario, choice_id: str) -> str:
    before_s = evaluate(found, repaired(found)).step_time_s
    fall = fall_fraction(found)
    words = (
        f"The repaired step takes {format_time(before_s)}, with half the bits {format_time(before_s * (1 - fall))}: "
        f"{format_fraction(round(fall, 3))} less. At most half of the time for reading weights can go, and a read that "
        "ran behind longer arithmetic cost no time to begin with."
    )
    if choice_id != _bits_answer(found):
        words += (
            " A change shortens the step only by what it removes from the time that nothing "
            "else covers: Amdahl's law."
        )
    return words


def _diagnosis_answer(found: ServingScenario) -> str:
    causes = after_by_cause(evaluate(found, repaired(found)))
    return max(causes, key=causes.get)


def _diagnosis_words(found: ServingScenario, choice_id: str) -> str:
    before = evaluate(found, found.crisis)
    after = evaluate(found, repaired(found))
    causes = after_by_cause(after)
    shares = ", ".join(
        f"{name} {format_fraction(time_s / after.step_time_s)}" for name, time_s in causes.items()
    )
    words = (
        f"Now {format_fraction(before.kv_time_fraction)} of the step moves keys and values at MBU "
        f"{format_fraction(before.mbu_fraction)}: HBM is full of copies. Repaired, the step is "
        f"{format_ratio(before.step_time_s / after.step_time_s)} as fast, MBU "
        f"{format_fraction(after.mbu_fraction)}, MFU {format_fraction(after.mfu_fraction)}. By cause: {shares}, all-reduce transfers "
        f"{format_fraction(after.bound_times_s[LINK] / after.step_time_s)}."
    )
    if choice_id == _diagnosis_answer(found):
        return words
    return words + " The largest share names the constraint that binds next."


_QUESTIONS = (
    slope_question(_slope_words),
    Question(
        id="half-the-bits",
        text="Suppose attention is repaired, so that each key and each value is read only once. "
        "Then the weights are stored in half as many bits, while the matrix units compute as "
        "before. At the same batch, how much shorter is the time per token?",
        choices=(
            Choice(id="large", text=f"Shorter by {LARGE_FALL_FRACTION:.0%} or more"),
            Choice(id="middle", text=f"Shorter by {SMALL_FALL_FRACTION:.0%} to {LARGE_FALL_FRACTION:.0%}"),
            Choice(id="small", text=f"Shorter by less than {SMALL_FALL_FRACTION:.0%}"),
        ),
        answer=_bits_answer,
        explain=_bits_words,
    ),
)
_DIAGNOSIS = Question(
    id="binding-constraint",
    text="Name the binding constraint of the decode step as it runs now, and the one that binds "
    "once each key and each value is read only once.",
    choices=(
        Choice(
            id="memory",
            text="BWₘₑₘ now, and BWₘₑₘ after: HBM traffic still takes the largest share of the step",
        ),
        Choice(
            id="compute",
            text="BWₘₑₘ now, Rₚₑₐₖ after: the matrix products then take the largest share",
        ),
        Choice(
            id="latency",
            text="BWₘₑₘ now, neither roof after: launches, gaps and synchronisation take the largest share",
        ),
    ),
    answer=_diagnosis_answer,
    explain=_diagnosis_words,
)
_CONTROLS = (
    Control(
        id="phase",
        label="Phase",
        choices=(
            Choice(id="decode", text="Decode: token by token"),
            Choice(id="prefill", text="Prefill: whole prompts"),
        ),
        help="Decode makes one new token for each sequence in a step; prefill reads all prompts at "
        "once.",
    ),
    Control(
        id="batch",
        label="Batch",
        minimum=1,
        maximum=MOST_SEQUENCES,
        doubling=True,
        unit="sequences",
        help="Sequences that the node works on in one step.",
    ),
    Control(
        id="context_tokens",
        label="Context",
        minimum=128,
        maximum=8192,
        doubling=True,
        unit="tokens",
        help="Tokens of each sequence: cached keys in decode, the prompt in prefill.",
    ),
    Control(
        id="precision",
        label="Weights",
        choices=tuple(Choice(id=each, text=WEIGHT_SCHEMES[each].name) for each in ("bf16", "fp8", "w8a16", "w4a16")),
        help="How weights are stored. FP8 also computes in FP8, which the A100 cannot.",
    ),
    Control(
        id="kv_precision",
        label="KV cache",
        choices=(Choice(id="bf16", text="BF16"), Choice(id="fp8", text="FP8, unpacked to BF16")),
        help="How keys and values are stored. Attention computes in BF16 in either case.",
    ),
    Control(
        id="attention_kernel",
        label="Attention kernel",
        choices=(
            Choice(id="eager", text="Eager, KV heads repeated"),
            Choice(id="fused", text="Fused, KV heads grouped"),
        ),
        help="Eager writes a copy of each key and value for every query head, and the scores too; "
        "fused (FlashAttention, grouped) reads each key and value where it lies.",
    ),
    Control(
        id="dispatch",
        label="Dispatch",
        choices=(
            Choice(id="eager", text="Eager: launch each kernel"),
            Choice(id="graph", text="Graph: launch once"),
        ),
        help="Eager launches every kernel from the host; a CUDA graph launches the whole step at "
        "once.",
    ),
    Control(
        id="device_id",
        label="GPU",
        choices=tuple(
            Choice(id=each.id, text=f"{GPU_COUNT} × {each.name.removeprefix('NVIDIA ')}")
            for each in (A100_SXM_80GB, H100_SXM)
        ),
        help="All GPUs of the node share every layer (tensor parallelism).",
    ),
)

_GAUGES = (
    Gauge(
        id="mbu",
        name="MBU",
        quantity="mbu_fraction",
        help="Share of the peak bandwidth that goes into bytes that had to move",
        full=1.0,
    ),
    BUS,
    Gauge(
        id="mfu",
        name="MFU",
        quantity="mfu_fraction",
        help="Share of the peak arithmetic that the model needed",
        full=1.0,
    ),
    Gauge(
        id="hfu",
        name="HFU",
        quantity="hfu_fraction",
        help="Share of the peak arithmetic that was executed, masked scores and all",
        full=1.0,
    ),
    Gauge(
        id="kv-share",
        name="KV share",
        quantity="kv_time_fraction",
        help="Share of the step that reads and writes keys and values",
        full=1.0,
    ),
    Gauge(
        id="throughput",
        name="Throughput",
        quantity="tokens_per_s",
        unit="tokens/s",
        help="Of the whole node; a full bar is the A100 reference",
    ),
    Gauge(id="capacity", name="memory", quantity="needed_bytes", unit="B", help="Weights, cache and workspace of one GPU"),
)

PART_ONE = part_one(
    briefing=(
        "Since its last release the service is slow. Purchasing offers GPUs with more TFLOPS, the kernel team another "
        "attention kernel, the model team fewer bits for the weights.",
        "Predict, then explore: choose layers, read the trace, move the dots. At the end name the constraint that "
        "binds, and prove it with a reading.",
    ),
    questions=_QUESTIONS,
    diagnosis=_DIAGNOSIS,
    controls=_CONTROLS,
    gauges=_GAUGES,
    hints=(
        Hints(
            step="explore",
            words=(
                "Two figures are spoken of, and they are not the same: the rate against the A100 baseline, and the share "
                "of the time that goes into keys and values. Read both before you change anything.",
                "Repair attention first: keys and values may be read once for each head of theirs, or once for each head "
                "that queries. Then look at the bar that divides the step, for it has changed.",
                "The constraint that binds after the repair has the longest piece of that bar. Check it by experiment: "
                "a change that acts on another piece leaves the step almost as it was.",
            ),
        ),
    ),
    reflection="Name the binding constraint of the decode step as it runs now, BW_mem, R_peak or L_lat, and prove it with "
    "readings: how busy is the bus, and how much of that is needed (MBU)?",
    experiments=EXPERIMENTS[1],
    observation=OBSERVATIONS[1],
)
