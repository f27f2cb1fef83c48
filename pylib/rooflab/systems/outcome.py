"""The outcome of a design: operators, times, utilisation, memory and targets, the same for every track."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.capacity import Capacity, MemoryUse, available_words
from rooflab.model.roofline import COMPUTE, LATENCY, MEMORY
from rooflab.specs import Target
from rooflab.units import format_bytes, format_fraction, format_quantity, format_ratio, format_reading
from rooflab.values import Flags, Values, Words

__all__ = ["COMMON_FIGURES", "EXACT_FRACTION", "WAITS", "CannotRun", "Operators", "Outcome", "TargetOutcome", "judge", "ratio"]

COMMON_FIGURES = (
    "step_time_s",
    "output_time_s",
    "outputs_per_s",
    "flop_per_output",
    "bytes_per_output",
    "needed_bytes",
    "mfu_fraction",
    "mbu_fraction",
    "bus_busy_fraction",
    "memory_time_fraction",
    "compute_time_fraction",
    "latency_time_fraction",
    "bound",
    "fits",
    "runs",
    "feasible",
)
"""Figures of every Outcome, which may be asked of a sweep."""

EXACT_FRACTION = 0.0005
WAITS = ("memory traffic", "arithmetic", "launch overhead, gaps and host work", "traffic between devices")
"""What a step waits for, in the order of BOUNDS."""


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

    @property
    def ceiling_flop_per_s(self) -> np.ndarray:
        """The flat part of each operator's own ceiling: the rate of its arithmetic, were nothing else in its way."""
        return ratio(self.flop, self.compute_s)

    @property
    def ridge_flop_per_byte(self) -> np.ndarray:
        """Each operator's own ridge: left of it the traffic of its kernels takes longer, right of it the arithmetic.

        It is 0 for one that waits for no traffic.
        """
        return self.intensity_flop_per_byte * ratio(self.memory_s, self.compute_s)

    @property
    def ceiling_bytes_per_s(self) -> np.ndarray:
        """The slope of each operator's own ceiling: the bandwidth of its traffic; endless where it waits for none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.memory_s > 0, self.ceiling_flop_per_s / self.ridge_flop_per_byte, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotRun:
    """Why one design cannot run, so that nothing else about it is judged.

    `kind` is the word for the state, `reason` a sentence and `number` the figure that decides. `used_fraction` is that figure
    against its limit, beyond 1, where it is a share. Some quantities are `unbounded`: they grow for as long as it runs.
    A design with a `backlog` does each step, only too slowly, so its steps can be measured.
    """

    kind: str
    reason: str
    number: str
    used_fraction: float | None = None
    unbounded: tuple[str, ...] = ()
    backlog: bool = False


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
        if self.target.at_least:
            return f"{format_fraction(margin)} short"
        return f"{format_ratio(1 + margin)} the limit" if margin > 1 else f"{format_fraction(margin)} over"

    @property
    def target_words(self) -> str:
        """Say what is asked: the limit, and on which side of it the value must be."""
        limit = f"{format_reading(self.target.limit, self.target.unit)} or {'more' if self.target.at_least else 'less'}"
        return f"target {self.target.source.beside(limit)}"

    @property
    def target_sign(self) -> str:
        """Write what is asked as short as it goes, for a place of the width of a gauge."""
        limit = format_reading(self.target.limit, self.target.unit)
        return f"{'≥' if self.target.at_least else '≤'} {self.target.source.beside(limit)}"

    @property
    def words(self) -> str:
        """Say the value, the limit and the margin; for one design."""
        value = f"{self.target.name}: {format_reading(self.value, self.target.unit)}"
        if not self.judged:
            return f"{value}; the {self.target_words} is for {self.target.phase}."
        return f"{value}, {self.target_words}: {self.margin_words}."


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
    def carried_bytes(self) -> Values:
        """Bytes that the memory's bus carries in a step, needed or not."""
        return self.operators.hbm_bytes.sum(axis=0)

    @property
    def bus_busy_fraction(self) -> Values:
        """Share of what the bus could carry in the step at its datasheet's rate; MBU is the needed part of it."""
        return self.carried_bytes / (self.step_time_s * self.hbm_bytes_per_s)

    @property
    def memory_time_fraction(self) -> Values:
        """Share of the step that waits for memory traffic."""
        return self.bound_times_s[MEMORY] / self.step_time_s

    @property
    def compute_time_fraction(self) -> Values:
        """Share of the step that waits for arithmetic."""
        return self.bound_times_s[COMPUTE] / self.step_time_s

    @property
    def latency_time_fraction(self) -> Values:
        """Share of the step that goes into launches, gaps and host work."""
        return self.bound_times_s[LATENCY] / self.step_time_s

    @property
    def needed_bytes(self) -> Values:
        """What must be held in the memory that limits."""
        return self.capacity.needed_bytes

    @property
    def fits(self) -> Flags:
        """Whether the memory that limits holds it; what does not fit does not run."""
        return self.capacity.fits

    @property
    def runs(self) -> Flags:
        """Whether it can run at all; what cannot is not judged by any target."""
        return self.fits

    @property
    def feasible(self) -> Flags:
        """Whether it runs and no target is missed."""
        good = self.runs
        for each in self.targets:
            good = good & each.met
        return good

    def made_of(self, quantity: str) -> tuple[tuple[str, float], ...]:
        """Return what a figure is the sum of, in words and in its own unit; for one design, nothing of what is no sum."""
        return tuple(self.capacity.parts) if quantity == "needed_bytes" else ()

    def waits(self, time_s: Values) -> tuple[tuple[str, float], ...]:
        """Divide a time as the step is divided among what it waits for; for one design."""
        return tuple(
            (words, float(each / self.step_time_s * time_s)) for words, each in zip(WAITS, self.bound_times_s, strict=True)
        )

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
        return f"{format_bytes(self.capacity.needed_bytes)} of {available_words(self.capacity)}"

    @property
    def cannot_run(self) -> CannotRun | None:
        """Why it cannot run; None if it does; for one design."""
        if self.fits:
            return None
        needed, available = float(self.capacity.needed_bytes), float(self.capacity.available_bytes)
        return CannotRun(
            kind="Out of memory",
            reason=f"{format_bytes(needed)} needed{self.memory_place}, only {available_words(self.capacity)} available.",
            number=self.memory_words,
            used_fraction=needed / available if available else None,
        )

    @property
    def memory_place(self) -> str:
        """Say where the memory that limits is, after a number of bytes."""
        return ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why the design is not feasible: why it cannot run, or the targets that it misses; for one design."""
        if stopped := self.cannot_run:
            return (f"{stopped.kind}: {stopped.reason}",)
        return tuple(each.words for each in self.targets if not each.met)


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
