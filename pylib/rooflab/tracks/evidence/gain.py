"""Part 2: what a reading says of the claim that fusion and tiles use the hardware better than the start did."""

from rooflab.evaluate import timeline
from rooflab.specs import Testimony
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.shows import shown_by
from rooflab.units import format_fraction, format_ratio, format_reading

__all__ = ["GAIN", "gain_says"]

GAIN = "gain"
LEAST_FRACTION = 0.005  # a change smaller than this is written as none
GAP_FRACTION = 0.1

RANKS = "mfu_fraction"
MORE_IS_BETTER = {RANKS, "mbu_fraction", "tokens_per_s", "images_per_s", "line_fraction", "vector_fraction"}
LESS_IS_BETTER = {
    "inter_token_s", "frame_time_s", "translation_delay_s", "power_w", "heat_fraction", "hop_time_s", "delay_s",
    "mean_frame_s", "p999_s", "latency_time_fraction", "step_time_s", "pull_fraction",
}  # fmt: skip


def gain_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says of the gain, against the same reading of the design that the part begins with."""
    if exhibit.instrument == "traffic":
        return _traffic(exhibit)
    if exhibit.instrument == "profiler":
        return _gap(exhibit)
    if exhibit.design == exhibit.start:
        return testimony(f"{exhibit.said} was read before anything was changed: it shows the start, not a gain.")
    quantity = "latency_time_fraction" if exhibit.instrument == "time-latency" else exhibit.quantity
    if exhibit.instrument == "roofline":
        return _layer(exhibit)
    if quantity in MORE_IS_BETTER | LESS_IS_BETTER:
        return _against_start(exhibit, float(getattr(exhibit.at_start, quantity)), more=quantity in MORE_IS_BETTER)
    shown = shown_by(exhibit.instrument)
    return testimony(f"{exhibit.said} says {shown}, not whether the hardware is better used.")


def _traffic(exhibit: Exhibit) -> Testimony:
    if exhibit.value > LEAST_FRACTION:
        return testimony(f"{exhibit.said} of the unfused design's bytes: they are no longer moved.", supports=(GAIN,))
    return testimony(f"{exhibit.said}: fusion took no bytes away in this design, so it shows no gain.", contradicts=(GAIN,))


def _gap(exhibit: Exhibit) -> Testimony:
    start = float(timeline(exhibit.scenario, exhibit.start, exhibit.at_start).gap_fraction)
    if exhibit.design == exhibit.start:
        words = f"{exhibit.said}: that much of the profiled time no kernel runs at the start."
        if exhibit.value >= GAP_FRACTION:
            return testimony(f"{words} It shows what there is to gain.", supports=(GAIN,))
        return testimony(f"{words} Dispatch does not dominate, so there is little to gain from fewer launches.", contradicts=(GAIN,))
    return _against_start(exhibit, start, more=False)


def _layer(exhibit: Exhibit) -> Testimony:
    operators = exhibit.at_start.operators
    if exhibit.layer not in operators.ids:
        return testimony(f"{exhibit.said} has no layer at the start to be compared with.")
    return _against_start(exhibit, float(operators.intensity_flop_per_byte[operators.ids.index(exhibit.layer)]), more=True)


def _against_start(exhibit: Exhibit, start: float, *, more: bool) -> Testimony:
    """Compare a reading with the same one at the start; only a lower MFU, which ranks the designs, denies the gain."""
    change = exhibit.value / start - 1 if start else 0.0
    words = f"{exhibit.said}, and {format_reading(start, exhibit.unit)} at the start"
    if abs(change) < LEAST_FRACTION:
        return testimony(f"{words}: nothing changed, so it shows no gain.")
    size = f"{format_ratio(1 + change)} that" if change > 1 else format_fraction(abs(change))
    if (change > 0) == more:
        return testimony(f"{words}: better by {size}.", supports=(GAIN,))
    if exhibit.quantity == RANKS:
        return testimony(f"{words}: worse by {size}.", contradicts=(GAIN,))
    return testimony(f"{words}: worse by {size}. That is a price, not the gain.")
