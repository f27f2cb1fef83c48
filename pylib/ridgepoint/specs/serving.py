"""A language model served on a node of GPUs: design and scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ridgepoint.errors import BadDesign
from ridgepoint.specs.design import Design, check_text
from ridgepoint.specs.device import Device
from ridgepoint.specs.precision import WEIGHT_SCHEMES, Precision
from ridgepoint.specs.scenario import Roof, Scenario
from ridgepoint.specs.source import Sourced
from ridgepoint.specs.workload import Workload

__all__ = ["ServingDesign", "ServingScenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingDesign(Design):
    """How a language model is served on a node.

    In prefill `context_tokens` is the length of the prompt of every sequence; in decode it is
    the mean number of tokens that every sequence keeps in the cache.
    """

    kind: ClassVar[str] = "serving"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "phase": ("decode", "prefill"),
        "precision": tuple(WEIGHT_SCHEMES),
        "kv_precision": ("bf16", "fp8"),
        "attention_kernel": ("eager", "fused"),
        "dispatch": ("eager", "graph"),
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "batch": (1, 65536),
        "context_tokens": (1, 1_048_576),
    }

    phase: Any
    batch: Any
    context_tokens: Any
    precision: Any
    kv_precision: Any
    attention_kernel: Any
    dispatch: Any
    device_id: Any

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        check_text("device_id", self.device_id)

    @property
    def topic(self) -> str | None:
        """The topic of published rows that grade this design: none has the eager kernel."""
        return self.phase if self.attention_kernel == "fused" else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingScenario(Scenario):
    """A node, a model, and where its service stands."""

    devices: tuple[Device, ...]
    device_count: int
    workload: Workload

    def device(self, device_id: str) -> Device:
        """Return the device of that id."""
        for each in self.devices:
            if each.id == device_id:
                return each
        known = ", ".join(each.id for each in self.devices)
        raise BadDesign(f"This scenario has no device {device_id!r}; it has {known}.")

    def roofs(self, design: ServingDesign) -> tuple[Roof, ...]:
        """Return the roof of the design's GPU, then those of the others; one that lacks the format is drawn at BF16."""
        own = self.device(design.device_id)
        compute = WEIGHT_SCHEMES[design.precision].compute
        return tuple(
            Roof(
                name=each.name.removeprefix("NVIDIA "),
                peak_flop_per_s=each.peak_flop_per_s.get(compute) or each.peak(Precision.BF16),
                hbm_bytes_per_s=each.fact("hbm_bytes_per_s"),
            )
            for each in (own, *(other for other in self.devices if other is not own))
        )

    @property
    def records(self) -> tuple[Sourced, ...]:
        """GPUs, model, constants."""
        return (*self.devices, self.workload, self.calibration)

    def mend(self, design: ServingDesign) -> tuple[ServingDesign, str]:
        """Go back to BF16 where the GPU has no matrix units for the format."""
        device = self.device(design.device_id)
        scheme = WEIGHT_SCHEMES[design.precision]
        if scheme.compute in device.peak_flop_per_s:
            return design, ""
        words = f"{device.name} has no matrix units for {scheme.name}: weights are {WEIGHT_SCHEMES['bf16'].name} again."
        return design.replace(precision="bf16"), words
