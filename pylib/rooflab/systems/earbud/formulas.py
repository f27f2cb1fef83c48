"""Math Peek of audio hops: memory against arithmetic, rows, delay, power, and the algorithms."""

from rooflab.errors import BadDesign
from rooflab.model.roofline import COMPUTE, LATENCY, MEMORY, attainable_flop_per_s
from rooflab.specs import Source
from rooflab.systems.band import ErrorBand
from rooflab.systems.earbud.design import EarbudDesign
from rooflab.systems.earbud.evaluate import LEAST_BYTES, EarbudOutcome
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.formula import (
    Formula,
    bus_formula,
    capacity_formula,
    ceiling_formulas,
    format_intensity,
    format_rate,
    given,
    iron_law_formula,
    mbu_formula,
    mfu_formula,
)
from rooflab.units import format_count, format_fraction, format_number, format_quantity, format_time

__all__ = ["earbud_formulas"]


def earbud_formulas(
    scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, band: ErrorBand, *, operator_id: str
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design.

    Raises:
        BadDesign: there is no such operator.
    """
    chip = scenario.chip(design.chip_id)
    core = (chip.source_of("kernels"), chip.source_of("memories"))
    return (
        *_roofline(scenario, design, outcome, operator_id, core),
        _time(scenario, outcome, band, core),
        _hop(scenario, outcome, core),
        _delay(scenario, design, outcome),
        *_pull(outcome, core),
        *_rows(scenario, design, outcome),
        *_utilisation(outcome, core),
        *_power(scenario, design, outcome),
        _capacity(scenario, outcome),
        *_algorithms(scenario, design, outcome),
    )


def _roofline(
    scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome, operator_id: str, sources: tuple[Source, ...]
) -> tuple[Formula, ...]:
    operators = outcome.operators
    if operator_id not in operators.ids:
        raise BadDesign(f"No operator {operator_id!r}; there are {', '.join(operators.ids)}.")
    at = operators.ids.index(operator_id)
    name = operators.names[at]
    flop, weights = float(operators.flop[at]), float(operators.weight_bytes[at])
    moved = float(operators.activation_bytes[at])
    inside = scenario.chip(design.chip_id).memory("sram").bytes_per_s
    peak, bandwidth = float(outcome.peak_flop_per_s), float(outcome.hbm_bytes_per_s)
    intensity = float(operators.intensity_flop_per_byte[at])
    roof = float(
        attainable_flop_per_s(intensity_flop_per_byte=intensity, peak_flop_per_s=peak, hbm_bytes_per_s=bandwidth)
    )
    return (
        Formula(
            id="intensity",
            instrument="roofline",
            name=f"Arithmetic intensity of {name}",
            symbols="I = O / (D_weights + D_values × BW / BW_SRAM)",
            numbers=f"I = {given(flop, 'FLOP')} / ({given(weights, 'B')} + {given(moved, 'B')} × "
            f"{given(bandwidth, 'B/s')} / {given(inside, 'B/s')})"
            if weights + moved > 0
            else f"I = {given(flop, 'FLOP')} / {given(LEAST_BYTES, 'B')}",
            result=format_intensity(intensity),
            meaning="Each weight is used once a hop: 2 FLOP for each byte of INT8, a half for float32. Values are "
            "in SRAM; a byte there counts as what the weights' memory moves meanwhile. A step inside a kernel "
            "moves nothing and is drawn as if it moved a byte.",
            sources=sources,
        ),
        Formula(
            id="ridge",
            instrument="roofline",
            name="Ridge point",
            symbols="I* = R_peak / BW, R_peak = 2 f / cycles per MAC",
            numbers=f"I* = {given(peak, 'FLOP/s')} / {given(bandwidth, 'B/s')}",
            result=format_intensity(outcome.ridge_flop_per_byte),
            meaning="Of the device's roof. What bounds a layer is told by the ridge of its own ceiling. The slope is that of the memory in "
            "which the weights lie; the roof is the fastest loop published for the core, not the width of its "
            "multipliers, which no loop keeps busy.",
            sources=sources,
        ),
        Formula(
            id="roof",
            instrument="roofline",
            name=f"Roof above {name}",
            symbols="P(I) = min(R_peak, BW × I)",
            numbers=f"P(I) = min({given(peak, 'FLOP/s')}, {given(bandwidth, 'B/s')} × {format_intensity(intensity)})",
            result=format_rate(roof),
            meaning=f"The dot reaches {format_rate(operators.attained_flop_per_s[at])}: O / time.",
            sources=sources,
        ),
        *ceiling_formulas(outcome, at, sources),
    )


def _time(scenario: EarbudScenario, outcome: EarbudOutcome, band: ErrorBand, sources: tuple[Source, ...]) -> Formula:
    return iron_law_formula(
        outcome,
        band,
        {MEMORY: "memory", COMPUTE: "compute", LATENCY: "latency"},
        name="Iron law, step by step",
        symbols="T = Σ max(D_vol / (η BW), MAC × c_MAC / f) + rows × c_row / f + kernels × c_call / f",
        meaning="Mean of one step. A core works in order: only inside a product do weights arrive while it "
        f"multiplies. Of an external bus η = {scenario.calibration.bus_fraction:g} is reached.",
        sources=(*sources, scenario.calibration.source_of("bus_fraction")),
    )


def _hop(scenario: EarbudScenario, outcome: EarbudOutcome, sources: tuple[Source, ...]) -> Formula:
    scale = _gate_share(outcome)
    full_s = float(outcome.hop_time_s) / (1 + scale)
    return Formula(
        id="hop",
        instrument="hop",
        name="Computing a hop",
        symbols="t = t_network × (1 + c_gate)",
        numbers=f"t = {given(full_s, 's')} × (1 + {scale:.4g})",
        result=format_time(outcome.hop_time_s),
        meaning="The longest: a hop that the gate does not spare is looked at and then worked on.",
        sources=sources,
    )


def _delay(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome) -> Formula:
    hop_s = scenario.earbud.hop_s
    return Formula(
        id="delay",
        instrument="delay",
        name="Delay",
        symbols="delay = B × (t_hop + t)",
        numbers=f"delay = {design.hops_batched} × ({given(hop_s, 's')} + {given(outcome.hop_time_s, 's')})",
        result=format_time(outcome.delay_s),
        meaning="From the first sample of a batch to its result. Microphone, transform and loudspeaker add to it.",
        sources=(scenario.earbud.source_of("hop_s"),),
    )


def _pull(outcome: EarbudOutcome, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    operators = outcome.operators
    read = float(operators.weight_bytes[1:3].sum())
    product_s = read / float(outcome.asked_bytes_per_s)
    return (
        Formula(
            id="asked",
            instrument="asked",
            name="Asked of the memory",
            symbols="asked = weight bytes of the products / time of their multiply-adds",
            numbers=f"asked = {given(read, 'B')} / {given(product_s, 's')}",
            result=format_quantity(outcome.asked_bytes_per_s, "B/s"),
            meaning="What the core would read if no byte were ever late.",
            sources=sources,
        ),
        Formula(
            id="pull",
            instrument="pull",
            name="Memory–math ratio",
            symbols="ratio = asked / given",
            numbers=f"ratio = {given(outcome.asked_bytes_per_s, 'B/s')} / {given(outcome.given_bytes_per_s, 'B/s')}",
            result=format_number(outcome.pull_fraction),
            meaning="Above 100% the products wait for weights, below it the weights wait for the products.",
            sources=sources,
        ),
    )


def _rows(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome) -> tuple[Formula, ...]:
    chip = scenario.chip(design.chip_id)
    memory = chip.memory(design.placement)
    kernel = chip.kernels[design.weights, design.kernel]
    cached = memory.line_bytes > 1
    unit = "line" if cached else "vector"
    waste = (
        f"Of all rows together, read in lines of {memory.line_bytes} B; each begins on a line and in a vector. A matrix that were streamed "
        "in one piece would waste one line at most."
        if cached
        else "Of all rows together, each in whole vectors; this memory has no cache in front, so there are no lines."
    )
    lines, vectors = float(outcome.line_fraction), float(outcome.vector_fraction)
    stored = float(outcome.operators.weight_bytes[1:3].sum())
    return (
        Formula(
            id="lines",
            instrument="lines",
            name="Useful bytes",
            symbols=f"row / (⌈row / {unit}⌉ × {unit})",
            numbers=f"{given(lines * stored, 'B')} / {given(stored, 'B')}",
            result=format_fraction(lines),
            meaning=waste,
            sources=(chip.source_of("memories"),),
        ),
        Formula(
            id="vectors",
            instrument="vectors",
            name="Vector efficiency",
            symbols="length / (⌈length / lanes⌉ × lanes)",
            numbers=_vector_numbers(scenario, design, kernel.lanes),
            result=format_fraction(vectors),
            meaning=f"{kernel.lanes} values are multiplied at once; the last vector of a row is filled up.",
            sources=(chip.source_of("kernels"),),
        ),
        Formula(
            id="macs",
            instrument="matrix",
            name="Weights of the cell",
            symbols="MAC = 4 H (I + H)",
            numbers=f"MAC = 4 × {design.hidden} × ({scenario.network.inputs} + {design.hidden})",
            result=format_count(4 * design.hidden * (scenario.network.inputs + design.hidden)),
            meaning="One multiply-add for each weight and hop. Filling rows up to a multiple costs them as well: "
            "better to choose a size that is one.",
            sources=(scenario.network.source_of("hidden"),),
        ),
    )


def _vector_numbers(scenario: EarbudScenario, design: EarbudDesign, lanes: int) -> str:
    """Write useful and multiplied values of one row of the cell, product by product if they are apart."""
    inputs, hidden = scenario.network.inputs, design.hidden
    lengths = [inputs + hidden] if design.fusion[0] == "1" else [inputs, hidden]
    filled = [-(-each // lanes) * lanes for each in lengths]
    return f"({' + '.join(map(str, lengths))}) / ({' + '.join(map(str, filled))})"


def _utilisation(outcome: EarbudOutcome, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    return (
        mfu_formula(
            outcome,
            meaning="Against the fastest loop that the chip has in this format. Filled-up vectors, zeros and the "
            "gate do not count as needed.",
            sources=sources,
        ),
        mbu_formula(
            outcome,
            meaning="Needed: weights and biases, without what fills up lines and vectors.",
            sources=sources,
        ),
        bus_formula(outcome, sources=sources),
    )


def _power(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome) -> tuple[Formula, ...]:
    chip, earbud = scenario.chip(design.chip_id), scenario.earbud
    step_s = earbud.hop_s * design.hops_batched
    asleep = float(outcome.sleep_power_w) / chip.sleep_w
    kernel = chip.kernels[design.weights, design.kernel]
    priced = (
        f" Its products cost {given(kernel.mac_j, 'J')} for a multiply-add and {given(kernel.weight_byte_j, 'J')} for a "
        "byte of weights instead of time awake."
        if kernel.mac_j
        else f" Awake it draws {given(chip.active_w, 'W')}."
    )
    return (
        Formula(
            id="duty",
            instrument="duty",
            name="Duty cycle",
            symbols="duty = T / (B × t_hop)",
            numbers=f"duty = {given(outcome.step_time_s, 's')} / {given(step_s, 's')}",
            result=format_fraction(outcome.busy_fraction),
            meaning=f"Waking takes {format_time(chip.wake_s)} more, in which the chip draws its full power.",
            sources=(chip.source_of("wake_s"),),
        ),
        Formula(
            id="sleep",
            instrument="power",
            name="Sleep",
            symbols="P_sleep = (1 − duty − waking) × P_asleep",
            numbers=f"P_sleep = {asleep:.4f} × {given(chip.sleep_w, 'W')}",
            result=format_quantity(outcome.sleep_power_w, "W"),
            meaning="In the sleep that keeps the weights in memory. It is drawn even if the network never runs.",
            sources=(chip.source_of("sleep_w"),),
        ),
        Formula(
            id="power",
            instrument="power",
            name="Power",
            symbols="P = P_network + P_sleep + P_front",
            numbers=f"P = {given(outcome.network_power_w, 'W')} + {given(outcome.sleep_power_w, 'W')} + "
            f"{given(earbud.front_end_w, 'W')}",
            result=format_quantity(outcome.power_w, "W"),
            meaning="P_front is microphones, converter and transform." + priced,
            sources=(chip.source_of("active_w"), earbud.source_of("front_end_w")),
        ),
        Formula(
            id="energy",
            instrument="power",
            name="Energy of a hop, chip alone",
            symbols="E = (P_network + P_sleep) × t_hop",
            numbers=f"E = ({given(outcome.network_power_w, 'W')} + {given(outcome.sleep_power_w, 'W')}) × "
            f"{given(earbud.hop_s, 's')}",
            result=format_quantity(outcome.hop_energy_j, "J"),
            meaning=_hop_budget(outcome, earbud.hop_s),
            sources=(chip.source_of("active_w"),),
        ),
    )


def _hop_budget(outcome: EarbudOutcome, hop_s: float) -> str:
    """Say what the limit of the power leaves for a hop; without one, what is counted."""
    for each in outcome.targets:
        if each.target.quantity == "power_w":
            return f"At {given(each.target.limit, 'W')} there are {format_quantity(each.target.limit * hop_s, 'J')} a hop for everything."
    return "Without microphones and front end."


def _capacity(scenario: EarbudScenario, outcome: EarbudOutcome) -> Formula:
    return capacity_formula(
        outcome,
        name="Memory where the weights lie",
        symbols="weights × experts + gate + filling up + values ≤ free",
        meaning="Free is what radio, audio and firmware leave. Values count where the weights are in SRAM too.",
        sources=(scenario.earbud.source_of("sram_bytes"),),
    )


def _algorithms(scenario: EarbudScenario, design: EarbudDesign, outcome: EarbudOutcome) -> tuple[Formula, ...]:
    """Return what is guessed, where the design guesses or leaves out anything."""
    known = scenario.algorithms
    sources = (known.source_of("caught_fraction"),)
    found = []
    if design.gate != "none":
        spared = scenario.earbud.easy_fraction if design.gate == "exit" else scenario.earbud.silent_fraction
        caught = known.caught_fraction[design.gate]
        found.append(
            Formula(
                id="gate",
                instrument="algorithm",
                name="Hops that the network works on",
                symbols="run = 1 − share × caught",
                numbers=f"run = 1 − {spared:g} × {caught:g}",
                result=format_fraction(1 - spared * caught),
                meaning="The draft is the gate's verdict, and the network verifies what it does not spare: "
                f"operations for each hop are those of {format_fraction(1 - spared * caught + _gate_share(outcome))} "
                "of the network. They can be fewer than before only because a spared hop needs no verification.",
                sources=sources,
            )
        )
    if design.experts > 1 or design.sparsity != "dense":
        size = known.expert_size_fraction[int(design.experts)]
        worth = known.worth_fraction[design.sparsity]
        found.append(
            Formula(
                id="worth",
                instrument="algorithm",
                name="Equivalent states",
                symbols="H_eq = H × worth / size",
                numbers=f"H_eq = {design.hidden} × {worth:g} / {size:g}",
                result=format_count(outcome.equivalent_states_count),
                meaning="The dense network for everything that isolates as well, by assumption. Only one expert "
                "runs, all of them are stored.",
                sources=sources,
            )
        )
    return tuple(found)


def _gate_share(outcome: EarbudOutcome) -> float:
    """Return the work of the gate against that of the network, from the operators."""
    gate_s = float(outcome.operators.time_s[0])
    return gate_s / (float(outcome.hop_time_s * outcome.outputs) - gate_s)
