"""A language model served on a node of GPUs: design and scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, ClassVar

from rooflab.errors import BadDesign, FactError
from rooflab.specs.design import Design, check_text
from rooflab.specs.device import Device
from rooflab.specs.precision import WEIGHT_SCHEMES, Precision
from rooflab.specs.scenario import Roof, Scenario
from rooflab.specs.source import Source, Sourced
from rooflab.specs.workload import Workload

__all__ = ["LAYER_BOUNDARIES", "SPARSITIES", "Service", "ServingDesign", "ServingScenario"]

LAYER_BOUNDARIES = 6
"""Between seven operators: all-reduce, residual, norm, gate and up, SiLU, product, down."""

LIBRARY_FUSION = "010010"
"""Norm with the residual sum, product with the activation: what the libraries of the published rows fuse."""

GRADED: dict[tuple[str, str], tuple[str, ...]] = {
    ("decode", "bf16"): ("a100-sxm-80gb",),
    ("decode", "w8a16"): ("a100-sxm-80gb",),
    ("decode", "w4a16"): ("a100-sxm-80gb",),
    ("prefill", "bf16"): ("a100-sxm-40gb", "a100-sxm-80gb"),
    ("prefill", "fp8"): ("h100-sxm",),
}
"""Devices that published rows have, by phase and format of the weights."""

GRADED_BATCH: dict[str, int] = {"decode": 64, "prefill": 1}
"""The largest batch of those rows."""

SPARSITIES: dict[str, float] = {
    "dense": 1.0,
    "2:4": 0.5,
    "unstructured-70": 0.7,
    "unstructured-50": 0.5,
    "unstructured-30": 0.3,
}
"""Patterns of zeros among the weights of the layers, and the share of weights that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingDesign(Design):
    """How a language model is served on a node.

    In prefill `context_tokens` is the length of the prompt of every sequence; in decode it is
    the mean number of tokens that every sequence keeps in the cache. `fusion` has a digit for each
    boundary of the layer's chain, 1 where the two share a kernel. `experts` is dense for the
    scenario's workload, tensor for its mixture with every expert divided among all GPUs, expert
    for whole experts on single GPUs. `draft_tokens` are drafted before each verification; without
    any no draft model is loaded.
    """

    kind: ClassVar[str] = "serving"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "phase": ("decode", "prefill"),
        "precision": tuple(WEIGHT_SCHEMES),
        "kv_precision": ("bf16", "fp8"),
        "attention_kernel": ("eager", "fused"),
        "dispatch": ("eager", "graph"),
        "fusion": tuple("".join(each) for each in product("01", repeat=LAYER_BOUNDARIES)),
        "kv_layout": ("paged", "contiguous"),
        "experts": ("dense", "tensor", "expert"),
        "sparsity": tuple(SPARSITIES),
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "batch": (1, 65536),
        "context_tokens": (1, 1_048_576),
        "draft_tokens": (0, 16),
    }

    phase: Any
    batch: Any
    context_tokens: Any
    precision: Any
    kv_precision: Any
    attention_kernel: Any
    dispatch: Any
    fusion: Any
    kv_layout: Any
    experts: Any
    draft_tokens: Any
    sparsity: Any
    device_id: Any

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        check_text("device_id", self.device_id)

    @property
    def topic(self) -> str | None:
        """The topic of published rows that grade this design; None unless rows of its phase were run as it is.

        All rows are of dense models with fused attention, a 16-bit contiguous cache and the kernels of usual
        libraries, with nothing drafted, in the batches and on the devices of GRADED; those of decode were launched as
        a graph.
        """
        graded = (
            self.experts == self.sparsity == "dense"
            and self.draft_tokens == 0
            and self.attention_kernel == "fused"
            and (self.kv_precision, self.kv_layout, self.fusion) == ("bf16", "contiguous", LIBRARY_FUSION)
            and self.device_id in GRADED.get((self.phase, self.precision), ())
            and self.batch <= GRADED_BATCH[self.phase]
            and (self.phase == "prefill" or self.dispatch == "graph")
        )
        return self.phase if graded else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service(Sourced):
    """What is asked of a node, and how its serving engine keeps the cache.

    Each finished request is replaced by a new one of `prompt_tokens`, which writes `output_tokens`;
    a contiguous cache keeps room for `longest_tokens` of every sequence, a paged one for whole
    pages of `page_tokens`, and its kernel takes `paged_read_factor` times as long to read them. A
    drafted token is accepted with the chance `acceptance_fraction`. Where experts stand whole on
    GPUs, the busiest has `imbalance_factor` times the mean load. Matrix units that skip two of
    four reach `sparse_rate_fraction` of twice their dense rate.
    """

    id: str
    name: str
    prompt_tokens: int
    output_tokens: int
    longest_tokens: int
    page_tokens: int
    paged_read_factor: float
    acceptance_fraction: float
    imbalance_factor: float
    sparse_rate_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1], a factor below 1, and a request longer than the longest."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 < value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within (0, 1], not {value}.")
            if each.name.endswith("_factor") and not value >= 1:
                raise FactError(f"{self.id}: {each.name} must be at least 1, not {value}.")
        if self.prompt_tokens + self.output_tokens > self.longest_tokens:
            raise FactError(f"{self.id}: a request of {self.prompt_tokens} + {self.output_tokens} tokens is too long.")

    @property
    def mean_tokens(self) -> int:
        """What a sequence has in the cache on average: the prompt and half of the output."""
        return self.prompt_tokens + self.output_tokens // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingScenario(Scenario):
    """A node, a model, and where its service stands.

    `mixture` is the model of experts that may take the workload's place, `draft` the small model
    that may draft for either. Without a `service` no prompts arrive while tokens are made, the
    cache holds just the context, and nothing of the other two is on offer.
    """

    devices: tuple[Device, ...]
    device_count: int
    workload: Workload
    mixture: Workload | None = None
    draft: Workload | None = None
    service: Service | None = None

    def model(self, experts: str) -> Workload:
        """Return the model that a design serves.

        Raises:
            BadDesign: it is a mixture of experts, and the scenario has none.
        """
        if experts == "dense":
            return self.workload
        if self.mixture is None or self.service is None:
            raise BadDesign(f"This scenario has no mixture of experts; experts must be dense, not {experts!r}.")
        return self.mixture

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
        """GPUs, models, service, constants."""
        others = (each for each in (self.mixture, self.draft, self.service) if each is not None)
        return (*self.devices, self.workload, *others, self.calibration)

    def mend(self, design: ServingDesign) -> tuple[ServingDesign, str]:
        """Go back to BF16 where the GPU has no matrix units for the format."""
        device = self.device(design.device_id)
        scheme = WEIGHT_SCHEMES[design.precision]
        if scheme.compute in device.peak_flop_per_s:
            return design, ""
        words = f"{device.name} has no matrix units for {scheme.name}: weights are {WEIGHT_SCHEMES['bf16'].name} again."
        return design.replace(precision="bf16"), words
