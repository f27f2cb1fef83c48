"""A formula with its numbers, and the formulas that every track has."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.model.capacity import available_words
from rooflab.model.roofline import attainable_flop_per_s
from rooflab.specs import Source
from rooflab.systems.band import ErrorBand
from rooflab.systems.outcome import Outcome
from rooflab.units import format_bytes, format_fraction, format_quantity, format_reading, format_time

__all__ = [
    "Formula",
    "bus_formula",
    "capacity_formula",
    "ceiling_formulas",
    "format_intensity",
    "format_rate",
    "given",
    "iron_law_formula",
    "mbu_formula",
    "mfu_formula",
    "roofline_formulas",
]


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


def roofline_formulas(
    outcome: Outcome, operator_id: str, sources: tuple[Source, ...]
) -> tuple[Formula, ...]:
    """Return intensity, ridge and roof for one operator.

    Raises:
        BadDesign: there is no such operator.
    """
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
            numbers=f"I = {given(flop, 'FLOP')} / {given(hbm_bytes, 'B')}",
            result=format_intensity(intensity),
            meaning="Operations for each byte that the memory outside the chip moves.",
            sources=sources,
        ),
        Formula(
            id="ridge",
            instrument="roofline",
            name="Ridge point",
            symbols="I* = R_peak / BW",
            numbers=f"I* = {given(peak, 'FLOP/s')} / {given(bandwidth, 'B/s')}",
            result=format_intensity(outcome.ridge_flop_per_byte),
            meaning="Of the device's roof. What bounds a layer is told by the ridge of its own ceiling.",
            sources=sources,
        ),
        Formula(
            id="roof",
            instrument="roofline",
            name=f"Roof above {name}",
            symbols="P(I) = min(R_peak, BW × I)",
            numbers=f"P(I) = min({format_rate(peak)}, {given(bandwidth, 'B/s')} × "
            f"{format_reading(intensity, 'FLOP/byte')})",
            result=format_rate(roof),
            meaning=f"The dot reaches {format_rate(operators.attained_flop_per_s[at])}: O / time.",
            sources=sources,
        ),
        *ceiling_formulas(outcome, at, sources),
    )


def ceiling_formulas(outcome: Outcome, at: int, sources: tuple[Source, ...]) -> tuple[Formula, ...]:
    """Return the own ridge of the operator at one place, and its own ceiling; none where nothing is computed."""
    operators = outcome.operators
    flop, compute_s, memory_s = (float(each[at]) for each in (operators.flop, operators.compute_s, operators.memory_s))
    if not flop:
        return ()
    name, intensity = operators.names[at], float(operators.intensity_flop_per_byte[at])
    reached = [f"{given(flop, 'FLOP')} / {given(time_s, 's')}" for time_s in (compute_s, memory_s) if time_s > 0]
    return (
        Formula(
            id="own-ridge",
            instrument="roofline",
            name=f"Own ridge of {name}",
            symbols="I_own = I × T_memory / T_compute",
            numbers=f"I_own = {given(intensity, 'FLOP/byte')} × {given(memory_s, 's')} / {given(compute_s, 's')}",
            result=format_intensity(float(operators.ridge_flop_per_byte[at])),
            meaning="Both times are those of its own kernels, at the rate and the bandwidth that they reach. Left of this "
            "ridge it is memory-bound, right of it compute-bound.",
            sources=sources,
        ),
        Formula(
            id="own-ceiling",
            instrument="roofline",
            name=f"Own ceiling above {name}",
            symbols="P_own = min(O / T_compute, O / T_memory)",
            numbers=f"P_own = {f'min({reached[0]}, {reached[1]})' if len(reached) > 1 else reached[0]}",
            result=format_rate(flop / max(compute_s, memory_s)),
            meaning="What its kernels reach if they never wait to be launched.",
            sources=sources,
        ),
    )


def iron_law_formula(
    outcome: Outcome,
    band: ErrorBand,
    causes: Mapping[int, str],
    *,
    meaning: str,
    sources: tuple[Source, ...],
    name: str = "Iron law, kernel by kernel",
    symbols: str = "T = Σ max(D_vol / (η_b BW), O / (η_c R_peak)) + L_lat",
) -> Formula:
    """Return the time of a step as the sum of its causes, with its error band; `causes` words indices into BOUNDS."""
    return Formula(
        id="iron-law",
        instrument="profile",
        name=name,
        symbols=symbols,
        numbers="T = "
        + " + ".join(f"{given(float(outcome.bound_times_s[cause]), 's')} {word}" for cause, word in causes.items()),
        result=format_time(outcome.step_time_s),
        meaning=f"{meaning} From {format_time(band.low_s)} to {format_time(band.high_s)}. {band.words}",
        sources=sources,
    )


def mfu_formula(outcome: Outcome, *, meaning: str, sources: tuple[Source, ...]) -> Formula:
    """Return the share of the peak that the needed operations use."""
    step_s, peak = outcome.step_time_s, outcome.peak_flop_per_s
    return Formula(
        id="mfu",
        instrument="mfu",
        name="Model FLOP/s utilisation",
        symbols="MFU = O_needed / (T × R_peak)",
        numbers=f"MFU = {given(outcome.mfu_fraction * step_s * peak, 'FLOP')} / "
        f"({given(step_s, 's')} × {given(peak, 'FLOP/s')})",
        result=format_fraction(outcome.mfu_fraction),
        meaning=meaning,
        sources=sources,
    )


def mbu_formula(
    outcome: Outcome,
    *,
    meaning: str,
    sources: tuple[Source, ...],
    symbols: str = "MBU = D_needed / (T × BW)",
    needed: str = "",
) -> Formula:
    """Return the share of the bandwidth that the needed bytes use; `needed` writes them where they are a sum."""
    step_s, bandwidth = outcome.step_time_s, outcome.hbm_bytes_per_s
    return Formula(
        id="mbu",
        instrument="mbu",
        name="Model bandwidth utilisation",
        symbols=symbols,
        numbers=f"MBU = {needed or given(outcome.mbu_fraction * step_s * bandwidth, 'B')} / "
        f"({given(step_s, 's')} × {given(bandwidth, 'B/s')})",
        result=format_fraction(outcome.mbu_fraction),
        meaning=meaning,
        sources=sources,
    )


def bus_formula(outcome: Outcome, *, sources: tuple[Source, ...]) -> Formula:
    """Return the share of the bandwidth that all bytes use, needed or not."""
    return Formula(
        id="bus",
        instrument="bus",
        name="Bus busy",
        symbols="busy = D_vol / (T × BW)",
        numbers=f"busy = {given(float(outcome.carried_bytes), 'B')} / "
        f"({given(outcome.step_time_s, 's')} × {given(outcome.hbm_bytes_per_s, 'B/s')})",
        result=format_fraction(outcome.bus_busy_fraction),
        meaning="All bytes carried, needed or not. MBU counts the needed ones: the difference is copies, intermediates and padding.",
        sources=sources,
    )


def capacity_formula(
    outcome: Outcome, *, name: str, symbols: str, meaning: str, sources: tuple[Source, ...]
) -> Formula:
    """Return what fills the memory, part by part, beside what there is."""
    capacity = outcome.capacity
    return Formula(
        id="capacity",
        instrument="capacity",
        name=name,
        symbols=symbols,
        numbers=" + ".join(f"{given(float(bytes_), 'B')} {word}" for word, bytes_ in capacity.parts),
        result=f"{format_bytes(capacity.needed_bytes)} of {available_words(capacity)}",
        meaning=meaning,
        sources=sources,
    )


def given(value: float, unit: str) -> str:
    """Write a number that goes into a formula: one digit more, so that the result comes out."""
    return format_quantity(value, unit, digits=4)


def format_rate(value: float) -> str:
    """Write a rate of arithmetic."""
    return format_quantity(value, "FLOP/s")


def format_intensity(value: float) -> str:
    """Write an arithmetic intensity."""
    return format_reading(value, "FLOP/byte")
