"""Math Peek of a language model that is served on a node."""

from rooflab.model.roofline import COMPUTE, LATENCY, LINK, MEMORY
from rooflab.specs import Source
from rooflab.systems.band import ErrorBand
from rooflab.systems.formula import (
    Formula,
    bus_formula,
    capacity_formula,
    given,
    iron_law_formula,
    mbu_formula,
    mfu_formula,
    roofline_formulas,
)
from rooflab.systems.serving.algorithm_formulas import algorithm_formulas, plain
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.units import format_count, format_fraction, format_reading

__all__ = ["serving_formulas"]


def serving_formulas(
    scenario: ServingScenario,
    design: ServingDesign,
    outcome: ServingOutcome,
    band: ErrorBand,
    *,
    operator_id: str,
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design.

    `operator_id` is the layer whose dot the roofline's formulas follow. Bytes, flop and times
    are those of one GPU.
    """
    device = scenario.device(design.device_id)
    hardware = (device.source_of("peak_flop_per_s"),)
    fits = (scenario.calibration.source_of("hbm_fraction"),)
    shape = (scenario.model(design.experts).source_of("layers"),)
    return (
        *roofline_formulas(outcome, operator_id, hardware),
        _time_formula(scenario, outcome, band, (*hardware, *fits)),
        *_utilisation_formulas(scenario, design, outcome, (*hardware, *shape)),
        _throughput_formula(scenario, design, outcome),
        _capacity_formula(outcome, (device.source_of("hbm_bytes"), *shape)),
        *algorithm_formulas(scenario, design, outcome),
    )


def _time_formula(
    scenario: ServingScenario, outcome: ServingOutcome, band: ErrorBand, sources: tuple[Source, ...]
) -> Formula:
    return iron_law_formula(
        outcome,
        band,
        {MEMORY: "memory", COMPUTE: "compute", LATENCY: "latency", LINK: "link"},
        meaning="Inside a matrix product traffic and arithmetic overlap in part: the more waves of tiles, the more of it. "
        "From kernel to kernel they add. "
        f"Kernels reach η_b = {scenario.calibration.hbm_fraction:.2g} of the bandwidth.",
        sources=sources,
    )


def _utilisation_formulas(
    scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome, sources: tuple[Source, ...]
) -> tuple[Formula, ...]:
    step_s, bandwidth = outcome.step_time_s, outcome.hbm_bytes_per_s
    necessary_bytes = outcome.mbu_fraction * step_s * bandwidth
    weights = outcome.operators.weight_bytes.sum()
    kv_s = outcome.kv_time_fraction * step_s
    paged = scenario.service is not None and design.kv_layout == "paged"
    factor = f"{scenario.service.paged_read_factor:g} × " if paged else ""
    attention = outcome.operators.ids.index("attention")
    return (
        mfu_formula(
            outcome,
            meaning="Observed throughput over the theoretical peak. With the work of masked "
            f"scores counted in (HFU): {format_fraction(outcome.hfu_fraction)}.",
            sources=sources,
        ),
        mbu_formula(
            outcome,
            symbols="MBU = (weight bytes + KV bytes needed) / (T × BW)",
            needed=_needed(scenario, necessary_bytes, weights),
            meaning="Only bytes that must move count: copies raise traffic, not MBU.",
            sources=sources,
        ),
        bus_formula(outcome, sources=sources),
        Formula(
            id="kv-share",
            instrument="profile",
            name="Share of the step in KV traffic",
            symbols="share = KV bytes moved / (η_kv BW) / T",
            numbers=f"share = {factor}{given(outcome.operators.kv_bytes[attention], 'B')} / "
            f"({scenario.calibration.kv_fraction:.2g} × {given(bandwidth, 'B/s')}) / "
            f"{given(step_s, 's')} = {given(kv_s, 's')} / {given(step_s, 's')}",
            result=format_fraction(outcome.kv_time_fraction),
            meaning="Keys and values that attention reads, copies and reads again."
            + (" Looking pages up makes it slower." if paged else ""),
            sources=sources,
        ),
    )


def _needed(scenario: ServingScenario, necessary_bytes: float, weights: float) -> str:
    """Write the bytes that had to move, apart where the weights that move are those that must."""
    if scenario.service is not None:
        return given(necessary_bytes, "B")
    return f"({given(weights, 'B')} + {given(max(necessary_bytes - weights, 0.0), 'B')})"


def _throughput_formula(scenario: ServingScenario, design: ServingDesign, outcome: ServingOutcome) -> Formula:
    tokens = float(outcome.outputs)
    shared = "All GPUs" if scenario.service is None else f"All {scenario.device_count} GPUs"
    return Formula(
        id="throughput",
        instrument="throughput",
        name="Throughput of the node",
        symbols="tokens/s = tokens per step / T",
        numbers=f"{plain(tokens)} tokens / {given(outcome.step_time_s, 's')}",
        result=format_reading(outcome.tokens_per_s, "tokens/s"),
        meaning=f"{shared} work on the same tokens, each on its share of every layer."
        + ("" if scenario.service is None else " Prompts are not counted."),
        sources=(),
    )


def _capacity_formula(outcome: ServingOutcome, sources: tuple[Source, ...]) -> Formula:
    return capacity_formula(
        outcome,
        name="Memory of one GPU",
        symbols="weights + KV cache + activations + workspace + reserve ≤ memory",
        meaning=f"The largest batch that fits is {format_count(outcome.max_batch_count)}.",
        sources=sources,
    )
