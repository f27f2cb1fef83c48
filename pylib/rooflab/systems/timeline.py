"""A trace of one layer: the kernels of a step in the order in which they run."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Timeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The kernels of one layer in the middle of a step, as a trace shows them.

    `subject` says in words what is shown. Times count from the end of the kernel before the layer. `operators` are indices into
    OPERATORS; `gaps_before_s` is how long the device waited before each kernel.
    """

    subject: str
    names: tuple[str, ...]
    operators: np.ndarray
    starts_s: np.ndarray
    durations_s: np.ndarray
    gaps_before_s: np.ndarray
    layer_time_s: float
    layers: int

    @property
    def gap_fraction(self) -> float:
        """Share of the layer's time in which no kernel runs."""
        return float(self.gaps_before_s.sum() / self.layer_time_s)
