"""Math Peek of frames on glasses: time, energy, heat and memory on the chip."""

import math

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
from rooflab.systems.glasses.algorithm_formulas import algorithm_formulas
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.evaluate import SOAK_S, GlassesOutcome
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.units import format_fraction, format_quantity, format_time

__all__ = ["glasses_formulas"]


def glasses_formulas(
    scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome, band: ErrorBand, *, operator_id: str
) -> tuple[Formula, ...]:
    """Return the formulas behind the instruments for one design; figures are those of one frame."""
    chip = (scenario.device.source_of("peak_flop_per_s"),)
    npu = (scenario.calibration.source_of("hbm_fraction"),)
    return (
        *roofline_formulas(outcome, operator_id, chip),
        _time(outcome, band, (*chip, *npu)),
        _frame_time(design, outcome),
        *_utilisation(outcome, chip),
        *_energy(scenario, outcome),
        *_heat(scenario, design, outcome),
        _capacity(outcome, npu),
        *algorithm_formulas(scenario, design, outcome),
    )


def _time(outcome: GlassesOutcome, band: ErrorBand, sources: tuple[Source, ...]) -> Formula:
    return iron_law_formula(
        outcome,
        band,
        {MEMORY: "memory", COMPUTE: "compute", LATENCY: "latency"},
        symbols="T = Σ max(D_vol / (η_b BW), Σ O / (η_c R_peak)) + L_lat",
        meaning="Of one frame, its share of the translator included. Traffic and arithmetic overlap inside "
        "a kernel and add from kernel to kernel; the engines of a kernel take turns.",
        sources=sources,
    )


def _frame_time(design: GlassesDesign, outcome: GlassesOutcome) -> Formula:
    batch, rate = design.frames_batched, design.frames_per_s
    translator_s = float(outcome.operators.time_s[-3:].sum())
    each_s = (float(outcome.frame_time_s) - (batch - 1) / rate - translator_s) / batch
    return Formula(
        id="frame-time",
        instrument="frame",
        name="Frame time",
        symbols="t = (B − 1) / f + B × t_frame + t_translator",
        numbers=f"t = ({batch} − 1) / {given(rate, 'Hz')} + {batch} × {given(each_s, 's')} + {given(translator_s, 's')}",
        result=format_time(outcome.frame_time_s),
        meaning="The first frame of a batch waits for the last. A frame that no prediction holds for is "
        "checked and then filtered.",
        sources=(),
    )


def _utilisation(outcome: GlassesOutcome, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    return (
        mfu_formula(
            outcome,
            meaning="While the networks run, at the peak of the format in use. Rows that are computed twice "
            "and drafts that are rejected do not count.",
            sources=sources,
        ),
        mbu_formula(
            outcome,
            meaning="Needed: weights, and the tensors between blocks. What a block hands over inside itself "
            "raises traffic, not MBU.",
            sources=sources,
        ),
        bus_formula(outcome, sources=sources),
    )


def _energy(scenario: GlassesScenario, outcome: GlassesOutcome) -> tuple[Formula, ...]:
    energy = scenario.energy
    per_operation = (energy.source_of("dram_j_per_byte"),)
    kept = float(outcome.frames_per_s)
    flop = float(outcome.operators.flop.sum())
    arithmetic_j = float(outcome.arithmetic_power_w) / kept
    return (
        Formula(
            id="frame-energy",
            instrument="frame-energy",
            name="Energy of a frame",
            symbols="E = O × e_op + D × e_byte + P_static × T",
            numbers=f"E = {given(flop, 'FLOP')} × {given(arithmetic_j / flop, 'J/FLOP')} + "
            f"{given(float(outcome.operators.hbm_bytes.sum()), 'B')} × {given(energy.dram_j_per_byte, 'J/byte')} + "
            f"{given(energy.static_w, 'W')} × {given(outcome.step_time_s, 's')}",
            result=format_quantity(outcome.frame_energy_j, "J"),
            meaning="e_op is the mean over matrix and vector operations in the format in use.",
            sources=per_operation,
        ),
        Formula(
            id="power",
            instrument="power",
            name="Power",
            symbols="P = P_idle + f × (E_capture + E)",
            numbers=f"P = {given(energy.idle_w, 'W')} + {given(kept, 'Hz')} × "
            f"({given(energy.capture_j, 'J')} + {given(outcome.frame_energy_j, 'J')})",
            result=format_quantity(outcome.power_w, "W"),
            meaning="P_idle is display, radio and system; E_capture camera and image processor. Power falls "
            "with the time awake and the work in it, not with latency alone.",
            sources=(energy.source_of("idle_w"), *per_operation),
        ),
    )


def _heat(
    scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome
) -> tuple[Formula, ...]:
    body = scenario.body
    sources = (body.source_of("resistance_k_per_w"), body.source_of("limit_c"))
    ambient, resistance = given(design.ambient_c, "°C"), given(body.resistance_k_per_w, "K/W")
    tau_s = body.resistance_k_per_w * body.capacity_j_per_k
    power = given(outcome.power_w, "W")
    limit = given(body.limit_c, "°C")
    hot = math.isfinite(outcome.throttle_s)
    return (
        Formula(
            id="sustained-power",
            instrument="heat",
            name="Power that can be sustained",
            symbols="P_max = (T_lim − T_a) / R",
            numbers=f"P_max = ({limit} − {ambient}) / {resistance}",
            result=format_quantity(outcome.power_limit_w, "W"),
            meaning="More than this ends above the limit, however slowly.",
            sources=sources,
        ),
        Formula(
            id="heat-share",
            instrument="heat",
            name="Power against the limit",
            symbols="share = P / P_max",
            numbers=f"share = {power} / {given(outcome.power_limit_w, 'W')}",
            result=format_fraction(outcome.heat_fraction),
            meaning="Above 100% the governor acts sooner or later.",
            sources=sources,
        ),
        Formula(
            id="skin",
            instrument="skin",
            name="Skin after ten minutes",
            symbols="T(t) = T_a + P R (1 − exp(−t / τ)), τ = R C",
            numbers=f"T = {ambient} + {power} × {resistance} × (1 − exp(−{given(SOAK_S, 's')} / {given(tau_s, 's')}))",
            result=format_quantity(outcome.skin_c, "°C"),
            meaning="From switching on, at full clock: the governor acts before the limit is passed.",
            sources=sources,
        ),
        Formula(
            id="throttle",
            instrument="throttle",
            name="Time to throttling",
            symbols="t = −τ ln(1 − (T_lim − T_a) / (P R))",
            numbers=f"t = −{given(tau_s, 's')} × ln(1 − ({limit} − {ambient}) / ({power} × {resistance}))"
            if hot
            else f"{power} ≤ {given(outcome.power_limit_w, 'W')}",
            result=format_time(outcome.throttle_s) if hot else f"never below {limit}",
            meaning=f"The governor then holds back until {given(body.resume_c, '°C')}.",
            sources=sources,
        ),
        _sustained(scenario, design, outcome, sources),
    )


def _sustained(
    scenario: GlassesScenario, design: GlassesDesign, outcome: GlassesOutcome, sources: tuple[Source, ...]
) -> Formula:
    clock = scenario.body.throttle_clock_fraction
    kept = float(outcome.frames_per_s)
    slowed = min(clock * design.frames_per_s, clock / float(outcome.step_time_s))
    share = (float(outcome.sustained_frames_per_s) - slowed) / (kept - slowed)
    return Formula(
        id="sustained-rate",
        instrument="fps",
        name="Sustained frame rate",
        symbols="f = φ × f_full + (1 − φ) × f_throttled",
        numbers=f"f = {share:.4f} × {given(kept, 'Hz')} + (1 − {share:.4f}) × {given(slowed, 'Hz')}",
        result=format_quantity(outcome.sustained_frames_per_s, "FPS"),
        meaning="φ is the share of time at full clock: the time to heat from resuming to the limit, over "
        "that and the time to cool down again.",
        sources=sources,
    )


def _capacity(outcome: GlassesOutcome, sources: tuple[Source, ...]) -> Formula:
    return capacity_formula(
        outcome,
        name="Memory on the chip",
        symbols="weights + rows of the largest kernel ≤ SRAM",
        meaning="A kernel of several convolutions keeps their weights while it walks over the rows.",
        sources=sources,
    )