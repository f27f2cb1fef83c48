"""The outcome of a design: operators, times, utilisation, memory and targets, the same for every track."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.capacity import Capacity, MemoryUse
from rooflab.specs import Target
from rooflab.units import format_bytes, format_fraction, format_quantity, format_ratio, format_reading
from rooflab.values import Flags, Values, Words

__all__ = ["COMMON_FIGURES", "Operators", "Outcome", "TargetOutcome", "judge", "ratio"]

COMMON_FIGURES = (
    "step_time_s",
    "output_time_s",
    "outputs_per_s",
    "flop_per_output",
    "bytes_per_output",
    "needed_bytes",
    "mfu_fraction",
    "mbu_fraction",
    "bound",
    "fits",
    "feasible",
)
"""Figures of every Outcome, which may be asked of a sweep."""

EXACT_FRACTION = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Every operator of a step on one device, all layers together.

    The first axis of every array is the operator; the rest is the shape of the design.
    `bound` is an index into BOUNDS.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    repeats: np.ndarray
    flop: np.ndarray
    weight_bytes: np.ndarray
    activation_bytes: np.ndarray
    kv_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    link_s: np.ndarray
    launch_s: np.ndarray
    time_s: np.ndarray
    intensity_flop_per_byte: np.ndarray
    attained_flop_per_s: np.ndarray
    bound: np.ndarray

    @property
    def hbm_bytes(self) -> np.ndarray:
        """All traffic of device memory."""
        return self.weight_bytes + self.activation_bytes + self.kv_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOutcome:
    """Whether a target is met, and by what margin; a negative margin is a miss.

    `judged` is false where the design is of another phase than the target; it misses nothing.
    """

    target: Target
    value: Values
    margin_fraction: Values
    judged: Flags = True

    @property
    def met(self) -> Flags:
        """Whether the target is met, or does not apply."""
        return (self.margin_fraction >= 0) | np.logical_not(self.judged)

    @property
    def margin_words(self) -> str:
        """Say by how much the target is met or missed; what is beyond twice the limit is told as its multiple."""
        margin = abs(float(self.margin_fraction))
        if self.met:
            return f"met, {format_fraction(margin)} to spare" if margin >= EXACT_FRACTION else "met exactly"
        if margin > 1:
            return f"missed, {format_ratio(1 + margin)} the limit"
        return f"missed by {format_fraction(margin)}"

    @property
    def words(self) -> str:
        """Say the value, the limit and the margin; for one design."""
        unit = self.target.unit
        if not self.judged:
            return (
                f"{self.target.name}: {format_reading(self.value, unit)}; the target of "
                f"{format_reading(self.target.limit, unit)} is for {self.target.phase}."
            )
        asked = "at least" if self.target.at_least else "at most"
        return (
            f"{self.target.name}: {format_reading(self.value, unit)}, "
            f"{asked} {format_reading(self.target.limit, unit)} asked; {self.margin_words}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a design does in a scenario. Figures of one design are numbers, of a grid arrays.

    Times, flop and bytes are those of one device for one step, which gives `outputs` useful
    outputs (tokens, frames, hops). `bound_times_s` divides the step among BOUNDS. `capacity` has
    `needed_bytes`, `available_bytes`, `fits` and `parts`, pairs of words and bytes.
    """

    operators: Operators
    step_time_s: Values
    outputs: Values
    mfu_fraction: Values
    mbu_fraction: Values
    bound_times_s: np.ndarray
    bound: Values
    peak_flop_per_s: Values
    hbm_bytes_per_s: Values
    capacity: Capacity | MemoryUse
    targets: tuple[TargetOutcome, ...]

    @property
    def ridge_flop_per_byte(self) -> Values:
        """The intensity at which the two roofs meet."""
        return self.peak_flop_per_s / self.hbm_bytes_per_s

    @property
    def output_time_s(self) -> Values:
        """Time for each useful output."""
        return self.step_time_s / self.outputs

    @property
    def outputs_per_s(self) -> Values:
        """Useful outputs a second."""
        return self.outputs / self.step_time_s

    @property
    def flop_per_output(self) -> Values:
        """Operations of one device for each useful output."""
        return self.operators.flop.sum(axis=0) / self.outputs

    @property
    def bytes_per_output(self) -> Values:
        """Traffic of one device's memory for each useful output."""
        return self.operators.hbm_bytes.sum(axis=0) / self.outputs

    @property
    def needed_bytes(self) -> Values:
        """What must be held in the memory that limits."""
        return self.capacity.needed_bytes

    @property
    def fits(self) -> Flags:
        """Whether the memory that limits holds it; what does not fit does not run."""
        return self.capacity.fits

    @property
    def feasible(self) -> Flags:
        """Whether everything fits and no target is missed."""
        good = self.capacity.fits
        for each in self.targets:
            good = good & each.met
        return good

    @property
    def rate_words(self) -> str:
        """Say how fast outputs come; for one design."""
        return format_quantity(self.outputs_per_s, "outputs/s")

    @property
    def utilisation_words(self) -> str:
        """Say which shares of the peaks are used; for one design."""
        return f"MFU {format_fraction(self.mfu_fraction)}, MBU {format_fraction(self.mbu_fraction)}"

    @property
    def memory_words(self) -> str:
        """Say how much of the memory that limits is needed; for one design."""
        return f"{format_bytes(self.capacity.needed_bytes)} of {format_bytes(self.capacity.available_bytes)}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why the design is not feasible; for one design."""
        reasons = []
        if not self.capacity.fits:
            reasons.append(
                f"Out of memory: {format_bytes(self.capacity.needed_bytes)} are needed, "
                f"{format_bytes(self.capacity.available_bytes)} are there."
            )
        reasons.extend(each.words for each in self.targets if not each.met)
        return tuple(reasons)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return `above` over `below`, with 1 for a `below` of 0: an operator that does nothing has a ratio of 0."""
    return above / np.where(below > 0, below, 1.0)


def judge(target: Target, value: Values, phase: Words | None = None) -> TargetOutcome:
    """Return whether `value` meets `target`; a target of another phase is not judged."""
    share = value / target.limit
    return TargetOutcome(
        target=target,
        value=value,
        margin_fraction=share - 1 if target.at_least else 1 - share,
        judged=target.phase is None or phase == target.phase,
    )
