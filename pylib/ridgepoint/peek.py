"""Math Peek: the formula of every instrument, with the learner's current numbers in it."""

from dataclasses import dataclass

from ridgepoint.errors import BadDesign
from ridgepoint.evaluate import ServingOutcome, error_band
from ridgepoint.model.roofline import COMPUTE, LATENCY, LINK, MEMORY, attainable_flop_per_s
from ridgepoint.specs import ServingDesign, ServingScenario, Source
from ridgepoint.units import (
    format_bytes,
    format_count,
    format_fraction,
    format_quantity,
    format_reading,
    format_time,
)

__all__ = ["Formula", "math_peek"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula in symbols, the same in numbers, and its result; all plain text."""

    id: str
    instrument: str
    name: str
    symbols: str
    numbers: str
    result: str
    meaning: str
    sources: tuple[Source, ...]


def math_peek(
    scenario: ServingScenario,
    design: ServingDesign,
    outcome: ServingOutcome,
    *,
    operator_id: str = "attention",
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design.

    `operator_id` is the layer whose dot the roofline's formulas follow. Bytes, flop and times
    are those of one GPU.
    """
    device = scenario.device(design.device_id)
    hardware = (device.source_of("peak_flop_per_s"),)
    fits = (scenario.calibration.source_of("hbm_fraction"),)
    shape = (scenario.workload.source_of("layers"),)
    return (
        *_roofline_formulas(outcome, operator_id, hardware),
        _time_formula(scenario, design, outcome, (*hardware, *fits)),
        *_utilisation_formulas(scenario, outcome, (*hardware, *shape)),
        _throughput_formula(design, outcome),
        _capacity_formula(outcome, (device.source_of("hbm_bytes"), *shape)),
    )


def _roofline_formulas(
    outcome: ServingOutcome, operator_id: str, sources: tuple[Source, ...]
) -> tuple[Formula, ...]:
    operators = outcome.operators
    if operator_id not in operators.ids:
        raise BadDesign(f"No operator {operator_id!r}; there are {', '.join(operators.ids)}.")
    at = operators.ids.index(operator_id)
    name = operators.names[at]
    flop = operators.flop[at]
    hbm_bytes = (
        operators.weight_bytes[at] + operators.activation_bytes[at] + operators.kv_bytes[at]
    )
    intensity = operators.intensity_flop_per_byte[at]
    peak, bandwidth = outcome.peak_flop_per_s, outcome.hbm_bytes_per_s
    roof = float(
        attainable_flop_per_s(
            intensity_flop_per_byte=intensity, peak_flop_per_s=peak, hbm_bytes_per_s=bandwidth
        )
    )
    return (
        Formula(
            id="intensity",
            instrument="roofline",
            name=f"Arithmetic intensity of {name}",
            symbols="I = O / D_vol",
            numbers=f"I = {_given(flop, 'FLOP')} / {_given(hbm_bytes, 'B')}",
            result=_intensity(intensity),
            meaning="Operations for each byte that HBM moves.",
            sources=sources,
        ),
        Formula(
            id="ridge",
            instrument="roofline",
            name="Ridge point",
            symbols="I* = R_peak / BW",
            numbers=f"I* = {_given(peak, 'FLOP/s')} / {_given(bandwidth, 'B/s')}",
            result=_intensity(outcome.ridge_flop_per_byte),
            meaning="Left of it the slope limits, right of it the flat roof.",
            sources=sources,
        ),
        Formula(
            id="roof",
            instrument="roofline",
            name=f"Roof above {name}",
            symbols="P(I) = min(R_peak, BW × I)",
            numbers=f"P(I) = min({_rate(peak)}, {_given(bandwidth, 'B/s')} × "
            f"{format_reading(intensity, 'FLOP/byte')})",
            result=_rate(roof),
            meaning=f"The dot reaches {_rate(operators.attained_flop_per_s[at])}: O / time.",
            sources=sources,
        ),
    )


def _time_formula(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, sources: tuple[Source, ...]
) -> Formula:
    band = error_band(scenario, design, outcome)
    times = [float(outcome.bound_times_s[each]) for each in (MEMORY, COMPUTE, LATENCY, LINK)]
    share = scenario.calibration.hbm_fraction
    return Formula(
        id="iron-law",
        instrument="profile",
        name="Iron law, kernel by kernel",
        symbols="T = Σ max(D_vol / (η_b BW), O / (η_c R_peak)) + L_lat",
        numbers="T = "
        + " + ".join(
            f"{_given(time_s, 's')} {word}"
            for time_s, word in zip(times, ("memory", "compute", "latency", "link"), strict=True)
        ),
        result=format_time(outcome.step_time_s),
        meaning=f"Traffic and arithmetic overlap inside a kernel and add from kernel to kernel. "
        f"Kernels reach η_b = {share:.2g} of the bandwidth. From {format_time(band.low_s)} to "
        f"{format_time(band.high_s)}. {band.words}",
        sources=sources,
    )


def _utilisation_formulas(
    scenario: ServingScenario, outcome: ServingOutcome, sources: tuple[Source, ...]
) -> tuple[Formula, ...]:
    step_s, peak, bandwidth = (
        outcome.step_time_s,
        outcome.peak_flop_per_s,
        outcome.hbm_bytes_per_s,
    )
    necessary_flop = outcome.mfu_fraction * step_s * peak
    necessary_bytes = outcome.mbu_fraction * step_s * bandwidth
    weights = outcome.operators.weight_bytes.sum()
    kv_s = outcome.kv_time_fraction * step_s
    attention = outcome.operators.ids.index("attention")
    return (
        Formula(
            id="mfu",
            instrument="mfu",
            name="Model FLOP/s utilisation",
            symbols="MFU = O_needed / (T × R_peak)",
            numbers=f"MFU = {_given(necessary_flop, 'FLOP')} / "
            f"({_given(step_s, 's')} × {_given(peak, 'FLOP/s')})",
            result=format_fraction(outcome.mfu_fraction),
            meaning="Observed throughput over the theoretical peak. With the work of masked "
            f"scores counted in (HFU): {format_fraction(outcome.hfu_fraction)}.",
            sources=sources,
        ),
        Formula(
            id="mbu",
            instrument="mbu",
            name="Model bandwidth utilisation",
            symbols="MBU = (weight bytes + KV bytes needed) / (T × BW)",
            numbers=f"MBU = ({_given(weights, 'B')} + "
            f"{_given(max(necessary_bytes - weights, 0.0), 'B')}) / "
            f"({_given(step_s, 's')} × {_given(bandwidth, 'B/s')})",
            result=format_fraction(outcome.mbu_fraction),
            meaning="Only bytes that must move count: copies raise traffic, not MBU.",
            sources=sources,
        ),
        Formula(
            id="kv-share",
            instrument="profile",
            name="Share of the step in KV traffic",
            symbols="share = KV bytes moved / (η_b BW) / T",
            numbers=f"share = {_given(outcome.operators.kv_bytes[attention], 'B')} / "
            f"({scenario.calibration.hbm_fraction:.2g} × {_given(bandwidth, 'B/s')}) / "
            f"{_given(step_s, 's')} = {_given(kv_s, 's')} / {_given(step_s, 's')}",
            result=format_fraction(outcome.kv_time_fraction),
            meaning="Keys and values that attention reads, copies and reads again.",
            sources=sources,
        ),
    )


def _throughput_formula(design: ServingDesign, outcome: ServingOutcome) -> Formula:
    tokens = design.batch * (design.context_tokens if design.phase == "prefill" else 1)
    return Formula(
        id="throughput",
        instrument="throughput",
        name="Throughput of the node",
        symbols="tokens/s = tokens per step / T",
        numbers=f"{format_count(tokens)} tokens / {_given(outcome.step_time_s, 's')}",
        result=format_reading(outcome.tokens_per_s, "tokens/s"),
        meaning="All GPUs work on the same tokens, each on its share of every layer.",
        sources=(),
    )


def _capacity_formula(outcome: ServingOutcome, sources: tuple[Source, ...]) -> Formula:
    capacity = outcome.capacity
    return Formula(
        id="capacity",
        instrument="capacity",
        name="Memory of one GPU",
        symbols="weights + KV cache + activations + workspace + reserve ≤ HBM",
        numbers=" + ".join(f"{_given(each, 'B')} {word}" for word, each in capacity.parts),
        result=f"{format_bytes(capacity.needed_bytes)} of "
        f"{format_bytes(capacity.available_bytes)}",
        meaning=f"The largest batch that fits is {format_count(capacity.max_batch_count)}.",
        sources=sources,
    )


def _given(value: float, unit: str) -> str:
    """Write a number that goes into a formula: one digit more, so that the result comes out."""
    return format_quantity(value, unit, digits=4)


def _rate(value: float) -> str:
    return format_quantity(value, "FLOP/s")


def _intensity(value: float) -> str:
    return format_reading(value, "FLOP/byte")
