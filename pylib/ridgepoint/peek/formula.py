"""A formula as it is shown, and those that every track has."""

from dataclasses import dataclass

from ridgepoint.errors import BadDesign
from ridgepoint.evaluate import Outcome
from ridgepoint.model.roofline import attainable_flop_per_s
from ridgepoint.specs import Source
from ridgepoint.units import format_quantity, format_reading

__all__ = ["Formula", "given", "intensity_words", "rate", "roofline_formulas"]


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
            result=intensity_words(intensity),
            meaning="Operations for each byte that the memory outside the chip moves.",
            sources=sources,
        ),
        Formula(
            id="ridge",
            instrument="roofline",
            name="Ridge point",
            symbols="I* = R_peak / BW",
            numbers=f"I* = {given(peak, 'FLOP/s')} / {given(bandwidth, 'B/s')}",
            result=intensity_words(outcome.ridge_flop_per_byte),
            meaning="Left of it the slope limits, right of it the flat roof.",
            sources=sources,
        ),
        Formula(
            id="roof",
            instrument="roofline",
            name=f"Roof above {name}",
            symbols="P(I) = min(R_peak, BW × I)",
            numbers=f"P(I) = min({rate(peak)}, {given(bandwidth, 'B/s')} × "
            f"{format_reading(intensity, 'FLOP/byte')})",
            result=rate(roof),
            meaning=f"The dot reaches {rate(operators.attained_flop_per_s[at])}: O / time.",
            sources=sources,
        ),
    )


def given(value: float, unit: str) -> str:
    """Write a number that goes into a formula: one digit more, so that the result comes out."""
    return format_quantity(value, unit, digits=4)


def rate(value: float) -> str:
    return format_quantity(value, "FLOP/s")


def intensity_words(value: float) -> str:
    return format_reading(value, "FLOP/byte")
