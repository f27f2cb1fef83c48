"""Math Peek of a vehicle's loop: times, the mixture and its percentiles, batches, memory, first looks."""

from rooflab.model.mixture import quantile_interval_shares
from rooflab.model.roofline import COMPUTE, LATENCY, MEMORY
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
from rooflab.systems.vehicle.design import VehicleDesign
from rooflab.systems.vehicle.evaluate import RARE_SHARE, VehicleOutcome
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.units import format_bytes, format_count, format_fraction, format_number, format_quantity, format_reading, format_time

__all__ = ["vehicle_formulas"]


def vehicle_formulas(
    scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome, band: ErrorBand, *, operator_id: str
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design; figures are those of one batch."""
    chip = (scenario.device.source_of("peak_flop_per_s"),)
    machine = (scenario.calibration.source_of("hbm_fraction"),)
    spikes = tuple(each.source_of("chance_fraction") for each in scenario.spikes[:1])
    return (
        *roofline_formulas(outcome, operator_id, chip),
        _time(outcome, band, (*chip, *machine)),
        *_utilisation(outcome, chip),
        *_mixture(design, outcome, spikes),
        *_recording(design, outcome),
        *_batch(scenario, design, outcome),
        _suppression(scenario, design, outcome, machine),
        _capacity(outcome, machine),
        *_algorithms(scenario, design, outcome),
    )


def _time(outcome: VehicleOutcome, band: ErrorBand, sources: tuple[Source, ...]) -> Formula:
    return iron_law_formula(
        outcome,
        band,
        {MEMORY: "memory", COMPUTE: "compute", LATENCY: "starts, host and cores"},
        meaning="A typical batch through the loop, without noise, spikes and the wait for its images. Traffic and "
        "arithmetic overlap inside a kernel and add from kernel to kernel.",
        sources=sources,
    )


def _utilisation(outcome: VehicleOutcome, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    return (
        mfu_formula(
            outcome,
            meaning="Products of the detector over the whole loop, at the dense peak of the format in use. What is "
            "computed twice does not count, nor does the work of the cores.",
            sources=sources,
        ),
        mbu_formula(
            outcome,
            meaning="Needed: weights, and each convolution's input and output once. Passes of norms, activations "
            "and joins raise traffic, not MBU.",
            sources=sources,
        ),
        bus_formula(outcome, sources=sources),
    )


def _mixture(design: VehicleDesign, outcome: VehicleOutcome, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    times = outcome.times
    kinds = [
        (float(share), float(median_s), float(sigma))
        for share, median_s, sigma in zip(times.share_fraction, times.median_s, times.sigma_factor, strict=True)
        if share > 0
    ]
    means = [(share, median_s * _mean_factor(sigma)) for share, median_s, sigma in kinds]
    wait = f"{given(outcome.wait_s, 's')} + "
    return (
        Formula(
            id="mean",
            instrument="mean",
            name="Mean frame time",
            symbols="t̄ = t_wait + Σ p_k m_k exp(σ_k² / 2)",
            numbers=f"t̄ = {wait}" + " + ".join(f"{share:.5g} × {given(mean_s, 's')}" for share, mean_s in means),
            result=format_time(outcome.mean_frame_s),
            meaning="One term for each kind of frame; a rare spike counts with its share of the frames, so the mean hardly moves.",
            sources=sources,
        ),
        Formula(
            id="p999",
            instrument="p999",
            name="p99.9 of the frame time",
            symbols="Σ p_k Φ((ln(t − t_wait) − ln m_k) / σ_k) = 0.999",
            numbers=_below(kinds, given(float(outcome.p999_s), "s"), outcome),
            result=f"0.999 at {format_time(outcome.p999_s)}",
            meaning="The left side rises with t and is solved for it. p99 shows a spike only where more than 1% of "
            "the frames have one, p99.9 only above 0.1%. Sums of lognormal stages are taken as lognormal "
            "(Fenton 1960).",
            sources=sources,
        ),
        Formula(
            id="miss",
            instrument="miss",
            name="Frames that miss the deadline",
            symbols="P = 1 − Σ p_k Φ((ln(t_deadline − t_wait) − ln m_k) / σ_k)",
            numbers=f"P = 1 − ({_below(kinds, given(outcome.deadline_s, 's'), outcome)})"
            if outcome.wait_s < outcome.deadline_s
            else f"{given(outcome.wait_s, 's')} of waiting alone is past {given(outcome.deadline_s, 's')}: P = 1",
            result=format_fraction(float(outcome.miss_fraction)),
            meaning="Percentiles of the stages do not add up to that of the frame.",
            sources=sources,
        ),
    )


def _below(kinds: list[tuple[float, float, float]], time: str, outcome: VehicleOutcome) -> str:
    """Write the share of the frames that take less than `time`."""
    left = f"ln({time} − {given(outcome.wait_s, 's')})"
    return " + ".join(
        f"{share:.5g} × Φ(({left} − ln({given(median_s, 's')})) / {sigma:.4g})" for share, median_s, sigma in kinds
    )


def _mean_factor(sigma: float) -> float:
    return 2.718281828459045 ** (sigma * sigma / 2)


def _recording(design: VehicleDesign, outcome: VehicleOutcome) -> tuple[Formula, ...]:
    chance, frames = float(outcome.miss_fraction), format_count(design.frames).replace("\N{NO-BREAK SPACE}", "")
    high = float(outcome.p999_high_s)
    low_share, high_share = (float(each) for each in quantile_interval_shares(RARE_SHARE, design.frames))
    return (
        Formula(
            id="seen",
            instrument="seen",
            name="Chance to have recorded a slow frame",
            symbols="P = 1 − (1 − p)^n",
            numbers=f"P = 1 − (1 − {chance:.5g})^{frames}",
            result=format_fraction(float(outcome.chance_seen_fraction)),
            meaning="p is the share of frames that miss the deadline, n the frames recorded.",
            sources=(),
        ),
        Formula(
            id="interval",
            instrument="p999",
            name="What one recording may say of p99.9",
            symbols="q ± 1.96 √(q (1 − q) / n)",
            numbers=f"0.999 ± 1.96 √(0.999 × 0.001 / {frames})",
            result=f"{low_share:.5f} to {high_share:.5f}",
            meaning="In 95 of 100 recordings the p99.9 that is measured lies between these two quantiles: "
            f"{format_time(float(outcome.p999_low_s))} to "
            f"{format_time(high) if high < float('inf') else 'no upper bound'}. p99.9 of n frames rests on "
            "n / 1000 of them. One run is not a measurement.",
            sources=(),
        ),
    )


def _batch(scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome) -> tuple[Formula, ...]:
    source = (scenario.rig.source_of("image_gap_s"),)
    mean_s = float(outcome.mean_frame_s - outcome.wait_s)
    return (
        Formula(
            id="wait",
            instrument="wait",
            name="Wait for the batch",
            symbols="t_wait = (B − 1) × gap",
            numbers=f"t_wait = ({design.batch} − 1) × {given(scenario.rig.image_gap_s, 's')}",
            result=format_time(outcome.wait_s),
            meaning="The first image waits for the last; its age counts when the decision is made.",
            sources=source,
        ),
        Formula(
            id="rate",
            instrument="rate",
            name="Images a second",
            symbols="f = B / t̄",
            numbers=f"f = {design.batch} / {given(mean_s, 's')}",
            result=format_reading(outcome.images_per_s, "images/s"),
            meaning="What the loop keeps up with on average: a mean, which says nothing of the deadline.",
            sources=source,
        ),
    )


def _suppression(
    scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome, sources: tuple[Source, ...]
) -> Formula:
    machine, boxes = scenario.calibration, scenario.rig.boxes
    running_s = float(outcome.stages.full.running_s[-2, 0])
    if design.nms == "gpu":
        return Formula(
            id="suppression",
            instrument="nms",
            name="Suppression on the GPU",
            symbols="O = B × n² / 2 × 16",
            numbers=f"O = {design.batch} × {machine.suppressed_boxes}² / 2 × 16",
            result=format_quantity(float(outcome.operators.flop[-2]), "FLOP"),
            meaning=f"A fixed number of boxes, whatever is on the road, in {machine.suppression_kernels} kernels.",
            sources=sources,
        )
    each = machine.box_pair_s * running_s / (design.batch * boxes**2 / 2 * machine.box_pair_s)
    return Formula(
        id="suppression",
        instrument="nms",
        name="Suppression on the cores",
        symbols="t = B × n² / 2 × t_pair",
        numbers=f"t = {design.batch} × {boxes}² / 2 × {given(each, 's')}",
        result=format_time(running_s),
        meaning="Every box is compared with the others, so the time grows with the square of what is on the road.",
        sources=sources,
    )


def _capacity(outcome: VehicleOutcome, sources: tuple[Source, ...]) -> Formula:
    return capacity_formula(
        outcome,
        name="The loop's share of memory",
        symbols="weights + activations + graph + images + workspace ≤ share",
        meaning="A captured graph keeps its own tensors. A pinned or mapped path has two buffers for each camera.",
        sources=sources,
    )


def _algorithms(scenario: VehicleScenario, design: VehicleDesign, outcome: VehicleOutcome) -> tuple[Formula, ...]:
    """Return what a first look and experts do, where the design has any, and what must be seen."""
    rig = scenario.rig
    source = (rig.source_of("exit_acceptance_fraction"),)
    found = [
        Formula(
            id="pixels",
            instrument="pixels",
            name="Pixels on a child",
            symbols="n = side × height / width of the view",
            numbers=f"n = {design.resolution} × {rig.target_m:g} / {rig.view_width_m:g}",
            result=f"{format_number(float(outcome.pixels_count))} pixels",
            meaning=f"At {rig.distance_m:g} m. Geometry alone; what a network finds in them is not modelled.",
            sources=(rig.source_of("target_m"),),
        )
    ]
    if design.cascade != "off":
        alpha = float(outcome.stages.short_fraction[0])
        short_s, full_s = (float(each.time_s[:, 0].sum()) for each in (outcome.stages.short, outcome.stages.full))
        found.append(
            Formula(
                id="cascade",
                instrument="algorithm",
                name="A first look",
                symbols="T = α t_short + (1 − α) t_both",
                numbers=f"T = {alpha:g} × {given(short_s, 's')} + (1 − {alpha:g}) × {given(full_s, 's')}",
                result=format_time(outcome.step_time_s),
                meaning="The mean falls with α; a frame that needs the second look takes both, and it is these "
                "that a deadline meets.",
                sources=source,
            )
        )
    if design.experts > 1:
        size = rig.expert_size(int(design.experts))
        found.append(
            Formula(
                id="experts",
                instrument="algorithm",
                name="Weights of the experts",
                symbols="D = N × s × weights",
                numbers=f"D = {design.experts} × {size:g} × "
                f"{given(float(outcome.stages.stored_weight_bytes[0]) / size, 'B')}",
                result=format_bytes(float(outcome.capacity.parts[0][1])),
                meaning="All are kept, one looks; both the old and the new one look in "
                f"{format_fraction(rig.switch_fraction)} of the frames, when the scene changes.",
                sources=source,
            )
        )
    return tuple(found)
