"""What a learner cannot change: targets, devices, workloads and constants."""

from dataclasses import dataclass
from typing import Any, Self

from rooflab.specs.calibration import Band
from rooflab.specs.design import Design
from rooflab.specs.device import Device
from rooflab.specs.precision import Precision
from rooflab.specs.source import Source, Sourced

__all__ = ["Parameters", "Roof", "Scenario", "Target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roof:
    """The two limits of one device at one precision, as its sources have them."""

    name: str
    peak_flop_per_s: float
    hbm_bytes_per_s: float
    sources: tuple[Source, ...] = ()

    @classmethod
    def of(cls, device: Device, precision: Precision, name: str) -> Self:
        """Return the roof of a device at a precision.

        Raises:
            UnsupportedPrecision: the device has no peak rate for it.
        """
        return cls(name=name, peak_flop_per_s=device.peak(precision), hbm_bytes_per_s=device.fact("hbm_bytes_per_s"), sources=device.roof_sources)

    def beside(self, figure: str) -> str:
        """Return a figure in words, with "assumed" beside it if a limit of the roof is."""
        return next((each for each in self.sources if each.assumed), self.sources[0]).beside(figure) if self.sources else figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Parameters of the model that a design runs: those that one output computes with, and all that are stored.

    What is left out by sparsity counts here, since it changes neither.
    """

    active_count: float
    stored_count: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure of an Outcome and the limit that it must keep.

    A target with a phase judges designs of that phase only: a rate of prompt tokens is not held
    against one of generated tokens.
    """

    id: str
    name: str
    quantity: str
    unit: str
    at_least: bool
    limit: float
    source: Source
    phase: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """What every scenario has; each kind of design has its own, with devices and workload.

    `calibration` holds the constants that no datasheet gives, `calibration_range` the ends of
    what they may be, and `bands` how far predictions with them are from published rows.

    `memory_source` says where the size of the memory that limits comes from, where the scenario sets it.

    `reference` is the design that `crisis` is compared with. A learner is shown it under `reference_name`, if it has one:
    on the bench, or only after the diagnosis where it is the crisis repaired (`reference_answers`).
    """

    track_id: str
    variant: int
    targets: tuple[Target, ...] = ()
    crisis: Design | None = None
    reference: Design | None = None
    reference_name: str = ""
    reference_answers: bool = False
    calibration: Any
    calibration_range: tuple[Any, ...] = ()
    bands: tuple[Band, ...] = ()
    memory_source: Source | None = None

    def topic(self, design: Design) -> str | None:
        """Return the topic of the published rows that grade this one design; None where there are none."""
        return None

    def band(self, topic: str | None) -> Band:
        """Return the band of that topic; one without rows if nothing was graded."""
        for each in self.bands:
            if each.topic == topic:
                return each
        return Band(topic=str(topic), rows=0)

    def roofs(self, design: Design) -> tuple[Roof, ...]:
        """Return the roof that one design runs under, then those of the other devices beside it."""
        raise NotImplementedError

    def circumstances(self, design: Design) -> tuple[tuple[str, str, Source], ...]:
        """Return, as names, words and their source, what surrounds one design and may differ from part to part."""
        return ()

    def parameters(self, design: Design) -> Parameters:
        """Return how many parameters one design computes with, and how many it stores."""
        raise NotImplementedError

    @property
    def records(self) -> tuple[Sourced, ...]:
        """The records whose facts stand behind the numbers, each of which names its sources."""
        raise NotImplementedError

    def mend(self, design: Design) -> tuple[Design, str]:
        """Return a design that can be evaluated instead of one that cannot, and what was changed, in words."""
        return design, ""
